"""The query language: what it means, and the hints it gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import open_archive
from storage.search.engine import Results, Searcher
from storage.search.query import QueryError, parse

BAD = (
    ("", "empty"),
    ("   ", "empty"),
    ('"abc', "quotation mark"),
    ("(a", "closing bracket is missing"),
    ("a)", "no opening one"),
    ("()", "empty"),
    ("OR", "both sides"),
    ("a OR", "both sides"),
    ("OR a", "both sides"),
    ("title:", "right behind the colon"),
    ("site:", "right behind the colon"),
    ("after:x", "not a date"),
    ("after:2024-02-30", "not a date"),
    ("-after:2024 a", "without NOT"),
    ("(after:2024 x)", "outside of brackets"),
    ("after:2024 OR x", "beside OR"),
    ("after:2025 before:2024 x", "no day between"),
    ("ab*", "too many words"),
    ('""', "letters or digits"),
    ("?? !!", "letters or digits"),
    ("x" * 3000, "longer than"),
    ("a " * 100, "more than"),
    ("(" * 25 + "a" + ")" * 25, "deep"),
    ("site:nowhere.example", "its sites are"),
)


@pytest.mark.parametrize(("query", "hint"), BAD)
def test_a_bad_query_gets_a_hint(search: Callable[..., Results], query: str, hint: str) -> None:
    with pytest.raises(QueryError, match=hint) as caught:
        search(query)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("a after:2024", date(2024, 1, 1), None),
        ("a before:2024-03", None, date(2024, 2, 29)),
        ("a on:2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("a since:2024-01-05 until:2024-01", date(2024, 1, 5), date(2024, 1, 31)),
        ("a after:2020 after:2024-12", date(2024, 12, 1), None),
    ],
)
def test_dates_bound_the_query(query: str, first: date | None, last: date | None) -> None:
    parsed = parse(query)
    assert (parsed.first, parsed.last) == (first, last)


HOSTILE = (
    "' OR 1=1 --",
    'x" OR body : "y',
    "{title body} : storm",
    "NEAR(storm coast, 3)",
    "storm^2",
    "^storm",
    "articles_fts",
    "rank:bm25(1)",
    "storm; DROP TABLE articles",
    "* *",
    "storm + coast",
    "\x00storm",
    "qall",
    "search_terms:qs1",
)


@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_is_data(search: Callable[..., Results], query: str) -> None:
    try:
        results = search(query)
    except QueryError:
        return
    assert results.total <= 6


PARTS = (
    "storm",
    "Україна",
    "п'ять",
    "title:",
    "site:",
    "after:",
    "2024",
    "2024-13",
    "lindow.example",
    "東京",
    "OR",
    "NOT",
)
ALPHABET = st.sampled_from([*PARTS, "AND", *"\"()-|*: é{^+';«»", " ", " ", "\x00", "\ud7ff"])


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.one_of(st.lists(ALPHABET, max_size=14).map("".join), st.text(max_size=40)))
def test_any_text_is_searched_or_refused_with_a_hint(stories_path: Path, query: str) -> None:
    with open_archive(stories_path, readonly=True) as archive:
        try:
            results = Searcher(archive.db).search(query)
        except QueryError:
            return
        assert 0 <= results.total <= 6


@pytest.fixture
def stories_path(stories: object, path: Path) -> Path:
    return path
