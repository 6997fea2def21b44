"""Dates of feeds and sitemaps: RFC 3339, W3C date-time, RFC 822 and what people write instead."""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, datetime

import dateutil.parser

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_DEFAULT = datetime(2000, 1, 1, tzinfo=UTC)


def parse_date(text: str | None) -> datetime | None:
    """Read a date as aware UTC, None where there is none. One without a zone is taken as UTC.

    >>> parse_date("2026-11-23T10:00:00+02:00").isoformat(), parse_date("Mon, 23 Nov 2026 10:00 EST").hour
    ('2026-11-23T08:00:00+00:00', 15)
    >>> parse_date("2026-11"), parse_date("soon")
    (datetime.datetime(2026, 11, 1, 0, 0, tzinfo=datetime.timezone.utc), None)
    """
    text = " ".join((text or "").split())[:80]
    if not re.search(r"\d", text):
        return None
    for read in (_iso, _rfc822, _other):
        if (found := read(text)) is not None:
            return _utc(found)
    return None


def _utc(when: datetime) -> datetime | None:
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):  # year 1 or 9999 moved over the edge by its zone
        return None


def _iso(text: str) -> datetime | None:
    try:
        if match := _PARTIAL.fullmatch(text):
            return datetime(int(match[1]), int(match[2] or 1), 1)
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    try:
        return email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _other(text: str) -> datetime | None:
    if not re.search(r"\b\d{4}\b", text):  # dateutil would make a year up
        return None
    try:
        return dateutil.parser.parse(text, default=_DEFAULT)
    except (ValueError, OverflowError, TypeError):
        return None
