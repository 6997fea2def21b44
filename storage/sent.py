"""Pages as sent, from the snapshots, for readers that come later."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable
from pathlib import Path

from articles.record import Article
from storage.errors import ArchiveError
from storage.snapshots import decoded_body, header, read_snapshot
from storage.warc import Record


@dataclasses.dataclass(frozen=True, slots=True)
class SentPage:
    """A page as its server sent it, content coding undone. `site` is the key of its site."""

    url: str
    site: str
    content_type: str | None
    body: bytes


More = Callable[[str], SentPage | None]  # URL of an article's next page -> that page, if the archive has it
Reader = Callable[[SentPage, More], Article]  # gives the article of a page; must be importable by name


def sent_page(record: Record, site: str) -> SentPage:
    """Give the page of a record."""
    return SentPage(
        record.fields.get("warc-target-uri", ""), site, header(record, "content-type"), decoded_body(record)
    )


def nothing_more(url: str) -> SentPage | None:
    """Give no further page."""
    return None


class SentPages:
    """The pages of an archive, by the URL they were asked for."""

    def __init__(self, db: sqlite3.Connection, folder: Path) -> None:
        self.db, self.folder = db, folder

    def page(self, snapshot_id: int) -> SentPage:
        """Give the page of a snapshot; raises `ArchiveDamaged` or `NotFound`."""
        sql = """SELECT t.key FROM snapshots s JOIN fetches f ON f.id = s.fetch_id JOIN frontier u ON u.id = f.url_id
 JOIN sites t ON t.id = u.site_id WHERE s.id = ?"""
        row = self.db.execute(sql, (snapshot_id,)).fetchone()
        return sent_page(read_snapshot(self.db, self.folder, snapshot_id), row[0] if row else "")

    def more(self, url: str) -> SentPage | None:
        """Give the page last sent for a URL, None where the archive has none."""
        sql = """SELECT s.id FROM frontier u JOIN fetches f ON f.url_id = u.id JOIN snapshots s ON s.fetch_id = f.id
 WHERE u.url = ? AND f.status IN (200, 203) AND s.warc_id IS NOT NULL ORDER BY f.id DESC LIMIT 1"""
        row = self.db.execute(sql, (url,)).fetchone()
        if row is None:
            return None
        try:
            return self.page(row[0])
        except ArchiveError:
            return None
