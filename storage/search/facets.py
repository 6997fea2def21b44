"""Facets: how many articles of each site, category, language and month, of all or of a search's matches."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

from storage.search.ids import day_of

Facets = dict[str, list[tuple[str, int]]]
_ALL = "SELECT value, sum(articles) FROM facet_counts WHERE kind = ? GROUP BY value ORDER BY 2 DESC, 1"
_OF = """SELECT f.{column}, count(*)
 FROM json_each(?) j CROSS JOIN articles f INDEXED BY articles_facets ON f.id = j.value GROUP BY 1 ORDER BY 2 DESC, 1"""


def facets(db: sqlite3.Connection, ids: Sequence[int] | None = None) -> Facets:
    """Counts by facet: the largest first, months the newest first; of all articles where no numbers are given."""
    if ids is None:
        found = {kind: db.execute(_ALL, (kind,)).fetchall() for kind in ("site", "category", "language")}
        days = db.execute("SELECT value, articles FROM facet_counts WHERE kind = 'day'").fetchall()
        return found | {"month": _months(days)}
    numbers = json.dumps(list(ids))
    keys = dict(db.execute("SELECT id, key FROM sites").fetchall())
    sites = [(keys[site], count) for site, count in db.execute(_OF.format(column="site_id"), (numbers,))]
    sections = [row for row in db.execute(_OF.format(column="category"), (numbers,)) if row[0] is not None]
    days = list(Counter(day_of(number).isoformat() for number in ids).items())
    return {"site": sites, "category": sections, "month": _months(days)}


def _months(days: list[tuple[str, int]]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for day, number in days:
        counts[day[:7]] += number
    return sorted(counts.items(), reverse=True)
