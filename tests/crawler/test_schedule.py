"""When sources and articles are looked at again."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.schedule import DAY, HOUR, MINUTE, Bounds, next_interval, next_visit, retired

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BOUNDS = Bounds()


def settled(per_day: float) -> timedelta:
    """Let a source bring so many new URLs a day, until its interval no longer moves much."""
    interval, brought = BOUNDS.first, 0.0
    for _ in range(200):
        brought += per_day * (interval / DAY)
        new, brought = int(brought), brought % 1
        interval = next_interval(interval, new)
    return interval


def test_a_busy_source_is_looked_at_every_few_minutes_and_a_quiet_one_every_few_weeks() -> None:
    assert settled(per_day=1000) < 15 * MINUTE
    assert 10 * MINUTE < settled(per_day=48) < 6 * HOUR
    assert 6 * HOUR < settled(per_day=1) < 7 * DAY
    assert settled(per_day=0) == BOUNDS.longest


@given(st.timedeltas(timedelta(), timedelta(days=400)), st.integers(0, 10_000))
def test_an_interval_stays_within_its_bounds(interval: timedelta, new: int) -> None:
    assert BOUNDS.shortest <= next_interval(interval, new) <= BOUNDS.longest


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_news_never_means_a_later_look(one: int, other: int) -> None:
    few, many = sorted((one, other))
    assert next_interval(2 * HOUR, many) <= next_interval(2 * HOUR, few)


def test_what_the_feed_asks_for_is_a_lower_bound() -> None:
    assert next_interval(HOUR, 100, asked=2 * HOUR) == 2 * HOUR
    assert next_interval(HOUR, 0, asked=MINUTE) == 1.5 * HOUR
    assert next_interval(None, 0, asked=400 * DAY) == BOUNDS.longest


def test_a_source_that_is_dead_is_retired() -> None:
    assert retired(BOUNDS.longest, 3)
    assert not retired(BOUNDS.longest, 2)
    assert not retired(DAY, 30)


def visits(published: datetime, until: datetime, *, changed: bool = False) -> list[datetime]:
    """Follow an article's schedule from its publication."""
    times, now, unchanged = [published], published, 0
    while (due := next_visit(published, now, changed=changed, unchanged=unchanged)) and due < until:
        times.append(due)
        now, unchanged = due, unchanged + 1
    return times


def test_visits_thin_out_with_age_and_end() -> None:
    times = visits(NOW, NOW + 3000 * DAY)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps == sorted(gaps)
    assert gaps[0] <= HOUR
    assert 6 <= len(times) <= 20
    assert next_visit(NOW - 366 * DAY, NOW) is None


def test_an_article_that_changes_is_visited_more_often() -> None:
    day = NOW + DAY
    assert len(visits(NOW, day, changed=True)) > len(visits(NOW, day)) >= 3


def test_no_date_and_a_date_in_the_future_count_as_new() -> None:
    assert next_visit(None, NOW) == next_visit(NOW, NOW) == next_visit(NOW + 9 * DAY, NOW)
