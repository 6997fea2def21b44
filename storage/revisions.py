"""Revisions in the archive: what is held of an article, and how another reading is written beside it."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from typing import Any

from articles.record import Article
from storage.address import public_id, related
from storage.decide import Known, same_text
from storage.indexing import Change
from storage.normal import changed_fields, content_hash, utc
from storage.reading import load, to_json
from storage.rows import Rows
from storage.search.ids import next_id, utc_day
from storage.times import to_text
from storage.visit import Visit


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """An article of the archive and its current revision, as far as a decision needs them."""

    article_id: int
    public_id: str
    site_id: int
    revision_id: int
    known: Known
    extractor_version: str | None
    snapshot_id: int | None  # the page it was read from
    digest: bytes | None  # of that page


MOVED = "moved"  # the reason for keeping what an address showed before it led to another article

_READING = """SELECT a.id, a.public_id, a.site_id, r.id, r.content_hash, length(a.body), a.title IS NOT NULL, a.access,
 a.withdrawn_at IS NOT NULL, r.extractor_version, s.id, s.digest
 FROM articles a JOIN revisions r ON r.article_id = a.id AND r.reading IS NULL
 LEFT JOIN snapshots s ON s.id = r.snapshot_id WHERE a.id = """
_HELD = f"{_READING}(SELECT article_id FROM article_urls WHERE url_id = ?)"

_FOUND_AT = """SELECT f.url_id, u.url FROM fetches f JOIN frontier u ON u.id = coalesce(f.final_url_id, f.url_id)
 WHERE f.article_id = ?1 AND f.url_id <> ?2 AND u.id <> ?2 ORDER BY f.id LIMIT 1"""

_SAME_PAGE = """SELECT f.article_id FROM snapshots s JOIN fetches f ON f.id = s.fetch_id
 JOIN articles a ON a.id = f.article_id
 WHERE substr(s.digest, 1, 8) = substr(?1, 1, 8) AND s.digest = ?1 AND s.revisit_of IS NULL AND a.site_id = ?2
 LIMIT 5"""
_SAME_TEXT = """SELECT a.id FROM articles a JOIN revisions r ON r.article_id = a.id AND r.reading IS NULL
 WHERE a.site_id = ?1 AND a.date_published = ?2 AND a.title IS ?3 AND r.content_hash = ?4 LIMIT 20"""
_ADDRESSES = "SELECT u.url FROM article_urls x JOIN frontier u ON u.id = x.url_id WHERE x.article_id = ? LIMIT 20"
_STILL_AT = """SELECT u.id FROM article_urls au JOIN frontier u ON u.id = au.url_id
 WHERE au.article_id = ?1 AND u.id <> ?2 AND u.state = 'done'
 AND EXISTS (SELECT 1 FROM fetches f WHERE f.url_id = u.id AND f.article_id = ?1 AND f.reason IS NOT 'moved') LIMIT 1"""

_ADD = """INSERT INTO revisions (article_id, seen_first, seen_last, outcome, reason, snapshot_id, content_hash, changed,
 extractor_version, reading) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


