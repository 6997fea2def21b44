"""Searching: inflections, apostrophes, fields, order, and what is told where an answer is approximate."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from storage import Archive
from storage.search import engine, plan
from storage.search.engine import Results, Searcher
from storage.search.facets import facets
from storage.search.functions import register
from tests.storage.conftest import NOON, make_article, make_visit
from tests.storage.search.conftest import store, titles

UKRAINE = {"Вибори в Україні", "Мандри"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Україна", UKRAINE),
        ("України", UKRAINE),
        ("україною", UKRAINE),
        ("п'ять", UKRAINE),
        ("п’ять", UKRAINE),
        ("пʼять", UKRAINE),
        ("пять", UKRAINE),
        ("Київ", {"Мандри"}),
        ("title:Україна", {"Вибори в Україні"}),
        ("body:Україна", UKRAINE),
        ("elections", {"Storm hits coast"}),
        ("election", {"Storm hits coast"}),
        ("élection", {"Storm hits coast"}),
        ("run", {"Storm hits coast"}),
        ("елка", {"Погода"}),
        ("Ёлка", {"Погода"}),
        ("東京", {"東京ニュース"}),
        ("選挙", {"東京ニュース"}),
        ('"верховну раду"', {"Вибори в Україні"}),
        ('"верховна рада"', set()),
        ('"раду верховну"', set()),
        ('"Україна"', set()),
        ("coast", {"Storm hits coast", "Coast guard"}),
        ("title:coast", {"Storm hits coast", "Coast guard"}),
        ("body:coast", {"Coast guard"}),
        ("coast -storm", {"Coast guard"}),
        ("coast NOT storm", {"Coast guard"}),
        ("storm OR туристи", {"Storm hits coast", "Мандри"}),
        ("(storm OR guard) coast -weather", {"Storm hits coast"}),
        ("hundr*", {"Storm hits coast"}),
        ("site:lindow.example coast", {"Storm hits coast"}),
        ("site:harbour.example", {"Мандри", "Погода", "Coast guard"}),
        ("category:спорт", {"Мандри"}),
        ('category:"weather report"', {"Погода"}),
        ("author:doe lang:en", {"Storm hits coast", "Coast guard"}),
        ("-author:doe", {"東京ニュース"}),
        ("lang:uk", UKRAINE),
        ("tag:news lang:ru", {"Погода"}),
        ("after:2024-03-05", {"東京ニュース", "Coast guard"}),
        ("before:2024-03-02", {"Вибори в Україні"}),
        ("on:2024-03-04", {"Погода"}),
        ("nothing-of-the-kind", set()),
    ],
)
def test_a_query_finds(search: Callable[..., Results], query: str, expected: set[str]) -> None:
    for by in ("rank", "date"):
        results = search(query, by=by)
        assert set(titles(results)) == expected
        assert (results.total, results.total_is_estimate, results.approximate) == (len(expected), False, None)


def test_by_date_is_newest_first_to_the_minute(archive: Archive) -> None:
    hours = (9, 23, 1, 15, 4)
    times = [NOON.replace(hour=hour) for hour in hours]
    store(archive, tuple({"title": f"At {t.hour}", "body": "sea and land", "date_published": t} for t in times))
    searcher = Searcher(archive.db)
    assert titles(searcher.search("sea", by="date")) == ["At 23", "At 15", "At 9", "At 4", "At 1"]
    assert titles(searcher.search("sea", by="date", limit=2)) == ["At 23", "At 15"]
    assert titles(searcher.search("sea", by="date", limit=2, offset=2)) == ["At 9", "At 4"]
    assert titles(searcher.search("sea", by="date", limit=2, offset=4)) == ["At 1"]


def test_a_title_outranks_a_body(search: Callable[..., Results]) -> None:
    assert titles(search("storm OR weather"))[0] == "Storm hits coast"


def test_what_was_found_is_marked_as_written(search: Callable[..., Results]) -> None:
    [hit] = search("туристи п'ять").hits
    assert [piece.text for piece in hit.snippet if piece.found] == ["п’ять", "туристів"]
    assert hit.to_dict()["snippet"] == "Україною мандрують «п’ять» «туристів», найбільше у Києві."


def test_a_changed_article_is_found_by_its_new_words_only(stories: Archive) -> None:
    old = make_article("https://lindow.example/2", title="Storm over", body="A quite different text on lighthouses.")
    with stories.writer() as writer:
        [stored] = writer.store([make_visit(old, started=NOON + timedelta(hours=1))])
    assert stored.outcome == "changed"
    searcher = Searcher(stories.db)
    assert titles(searcher.search("lighthouse")) == ["Storm over"]
    assert searcher.search("hundred").total == 0
    stories.db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")


@pytest.fixture
def strained(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of a large archive on a small one."""
    monkeypatch.setattr(plan, "SMALL", 10)
    monkeypatch.setattr(engine, "SMALL", 10)
    monkeypatch.setattr(engine, "FIRST_WINDOW", 20)
    monkeypatch.setattr(plan, "COMMON", 60)
    monkeypatch.setattr(engine, "RANKED", 50)


