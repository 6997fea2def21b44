"""Limits: pages that break readers give an answer, with the article's text in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import articles
from articles import cards
from articles.limits import bounded, flattened, lean, short_tags

SENTENCE = "The harbour master has counted the boats again, and found one more than there should be. "
PARAGRAPHS = [f"{number}. {SENTENCE * 4}".strip() for number in range(8)]
ARTICLE = "<h1>One boat too many</h1><article>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</article>"


def page(before: str = "", after: str = "") -> bytes:
    return f"<html><head><title>One boat too many</title></head><body>{before}{ARTICLE}{after}</body></html>".encode()


# Read-also cards that the parser finds within each other, each with a heap of parts.
NESTED_LINKS = "<h3>Read also</h3>" + "".join(
    f"<div><a href='/news/{i}-a-longer-story'>" + f"<div><span>Story {i} of the harbour, part</span>" * 8
    for i in range(60)
)

MONSTERS = {
    "a comment of 20 MB": page("<!--" + "x" * 20_000_000 + "-->"),
    "a script of 20 MB": page("<script>" + "var x=1;" * 2_500_000 + "</script>"),
    "elements without end": page("", "<div><a href='/x'>y</a></div>" * 150_000),
    "100,000 nested elements before": page("<div>" * 100_000),
    "100,000 nested elements after": page("", "<div>" * 100_000),
    "100,000 nested inline elements": page("<span>" * 100_000),
    "100,000 attributes on one tag": page("<div " + " ".join(f'a{i}="v"' for i in range(100_000)) + ">x</div>"),
    "100,000 links": page("", "".join(f"<a href='/n/{i}'>Link number {i}</a> " for i in range(100_000))),
    "a data: URI of 10 MB": page("<img src='data:image/png;base64," + "A" * 10_000_000 + "'>"),
    "a word of a million characters": page("<p>" + "w" * 1_000_000 + "</p>"),
    "JSON-LD 20,000 deep": page("<script type='application/ld+json'>" + "[" * 20_000 + "]" * 20_000 + "</script>"),
    "100,000 list items": page("", "<ul>" + "<li>item of a list" * 100_000 + "</ul>"),
    "100,000 empty lines": page("", "word<br><br>" * 100_000),
    "links within each other": page("", NESTED_LINKS),
    "60,000 words in spans beneath 190 boxes with text": page("", "<div>Text." * 190 + "<span>word</span> " * 60_000),
}


@pytest.mark.parametrize("name", MONSTERS)
def test_the_article_is_kept(name: str) -> None:
    article = articles.extract(MONSTERS[name], "https://example.org/a")
    assert [text for text in PARAGRAPHS if text not in article.body] == []
    assert not [problem for problem in article.problems if "failed" in problem.reason]


def test_a_card_of_links_within_each_other_is_not_read_link_by_link(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    text_of = cards.text_of
    monkeypatch.setattr(cards, "text_of", lambda *args: asked.append(1) or text_of(*args))
    assert articles.extract(MONSTERS["links within each other"], "https://example.org/a").body
    assert 0 < len(asked) < 60 * 20 * 60


def test_text_beneath_very_many_elements_is_kept() -> None:
    html = b"<html><body><h1>Deep</h1>" + b"<div>" * 50_000 + PARAGRAPHS[0].encode() + b"</div>" * 50_000
    assert PARAGRAPHS[0] in articles.extract(html, "https://example.org/a").body


def test_control_characters_are_taken_out() -> None:
    article = articles.extract(page().replace(b"harbour", b"har\0bo\x01ur\x1b"), "https://example.org/a")
    assert PARAGRAPHS[3] in article.body


def test_a_large_page_is_a_problem_that_is_named() -> None:
    article = articles.extract(MONSTERS["a comment of 20 MB"], "https://example.org/a")
    assert [p.reason for p in article.problems if p.field == "page"] == ["20,003,043 bytes: read in part"]


def test_json_ld_is_kept_of_a_large_page() -> None:
    script = b"<script type='application/ld+json'>" + b" " * 3000 + b"</script>"
    assert script in bounded(script + b"<!--" + b"x" * 5_000_000 + b"-->")


def test_only_tags_of_too_many_attributes_are_cut() -> None:
    long = b"<p title='" + b"x" * 200_000 + b"'>text</p>"
    assert short_tags(long) == long
    many = b"<p>a</p><p " + b"a=b " * 50_000 + b">text</p>"
    cut = short_tags(many)
    assert len(cut) < 20_000
    assert cut.endswith(b">text</p>")


def test_flat_pages_are_not_flattened() -> None:
    html = b"<ul>" + b"<li>one<p>two" * 1000 + b"</ul><div>three</div>"
    assert flattened(html) == html


def naive(html: str) -> str:
    """What `lean` keeps, by a plain pattern: no quotes and no self-closing drawings."""
    return re.sub(
        r"<!--.*?-->|<(script|style|svg)[\s>](?![^>]*json).*?</\1[^>]*>", "", html, flags=re.IGNORECASE | re.DOTALL
    )


@given(
    st.lists(
        st.sampled_from(
            ("<p>one</p>", "two < three", "<!-- four -->", "<script>a<b</SCRIPT>", "<STYLE>x{}</style>",
             "<svg >s</svg>", "<script src='x'></script>", "<SCRIPT>" + "<i>" * 70 + "</Script >",
             "<span>five</span>", "<section>"),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_what_is_cut_out_of_a_page_is_what_no_reading_looks_into(pieces: list[str]) -> None:
    html = "".join(pieces)
    assert lean(html.encode()).decode() == naive(html)


@pytest.mark.parametrize(
    "html",
    [
        '<script type="application/ld+json">{"a": "<!-- b -->"}</script>',
        "<p title='<style'>text</p>",
        "<svg class='a'/><p>text</p>",
        "<script>never closed",
        "<!-- never closed",
    ],
)
def test_what_is_not_cut_out(html: str) -> None:
    assert lean(html.encode()).decode() == html
