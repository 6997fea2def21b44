"""Article numbers in order of publication, so that the newest matches of any word can be read off the index first.

A number is the day of publication (of the first sighting, where the page gives no date) times 65,536, and a count:
1297547306 is the 43rd article of 17 March 2024. It stays for good, even if the date is corrected later. The full-text
index keeps its postings by number: `ORDER BY rowid DESC LIMIT 20` stops after twenty postings of even the commonest
word, and a range of dates is a range of numbers. Until 2059 they fit into four bytes, and their differences into
three, which is a tenth of the index.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime

PER_DAY = 1 << 16
_EPOCH = date(1970, 1, 1).toordinal()  # days before it have negative numbers


def first_id(day: date) -> int:
    """The lowest number of a day.

    >>> first_id(date(2024, 3, 17)), first_id(date(1969, 12, 31))
    (1297547264, -65536)
    """
    return (day.toordinal() - _EPOCH) * PER_DAY


def last_id(day: date) -> int:
    """The highest number of a day."""
    return first_id(day) + PER_DAY - 1


def day_of(article_id: int) -> date:
    """The day that a number was given for.

    >>> day_of(1297547306)
    datetime.date(2024, 3, 17)
    """
    return date.fromordinal(article_id // PER_DAY + _EPOCH)


def utc_day(moment: datetime) -> date:
    """The day in UTC; a naive moment is taken as UTC.

    >>> from datetime import timezone, timedelta
    >>> utc_day(datetime(2024, 3, 17, 1, tzinfo=timezone(timedelta(hours=2))))
    datetime.date(2024, 3, 16)
    """
    try:
        return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
    except OverflowError:  # the first and the last day of the calendar
        return moment.date()


def next_id(connection: sqlite3.Connection, day: date) -> int:
    """A free number for an article of that day: one above the day's highest; ask inside the writing transaction.

    A day of more articles than numbers goes on in the next day's.
    """
    while True:
        lowest, highest = first_id(day), last_id(day)
        row = connection.execute("SELECT max(id) FROM articles WHERE id BETWEEN ? AND ?", (lowest, highest)).fetchone()
        number = lowest if row[0] is None else int(row[0]) + 1
        if number <= highest:
            return number
        day = date.fromordinal(day.toordinal() + 1)
