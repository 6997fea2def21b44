"""Moments: a date, with or without a time and a zone, read from a short text of any language."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import resources

FIRST_YEAR = 1990  # before the web there was no news page
LAST_YEAR = 2100
LONGEST = 300  # characters of a text that are looked at


class NoDate(ValueError):
    """Raised where a text holds no date; the message says what is wrong with it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Moment:
    """`value` is aware where the text gives a zone; `timed` tells midnight from "no time given".

    `either` is the other reading of a date such as 03/04/2024, whose day and month may be exchanged.
    """

    value: datetime
    timed: bool = False
    either: datetime | None = None


_iso = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[T\s]|T\s|\s+-\s+)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.I,
)
_compact = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_iso_day = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_epoch = re.compile(r"\d{10}|\d{13}")
_year_first = re.compile(r"(?<![\d.:/-])(\d{4})\s?([-/.–年]|년\s?)\s?(\d{1,2})\s?(?:[-/.–月]|월\s?)\s?(\d{1,2})(?!\d)")
_day_first = re.compile(r"(?<![\d.:/-])(\d{1,2})\s?([./|–-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d:])(?![.,]\d)")
_word = r"([^\W\d_][^\s\d.,/|()]{1,18}(?: al-\w+| الثاني| الأول)?)"
_day_name = re.compile(
    r"(?<![\d.:/-])(\d{1,2})(?:st|nd|rd|th|er|º|ª|°|-?го|-?е)?[.,]?(?:\s*(?:de|of|d[’']|di|da|ngày|del|tháng)\s+|\s+|-|(?<=\.))"
    + _word
    + r"[.,]?(?:\s/\s[^\W\d_]{3,12})?(?:\s*-?\s*|\s+(?:de|del|of|,)\s+)[’']?(\d{4}|(?<=[’'\-])\d{2})(?!\d)",
    re.I,
)
_name_day = re.compile(
    r"(?<![^\W\d_])" + _word + r"[.,]?\s{0,3}(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|[.]?\s+(?:at\s+)?)(\d{4})(?!\d)", re.I
)
_year_name = re.compile(
    r"(?<!\d)(\d{4})\.?,?\s+(?:m\.\s+|metų\s+|\.?\s*gada\s+|оны\s+|-?ж\.?\s+)?" + _word + r"[.,]?\s+(\d{1,2})(?![\d:])",
    re.I,
)
_viet = re.compile(r"(?<!\d)(\d{1,2})\s+(?:tháng|thg)\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})", re.I)
_ctime = re.compile(
    r"(?<!\w)([A-Za-z]{3,9})\s+(\d{1,2})\s+\d{1,2}:\d{2}(?::\d{2})?\s+(?:[A-Z]{3,4}\s+|[+-]\d{4}\s+)?(\d{4})(?!\d)"
)
_clock = re.compile(
    r"(?<![\d.:])(\d{1,2})\s?(?:[:.]|h|Uhr|[uU]|时|時|点|시)\s?([0-5]\d)(?!\d|\.\d{3})(?:[:.]([0-5]\d))?(?:[.,]\d+)?\s*([ap]\s?\.?\s?m\b\.?|[ap]\.\s?m\.)?"
    r"\s*\(?(Z\b|UTC|GMT|[A-Z]{3,4}\b)?\s*([+-]\d{1,2}(?::?\d{2})?)?",
    re.I,
)
_hour_only = re.compile(r"(?<![\d.:])(\d{1,2})\s?([ap])\.?\s?m\b", re.I)

# Offsets in hours of the zone names that news pages print. Names with two meanings have the one more often printed.
ZONES: Mapping[str, float] = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2,
    "EET": 2, "SAST": 2, "CAT": 2, "WAT": 1, "EAT": 3, "EEST": 3, "MSK": 3, "МСК": 3, "TRT": 3, "IST": 5.5,
    "PKT": 5, "WIB": 7, "WITA": 8, "WIT": 9, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "ACST": 9.5, "ACDT": 10.5, "AWST": 8, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "AST": -4, "ADT": -3,
    "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3, "CLT": -4, "PET": -5, "COT": -5,
}  # fmt: skip


