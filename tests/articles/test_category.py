"""Category, its path and tags: crumbs, metadata, labels, links at the headline."""

from __future__ import annotations

import json

import pytest

from tests.articles.sheets import TITLE, read

HOME, SPORT, ROWING = "<a href=/>Home</a>", "<a href=/sport/>Sport</a>", "<a href=/sport/rowing/>Rowing</a>"
STEPS = f"<li>{HOME}<li>{SPORT}<li>{ROWING}"
DATA = {"@type": "NewsArticle", "headline": TITLE, "keywords": ["bridge", "ferry"]}
TRAILS = {
    "nav": f"<nav class=breadcrumb><ol>{STEPS}</ol></nav>",
    "named by its label": f"<nav aria-label=Breadcrumb>{HOME}{SPORT}{ROWING}</nav>",
    "with the headline": f"<ul class=breadcrumbs>{STEPS}<li>{TITLE}</ul>",
    "arrows": f"<div>{HOME} &gt; {SPORT} &gt; {ROWING}</div>",
    "slashes": f"<div>{HOME} / {SPORT} / {ROWING}</div>",
    "guillemets": f"<div>{HOME} » {SPORT} » {ROWING}</div>",
}


@pytest.mark.parametrize("trail", TRAILS.values(), ids=TRAILS)
def test_a_trail_gives_the_whole_path(trail: str) -> None:
    article = read(before=trail)
    assert (article.category, article.category_path) == ("Rowing", ("Sport", "Rowing"))


def test_a_declared_trail() -> None:
    steps = [
        ("Start", "/"),
        ("Sport", "/sport/"),
        ("Rowing", "/sport/rowing/"),
        (TITLE, "/city/bridge-stays-closed-20241"),
    ]
    items = [
        {"@type": "ListItem", "position": at, "name": name, "item": url} for at, (name, url) in enumerate(steps, 1)
    ]
    data = json.dumps({"@type": "BreadcrumbList", "itemListElement": items[::-1]})
    article = read(head=f"<script type=application/ld+json>{data}</script>")
    assert article.category_path == ("Sport", "Rowing")


@pytest.mark.parametrize(
    "line",
    [
        "<ul><li>Category</li><li>World</li><li>Publication date</li><li>29.11.2024 17:42</li></ul>",
        "<p>Категорія: <a href=/tema/world>World</a> | 29.11.2024</p>",
        "<div><span>Категория</span><span>World</span></div>",
        "<p><a class=rubric href=/world/>World</a></p>",
        "<p><a href=/category/world>World</a></p>",
    ],
)
def test_what_is_shown_at_the_headline(line: str) -> None:
    assert read(line).category == "World"


def test_metadata_names_the_section() -> None:
    assert read(head="<meta property=article:section content=Weather>").category == "Weather"


@pytest.mark.parametrize(
    "inside", ["<p class=kicker>The flood and after</p>", "<a href=/author/ann-lee>Ann Lee</a>", ""]
)
def test_a_kicker_an_author_or_nothing_is_no_category(inside: str) -> None:
    assert read(inside).category is None


@pytest.mark.parametrize(
    "more",
    [
        {"head": "<meta property=article:tag content=bridge><meta property=article:tag content=ferry>"},
        {"head": "<meta name=keywords content='bridge, ferry, bridge'>"},
        {
            "after": "<div class=tags><b>Tags</b><ul><li><a href=/tag/b>bridge</a>"
            "<li><a href=/tag/f>#ferry</a></ul></div>"
        },
        {"after": "<p class=post-tags><a rel=tag href=/b>bridge</a> <a rel=tag href=/f>ferry</a></p>"},
        {"head": f"<script type=application/ld+json>{json.dumps(DATA)}</script>"},
    ],
)
def test_tags(more: dict[str, str]) -> None:
    assert read(**more).tags == ("bridge", "ferry")


def test_a_keyword_sentence_is_no_tag() -> None:
    assert (
        read(head="<meta name=keywords content='The best news of the town and all that it needs to know'>").tags == ()
    )
