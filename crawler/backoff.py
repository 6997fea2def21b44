"""Back-off: how long a host is left alone after it said that it is busy. Pure; times are seconds of one clock."""

from __future__ import annotations

import dataclasses
import email.utils
import re
from datetime import UTC, datetime

BUSY = frozenset((429, 503))
TROUBLED = frozenset((500, 502, 504, 520, 521, 522, 523, 524, 529))
MAX_RETRY_AFTER = 24 * 3600.0


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Give the seconds to wait that a Retry-After header asks for (RFC 9110, 10.2.3), else None where it says nothing.

    >>> parse_retry_after("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    >>> parse_retry_after("Thu, 01 Jan 2026 00:01:00 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    60.0
    >>> parse_retry_after("soon", datetime(2026, 1, 1, tzinfo=UTC)) is None
    True
    """
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", value):
        return min(float(value), MAX_RETRY_AFTER)
    when = _http_date(value)
    return None if when is None else min(max((when - now).total_seconds(), 0.0), MAX_RETRY_AFTER)


def _http_date(value: str) -> datetime | None:
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


@dataclasses.dataclass(frozen=True, slots=True)
class Pace:
    """How one host is asked: the delay between two requests now, the polite one it heals back to, and the pause.

    `floor` is the larger of the configured delay and the site's Crawl-delay; `delay` grows from it while the host is
    in trouble; before `until` nothing is asked at all.
    """

    floor: float = 1.0
    delay: float = 1.0
    until: float = 0.0
    troubles: int = 0  # in a row


def after(
    pace: Pace, status: int | None, now: float, *, retry_after: float | None = None, longest: float = 600.0
) -> Pace:
    """Give the pace after one answer; status None means that none came (timeout, connection lost)."""
    if status in BUSY or status in TROUBLED or status is None:
        return _troubled(pace, status, now, retry_after, longest)
    healed = pace.floor + (pace.delay - pace.floor) * 0.75
    return dataclasses.replace(pace, delay=healed if healed > pace.floor + 0.05 else pace.floor, troubles=0)


def _troubled(pace: Pace, status: int | None, now: float, retry_after: float | None, longest: float) -> Pace:
    troubles = pace.troubles + 1
    grown = min(max(pace.delay, 0.5) * 2, max(longest, pace.floor))
    pause = retry_after if retry_after is not None else min(grown * 2 ** min(troubles - 1, 16), longest)
    if status not in BUSY and troubles < 3 and retry_after is None:
        return dataclasses.replace(pace, troubles=troubles)  # one broken page is no broken host
    return Pace(pace.floor, grown, max(pace.until, now + pause), troubles)


def next_at(pace: Pace, last: float) -> float:
    """Give the earliest time of the next request, `last` being the start of the one before."""
    return max(last + pace.delay, pace.until)