@pytest.mark.usefixtures("strained")
def test_a_common_word_is_ranked_approximately_and_says_so(many: Archive) -> None:
    results = Searcher(many.db).search("common", limit=10)
    assert len(results.hits) == 10
    assert results.total_is_estimate
    assert 200 <= results.total <= 600
    assert results.approximate is not None
    assert "newest" in results.approximate


@pytest.mark.usefixtures("strained")
def test_a_common_word_does_not_hide_a_rare_one(many: Archive) -> None:
    searcher = Searcher(many.db)
    assert titles(searcher.search("common single")) == ["Number 7"]
    assert searcher.search("common tenth").total == 40
    assert titles(searcher.search("single", by="date")) == ["Number 7"]


@pytest.mark.usefixtures("strained")
def test_exact_ranks_all(many: Archive) -> None:
    results = Searcher(many.db).search("common", exact=True)
    assert (results.total, results.total_is_estimate, results.approximate) == (400, False, None)


@pytest.mark.usefixtures("strained")
def test_the_newest_are_exact_however_common_the_word(many: Archive) -> None:
    results = Searcher(many.db).search("common", by="date", limit=5)
    assert titles(results) == [f"Number {n}" for n in (399, 398, 397, 396, 395)]
    assert results.approximate is None


def test_facets_count_all_or_the_matches(stories: Archive) -> None:
    counts = facets(stories.db)
    assert counts["site"] == [("lindow.example", 3), ("www.harbour.example", 3)]
    assert counts["month"] == [("2024-03", 6)]
    assert dict(counts["category"])["World"] == 4
    of = facets(stories.db, Searcher(stories.db).search("Україна").ids)
    assert of["site"] == [("lindow.example", 1), ("www.harbour.example", 1)]
    assert of["category"] == [("World", 1), ("Спорт", 1)]


def test_sql_searches_alike(stories: Archive) -> None:
    register(stories.db)
    sql = """SELECT title, pressmark_snippet(body, language, ?1) FROM articles WHERE id IN
             (SELECT rowid FROM articles_fts WHERE articles_fts MATCH pressmark_match(?1)) ORDER BY id"""
    rows = stories.db.execute(sql, ("Україна",)).fetchall()
    assert {title for title, _ in rows} == UKRAINE
    assert "«України»" in rows[0][1]
    assert stories.db.execute("SELECT pressmark_fold('П’ять Élections')").fetchone() == ("пять elections",)


def test_plain_sql_without_pressmark_finds_inflections(stories: Archive) -> None:
    stories.close()  # two copies of SQLite in one process undo each other's locks
    with contextlib.closing(sqlite3.connect(f"file:{stories.path}?mode=ro", uri=True)) as plain:
        sql = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
        assert plain.execute(sql, ("Україна",)).fetchone() == (2,)
        assert plain.execute(sql, ("élection",)).fetchone() == (1,)


def test_the_index_is_rebuilt_as_it_was(stories: Archive) -> None:
    from storage.search.index import SearchIndex

    tables = ("facet_counts", "duplicate_recent", "duplicates", "articles_fts_docsize")
    before = {table: stories.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    index = SearchIndex()
    stories.db.execute("BEGIN")
    stories.db.execute("DELETE FROM facet_counts")
    assert index.check(stories.db) != []
    index.rebuild(stories.db)
    stories.db.execute("COMMIT")
    assert index.check(stories.db) == []
    assert {table: stories.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables} == before
    assert set(titles(Searcher(stories.db).search("Україна"))) == UKRAINE
