"""An archive of a few articles in several languages, and one of many short ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage import Archive
from storage.search.engine import Results, Searcher
from tests.storage.conftest import make_article, make_visit

LONG = " ".join(f"word{number}" for number in range(60))
STORIES: tuple[dict[str, Any], ...] = (
    {
        "title": "Вибори в Україні",
        "body": "П'ять партій пройшли. Президент України згадав верховну раду.",
        "language": "uk",
    },
    {
        "title": "Мандри",
        "body": "Україною мандрують п’ять туристів, найбільше у Києві.",
        "language": "uk",
        "category": "Спорт",
    },
    {
        "title": "Storm hits coast",
        "body": "The storm was running over hundreds of cities. Élections wait.",
        "language": "en",
    },
    {"title": "Погода", "body": "Украину накрыл циклон; ёлка стоит.", "language": "ru", "category": "Weather report"},
    {"title": "東京ニュース", "body": "東京都で選挙が行われた", "language": "ja", "authors": ()},
    {"title": "Coast guard", "body": f"Nothing of the weather here, only the coast. {LONG}", "language": "en"},
)


def store(archive: Archive, stories: tuple[dict[str, Any], ...]) -> None:
    """Store stories, one a day from 1 March 2024 on, on two sites in turn."""
    plain = {"lead": None, "key_points": (), "tags": ("news",), "authors": ("Jane Doe",), "category": "World"}
    visits = []
    for number, story in enumerate(stories):
        site = ("lindow.example", "www.harbour.example")[number % 2]
        when = datetime(2024, 3, 1, 8, tzinfo=UTC) + timedelta(days=number)
        fields = plain | {"category_path": (), "date_published": when, "date_published_raw": None} | story
        visits.append(make_visit(make_article(f"https://{site}/{number}", **fields), site=site))
    with archive.writer() as writer:
        writer.store(visits)


@pytest.fixture
def stories(archive: Archive) -> Archive:
    store(archive, STORIES)
    return archive


@pytest.fixture
def many(archive: Archive) -> Archive:
    """Four hundred articles with a word in all of them, one in every tenth, one in a single one."""
    texts = [
        {
            "title": f"Number {n}",
            "body": f"common common {'tenth' if n % 10 == 0 else 'other'} {'single' if n == 7 else ''}",
        }
        for n in range(400)
    ]
    store(archive, tuple(texts))
    return archive


@pytest.fixture
def search(stories: Archive) -> Callable[..., Results]:
    searcher = Searcher(stories.db)
    return searcher.search


def titles(results: Results) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for hit in results.hits]
