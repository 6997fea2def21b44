"""Reparse: stored pages read again with today's reader, and what that would change. Writes nothing itself."""

from __future__ import annotations

import dataclasses
import functools
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from articles.record import Article
from storage.archive import Archive, open_archive
from storage.decide import decide
from storage.errors import ArchiveError
from storage.normal import content_hash, utc
from storage.reading import from_json, load, to_json
from storage.rows import storable
from storage.sent import Reader, SentPages
from storage.times import to_text
from storage.visits import known_of, seen_reading
from storage.workers import on_all_cores

FIELDS = (
    "title",
    "lead",
    "key_points",
    "body",
    "sections",
    "body_html",
    "category",
    "category_path",
    "tags",
    "authors",
    "date_published",
    "date_modified",
    "language",
    "related_links",
    "images",
    "updates",
    "access",
    "page_kind",
)
Verdict = Literal["same", "changed", "worse", "new", "none", "failed"]


@dataclasses.dataclass(frozen=True, slots=True)
class Selection:
    """Which articles: of a site, first seen since, meeting an SQL condition on the columns of articles_flat."""

    site: str | None = None
    since: datetime | None = None
    where: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """One snapshot to read again: of a revision, or of a fetch that gave no article."""

    snapshot_id: int
    article_id: int | None = None
    revision_id: int | None = None
    fetch_id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Reread:
    """What today's reader makes of a snapshot. `reading` is JSON, where something is to be written."""

    task: Task
    verdict: Verdict
    fields: tuple[str, ...] = ()
    reading: str | None = None
    problem: str | None = None


# Reasons that the reader gave, and a later one may see otherwise
READERS_REASONS = ("not_article", "empty", "wall", "home", "section", "tag", "search", "other", "video", "gallery")


def tasks(db: sqlite3.Connection, selection: Selection) -> list[Task]:
    """Give the snapshots to read: of all revisions, and of pages that were refused by what the reader saw in them.

    Raises sqlite3's OperationalError where the condition is no SQL.
    """
    chosen, values = _chosen(selection)
    sql = f"""SELECT r.snapshot_id, r.article_id, r.id FROM revisions r JOIN snapshots s ON s.id = r.snapshot_id
 WHERE s.warc_id IS NOT NULL AND r.article_id IN (SELECT id FROM articles_flat a WHERE {chosen})
 ORDER BY s.warc_id, s.offset"""
    found = [Task(snapshot, article, revision) for snapshot, article, revision in db.execute(sql, values)]
    return found if selection.where else found + _refused(db, selection)


def _chosen(selection: Selection) -> tuple[str, list[str]]:
    parts, values = ["1"], []
    if selection.site:
        parts.append("a.site = ?")
        values.append(selection.site)
    if selection.since:
        parts.append("a.first_seen >= ?")
        values.append(to_text(selection.since))
    if selection.where:
        parts.append(f"({selection.where})")
    return " AND ".join(parts), values


def _refused(db: sqlite3.Connection, selection: Selection) -> list[Task]:
    marks = ", ".join("?" * len(READERS_REASONS))
    sql = f"""SELECT max(s.id), f.id FROM fetches f JOIN snapshots s ON s.fetch_id = f.id
 JOIN frontier u ON u.id = f.url_id JOIN sites t ON t.id = u.site_id
 WHERE f.outcome = 'refused' AND f.reason IN ({marks}) AND f.article_id IS NULL AND s.warc_id IS NOT NULL
 AND u.state <> 'taken_down' AND NOT EXISTS (SELECT 1 FROM article_urls b WHERE b.url_id = f.url_id)
 AND (?{len(READERS_REASONS) + 1} IS NULL OR t.key = ?{len(READERS_REASONS) + 1})
 AND (?{len(READERS_REASONS) + 2} IS NULL OR f.started >= ?{len(READERS_REASONS) + 2}) GROUP BY f.url_id"""
    since = to_text(selection.since) if selection.since else None
    rows = db.execute(sql, (*READERS_REASONS, selection.site, since))
    return [Task(snapshot, fetch_id=fetch) for snapshot, fetch in rows]


@dataclasses.dataclass(frozen=True, slots=True)
class Rereader:
    """Reads tasks, in whatever process it finds itself; writes nothing."""

    path: Path
    reader: Reader

    def __call__(self, task: Task) -> Reread:
        """Read one snapshot and compare with what the archive holds."""
        archive = _opened(self.path, self.path.stat().st_ino)
        pages = SentPages(archive.db, archive.folder)
        try:
            fresh = storable(self.reader(pages.page(task.snapshot_id), pages.more))
        except ArchiveError as error:
            return Reread(task, "failed", problem=str(error))
        if task.revision_id is None or task.article_id is None:
            return _compared_with_nothing(task, fresh)
        return _compared(archive.db, task, fresh)


@functools.lru_cache(1)
def _opened(path: Path, inode: int) -> Archive:
    """Open an archive once in each process; one that was made anew is another."""
    return open_archive(path, readonly=True)


def _compared_with_nothing(task: Task, fresh: Article) -> Reread:
    if decide(None, seen_reading(fresh, content_hash(fresh))).outcome != "new":
        return Reread(task, "none")
    return Reread(task, "new", ("article",), to_json(fresh))


def _compared(db: sqlite3.Connection, task: Task, fresh: Article) -> Reread:
    stored = stored_reading(db, task)
    outcome = decide(known_of(stored, content_hash(stored)), seen_reading(fresh, content_hash(fresh))).outcome
    if outcome == "worse":
        return Reread(task, "worse", differing(stored, fresh))
    fields = differing(stored, fresh)
    return Reread(task, "changed", fields, to_json(fresh)) if fields else Reread(task, "same")


def stored_reading(db: sqlite3.Connection, task: Task) -> Article:
    """Give the reading that a task's revision holds."""
    assert task.article_id is not None
    row = db.execute("SELECT reading FROM revisions WHERE id = ?", (task.revision_id,)).fetchone()
    return from_json(row[0]) if row and row[0] else load(db, task.article_id)


def differing(stored: Article, fresh: Article) -> tuple[str, ...]:
    """Give the fields that two readings differ in, as far as the archive keeps them.

    >>> differing(Article(url="a", title="One"), Article(url="b", title="Two"))
    ('title',)
    """
    return tuple(name for name in FIELDS if _comparable(stored, name) != _comparable(fresh, name))


def _comparable(article: Article, name: str) -> object:
    value = getattr(article, name)
    return (utc(value), value.utcoffset()) if isinstance(value, datetime) else value


def reread(archive: Archive, chosen: Sequence[Task], reader: Reader, jobs: int | None = None) -> Iterator[Reread]:
    """Yield what today's reader makes of each task, on all cores; nothing is written."""
    return on_all_cores(Rereader(archive.path, reader), chosen, jobs, (__name__, reader.__module__))


def by_field(results: Iterable[Reread]) -> tuple[Counter[str], Counter[str]]:
    """Count results by verdict, and changes by field."""
    verdicts: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    for result in results:
        verdicts[result.verdict] += 1
        if result.verdict == "changed":
            fields.update(result.fields)
    return verdicts, fields
