"""What a page says of itself: the publisher's name, its address, what robots may do."""

from __future__ import annotations

import pytest

import articles
from articles import Article, Rules


def read(head: str, rules: Rules | None = None) -> Article:
    html = f"<html><head>{head}</head><body><h1>The ferry was late</h1><p>Text.</p></body></html>".encode()
    url = "https://www.gazette.example/news/the-ferry-was-late?utm_source=x"
    return articles.extract(html, url, rules=rules or Rules())


@pytest.mark.parametrize(
    ("head", "site"),
    [
        ("<meta property='og:site_name' content='The Gazette'>", "The Gazette"),
        (
            '<script type="application/ld+json">{"@type":"Article","publisher":{"name":"The Gazette"}}</script>',
            "The Gazette",
        ),
        ("<title>The ferry was late | The Gazette</title>", "The Gazette"),
        ("", "gazette.example"),
    ],
)
def test_site(head: str, site: str) -> None:
    assert read(head).site == site


def test_site_of_the_rule_wins() -> None:
    assert read("<meta property='og:site_name' content='x'>", Rules(site="Gazette")).site == "Gazette"


def test_canonical_url_is_absolute() -> None:
    assert (
        read("<link rel=canonical href='/news/the-ferry'>").canonical_url
        == "https://www.gazette.example/news/the-ferry"
    )
    assert (
        read("<meta property='og:url' content='https://gazette.example/f'>").canonical_url
        == "https://gazette.example/f"
    )


@pytest.mark.parametrize("href", ["javascript:alert(1)", "http://[", "mailto:a@example.org", "https://"])
def test_malformed_canonical_url_is_a_problem(href: str) -> None:
    article = read(f"<link rel=canonical href='{href}'>")
    assert article.canonical_url is None
    assert "canonical_url" in {problem.field for problem in article.problems}


def test_robots() -> None:
    assert read("<meta name=ROBOTS content='NoIndex, noarchive,noindex'>").robots == ("noindex", "noarchive")
    assert read("").robots == ()
