"""Back-off: Retry-After in all its forms; a pace that grows, pauses and heals."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.backoff import MAX_RETRY_AFTER, Pace, after, next_at, parse_retry_after

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("1.5", 1.5),
        ("99999999999", MAX_RETRY_AFTER),
        ("Mon, 23 Nov 2026 10:02:00 GMT", 120.0),
        ("Mon, 23 Nov 2026 12:02:00 +0200", 120.0),
        ("Monday, 23-Nov-26 10:02:00 GMT", 120.0),
        ("Mon Nov 23 10:02:00 2026", 120.0),
        ("Mon, 23 Nov 2026 09:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2099 09:00:00 GMT", MAX_RETRY_AFTER),
        ("", None),
        (None, None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("٣", None),
        ("Mon, 99 Nov 2026 10:02:00 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_raises_or_is_out_of_bounds(value: str) -> None:
    found = parse_retry_after(value, NOW)
    assert found is None or 0 <= found <= MAX_RETRY_AFTER


@given(st.integers(0, 80_000))
def test_seconds_and_dates_say_the_same(seconds: int) -> None:
    date = email.utils.format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert parse_retry_after(date, NOW) == parse_retry_after(str(seconds), NOW) == seconds


@pytest.mark.parametrize("status", [429, 503])
def test_nothing_is_asked_before_retry_after_ends(status: int) -> None:
    pace = after(Pace(1.0, 1.0), status, 100.0, retry_after=30.0)
    assert next_at(pace, last=100.0) == 130.0


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    pace = after(Pace(), 429, 100.0, retry_after=60.0)
    assert after(pace, 429, 101.0, retry_after=1.0).until == 160.0


def test_a_busy_host_that_says_no_time_is_left_alone_ever_longer() -> None:
    pace, pauses = Pace(1.0, 1.0), []
    for _ in range(20):
        pace = after(pace, 503, 0.0)
        pauses.append(pace.until)
    assert pauses == sorted(pauses)
    assert pauses[0] == 2.0
    assert pauses[-1] == 600.0


@pytest.mark.parametrize("status", [500, 502, None])
def test_one_broken_page_is_no_broken_host(status: int | None) -> None:
    pace = Pace(1.0, 1.0)
    for _ in range(2):
        pace = after(pace, status, 0.0)
    assert (pace.delay, pace.until) == (1.0, 0.0)
    assert after(pace, status, 0.0).until > 0
    assert after(after(pace, 200, 0.0), status, 0.0).until == 0.0


def test_a_pace_heals_back_to_its_floor() -> None:
    pace = after(Pace(2.0, 2.0), 429, 0.0, retry_after=1.0)
    assert pace.delay == 4.0
    for _ in range(30):
        pace = after(pace, 200, 10.0)
    assert (pace.delay, pace.troubles) == (2.0, 0)


STATUSES = st.lists(st.one_of(st.none(), st.sampled_from([200, 304, 404, 429, 500, 503])), max_size=60)


@given(STATUSES, st.floats(0, 30), st.one_of(st.none(), st.floats(0, 1000)))
def test_a_pace_never_leaves_its_bounds(statuses: list[int | None], floor: float, asked: float | None) -> None:
    pace = Pace(floor, floor)
    for now, status in enumerate(statuses):
        pace = after(pace, status, float(now), retry_after=asked if status == 429 else None)
        assert floor <= pace.delay <= max(600.0, floor)
        assert pace.until <= now + 1000.0
        assert next_at(pace, float(now)) >= now + floor


def test_many_troubles_do_not_overflow() -> None:
    pace = Pace(1.0, 1.0, troubles=5000)
    assert after(pace, None, 0.0).until == 600.0
