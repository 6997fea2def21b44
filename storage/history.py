"""An article's history: its revisions with their readings, as they were seen."""

from __future__ import annotations

import dataclasses
import sqlite3

from articles.record import Article
from storage.reading import from_json, load


@dataclasses.dataclass(frozen=True, slots=True)
class Revision:
    """A distinct reading. `number` counts an article's readings from 1; `outcome` is new, changed or worse."""

    number: int
    revision_id: int
    seen_first: str
    seen_last: str
    outcome: str
    reason: str | None
    snapshot_id: int | None
    extractor_version: str | None
    current: bool
    article: Article


def revisions(db: sqlite3.Connection, article_id: int) -> list[Revision]:
    """Give an article's readings in the order they were first seen; raises `NotFound`."""
    current = load(db, article_id)
    sql = """SELECT id, seen_first, seen_last, outcome, reason, snapshot_id, extractor_version, reading
 FROM revisions WHERE article_id = ? ORDER BY seen_first, id"""
    found: list[Revision] = []
    for number, first, last, outcome, reason, snapshot, version, reading in db.execute(sql, (article_id,)).fetchall():
        article, is_current = (from_json(reading), False) if reading else (current, True)
        facts = (number, first, last, outcome, reason, snapshot, version)
        found.append(Revision(len(found) + 1, *facts, is_current, article))
    return found
