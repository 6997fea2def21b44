"""Article ids in order of publication, so that the newest matches of any word can be read off the index first.

An id is the day of publication (of the first sighting, where the page gives no date) followed by six digits:
20240317000042 is the 43rd article of 17 March 2024. It stays for good, even if the date is corrected later. The
full-text index keeps its postings by id: `ORDER BY rowid DESC LIMIT 20` stops after twenty postings of even the
commonest word, and a range of dates is a range of ids.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime

PER_DAY = 1_000_000


def first_id(day: date) -> int:
    """The lowest id of a day.

    >>> first_id(date(2024, 3, 17))
    20240317000000
    """
    return (day.year * 10_000 + day.month * 100 + day.day) * PER_DAY


def day_of(article_id: int) -> date:
    """The day that an id was given for.

    >>> day_of(20240317000042)
    datetime.date(2024, 3, 17)
    """
    number = article_id // PER_DAY
    return date(number // 10_000, number // 100 % 100, number % 100)


def utc_day(moment: datetime) -> date:
    """The day in UTC; a naive moment is taken as UTC.

    >>> from datetime import timezone, timedelta
    >>> utc_day(datetime(2024, 3, 17, 1, tzinfo=timezone(timedelta(hours=2))))
    datetime.date(2024, 3, 16)
    """
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()


def next_id(connection: sqlite3.Connection, day: date) -> int:
    """A free id for an article of that day: one above the day's highest; ask inside the writing transaction."""
    lowest = first_id(day)
    row = connection.execute(
        "SELECT max(id) FROM articles WHERE id >= ? AND id < ?", (lowest, lowest + PER_DAY)
    ).fetchone()
    return lowest if row[0] is None else int(row[0]) + 1
