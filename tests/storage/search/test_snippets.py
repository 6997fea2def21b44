"""Snippets: forms that begin as the word looked for, forms that do not, and what is not worth the time."""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3

import pytest

from storage.search.match import Marked
from storage.search.plan import Calendar
from storage.search.snippets import snippet


def found(text: str, language: str, *words: str, thorough: bool = True) -> list[str]:
    pieces = snippet((text,), language, Marked(frozenset(words), (), ()), thorough=thorough)
    return [piece.text for piece in pieces if piece.found]


@pytest.mark.parametrize("thorough", [True, False])
def test_inflected_forms_are_found_whether_or_not_the_title_has_shown_one(thorough: bool) -> None:
    assert found("Вчора в Україні, кажуть.", "uk", "україна", thorough=thorough) == ["Україні"]
    assert found("Two cities, they say.", "en", "city", thorough=thorough) == ["cities"]
    assert found("Fables by Æsop, they say.", "en", "aesop", thorough=thorough) == ["Æsop"]


def test_a_form_that_begins_otherwise_is_sought_only_where_nothing_else_shows_the_word() -> None:
    text = "She went home, and then he came."
    assert found(text, "en", "go") == ["went"]
    assert found(text, "en", "go", thorough=False) == []


def test_a_calendar_walks_from_the_newest_day_and_counts_what_it_passes() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE facet_counts (kind, value, articles)")
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=number) for number in range(100)]
    db.executemany("INSERT INTO facet_counts VALUES ('day', ?, 10)", [(day.isoformat(),) for day in days])
    calendar = Calendar(db)
    walk = calendar.walk(-(2**62), 2**62)
    windows = []
    while window := walk.take(45):
        windows.append(window)
    assert calendar.articles == walk.articles == sum(window.articles for window in windows) == 1000
    assert [window.articles for window in windows[:2]] == [50, 50]
    assert all(above.lowest == below.highest + 1 for above, below in itertools.pairwise(windows))
    assert walk.since(windows[0].lowest) == 50
