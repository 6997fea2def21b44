"""Times in the archive: UTC, as text that sorts, of one fixed form."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(when: datetime) -> str:
    """Write an aware time as the archive keeps it.

    >>> to_text(datetime(2026, 11, 23, 9, 5, 1, tzinfo=UTC))
    '2026-11-23T09:05:01Z'
    """
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Read an archive's time.

    >>> from_text("2026-11-23T09:05:01Z").hour
    9
    """
    return datetime.fromisoformat(text).astimezone(UTC)