@functools.cache
def months() -> Mapping[str, Mapping[str, int]]:
    """Month (1..12) by folded name, then by language; "" holds the month that most languages mean."""
    by_name: dict[str, dict[str, int]] = {}
    text = resources.files("articles").joinpath("months.json").read_text(encoding="utf-8")
    for language, lists in json.loads(text).items():
        for number, names in enumerate(lists, 1):
            for name in names:
                by_name.setdefault(name, {}).setdefault("", number)
                by_name[name][language] = number
    return by_name


def month_of(word: str, language: str = "") -> int | None:
    """The month that a word names, in the given language if it is ambiguous.

    >>> month_of("Sept."), month_of("листопада"), month_of("listopad", "hr"), month_of("Monday")
    (9, 11, 10, None)
    """
    name = unicodedata.normalize("NFKC", word).casefold().strip(" .,-").replace("’", "'")
    meanings = months().get(name)
    return None if meanings is None else meanings.get(language) or meanings[""]


@functools.lru_cache(4096)
def read_moment(text: str, *, month_first: bool = False, language: str = "", loose: bool = False) -> Moment:
    """Read the first date of a text. Raises NoDate where there is none, or where it is absurd.

    `month_first` decides dates such as 03/04/2024; `language` (primary subtag) ambiguous month names. A `loose` reading
    parts words and dates that a page's markup has run together.

    >>> read_moment("2024-11-29T17:42:00+02:00").value.isoformat()
    '2024-11-29T17:42:00+02:00'
    >>> read_moment("Published: 29.11.2024 17:42").value.isoformat()
    '2024-11-29T17:42:00'
    >>> read_moment("Nov. 29, 2024, 5:42 p.m. EST").value.isoformat()
    '2024-11-29T17:42:00-05:00'
    """
    text = text.strip()[:LONGEST]
    if not text:
        raise NoDate("empty")
    moment = _machine(text) or _human(text, month_first, language)
    if moment is None and loose and (parted := _parted(text)) != text:
        moment = _human(parted, month_first, language)
    if moment is None:
        raise NoDate(f"not a date: {text[:60]!r}")
    if not FIRST_YEAR <= moment.value.year <= LAST_YEAR:
        raise NoDate(f"absurd year: {text[:60]!r}")
    return moment


def _machine(text: str) -> Moment | None:
    """ISO 8601 and its relatives, compact forms, seconds since 1970."""
    if len(text) > 10 and text[4:5] == "-":
        try:
            return Moment(datetime.fromisoformat(text), True)
        except ValueError:
            pass  # the looser forms below
    found = _iso.match(text)
    if found:
        return _built(*found.groups())
    if _epoch.fullmatch(text):
        return Moment(datetime.fromtimestamp(int(text[:10]), UTC), True)
    found = _compact.fullmatch(text)
    return _built(*found.groups()) if found else None


def _built(
    year: str, month: str, day: str, hour: str | None, minute: str | None, second: str | None, zone: str | None
) -> Moment | None:
    try:
        value = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            min(int(second or 0), 59),
            tzinfo=_zone(zone),
        )
    except (ValueError, OverflowError):
        return None
    return Moment(value, hour is not None)


def _zone(text: str | None, offset: str | None = None) -> timezone | None:
    hours = ZONES.get((text or "").upper())
    sign = offset or (text if text and text[0] in "+-" else None)
    if sign:
        digits = sign[1:].replace(":", "")
        size = int(digits[:2]) * 60 + int(digits[2:] or 0) if len(digits) > 2 else int(digits) * 60
        hours = (hours or 0) + (size if sign[0] == "+" else -size) / 60
    return None if hours is None or abs(hours) >= 24 else timezone(timedelta(hours=hours))


def _human(text: str, month_first: bool, language: str) -> Moment | None:
    for year, month, day, swappable, span in _dates(text, language):
        if swappable and month_first:
            month, day = day, month
        try:
            value = datetime(year, month, day)
        except ValueError:
            continue
        either = datetime(year, day, month) if swappable and day != month else None
        return _with_time(text, Moment(value, False, either), span)
    return None


def _parted(text: str) -> str:
    """A text with its words parted where a page's markup has run them together, and its dates without strokes.

    >>> [_parted(text) for text in ("Ann LeeApril 28, 2023", "5/1/201614/1/2016", "29 / Mai / 2022", "2025•01•08")]
    ['Ann Lee April 28, 2023', '5/1/2016 14/1/2016', '29 Mai 2022', '2025.01.08']
    """
    for pattern, parts in _RUN_TOGETHER:
        text = pattern.sub(parts, text)
    return text


