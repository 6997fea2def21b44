"""Traps end: each by its own mark, while an archive of any size does not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.traps import Limits, Traps, shape_of

SITE = "https://example.org"


def test_a_calendar_without_end_is_left() -> None:
    traps, rng, fetched = Traps(), random.Random(1), 0
    while (url := f"{SITE}/calendar/{rng.randrange(10**9)}/") and traps.verdict(url, 3) is None:
        traps.fetched(url, new=0)
        fetched += 1
    assert fetched == Limits().barren
    assert traps.report() == [("example.org/calendar/#/", "barren", 1)]


def test_a_flood_of_listings_that_bring_a_little_is_left_too() -> None:
    traps, page = Traps(), 0
    while traps.verdict(f"{SITE}/list?page={page}") is None:
        traps.fetched(f"{SITE}/list?page={page}", new=int(page % 5 == 0))
        page += 1
    assert page == Limits().shape
    assert traps.verdict(f"{SITE}/list?page={page}") == "flood"
    assert traps.verdict(f"{SITE}/other?page={page}") is None


def test_listings_that_bring_articles_are_followed() -> None:
    traps = Traps()
    for page in range(200):
        assert traps.verdict(f"{SITE}/archive/{page}/") is None
        traps.fetched(f"{SITE}/archive/{page}/", new=20)
    assert traps.report() == []


def test_articles_are_not_judged_by_number() -> None:
    traps = Traps()
    for number in range(1000):
        traps.fetched(f"{SITE}/news/{number}-a.html", new=0)
    assert traps.verdict(f"{SITE}/news/1001-a.html", article=True) is None
    assert traps.verdict(f"{SITE}/news/1001-a.html") == "barren"


@pytest.mark.parametrize(
    ("url", "depth", "reason"),
    [
        (f"{SITE}/a", 9, "depth"),
        (f"{SITE}/a", 8, None),
        (f"{SITE}/" + "a" * 600, 0, "length"),
        (f"{SITE}/a?" + "b" * 600, 0, "length"),
        (f"{SITE}/" + "/".join("abcdefghijklmnopq"), 0, "length"),
        (f"{SITE}/en/news/en/news/en/news/en/news", 0, "repeats"),
        (f"{SITE}/en/news/2026/11/11/11", 0, None),
    ],
)
def test_form(url: str, depth: int, reason: str | None) -> None:
    assert Traps().verdict(url, depth) == reason
    assert Traps().verdict(url, depth, article=True) == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/calendar/2026/11/23/", "/calendar/1999/1/2/"),
        ("/list?page=2&sort=a", "/list?sort=b&page=77"),
        ("/s/0123456789abcdef0123", "/s/fedcba9876543210"),
        ("/tag/one-of-many-words", "/tag/or-another-that-is-longer"),
        ("/page2/", "/page31/"),
    ],
)
def test_urls_of_one_shape(one: str, other: str) -> None:
    assert shape_of(SITE + one) == shape_of(SITE + other)


@pytest.mark.parametrize(
    ("one", "other"), [("/politics/", "/economy/"), ("/a?page=1", "/a?id=1"), ("/a/1", "/a/1/2"), ("/en/", "/uk/")]
)
def test_urls_of_different_shapes(one: str, other: str) -> None:
    assert shape_of(SITE + one) != shape_of(SITE + other)


@given(st.lists(st.tuples(st.text(max_size=20), st.integers(0, 3)), max_size=60))
def test_any_walk_ends(walk: list[tuple[str, int]]) -> None:
    """However a site answers, no shape is fetched more often than its limit."""
    traps = Traps(Limits(barren=3, shape=10))
    for path, new in walk * 4:
        url = f"{SITE}/{path}"
        if traps.verdict(url) is None:
            traps.fetched(url, new)
    assert all(count <= 10 for count in traps.seen.values())
