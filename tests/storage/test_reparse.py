"""Stored pages read again: what changes is shown first, then written, apart from the site's own history."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from articles.record import Article
from storage import Archive
from storage.corrections import Reading
from storage.history import revisions
from storage.reading import load
from storage.reparse import Reread, Selection, by_field, reread, tasks
from storage.runs import begin
from storage.sent import Reader
from storage.verify import verify
from storage.visit import Visit
from tests.storage import reading
from tests.storage.conftest import NOON, TEXT, make_article, make_visit

ALL = Selection()
Rows = Callable[..., list[tuple[Any, ...]]]


def page(number: int, *blocks: str, **fields: Any) -> Visit:
    """Give a visit whose article is what the tests' reader makes of its page."""
    full = make_article(f"https://lindow.example/{number}", title=f"No {number}", body="\n\n".join(blocks or TEXT))
    bare = Article(
        url=full.url, title=full.title, body=full.body, sections=full.sections, body_html=full.body_html,
        is_article=True, page_kind="article",
    )  # fmt: skip
    return dataclasses.replace(make_visit(full, **fields), article=bare)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    pages = [page(number) for number in range(3)]
    edited = page(0, *TEXT, "A line was added at noon.", started=NOON + timedelta(hours=1))
    missed = dataclasses.replace(page(7), article=make_article("https://lindow.example/7", is_article=False))
    with archive.writer() as writer:
        writer.store([*pages, edited, missed])
    return archive


def results(archive: Archive, reader: Reader, selection: Selection = ALL) -> list[Reread]:
    return list(reread(archive, tasks(archive.db, selection), reader))


def write(archive: Archive, found: list[Reread], version: str) -> int:
    with archive.writer() as writer:
        with writer.transaction() as db:
            run_id = begin(db, "reparse", "0", {}, NOON)
        writer.correct(found, Reading(run_id, version))
    return run_id


def test_the_same_reader_changes_nothing(filled: Archive) -> None:
    verdicts, fields = by_field(results(filled, reading.read))
    assert (verdicts["same"], verdicts["changed"], dict(fields)) == (4, 0, {})


def test_what_would_change_is_told_by_field_and_nothing_is_written(filled: Archive, rows: Rows) -> None:
    before = rows("SELECT * FROM articles ORDER BY id"), rows("SELECT * FROM revisions ORDER BY id")
    verdicts, fields = by_field(results(filled, reading.read_better))
    assert dict(verdicts) == {"changed": 4, "new": 1}
    assert dict(fields) == {"lead": 4}
    assert (rows("SELECT * FROM articles ORDER BY id"), rows("SELECT * FROM revisions ORDER BY id")) == before


def test_what_the_reader_changed_is_no_revision_of_the_site(filled: Archive, rows: Rows) -> None:
    before = rows("SELECT id, seen_first, seen_last, outcome FROM revisions ORDER BY id")
    run_id = write(filled, results(filled, reading.read_better), "2")
    history = rows("SELECT id, seen_first, seen_last, outcome FROM revisions ORDER BY id")
    assert history[: len(before)] == before
    assert rows("SELECT DISTINCT lead FROM articles") == [(TEXT[0][:40],)]
    assert rows("SELECT DISTINCT extractor_version FROM revisions") == [("2",)]
    assert rows("SELECT from_version, to_version, changed, run_id FROM rereadings LIMIT 1") == [
        ("1", "2", '["lead"]', run_id)
    ]
    [first, second] = revisions(filled.db, filled.find("https://lindow.example/0"))
    assert (first.article.lead, second.article.lead) == (TEXT[0][:40], TEXT[0][:40])
    sql = "SELECT changed FROM revisions WHERE outcome = 'changed'"
    assert [json.loads(changed) for (changed,) in rows(sql)] == [["body"]]
    assert [str(fault) for fault in verify(filled)] == []


def test_a_page_that_was_no_article_becomes_one(filled: Archive, rows: Rows) -> None:
    assert rows("SELECT count(*) FROM articles") == [(3,)]
    write(filled, [result for result in results(filled, reading.read) if result.verdict == "new"], "2")
    number = filled.find("https://lindow.example/7")
    assert load(filled.db, number).title == "No 7"
    assert rows("SELECT first_seen FROM articles WHERE id = ?", number) == [("2026-03-01T12:00:00Z",)]
    assert [str(fault) for fault in verify(filled)] == []
    assert by_field(results(filled, reading.read))[0]["new"] == 0


def test_a_worse_reading_is_left_alone(filled: Archive, rows: Rows) -> None:
    before = rows("SELECT body FROM articles ORDER BY id")
    found = results(filled, reading.read_nothing)
    assert {result.verdict for result in found} == {"worse", "none"}
    write(filled, found, "2")
    assert rows("SELECT body FROM articles ORDER BY id") == before


@pytest.mark.parametrize(
    ("selection", "count"),
    [
        (Selection(where="title = 'No 1'"), 1),
        (Selection(site="lindow.example"), 5),
        (Selection(site="elsewhere.example"), 0),
        (Selection(since=NOON + timedelta(days=1)), 0),
        (Selection(where="revisions > 1"), 2),
    ],
)
def test_a_selection_is_read_alone(filled: Archive, selection: Selection, count: int) -> None:
    assert len(tasks(filled.db, selection)) == count


def test_all_cores_give_the_same_in_the_same_order(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.workers.FEW", 4)
    with archive.writer() as writer:
        writer.store([page(number) for number in range(20)])
    chosen = tasks(archive.db, Selection())
    assert list(reread(archive, chosen, reading.read_better, 2)) == list(
        reread(archive, chosen, reading.read_better, 1)
    )
