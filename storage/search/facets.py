"""Facets: how many articles of each site, category, language and month, of all or of a search's matches."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

from storage.search.ids import day_of

Facets = dict[str, list[tuple[str, int]]]
_ALL = "SELECT value, sum(articles) FROM facet_counts WHERE kind = ? GROUP BY value ORDER BY 2 DESC, 1"
_OF = """SELECT f.site_id, f.category
 FROM json_each(?) j CROSS JOIN articles f INDEXED BY articles_facets ON f.id = j.value"""


def facets(db: sqlite3.Connection, ids: Sequence[int] | None = None) -> Facets:
    """Counts by facet: the largest first, months the newest first; of all articles where no numbers are given."""
    if ids is None:
        found = {kind: db.execute(_ALL, (kind,)).fetchall() for kind in ("site", "category", "language")}
        days = db.execute("SELECT value, articles FROM facet_counts WHERE kind = 'day'").fetchall()
        return found | {"month": _months(days)}
    rows = db.execute(_OF, (json.dumps(list(ids)),)).fetchall()
    keys = dict(db.execute("SELECT id, key FROM sites").fetchall())
    sites = Counter(keys[site] for site, _ in rows)
    sections = Counter(category for _, category in rows if category is not None)
    months = _months([(day.isoformat(), number) for day, number in Counter(map(day_of, ids)).items()])
    return {"site": _ordered(sites), "category": _ordered(sections), "month": months}


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _months(days: list[tuple[str, int]]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for day, number in days:
        counts[day[:7]] += number
    return sorted(counts.items(), reverse=True)
