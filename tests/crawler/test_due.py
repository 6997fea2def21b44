"""When a URL is due again: decisions of plain facts, whatever the facts."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.due import IN_RUN, MAX_BUSY, after_visit
from storage.frontier import Known
from storage.visit import Visit

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def visit(status: int | None = 200, reason: str | None = None, **headers: str) -> Visit:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Visit("https://example.org/a", "example.org", 1, NOW, status=status, reason=reason, headers=pairs)


def known(age: timedelta = timedelta(), attempts: int = 0, unchanged: int = 0) -> Known:
    return Known(NOW - age, NOW - age, attempts, unchanged)


def test_an_article_is_looked_at_the_seldomer_the_older_it_is() -> None:
    ages = [timedelta(hours=hours) for hours in (0, 4, 20, 60, 300, 1000, 5000)]
    waits = [after_visit(visit(), "same", known(age)).due for age in ages]
    assert all(wait is not None for wait in waits)
    assert waits == sorted(waits)  # type: ignore[type-var]
    assert after_visit(visit(), "same", known(timedelta(days=800))).due is None


def test_passing_trouble_is_tried_again_soon_then_later_then_never() -> None:
    steps = [after_visit(visit(502, "http_502"), "failed", known(attempts=attempts)) for attempts in range(8)]
    assert [step.state for step in steps] == ["pending"] * IN_RUN + ["failed"] * (8 - IN_RUN)
    dues = [step.due for step in steps if step.due]
    assert dues == sorted(dues)
    assert steps[-1].due is None


def test_a_page_that_takes_minutes_is_not_waited_for_twice_in_a_run() -> None:
    following = after_visit(visit(None, "timeout"), "failed", known())
    assert following.state == "failed"
    assert following.due
    assert following.due - NOW >= timedelta(hours=1)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_says_when(status: int) -> None:
    following = after_visit(visit(status, retry_after="90"), "failed", known(attempts=5))
    assert (following.state, following.due) == ("pending", NOW + timedelta(seconds=90))
    assert after_visit(visit(status), "failed", known(attempts=MAX_BUSY)).state == "failed"


def test_what_is_no_article_stays_none_but_a_wall_may_fall() -> None:
    assert after_visit(visit(reason="not_article"), "refused", known()).due is None
    assert after_visit(visit(reason="wall"), "refused", known()).due == NOW + timedelta(days=1)
    assert after_visit(visit(None, "robots"), "refused", known()).due == NOW + timedelta(days=30)
    assert after_visit(visit(406, "http_406"), "refused", known(attempts=1)).due == NOW + timedelta(days=2)
    assert after_visit(visit(406, "http_406"), "refused", known(attempts=3)).due is None


@pytest.mark.parametrize(("led", "again"), [("/login?next=/a", True), ("/", True), ("/a/", False), ("/amp/a", False)])
def test_an_address_that_leads_to_another_page_may_lead_back(led: str, again: bool) -> None:
    said = dataclasses.replace(visit(reason="other"), final_url=f"https://example.org{led}")
    assert (after_visit(said, "refused", known()).due is not None) == again


def test_what_is_gone_is_asked_for_once_more() -> None:
    assert after_visit(visit(410), "withdrawn", known()).due == NOW + timedelta(days=7)
    assert after_visit(visit(410), "withdrawn", known(attempts=1)).due is None


outcomes = st.sampled_from(["new", "changed", "same", "worse", "withdrawn", "refused", "failed"])
reasons = st.sampled_from(
    [None, "robots", "wall", "timeout", "too_large", "truncated", "http_500", "not_article", "gone"]
)
ages = st.timedeltas(timedelta(days=-3650), timedelta(days=3650))


@given(st.none() | st.integers(100, 599), reasons, outcomes, ages, st.integers(0, 50), st.text(max_size=20))
def test_nothing_is_due_in_the_past_and_trouble_ends(
    status: int | None, reason: str | None, outcome: str, age: timedelta, attempts: int, retry_after: str
) -> None:
    said = visit(status, reason, retry_after=retry_after)
    following = after_visit(said, outcome, known(age, attempts))  # type: ignore[arg-type]
    assert following.due is None or following.due >= NOW
    assert following.state in ("pending", "done", "failed", "refused", "withdrawn")
    if following.state == "pending":
        assert following.due is not None
        assert following.attempts == attempts + 1
