"""Next pages, variants and live blogs."""

from __future__ import annotations

import pytest

import articles
from articles.page import Page
from articles.pages import follows, variant

URL = "https://example.org/news/harbour-fire.html"


@pytest.mark.parametrize(
    ("url", "other", "expected"),
    [
        (URL, "https://example.org/news/harbour-fire-2.html", True),
        (URL, "https://www.example.org/news/harbour-fire.html?page=2", True),
        ("https://example.org/a/b/", "https://example.org/a/b/2/", True),
        ("https://example.org/a/b/page/2/", "https://example.org/a/b/page/3/", True),
        ("https://example.org/a?id=7", "https://example.org/a?id=7&page=2", True),
        ("https://example.org/a?id=7", "https://example.org/a?id=8&page=2", False),
        (URL, "https://example.org/news/harbour-fire-3.html", False),
        (URL, "https://example.org/news/another-fire-2.html", False),
        (URL, "https://elsewhere.example/news/harbour-fire-2.html", False),
        (URL, URL, False),
        ("https://example.org/", "https://example.org/2/", False),
    ],
)
def test_what_follows_what(url: str, other: str, expected: bool) -> None:
    assert follows(url, other) is expected


def test_the_next_page_is_offered_and_the_next_article_is_not() -> None:
    head = "<link rel='next' href='/news/ferry-strike.html'>"
    page = f"<html><head>{head}</head><body><p>text</p><a href='harbour-fire-2.html'>2</a></body></html>".encode()
    article = articles.extract(page, URL)
    assert (article.next_page, article.provenance["next_page"]) == (
        "https://example.org/news/harbour-fire-2.html",
        "numbered link",
    )


@pytest.mark.parametrize(
    ("markup", "url", "expected"),
    [
        ("<html amp><body>x", URL, "amp"),
        ("<html ⚡><body>x", URL, "amp"),
        ("<html><body>x", "https://example.org/amp/a", "amp"),
        ("<html><body>x", "https://example.org/a?print=1", "print"),
        ("<html><body>x", "https://example.org/druck/a", "print"),
        ("<html><body>x", "https://example.org/champions/blueprint", None),
    ],
)
def test_variants(markup: str, url: str, expected: str | None) -> None:
    assert variant(Page(markup.encode(), url)) == expected
    assert articles.extract(markup.encode(), url).provenance.get("url") == expected


def test_a_live_blog_is_read_as_dated_updates() -> None:
    entries = "".join(
        f"<article class='live-update'><time datetime='2026-11-19T1{n}:00:00+02:00'>1{n}:00</time><h3>Lap {n}</h3>"
        f"<p>The rowers of the upper town pass the bridge for the {n}th time, and the band plays again.</p></article>"
        for n in (3, 2, 1)
    )
    page = f"<html><body><h1>The regatta, live</h1><div class='live-blog'>{entries}</div></body></html>".encode()
    updates = articles.extract(page, URL).updates
    assert [(u.heading, u.date and u.date.hour) for u in updates] == [("Lap 3", 13), ("Lap 2", 12), ("Lap 1", 11)]
    assert updates[0].body.startswith("The rowers of the upper town")


def _pager(target: str, text: str) -> str:
    return f"<a href='{target}'>{text}</a>"


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        (_pager("?page=2", "Next page"), "https://example.org/news/harbour-fire.html?page=2"),
        (_pager("?p=2", "Следующая страница"), "https://example.org/news/harbour-fire.html?p=2"),
        (_pager("?page=2", "次のページ"), "https://example.org/news/harbour-fire.html?page=2"),
        (_pager("?page=2", "»"), "https://example.org/news/harbour-fire.html?page=2"),
        (_pager("?page=2", "<span>2</span>"), "https://example.org/news/harbour-fire.html?page=2"),
        (f"<p>Continued on {_pager('?page=2', 'page 2')}</p>", "https://example.org/news/harbour-fire.html?page=2"),
        (f"<div>Pages: 1 {_pager('harbour-fire-2.html', '2')}</div>", "https://example.org/news/harbour-fire-2.html"),
        (_pager("harbour-fire-2.html", "»"), "https://example.org/news/harbour-fire-2.html"),
        (_pager("harbour-fire-2.html", "The second fire in the harbour"), None),
        (_pager("?page=2#comments", "Older comments"), None),
        (_pager("?page=3", "Last page"), None),
        (_pager("?page=2", "A headline that is far too long for a pager of an article"), None),
    ],
)
def test_a_pager_leads_on_and_a_headline_does_not(markup: str, target: str | None) -> None:
    page = f"<html><body><h1>Fire</h1><p>The fire in the harbour was seen at noon.</p>{markup}</body></html>"
    assert articles.extract(page.encode(), URL).next_page == target
