"""The coverage chart: how many articles were published when, as bars."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

MOST_DAYS = 92  # a longer span is shown by month, and one of more than so many months by year
_HEIGHT, _WIDTH = 120.0, 960.0


@dataclasses.dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart, in its coordinates: what it stands for, how many articles, and its label on the axis."""

    period: str
    articles: int
    x: float
    y: float
    width: float
    height: float
    label: str


def bars(days: Iterable[tuple[str, int]]) -> list[Bar]:
    """Give the bars of counts by ISO day, without gaps; empty for no days.

    >>> [(bar.period, bar.articles, bar.label) for bar in bars([("2024-02-28", 2), ("2024-03-01", 1)])]
    [('2024-02-28', 2, '2024-02-28'), ('2024-02-29', 0, '2024-02-29'), ('2024-03-01', 1, '2024-03-01')]
    """
    counts = Counter[str]()
    for day, number in days:
        counts[day] += number
    if not counts:
        return []
    periods, width = _periods(date.fromisoformat(min(counts)), date.fromisoformat(max(counts)))
    totals = Counter[str]()
    for day, number in counts.items():
        totals[day[:width]] += number
    highest, step = max(totals.values()), _WIDTH / len(periods)
    every = max(1, len(periods) // 8)
    found = []
    for place, period in enumerate(periods):
        height = _HEIGHT * totals[period] / highest
        x, y, breadth, tall = (round(v, 2) for v in (place * step, _HEIGHT - height, max(step * 0.86, 0.5), height))
        found.append(Bar(period, totals[period], x, y, breadth, tall, "" if place % every else period))
    return found


def _periods(first: date, last: date) -> tuple[list[str], int]:
    """All periods of a span in order, and how long their names are: days, months or years."""
    if (last - first).days <= MOST_DAYS:
        return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)], 10
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months > 2 * MOST_DAYS:
        return [f"{year:04}" for year in range(first.year, last.year + 1)], 4
    starts = [divmod(first.year * 12 + first.month - 1 + n, 12) for n in range(months)]
    return [f"{year:04}-{month + 1:02}" for year, month in starts], 7
