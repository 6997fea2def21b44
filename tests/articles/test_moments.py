"""Dates from short texts: the languages, the orders, the zones, and what is no date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.moments import FIRST_YEAR, LAST_YEAR, NoDate, months, read_moment

MOMENTS = st.datetimes(datetime(FIRST_YEAR, 1, 2), datetime(LAST_YEAR, 12, 30))
ZONES = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@given(MOMENTS, ZONES)
def test_iso_is_read_back(value: datetime, zone: timezone) -> None:
    aware = value.replace(tzinfo=zone, microsecond=0)
    assert read_moment(aware.isoformat()).value == aware
    assert read_moment(aware.isoformat(" ")).value == aware


@given(MOMENTS, st.sampled_from(["en", "de", "fr", "es", "uk", "ru", "pl", "tr", "el", "hi", "ar", "id", "fi"]))
def test_month_names_of_many_languages_are_read(value: datetime, language: str) -> None:
    name = next(
        name for name, meanings in months().items() if meanings.get(language) == value.month and " " not in name
    )
    assert read_moment(f"{value.day} {name} {value.year}", language=language).value.date() == value.date()


@given(st.text(max_size=80))
def test_any_text_gives_a_date_or_says_that_it_is_none(text: str) -> None:
    try:
        moment = read_moment(text)
    except NoDate:
        return
    assert FIRST_YEAR <= moment.value.year <= LAST_YEAR


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-11-29T17:42+0200", "2024-11-29T17:42:00+02:00"),
        ("2024-11-29T17:42:00.123Z", "2024-11-29T17:42:00.123000+00:00"),
        ("2024-11-29 17:42:09 UTC", "2024-11-29T17:42:09+00:00"),
        ("20241129T174200Z", "2024-11-29T17:42:00+00:00"),
        ("1732902120", "2024-11-29T17:42:00+00:00"),
        ("Fri, 29 Nov 2024 17:42:00 GMT", "2024-11-29T17:42:00+00:00"),
        ("Fri Nov 29 17:42:00 CET 2024", "2024-11-29T17:42:00+01:00"),
        ("November 29th, 2024 at 5:42 p.m. EST", "2024-11-29T17:42:00-05:00"),
        ("29.11.2024, 17.42 Uhr", "2024-11-29T17:42:00"),
        ("Aktualisiert am 3. März 2024", "2024-03-03T00:00:00"),
        ("17:42, 29 листопада 2024", "2024-11-29T17:42:00"),
        ("2024년 11월 29일 17:42", "2024-11-29T17:42:00"),
        ("2024年11月29日", "2024-11-29T00:00:00"),
        ("29 พฤศจิกายน 2567", "2024-11-29T00:00:00"),
        ("٢٩ نوفمبر ٢٠٢٤", "2024-11-29T00:00:00"),
        ("2024. november 29.", "2024-11-29T00:00:00"),
        ("ngày 29 tháng 11, 2024", "2024-11-29T00:00:00"),
    ],
)
def test_forms(text: str, value: str) -> None:
    assert read_moment(text).value.isoformat() == value


def test_month_first_only_where_asked_and_possible() -> None:
    assert read_moment("03/04/2024").value == datetime(2024, 4, 3)
    assert read_moment("03/04/2024", month_first=True).value == datetime(2024, 3, 4)
    assert read_moment("03/04/2024").either == datetime(2024, 3, 4)
    assert read_moment("13/04/2024", month_first=True).value == datetime(2024, 4, 13)
    assert read_moment("03.04.2024", month_first=True).value == datetime(2024, 4, 3)


@pytest.mark.parametrize(
    "text", ["", "soon", "0001-01-01", "9999-12-31T23:59:59Z", "2024-02-30", "1.2.3", "page 12 of 20"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(NoDate):
        read_moment(text)


def test_zone_is_kept_not_converted() -> None:
    assert read_moment("2024-11-29T23:30:00-08:00").value.astimezone(UTC) == datetime(2024, 11, 30, 7, 30, tzinfo=UTC)
