"""The headline: chosen by agreement and by what is shown, without the site's name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import articles
from articles.structured import fold
from articles.title import strip_site

URL = "https://www.thegazette.example/news/river-rises-after-a-week-of-rain"
HEADLINE = "River rises after a week of rain"


def title(head: str = "", body: str = "", url: str = URL) -> str | None:
    return articles.extract(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>".encode(), url).title


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"<title>{HEADLINE} - The Gazette</title>", f"<h1>{HEADLINE}</h1>"),
        (f"<title>{HEADLINE} | News | The Gazette</title>", f"<h1> {HEADLINE.replace(' ', '  ')}\n</h1>"),
        (f"<title>{HEADLINE} | The Gazette</title>", "<h1><a href='/'>The Gazette</a></h1>"),
        (f"<title>The Gazette: {HEADLINE}</title><meta property='og:site_name' content='The Gazette'>", ""),
        (f"<meta property='og:title' content='{HEADLINE} – The Gazette'>", f"<h1>The Gazette</h1><h1>{HEADLINE}</h1>"),
        (f"<title>{HEADLINE}</title>", f"<h1>Home</h1><h2>{HEADLINE}</h2><h2>Most read</h2>"),
        (f"<meta property='og:title' content='{HEADLINE}'>", f"<h1><span>Weather</span><span>{HEADLINE}</span></h1>"),
        (f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{HEADLINE}"}}</script>', ""),
    ],
)
def test_headline_is_found(head: str, body: str) -> None:
    assert title(head, body) == HEADLINE


def test_shown_headline_wins_over_the_search_engines_one() -> None:
    head = "<title>River flood 2024: rain, levels, forecast | The Gazette</title>"
    head += f"<meta property='og:title' content='{HEADLINE}'>"
    assert title(head, f"<h1>{HEADLINE}</h1>") == HEADLINE


def test_headline_of_another_article_is_not_taken() -> None:
    assert (
        title(f"<title>{HEADLINE} - The Gazette</title>", f"<h1>{HEADLINE}</h1><h1>Bakers win a prize</h1>") == HEADLINE
    )


def test_page_without_any_title_has_none() -> None:
    assert title("", "") is None


@given(st.text(min_size=1, max_size=60), st.sampled_from([" - ", " | ", " – ", " :: "]))
def test_site_name_is_stripped_and_nothing_else(text: str, separator: str) -> None:
    clean = fold(text.replace("|", "").replace("-", "").replace(":", "").replace("_", ""))
    stripped = strip_site(f"{clean} xx{separator}Example Daily", {"exampledaily"})
    assert fold(stripped).endswith("xx")
    assert "daily" not in stripped.lower() or "daily" in clean
