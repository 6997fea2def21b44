"""One article at several addresses, where its page does not say which of them is its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.record import Article
from storage import Archive
from storage.address import related
from storage.frontier import Next
from storage.visit import Visit
from storage.writer import Writer
from tests.storage.conftest import NOON, make_article, make_visit

Rows = Callable[..., list[tuple[Any, ...]]]

OTHER = "Nobody on the quay has seen a single herring so far this year, and it is already March. " * 4
LEAK = OTHER.replace("herring", "drop")[:300]


def at(url: str, article: Article | None = None, hours: int = 0, **fields: object) -> Visit:
    visit = make_visit(article or make_article(), url=f"https://lindow.example{url}")
    return dataclasses.replace(visit, started=NOON + timedelta(hours=hours), **fields)  # type: ignore[arg-type]


def outcomes(writer: Writer, *visits: Visit) -> list[str]:
    return [stored.outcome for stored in writer.store(visits)]


def test_the_same_text_of_the_same_moment_is_one_article(writer: Writer, rows: Rows) -> None:
    assert outcomes(writer, at("/100-fog?n=1"), at("/sea/100-fog?from=home", body=b"<p>another markup")) == [
        "new",
        "same",
    ]
    assert rows("SELECT url FROM articles") == [("https://lindow.example/100-fog?n=1",)]
    assert rows("SELECT count(*) FROM article_urls") == [(2,)]


def test_the_same_bytes_without_a_date_are_one_article(writer: Writer, rows: Rows) -> None:
    undated = make_article(date_published=None, date_published_raw=None)
    assert outcomes(writer, at("/100-fog?n=1", undated), at("/sea/100-fog?from=home", undated)) == ["new", "same"]
    assert outcomes(writer, at("/sea/100-fog?from=mail", undated, body=b"<p>other bytes")) == ["new"]
    assert rows("SELECT count(*) FROM article_urls") == [(3,)]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Harbour to be dredged again"},
        {"date_published": NOON},
        {"body": OTHER},
        {"authors": ()},
    ],
)
def test_what_differs_is_another_article(writer: Writer, other: dict[str, object]) -> None:
    second = at("/100-fog?n=2", make_article(**other), body=b"<p>other bytes")
    assert outcomes(writer, at("/100-fog?n=1"), second) == ["new", "new"]


def test_short_texts_may_be_alike(writer: Writer) -> None:
    cartoon = make_article(body="The cartoon of the day.")
    assert outcomes(writer, at("/cartoons/100-fog", cartoon), at("/paper/100-fog", cartoon)) == ["new", "new"]


def test_a_page_that_names_itself_is_its_own_article(writer: Writer) -> None:
    one = make_article("https://lindow.example/town/100-fog", canonical_url="https://lindow.example/town/100-fog")
    two = make_article("https://lindow.example/sea/100-fog", canonical_url="https://lindow.example/sea/100-fog")
    assert outcomes(writer, at("/town/100-fog", one), at("/sea/100-fog", two)) == ["new", "new"]


def test_another_site_is_another_article(writer: Writer) -> None:
    there = dataclasses.replace(
        make_visit(make_article(), url="https://tarn.example/news/100-fog"), site="tarn.example"
    )
    assert outcomes(writer, at("/100-fog?n=1"), there) == ["new", "new"]


def test_addresses_that_come_to_show_two_articles_are_parted(writer: Writer, rows: Rows) -> None:
    """A server that answered all addresses with one page is mended."""
    outcomes(writer, at("/100-fog?n=1"), at("/100-fog?n=2"), at("/100-fog?n=3"))
    second = at("/100-fog?n=2", make_article(title="Herring is late", body=OTHER), 1)
    third = at(
        "/100-fog?n=3", make_article(title="The mole leaks", body=OTHER.replace("herring", "drop")[:300] + "?"), 1
    )
    first = at("/100-fog?n=1", make_article(title="Fog at sea", body=OTHER.replace("quay", "mole").upper()), 1)
    assert outcomes(writer, second, third) == ["new", "new"]
    assert outcomes(writer, first) == ["changed"]
    assert rows(
        "SELECT a.title, u.url FROM articles a JOIN article_urls x ON x.article_id = a.id"
        " JOIN frontier u ON u.id = x.url_id ORDER BY u.url"
    ) == [
        ("Fog at sea", "https://lindow.example/100-fog?n=1"),
        ("Herring is late", "https://lindow.example/100-fog?n=2"),
        ("The mole leaks", "https://lindow.example/100-fog?n=3"),
    ]
    assert rows("SELECT url FROM articles WHERE title = 'Herring is late'") == [("https://lindow.example/100-fog?n=2",)]


def test_the_first_address_may_be_the_one_that_goes(writer: Writer, rows: Rows) -> None:
    outcomes(writer, at("/100-fog?n=1"), at("/100-fog?n=2"))
    assert outcomes(writer, at("/100-fog?n=1", make_article(title="Herring is late", body=OTHER), 1)) == ["new"]
    assert rows("SELECT title, url FROM articles ORDER BY url") == [
        ("Herring is late", "https://lindow.example/100-fog?n=1"),
        ("Harbour to be dredged", "https://lindow.example/100-fog?n=2"),
    ]


def test_an_edit_is_a_revision_at_whatever_address_it_is_seen(writer: Writer, rows: Rows) -> None:
    outcomes(writer, at("/100-fog?n=1"), at("/100-fog?n=2"))
    edited = make_article(authors=("Ada Kvist",))
    assert outcomes(writer, at("/100-fog?n=2", edited, 1, body=b"<p>edited"), at("/100-fog?n=1", edited, 2)) == [
        "changed",
        "same",
    ]
    assert rows("SELECT count(*) FROM articles") == [(1,)]


def test_an_article_is_withdrawn_with_its_last_address(writer: Writer, rows: Rows) -> None:
    outcomes(writer, at("/100-fog?n=1"), at("/100-fog?n=2"))
    gone = [
        dataclasses.replace(at(url, None, 1), article=None, status=404, body=b"")
        for url in ("/100-fog?n=2", "/100-fog?n=1")
    ]
    [stored] = writer.store(gone[:1])
    assert (stored.outcome, stored.reason) == ("refused", "gone")
    assert rows("SELECT withdrawn_at FROM articles") == [(None,)]
    assert rows("SELECT due_at FROM frontier WHERE url = 'https://lindow.example/100-fog?n=1'") == [
        ("2026-03-01T13:00:00Z",)
    ]
    [stored] = writer.store(gone[1:])
    assert (stored.outcome, stored.reason) == ("withdrawn", "gone")
    assert rows("SELECT withdrawn_at IS NOT NULL FROM articles") == [(1,)]


def test_the_fourth_address_and_further_ones_are_visited_much_later(archive: Archive, rows: Rows) -> None:
    def tomorrow(visit: Visit, outcome: str, known: object) -> Next:
        return Next("done", visit.started + timedelta(days=1))

    with archive.writer(schedule=tomorrow) as writer:
        writer.store([at(f"/news/100-fog?v={number}") for number in range(5)])
    due = [row[0][:10] for row in rows("SELECT due_at FROM frontier ORDER BY url")]
    assert due == ["2026-03-02"] * 3 + ["2026-03-31"] * 2


def test_the_same_page_under_other_names_is_other_articles(writer: Writer) -> None:
    urls = ("/news/100-fog-at-sea", "/news/101-fog-at-sea-again", "/news/102", "/a.php?id=1", "/a.php?id=2", "/fog")
    assert outcomes(writer, *(at(url) for url in urls)) == ["new"] * 6
    assert outcomes(writer, at("/a.php?id=2&from=home"), at("/sea/102")) == ["same", "same"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_related_addresses_are_so_both_ways(one: str, other: str) -> None:
    first, second = f"https://lindow.example/{one}", f"https://lindow.example/{other}"
    assert related(first, second) == related(second, first)
