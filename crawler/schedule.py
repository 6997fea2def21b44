"""When a source or an article is looked at again. Pure: `now` is passed in, times are aware UTC."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest time between two looks at one source, and where a new one starts."""

    shortest: timedelta = 5 * MINUTE
    longest: timedelta = 28 * DAY
    first: timedelta = HOUR


def next_interval(
    interval: timedelta | None, new: int, bounds: Bounds = Bounds(), *, asked: timedelta | None = None
) -> timedelta:
    """Give a source's next interval, from the last one (None: first look) and how many new URLs it has just brought.

    Aims at a few new URLs per look: many shorten it, none lengthen it. `asked` is what the feed itself asks for (ttl),
    a lower bound.

    >>> next_interval(timedelta(hours=1), 0) > timedelta(hours=1) > next_interval(timedelta(hours=1), 20)
    True
    """
    factor = 1.5 if new == 0 else 1.0 if new <= 3 else max(0.25, 3 / new)
    found = bounds.first if interval is None else interval * factor
    return min(max(found, bounds.shortest, min(asked or bounds.shortest, bounds.longest)), bounds.longest)


def retired(interval: timedelta, empty_looks: int, bounds: Bounds = Bounds()) -> bool:
    """Say whether a source that has brought nothing for so long may be left to the longest interval for good."""
    return interval >= bounds.longest and empty_looks >= 3


# age of the article -> time to the next visit; news is edited in its first hours
STEPS: tuple[tuple[timedelta, timedelta], ...] = (
    (2 * HOUR, 30 * MINUTE),
    (6 * HOUR, 2 * HOUR),
    (DAY, 6 * HOUR),
    (3 * DAY, DAY),
    (14 * DAY, 5 * DAY),
    (60 * DAY, 20 * DAY),
    (365 * DAY, 90 * DAY),
)


def next_visit(
    published: datetime | None, now: datetime, *, changed: bool = False, unchanged: int = 0
) -> datetime | None:
    """Give when an article just visited is due again, None for never: seldomer with age and without changes.

    `published` is the best known date (else when it was first seen). `changed` says that this visit brought a
    revision, `unchanged` how many visits before it in a row did not.
    """
    age = max(now - (published or now), timedelta())
    for limit, step in STEPS:
        if age < limit:
            return now + step * (0.5 if changed else 1 + 0.5 * min(unchanged, 4))
    return None
