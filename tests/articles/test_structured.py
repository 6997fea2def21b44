"""Structured data: JSON-LD as it is found in the wild, broken or deep, and the one object about the page."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.page import Page
from articles.structured import clean, loads

URL = "https://example.org/news/the-river-rises-100"


def page(*scripts: str, body: str = "<h1>The river rises</h1>", url: str = URL) -> Page:
    tags = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return Page(f"<html><head>{tags}</head><body>{body}</body></html>".encode(), url)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "The river rises"}',
        '[{"@type": "NewsArticle", "headline": "The river rises",},]',
        '<!-- {"@type": "NewsArticle", "headline": "The river rises"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "The river rises"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "The river rises"};',
        '{"@type": "NewsArticle", "headline": "The river rises", "description": "a\nraw line"}',
        '{"@type": "NewsArticle", "headline": "The river rises", "description": "it\\\'s wet"}',
        '{"@type": "NewsArticle", "headline": "The river rises", "description": "an "unescaped" quote"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;The river rises&quot;}",
        '{"@graph": [{"@type": "WebPage"}, {"@type": ["Thing", "NewsArticle"], "headline": "The river rises"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "http://schema.org/NewsArticle", "headline": "The river rises"}}',
        '{"@type": "NewsArticle", "headline": "The river rises"} {"@type": "WebSite"}',
    ],
)
def test_headline_is_read_from_every_kind_of_script(script: str) -> None:
    article = page(script).structured.article
    assert article is not None
    assert clean(article["headline"]) == "The river rises"


def test_unreadable_script_is_a_problem_and_the_next_one_is_read() -> None:
    structured = page("{nothing", '{"@type": "Article", "headline": "The river rises"}').structured
    assert structured.problems == ("JSON-LD script cannot be read",)
    assert structured.article == {"@type": "Article", "headline": "The river rises"}


@pytest.mark.parametrize(("first", "last"), [('{"a":', "}"), ("[", "]")])
def test_twenty_thousand_levels_do_no_harm(first: str, last: str) -> None:
    assert page(first * 20_000 + "1" + last * 20_000).structured.article is None


def test_article_of_this_address_is_chosen() -> None:
    other = '{"@type": "NewsArticle", "headline": "Other", "url": "https://example.org/news/other-99", "author": "x"}'
    this = f'{{"@type": "NewsArticle", "headline": "This", "mainEntityOfPage": {{"@id": "{URL}?utm_source=x"}}}}'
    article = page(other, this, body="").structured.article
    assert article is not None
    assert article["headline"] == "This"


def test_article_of_the_shown_headline_is_chosen() -> None:
    other = '{"@type": "NewsArticle", "headline": "Something else entirely"}'
    this = '{"@type": "NewsArticle", "headline": "The River Rises"}'
    article = page(other, this).structured.article
    assert article is not None
    assert article["headline"] == "The River Rises"


def test_reference_is_followed() -> None:
    person = '{"@type": "Person", "@id": "#a", "name": "Ann Lee"}'
    graph = f'{{"@graph": [{{"@type": "Article", "author": {{"@id": "#a"}}}}, {person}]}}'
    structured = page(graph).structured
    assert structured.resolve({"@id": "#a"})["name"] == "Ann Lee"
    assert structured.resolve({"@id": "#b"}) == {"@id": "#b"}


@given(st.text(max_size=300))
def test_loads_gives_a_list_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(loads(text), list)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_clean_gives_text_without_tags_for_anything(value: object) -> None:
    assert isinstance(clean(value), str)
