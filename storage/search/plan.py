"""The plan of a search: what to look through, how far back, and which words can rank at what price.

FTS5 reads 5 million postings a second, and its bm25() counts every posting of every word it ranks by; at a million
articles that is seconds for the commonest words. So the newest articles are looked through first, window by window,
and words that stand in more than `COMMON` articles do not rank where a rarer one can.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

from storage.search.ids import PER_DAY, day_of, first_id
from storage.search.match import HIGHEST, LOWEST, Leaf, Match

COMMON = 80_000  # articles with a word, from which counting it takes too long
FIRST_WINDOW = 4_000  # articles; further windows are as long as the time allows
SMALL = 20_000  # articles; archives of fewer are looked through at once
_PROBED = 500  # articles in a probe
_PASSED = 600  # postings of a word that are read to reach the next one that is wanted, at most: those of a page
_PROBES = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """A range of article numbers and about how many articles stand in it."""

    lowest: int
    highest: int
    articles: int


class Calendar:
    """How many articles there are of each day, newest first: the days' lowest numbers, and the articles up to each."""

    def __init__(self, db: sqlite3.Connection) -> None:
        sql = "SELECT value, articles FROM facet_counts WHERE kind = 'day'"
        days = sorted(((first_id(date.fromisoformat(day)), number) for day, number in db.execute(sql)), reverse=True)
        self.backwards = [-first for first, _ in days]  # rising, as bisect wants it
        self.passed: list[int] = [0, *itertools.accumulate(number for _, number in days)]
        self.articles = self.passed[-1]

    def walk(self, lowest: int, highest: int) -> Walk:
        """Go through a range of article numbers from the newest on."""
        return Walk(self, lowest, highest)

    @functools.cached_property
    def probes(self) -> list[Window]:
        """Small windows spread over time, to tell how common a word is."""
        step = max(1, self.articles // _PROBES)
        found: list[Window] = []
        day, days = 0, len(self.backwards)
        while day < days:
            day = max(day, bisect_right(self.passed, step * len(found)) - 1)
            end = min(days, bisect_left(self.passed, self.passed[day] + _PROBED))
            held = self.passed[end] - self.passed[day]
            if held < _PROBED:
                break
            found.append(Window(-self.backwards[end - 1], -self.backwards[day] + PER_DAY - 1, held))
            day = end
        return found


class Walk:
    """A walk back in time, in windows of the lengths that are asked for."""

    def __init__(self, calendar: Calendar, lowest: int, highest: int) -> None:
        self._calendar = calendar
        self._place = self._begin = bisect_left(calendar.backwards, -highest)
        self._end = max(self._begin, bisect_right(calendar.backwards, PER_DAY - 1 - lowest))
        self.articles = calendar.passed[self._end] - calendar.passed[self._begin]
        self.lowest, self.top = lowest, highest

    def take(self, size: int) -> Window | None:
        """The next window, of whole days and about so many articles; None behind the last."""
        if self.top < self.lowest:
            return None
        passed, place, top = self._calendar.passed, self._place, self.top
        self._place = min(self._end, bisect_left(passed, passed[place] + size, place))
        done = self._place == self._end
        bottom = self.lowest if done else max(self.lowest, -self._calendar.backwards[self._place - 1])
        self.top = bottom - 1
        return Window(bottom, top, passed[self._place] - passed[place])

    def since(self, article_id: int) -> int:
        """How many articles there are from the day of a number on, as far as the walk goes."""
        day = bisect_right(self._calendar.backwards, -first_id(day_of(article_id)))
        return self._calendar.passed[max(self._begin, min(day, self._end))] - self._calendar.passed[self._begin]


def costs(db: sqlite3.Connection, calendar: Calendar, match: Match) -> dict[Leaf, int]:
    """About how many postings have to be read to count the articles of each condition, from samples."""
    windows = calendar.probes
    sampled = sum(window.articles for window in windows) or 1
    sql = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?"

    def counted(probe: str) -> int:
        counts = (db.execute(sql, (probe, window.lowest, window.highest)).fetchone()[0] for window in windows)
        return int(sum(counts) * calendar.articles // sampled)

    return {leaf: to_count([counted(probe) for probe in leaf.probes]) for leaf in match.leaves()}


def to_count(articles: Sequence[int]) -> int:
    """How many postings are read to count a phrase whose words stand in so many articles each.

    FTS5 goes through the rarest word's and seeks each of them in the others'.

    >>> to_count([700]), to_count([10, 500_000]), to_count([30_000, 500_000])
    (700, 6010, 530000)
    """
    rarest = min(articles)
    return sum(min(number, rarest * _PASSED) for number in articles)


def too_common(found: dict[Leaf, int]) -> tuple[set[Leaf], bool]:
    """The conditions that are to be left out of the ranking, and whether none is left that could rank.

    >>> rare, common = Leaf("rare", ()), Leaf("common", ())
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
