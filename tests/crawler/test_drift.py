"""A site whose pages lose something by a new template: told in the run that meets it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles.record import Article
from crawler.desk import Verdict
from crawler.report import exit_code
from crawler.tally import Tally
from storage.archive import open_archive
from storage.usual import Usual, usual
from storage.visit import Visit
from tests.crawler.conftest import Crawler
from tests.crawler.web import Web, article

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def tally(*articles: Article, found: int | None = None) -> Tally:
    """A run of these new articles."""
    counted = Tally("lindow.example", found=len(articles) if found is None else found)
    for each in articles:
        counted.note(Visit(each.url, "lindow.example", 1, NOW, status=200, article=each), Verdict("new", None))
    return counted


def some(count: int, **fields: Any) -> list[Article]:
    whole = Article("https://lindow.example/1", title="Fog", body="fog " * 400, authors=("Ada Kvist",), is_article=True)
    whole = dataclasses.replace(whole, date_published=NOW)
    return [dataclasses.replace(whole, **fields)] * count


USUAL = Usual(100, 1500.0, 0.98, 0.9)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, []),
        ({"body": "fog " * 100}, ["new articles have 400 characters of text (median), earlier ones 1500"]),
        ({"date_published": None}, ["0 of 10 new articles have a date, of earlier ones 98%"]),
        ({"authors": ()}, ["0 of 10 new articles have an author, of earlier ones 90%"]),
    ],
)
def test_what_new_articles_lack_is_trouble(fields: dict[str, object], told: list[str]) -> None:
    counted = tally(*some(10, **fields))
    counted.compare(USUAL)
    assert counted.trouble == [f"{text}: its pages may have new markup" for text in told]


@pytest.mark.parametrize(
    ("counted", "before"),
    [
        (tally(*some(7, authors=())), USUAL),  # too few
        (tally(*some(10, authors=())), Usual(19, 1500.0, 1.0, 1.0)),  # too little is known
        (tally(*some(10, authors=(), date_published=None)), Usual(100, 1500.0, 0.5, 0.5)),  # not usual
        (tally(*some(10, authors=()), found=4), USUAL),  # a backlog of older pages
        (tally(*some(3), *some(7, authors=())), USUAL),  # three of ten have one
        (tally(*some(10, body="Short.")), Usual(100, 500.0, 1.0, 1.0)),  # short texts are usual
    ],
)
def test_what_proves_nothing_is_no_trouble(counted: Tally, before: Usual) -> None:
    counted.compare(before)
    assert counted.trouble == []


def test_what_is_usual_is_asked_of_earlier_articles(web: Web, crawl: Crawler) -> None:
    paths = web.articles(4)
    undated = article("Story 0 of the town").replace("2026-11-20T10:00:00+00:00", "").replace("20 November 2026", "")
    web.add(paths[0], undated)
    crawl(web.url)
    with open_archive(crawl.db, readonly=True) as archive:
        found = usual(archive.db, 1, datetime.now(UTC) + timedelta(minutes=1))
        assert (found.articles, found.dated, found.named) == (4, 0.75, 0.0)
        assert found.length > 1000
        assert usual(archive.db, 1, datetime.now(UTC) - timedelta(days=1)) == Usual()


def test_a_crawl_tells_of_texts_cut_short(web: Web, crawl: Crawler) -> None:
    paths = web.articles(25)
    [first] = crawl(web.url)
    assert (first.outcomes, first.trouble) == ({"new": 25}, [])
    fresh = [f"/news/{2000 + number}-a-new-story-{number}.html" for number in range(10)]
    for number, path in enumerate(fresh):
        head, _, _ = article(f"New story {number}", 100 + number).partition("</p>")
        web.add(path, f"{head}</p></article></main></body></html>")
    web.sitemap([*paths, *fresh])
    [second] = crawl(web.url, refresh=True)
    assert second.outcomes == {"same": 25, "new": 10}
    assert len(second.trouble) == 1
    assert second.trouble[0].startswith("new articles have 2")
    assert exit_code([second]) == 1