class Revisions:
    """Reads and writes revisions, in the writer's transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.rows = Rows(db)

    def held(self, url_id: int | None) -> Held | None:
        """Give the article that an address shows, None where it shows none."""
        if url_id is None:
            return None
        return _held(self.db.execute(_HELD, (url_id,)).fetchone())

    def twin(self, site_id: int, visit: Visit, content: bytes, digest: bytes) -> Held | None:
        """Give the article whose page was the same to the byte, or whose reading of the same moment is the same.

        Only one of a related address: two articles of a site may have one text.
        """
        article, url = visit.article, visit.final_url or visit.url
        found = self.db.execute(_SAME_PAGE, (digest, site_id)).fetchall()
        if article is not None and article.date_published is not None:
            values = (site_id, utc(article.date_published), article.title, content)
            found += self.db.execute(_SAME_TEXT, values).fetchall()
        for row in found:
            held = _held(self.db.execute(f"{_READING}?", row).fetchone())
            addresses = (other for (other,) in self.db.execute(_ADDRESSES, row))
            if (
                held is not None
                and held.known.content_hash == content
                and any(related(url, other) for other in addresses)
            ):
                return held
        return None

    def still_at(self, held: Held, url_id: int) -> int | None:
        """Give another address that showed the article and, for all we know, still does."""
        row = self.db.execute(_STILL_AT, (held.article_id, url_id)).fetchone()
        return int(row[0]) if row else None

    def ask_again(self, url_id: int, visit: Visit) -> None:
        """Make an address due now."""
        self.db.execute("UPDATE frontier SET due_at = ? WHERE id = ? AND state = 'done'", (_at(visit), url_id))

    def is_of(self, held: Held, article: Article) -> bool:
        """Say whether a reading can be one of the article that its page's canonical link names."""
        sql = "SELECT title, body FROM articles WHERE id = ?"
        title, body = self.db.execute(sql, (held.article_id,)).fetchone()
        return content_hash(article) == held.known.content_hash or same_text(article.title, article.body, title, body)

    def create(self, article: Article, site_id: int, visit: Visit, url: str) -> tuple[int, str]:
        """Write a new article; gives its number and public id."""
        number = next_id(self.db, utc_day(article.date_published or visit.started))
        name = self._free_name(visit.site, url)
        self.rows.insert(article, (number, name, site_id, url), _at(visit))
        return number, name

    def first(self, article_id: int, content: bytes, visit: Visit, snapshot_id: int | None) -> None:
        """Write the first revision of an article; `content` is the hash of its reading."""
        row = (article_id, _at(visit), _at(visit), "new", None, snapshot_id, content, None)
        self.db.execute(_ADD, (*row, visit.extractor_version, None))

    def change(
        self, held: Held, article: Article, visit: Visit, snapshot_id: int | None
    ) -> tuple[Change | None, tuple[str, ...]]:
        """Make a reading the current one; the one before goes into its revision. Gives the fields that differ.

        None differ where the hash was made by older rules of what counts: then it is only made anew.
        """
        before = load(self.db, held.article_id)
        fields = changed_fields(before, article)
        if not fields:
            sql = "UPDATE revisions SET content_hash = ? WHERE id = ?"
            self.db.execute(sql, (content_hash(article), held.revision_id))
            self.repeat(held, visit)
            return None, ()
        self.db.execute("UPDATE revisions SET reading = ? WHERE id = ?", (to_json(before), held.revision_id))
        row = (held.article_id, _at(visit), _at(visit), "changed", None, snapshot_id, content_hash(article))
        self.db.execute(_ADD, (*row, json.dumps(fields), visit.extractor_version, None))
        self.rows.update(held.article_id, article)
        self._shown(held, visit)
        return Change(held.article_id, held.public_id, held.site_id, before, article), fields

    def repeat(self, held: Held, visit: Visit) -> None:
        """Note that the current reading was seen again."""
        self.db.execute("UPDATE revisions SET seen_last = ? WHERE id = ?", (_at(visit), held.revision_id))
        self._shown(held, visit)

    def worsen(self, held: Held, reason: str | None, visit: Visit, snapshot_id: int | None) -> None:
        """Keep a worse reading beside the current one, once however often it is seen."""
        article = visit.article
        if article is None:
            return
        sql = "UPDATE revisions SET seen_last = ? WHERE article_id = ? AND outcome = 'worse' AND content_hash = ?"
        digest = content_hash(article)
        if self.db.execute(sql, (_at(visit), held.article_id, digest)).rowcount:
            return
        fields = json.dumps(changed_fields(load(self.db, held.article_id), article))
        row = (held.article_id, _at(visit), _at(visit), "worse", reason, snapshot_id, digest, fields)
        self.db.execute(_ADD, (*row, visit.extractor_version, to_json(article)))

    def withdraw(self, held: Held, visit: Visit) -> None:
        """Note that the site has removed the article; what we have of it stays."""
        sql = "UPDATE articles SET withdrawn_at = coalesce(withdrawn_at, ?) WHERE id = ?"
        self.db.execute(sql, (_at(visit), held.article_id))

    def reread(self, held: Held, article: Article, visit: Visit) -> Change:
        """Put another reader's reading of the same page in place of the present one; the site changed nothing."""
        before = load(self.db, held.article_id)
        fields = json.dumps(changed_fields(before, article))
        sql = "INSERT INTO rereadings (revision_id, run_id, from_version, to_version, changed) VALUES (?, ?, ?, ?, ?)"
        self.db.execute(sql, (held.revision_id, visit.run_id, held.extractor_version, visit.extractor_version, fields))
        sql = "UPDATE revisions SET content_hash = ?, extractor_version = ? WHERE id = ?"
        self.db.execute(sql, (content_hash(article), visit.extractor_version, held.revision_id))
        self.rows.update(held.article_id, article)
        return Change(held.article_id, held.public_id, held.site_id, before, article)

    def showed(self, held: Held, url_id: int) -> bool:
        """Say whether an address itself ever showed the article: it may only be named by a canonical link."""
        sql = """SELECT 1 FROM fetches WHERE (url_id = ?1 OR final_url_id = ?1) AND article_id = ?2
         AND reason IS NOT 'moved' LIMIT 1"""
        return self.db.execute(sql, (url_id, held.article_id)).fetchone() is not None

    def part(self, held: Held, url_id: int, visit: Visit) -> None:
        """Take an address from an article that it does not show; where else that was found is visited again."""
        self.db.execute("DELETE FROM article_urls WHERE url_id = ? AND article_id = ?", (url_id, held.article_id))
        row = self.db.execute(_FOUND_AT, (held.article_id, url_id)).fetchone()
        if row is None:
            return
        named = "SELECT url FROM frontier WHERE id = ?"
        sql = f"UPDATE articles SET url = ? WHERE id = ? AND url = ({named})"
        self.db.execute(sql, (row[1], held.article_id, url_id))
        sql = "UPDATE frontier SET state = 'done', due_at = ? WHERE id = ? AND state = 'alias'"
        self.db.execute(sql, (_at(visit), row[0]))

    def _shown(self, held: Held, visit: Visit) -> None:
        sql = "UPDATE articles SET last_seen = max(last_seen, ?), withdrawn_at = NULL WHERE id = ?"
        self.db.execute(sql, (_at(visit), held.article_id))

    def _free_name(self, site: str, url: str) -> str:
        attempt = 0
        while True:
            name = public_id(site, url, attempt)
            taken = (
                "SELECT 1 FROM articles WHERE public_id = ?1 UNION ALL SELECT 1 FROM tombstones WHERE public_id = ?1"
            )
            if self.db.execute(taken, (name,)).fetchone() is None:
                return name
            attempt += 1


def _held(row: tuple[Any, ...] | None) -> Held | None:
    if row is None:
        return None
    content, length, titled, access, withdrawn = row[4:9]
    known = Known(content, length, bool(titled), access, bool(withdrawn))
    return Held(row[0], row[1], row[2], row[3], known, row[9], row[10], row[11])


def _at(visit: Visit) -> str:
    return to_text(visit.started)
