"""The band index: gathered, moved and read again, it answers as a plain dictionary would."""

from __future__ import annotations

import sqlite3
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import Archive
from storage.bands import Bands
from storage.takedown import take_down
from storage.writer import Writer
from tests.storage.test_duplicates import clusters, text, visit

WIDTH = 3
keys = st.lists(st.integers(-(2**31), 2**31 - 1) | st.integers(0, 4), min_size=WIDTH, max_size=WIDTH, unique=True)
steps = st.lists(
    st.tuples(st.just("batch"), st.lists(keys, min_size=1, max_size=6))
    | st.tuples(st.just("undone"), st.lists(keys, min_size=1, max_size=3))
    | st.tuples(st.just("remove"), st.integers(0, 30))
    | st.tuples(st.just("again"), st.none()),
    max_size=25,
)


def tables() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE TABLE duplicate_bands (band, article_id, PRIMARY KEY (band, article_id)) WITHOUT ROWID")
    db.execute("CREATE TABLE duplicate_recent (id INTEGER PRIMARY KEY, moved_below, articles, bands)")
    return db


def expected(model: dict[int, list[int]], own: int, wanted: list[int]) -> list[int]:
    shared = Counter(number for number, has in model.items() for _ in set(has) & set(wanted) if number != own)
    return sorted(shared, key=lambda number: (-shared[number], number))[:5]


@settings(max_examples=300, deadline=None)
@given(steps, st.integers(1, 40))
def test_it_answers_as_a_dictionary_would(steps: list[tuple[str, object]], generation: int) -> None:
    db, index, model, numbers = tables(), Bands(generation), dict[int, list[int]](), iter(range(10**6))
    for kind, value in steps:
        db.execute("BEGIN")
        if kind == "batch" or kind == "undone":
            assert isinstance(value, list)
            gone = dict(model)
            for has in value:
                number = next(numbers)
                assert index.sharing(db, number, has, 5) == expected(model, number, has)
                index.add(db, number, has)
                model[number] = has
            index.write(db)
            if kind == "undone":
                db.execute("ROLLBACK")
                index.forget()
                model = gone
                continue
        elif kind == "remove" and value in model:
            assert isinstance(value, int)
            index.remove(db, value, model.pop(value))
        elif kind == "again":
            index = Bands(generation)
        db.execute("COMMIT")
    for number, has in model.items():
        assert index.sharing(db, number, has, 5) == expected(model, number, has)
        assert Bands(generation).sharing(db, number, has, 5) == expected(model, number, has)


def places(archive: Archive) -> tuple[int, int]:
    """Rows that stand in the large table, and batches that are gathered."""
    moved = archive.db.execute("SELECT count(*) FROM duplicate_bands").fetchone()[0]
    return moved, archive.db.execute("SELECT count(*) FROM duplicate_recent").fetchone()[0]


def test_a_reprint_is_found_wherever_the_first_one_stands(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.bands.GENERATION", 100)
    with archive.writer() as writer:
        writer.store([visit("a.example", text(1), 1)])
        assert places(archive) == (0, 1)
        for number in range(2, 12):
            writer.store([visit(f"s{number}.example", text(number), number)])
        moved, _ = places(archive)
        assert 0 < moved < 132
        writer.store([visit("b.example", text(1), 20)])
    with archive.writer() as writer:
        for number in range(2, 12):
            writer.store([visit(f"r{number}.example", text(number), 30 + number)])
    assert sorted(row[1] for row in clusters(archive)) == [2] * 11
    assert places(archive)[0] > 132


def test_what_is_taken_down_leaves_both_parts_of_the_index(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.bands.GENERATION", 100)
    with archive.writer() as writer:
        stored = [writer.store([visit(f"s{number}.example", text(number), number)])[0] for number in range(12)]
    assert 0 < places(archive)[0] < 144
    for item in stored:
        assert item.article_id is not None
        take_down(archive, item.article_id, "asked to", "1")
    sql = "SELECT max(length(articles)), max(length(bands)) FROM duplicate_recent"
    assert archive.db.execute(sql).fetchall() == [(0, 0)]
    assert places(archive)[0] == 0


def test_a_batch_that_is_undone_leaves_no_article_to_be_like(archive: Archive, writer: Writer) -> None:
    def stop(*_: object) -> None:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        writer.store([visit("gone.example", text(1), 1)], then=stop)
    writer.store([visit("a.example", text(1), 2), visit("b.example", text(1), 3)])
    assert clusters(archive) == [("a.example", 2, 2)]
    sql = "SELECT value FROM facet_counts WHERE kind = 'site' ORDER BY 1"
    assert archive.db.execute(sql).fetchall() == [("a.example",), ("b.example",)]
