"""Corrections: a later reader's readings put in the place of earlier ones. Runs in the writer's transaction."""

from __future__ import annotations

import dataclasses
import json
import sqlite3

from articles.record import Article
from storage.addresses import Addresses
from storage.indexing import Change
from storage.normal import changed_fields, content_hash
from storage.reading import from_json, load, to_json
from storage.reparse import Reread
from storage.revisions import Revisions
from storage.times import from_text
from storage.visit import Visit


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """Which run reads, with which version of the reader."""

    run_id: int
    version: str | None


class Corrections:
    """Writes what `reparse` has found."""

    def __init__(self, db: sqlite3.Connection, reading: Reading) -> None:
        self.db, self.reading = db, reading
        self._revisions = Revisions(db)

    def put(self, result: Reread) -> Change | None:
        """Write one result; gives the change of the article where its current reading is another now."""
        task = result.task
        if result.verdict == "new" and result.reading and task.fetch_id is not None:
            return self._adopt(task.fetch_id, task.snapshot_id, from_json(result.reading))
        if task.revision_id is None or task.article_id is None:
            return None
        if result.verdict == "same":
            sql = "UPDATE revisions SET extractor_version = ? WHERE id = ? AND extractor_version IS NOT ?1"
            self.db.execute(sql, (self.reading.version, task.revision_id))
        if result.verdict == "changed" and result.reading:
            return self._correct(task.article_id, task.revision_id, from_json(result.reading), result.fields)
        return None

    def _correct(self, article_id: int, revision_id: int, article: Article, fields: tuple[str, ...]) -> Change | None:
        sql = """SELECT r.reading, r.extractor_version, a.public_id, a.site_id FROM revisions r
 JOIN articles a ON a.id = r.article_id WHERE r.id = ? AND a.id = ?"""
        row = self.db.execute(sql, (revision_id, article_id)).fetchone()
        if row is None:
            return None  # taken down in the meantime
        stored, version, public_id, site_id = row
        sql = "INSERT INTO rereadings (revision_id, run_id, from_version, to_version, changed) VALUES (?, ?, ?, ?, ?)"
        self.db.execute(sql, (revision_id, self.reading.run_id, version, self.reading.version, json.dumps(fields)))
        sql = "UPDATE revisions SET content_hash = ?, extractor_version = ?, reading = ? WHERE id = ?"
        reading = to_json(article) if stored else None
        self.db.execute(sql, (content_hash(article), self.reading.version, reading, revision_id))
        if stored:
            return None
        before = load(self.db, article_id)
        self._revisions.rows.update(article_id, article)
        return Change(article_id, public_id, site_id, before, article)

    def _adopt(self, fetch_id: int, snapshot_id: int, article: Article) -> Change:
        """Write the article of a page that an earlier reader took for none."""
        sql = """SELECT f.run_id, f.started, u.url, v.url, t.key, t.id FROM fetches f
 JOIN frontier u ON u.id = f.url_id LEFT JOIN frontier v ON v.id = f.final_url_id JOIN sites t ON t.id = u.site_id
 WHERE f.id = ?"""
        run_id, started, url, final_url, site, site_id = self.db.execute(sql, (fetch_id,)).fetchone()
        visit = Visit(
            url, site, run_id, from_text(started), final_url=final_url, status=200, article=article,
            extractor_version=self.reading.version,
        )  # fmt: skip
        addresses = Addresses(self.db)
        urls = addresses.of(visit, site_id)
        number, name = self._revisions.create(article, site_id, visit, urls.canonical_url or final_url or url)
        self._revisions.first(number, content_hash(article), visit, snapshot_id)
        self.db.execute("UPDATE fetches SET article_id = ? WHERE id = ?", (number, fetch_id))
        addresses.bind(urls, number, visit, site_id)
        return Change(number, name, site_id, None, article)

    def tell_again(self, article_id: int) -> None:
        """Say anew which fields differ between an article's revisions, after their readings were replaced."""
        sql = "SELECT id, outcome, reading FROM revisions WHERE article_id = ? ORDER BY seen_first, id"
        before: Article | None = None
        for revision_id, outcome, reading in self.db.execute(sql, (article_id,)).fetchall():
            article = from_json(reading) if reading else load(self.db, article_id)
            if before is not None:
                fields = json.dumps(changed_fields(before, article))
                self.db.execute("UPDATE revisions SET changed = ? WHERE id = ?", (fields, revision_id))
            if outcome != "worse":
                before = article
