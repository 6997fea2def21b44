"""What a site's articles usually have, so that a run can tell when they have it no more."""

from __future__ import annotations

import dataclasses
import sqlite3
import statistics
from datetime import datetime

from storage.times import to_text

LATEST = 200  # articles that are looked at


@dataclasses.dataclass(frozen=True, slots=True)
class Usual:
    """A site's latest articles: how many, their median length in characters, shares with a date and with an author."""

    articles: int = 0
    length: float = 0.0
    dated: float = 0.0
    named: float = 0.0


def usual(db: sqlite3.Connection, site_id: int, before: datetime) -> Usual:
    """Look at the latest published of a site's articles that were first read up to a time (to the second)."""
    rows = db.execute(_LATEST, (site_id, to_text(before), LATEST)).fetchall()
    if not rows:
        return Usual()
    lengths, dated, named = zip(*rows, strict=True)
    return Usual(len(rows), statistics.median(lengths), statistics.fmean(dated), statistics.fmean(named))


_LATEST = """SELECT length(body), date_published IS NOT NULL,
 EXISTS (SELECT 1 FROM article_authors n WHERE n.article_id = a.id) FROM articles a
 WHERE site_id = ? AND first_seen <= ? ORDER BY date_published DESC LIMIT ?"""