_RUN_TOGETHER = (
    (re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z][a-z]{2,})"), " "),
    (re.compile(r"(?<=[\s./-])((?:19|20)\d\d)(?=\d)"), r"\1 "),
    (re.compile(r"(?<=\d)\s*[•·]\s*(?=\d)"), "."),
    (re.compile(r"(?<=\d)\s*[/•·|]\s*([^\W\d_]{3,12})\s*[/•·|]\s*(?=\d{4})"), r" \1 "),
)


def _dates(text: str, language: str) -> Iterator[tuple[int, int, int, bool, tuple[int, int]]]:
    """What looks like a date, likeliest form first: year, month, day, whether day and month may be exchanged, span."""
    for found in _year_first.finditer(text):
        yield _year(found[1]), int(found[3]), int(found[4]), False, found.span()
    for found in _ctime.finditer(text):
        month = month_of(found[1], language)
        if month:
            yield int(found[3]), month, int(found[2]), False, (found.end(2), found.end(2))
    for found in _viet.finditer(text):
        yield int(found[3]), int(found[2]), int(found[1]), False, found.span()
    for pattern, order in ((_day_name, (3, 2, 1)), (_name_day, (3, 1, 2)), (_year_name, (1, 2, 3))):
        for found in pattern.finditer(text):
            month = month_of(found[order[1]], language)
            if month:
                yield _year(found[order[0]]), month, int(found[order[2]]), False, found.span()
    for found in _day_first.finditer(text):
        yield from _numeric(int(found[1]), int(found[3]), found[2], _year(found[4]), found.span())


@functools.lru_cache(1024)
def days_in(text: str, language: str = "") -> frozenset[date]:
    """All days that a short text names; of 03/04/2024 both readings.

    >>> sorted(map(str, days_in("3 May 2024, updated 5.6.2024")))
    ['2024-05-03', '2024-06-05']
    """
    found = set()
    for year, month, day, swappable, _ in _dates(text[:LONGEST], language):
        for order in ((month, day), (day, month))[: 1 + swappable]:
            try:
                found.add(date(year, *order))
            except ValueError:
                continue
    machine = _iso_day.findall(text[:LONGEST])
    return frozenset(found | {date.fromisoformat(day) for day in machine if _is_day(day)})


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _numeric(
    first: int, second: int, mark: str, year: int, span: tuple[int, int]
) -> Iterator[tuple[int, int, int, bool, tuple[int, int]]]:
    """Day and month of 29.11.2024, 11/29/2024 and 03/04/2024."""
    if second <= 12:
        yield year, second, first, mark != "." and first <= 12, span
    elif first <= 12:
        yield year, first, second, False, span


def _year(text: str) -> int:
    """Four digits, of the Buddhist calendar too; two digits are of this century.

    >>> _year("2563"), _year("24")
    (2020, 2024)
    """
    year = int(text)
    if year < 100:
        return 2000 + year
    return year - 543 if 2500 < year < 2643 else year


def _with_time(text: str, moment: Moment, span: tuple[int, int]) -> Moment:
    """Add the clock time that stands close behind the date, or close before it."""
    behind, before = text[span[1] : span[1] + 60], text[max(0, span[0] - 40) : span[0]]
    found = _clock.search(behind[:45]) or _clock.search(before)
    if found is None:
        hour = _hour_only.search(behind[:25])
        return moment if hour is None else _timed(moment, int(hour[1]), 0, hour[2], None)
    timed = _timed(moment, int(found[1]), int(found[2]), found[4], _zone(found[5], found[6]))
    second = timedelta(seconds=int(found[3] or 0))
    return dataclasses.replace(timed, value=timed.value + second, either=timed.either and timed.either + second)


def _timed(moment: Moment, hour: int, minute: int, half: str | None, zone: timezone | None) -> Moment:
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if hour > 23:
        return moment
    either = moment.either and moment.either.replace(hour=hour, minute=minute, tzinfo=zone)
    return Moment(moment.value.replace(hour=hour, minute=minute, tzinfo=zone), True, either)
