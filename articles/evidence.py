"""Evidence: the dates that a page gives, how much each is to be believed, and how one makes another whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

from articles.moments import Moment

Role = Literal["published", "modified"]


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """A date not read yet; the higher the weight, the more it is to be believed."""

    role: Role
    weight: float
    source: str
    raw: str


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """A claim that was read."""

    role: Role
    weight: float
    source: str
    raw: str
    moment: Moment

    @property
    def days(self) -> frozenset[date]:
        """The day by the clock that is written, and the day in UTC."""
        value = self.moment.value
        return frozenset((value.date(), value.astimezone(UTC).date()) if value.tzinfo else (value.date(),))


def before(one: datetime, other: datetime) -> bool:
    """Whether one moment lies more than a day before another, zones aside."""
    return one.replace(tzinfo=None) < other.replace(tzinfo=None) - timedelta(days=1)


def completed(best: Evidence, others: Iterable[Evidence]) -> Evidence:
    """Give a date the time or the zone that another source of the same moment knows."""
    for other in sorted(others, key=lambda item: (item.role != best.role, -item.weight)):
        better = _more_precise(best.moment, other.moment)
        if better is not None:
            best = dataclasses.replace(best, moment=better)
    return best


def _more_precise(mine: Moment, other: Moment) -> Moment | None:
    """The other reading of the same moment where it knows more, else None.

    A wall clock beside the same moment in UTC gives the publisher's zone: 17:49:09 and 01:49:09Z are 17:49:09-08:00.
    """
    if not other.timed:
        return None
    one, two = mine.value, other.value
    if not mine.timed:
        return other if one.date() == two.date() else None
    if one.tzinfo is None and two.tzinfo is not None:
        return _zoned(one, two)
    if one.tzinfo is not None and not one.utcoffset():
        same = two.tzinfo is not None and two.utcoffset() and abs((one - two).total_seconds()) < 60
        return other if same else None if two.tzinfo else _zoned(two, one)
    return None


def _zoned(wall: datetime, instant: datetime) -> Moment | None:
    """The wall clock in the zone that makes it the instant; None where no zone does."""
    if abs((instant.replace(tzinfo=None) - wall).total_seconds()) < 60:
        return Moment(instant, True)
    ahead = (wall - instant.astimezone(UTC).replace(tzinfo=None)).total_seconds()
    halves = round(ahead / 1800)
    if abs(ahead - halves * 1800) > 59 or not -24 <= halves <= 28:
        return None
    return Moment(instant.astimezone(timezone(timedelta(minutes=30 * halves))), True)


def on_day(instant: datetime, day: date) -> datetime | None:
    """An instant given in UTC, in the nearest zone in which it falls on a given day; None where there is none.

    >>> on_day(datetime(2021, 11, 4, 23, tzinfo=UTC), date(2021, 11, 5)).isoformat()
    '2021-11-05T00:00:00+01:00'
    >>> on_day(datetime(2021, 11, 4, 12, tzinfo=UTC), date(2021, 11, 5)) is None
    True
    """
    for hours in range(1, 11):
        for sign in (1, -1):
            if sign * hours >= -8:
                local = instant.astimezone(timezone(timedelta(hours=sign * hours)))
                if local.date() == day:
                    return local
    return None
