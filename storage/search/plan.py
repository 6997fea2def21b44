"""The plan of a search: what to look through, how far back, and which words can rank at what price.

FTS5 reads 5 million postings a second, and its bm25() counts every posting of every word it ranks by; at a million
articles that is seconds for the commonest words. So the newest articles are looked through first, window by window,
and words that stand in more than `COMMON` articles do not rank where a rarer one can.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from datetime import date

from storage.search.ids import first_id, last_id
from storage.search.match import HIGHEST, LOWEST, Leaf, Match

COMMON = 120_000  # articles with a word, from which counting it takes too long
FIRST_WINDOW = 4_000  # articles; each further window is twice as long
SMALL = 20_000  # articles; archives of fewer are looked through at once
_PROBED = 500  # articles in a probe
_PROBES = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """A range of article numbers and about how many articles stand in it."""

    lowest: int
    highest: int
    articles: int


class Calendar:
    """How many articles there are of each day, newest first."""

    def __init__(self, db: sqlite3.Connection) -> None:
        sql = "SELECT value, articles FROM facet_counts WHERE kind = 'day'"
        self.days = sorted(((date.fromisoformat(day), number) for day, number in db.execute(sql)), reverse=True)
        self.articles = sum(number for _, number in self.days)

    def windows(self, lowest: int, highest: int) -> list[Window]:
        """Part a range into windows from the newest on, each twice as long as the one before."""
        days = [(day, count) for day, count in self.days if last_id(day) >= lowest and first_id(day) <= highest]
        found: list[Window] = []
        top, held, size = highest, 0, FIRST_WINDOW if self.articles > SMALL else self.articles
        for day, count in days:
            held += count
            if held >= size:
                found.append(Window(max(lowest, first_id(day)), top, held))
                top, held, size = first_id(day) - 1, 0, size * 2
        if top >= lowest:
            found.append(Window(lowest, top, held))
        return found

    def probes(self) -> list[Window]:
        """Small windows spread over time, to tell how common a word is."""
        step = max(1, self.articles // _PROBES)
        found: list[Window] = []
        passed, top, held = 0, None, 0
        for day, count in self.days:
            passed += count
            if passed > step * len(found):
                top = top or last_id(day)
                held += count
                if held >= _PROBED:
                    found.append(Window(first_id(day), top, held))
                    top, held = None, 0
        return found


def costs(db: sqlite3.Connection, calendar: Calendar, match: Match) -> dict[Leaf, int]:
    """About how many articles each condition stands in, from samples."""
    probes = calendar.probes()
    sampled = sum(probe.articles for probe in probes) or 1
    sql = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?"
    found: dict[Leaf, int] = {}
    for leaf in match.leaves():
        counts = (db.execute(sql, (leaf.probe, probe.lowest, probe.highest)).fetchone()[0] for probe in probes)
        found[leaf] = sum(counts) * calendar.articles // sampled
    return found


def too_common(found: dict[Leaf, int]) -> tuple[set[Leaf], bool]:
    """The conditions that are to be left out of the ranking, and whether none is left that could rank.

    >>> rare, common = Leaf("rare", "rare"), Leaf("common", "common")
    >>> too_common({rare: 50, common: 900_000}) == ({common}, False)
    True
    """
    dropped: set[Leaf] = set()
    spent = 0
    for leaf, articles in sorted(found.items(), key=lambda item: item[1]):
        spent += articles
        if spent > COMMON:
            dropped.add(leaf)
    return dropped, all(leaf in dropped or leaf.filter for leaf in found)


__all__ = ["HIGHEST", "LOWEST", "Calendar", "Window", "costs", "too_common"]
