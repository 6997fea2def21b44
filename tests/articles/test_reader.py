"""The reader as a whole: any bytes give a record, and its parts agree with each other."""

from __future__ import annotations

import gc
import html
import re
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import articles
from articles import reader
from articles.page import Page
from articles.record import Article
from articles.rules import Rules

URL = "https://example.org/town/clock-tower-1/"
SENTENCES = (
    "The clock tower of the old harbour office has been repaired after eleven years of standing still.",
    "A watchmaker from the upper town spent the winter in the belfry with two lamps and a flask of tea.",
    "Every wheel was taken out, cleaned with spirit, weighed and put back in its place, he said on Monday.",
    "The council paid half of the bill, and the owners of the fish market collected the other half in jars.",
)
TAGS = st.sampled_from(
    [
        "p",
        "div",
        "span",
        "a",
        "b",
        "h2",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "blockquote",
        "br",
        "article",
        "nav",
        "script",
        "style",
        "img",
        "figure",
    ]
)
PIECES = st.one_of(
    st.sampled_from(SENTENCES),
    st.text(max_size=12),
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        ["<a href='javascript:alert(1)'>", "<a href='/x'>", "&lt;script&gt;", "&#0;", "<!--", "-->", "<p class='"]
    ),
)
SOUP = st.lists(PIECES, max_size=30).map("".join)
ELEMENTS = re.compile(
    r"</?(?:h2|h3|h4|p|ul|ol|li|blockquote|pre|table|tr|td|th|em|strong|figure|figcaption)>|</a>|<br>"
)
OPENING = re.compile(r'<a href="https?://[^"<>\s]*">|<img src="https?://[^"<>\s]*"(?: alt="[^"<>]*")?>')


def check(article: Article) -> None:
    """What holds for every record."""
    assert "\n\n\n" not in article.body
    rest = OPENING.sub("", ELEMENTS.sub("", article.body_html))
    assert "<" not in rest
    assert ">" not in rest
    assert all(problem.reason.isprintable() for problem in article.problems)
    assert not [problem for problem in article.problems if "the reader failed" in problem.reason]
    article.to_dict()


@given(st.binary(max_size=400))
def test_any_bytes_give_a_record(page: bytes) -> None:
    check(articles.extract(page, URL))


@settings(max_examples=150)
@given(SOUP, SOUP)
def test_any_markup_gives_a_sound_record(before: str, after: str) -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = f"<html><head><title>Clock tower</title></head><body>{before}<h1>Clock tower</h1>{text}{after}</body></html>"
    check(articles.extract(page.encode("utf-8", "replace"), URL))


@given(st.text(max_size=80))
def test_any_url_will_do(url: str) -> None:
    check(articles.extract(f"<h1>Clock</h1><p>{SENTENCES[0]} <a href='x'>link</a></p>".encode(), url))


def page(body: str, title: str = "Clock tower repaired") -> bytes:
    head = f"<head><title>{title}</title></head>"
    return f"<html>{head}<body><h1>{title}</h1><article>{body}</article></body></html>".encode()


PARAGRAPHS = "".join(f"<p>{sentence} {sentence.lower()}</p>" for sentence in SENTENCES)


def test_a_defect_of_the_reader_is_a_problem_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("no such wheel")

    monkeypatch.setattr(reader, "FIELDS", ((broken, ("title",)),))
    article = articles.extract(page(PARAGRAPHS), URL)
    assert article.problems[-1].reason == "the reader failed: RuntimeError: no such wheel"


def test_sections_and_html_hold_the_same_text_as_the_body() -> None:
    article = articles.extract(page(f"{PARAGRAPHS}<h2>Who paid</h2>{PARAGRAPHS.replace('clock', 'bell')}"), URL)
    from_sections = [text for s in article.sections for text in (s.heading, *s.paragraphs) if text]
    from_html = [
        html.unescape(re.sub(r"<[^>]*>", "", line)) for line in re.split(r"</(?:p|h2)>", article.body_html) if line
    ]
    assert from_sections == from_html == article.body.split("\n\n")
    assert [s.heading for s in article.sections][-1] == "Who paid"


def test_a_table_is_kept_whole_and_read_by_rows() -> None:
    prices = {"Single": "2.00", "Month": "36.50"}
    rows = "".join(f"<tr><td>{name}</td><td>{price}</td></tr>" for name, price in prices.items())
    article = articles.extract(page(f"{PARAGRAPHS}<table>{rows}</table>{PARAGRAPHS.upper()}"), URL)
    assert "Single | 2.00\n\nMonth | 36.50" in article.body
    assert (
        "<table><tr><td>Single</td><td>2.00</td></tr><tr><td>Month</td><td>36.50</td></tr></table>" in article.body_html
    )


def test_text_parted_by_line_breaks_is_read_as_paragraphs() -> None:
    article = articles.extract(page(f"<div>{'<br><br>'.join(SENTENCES)}</div>"), URL)
    assert article.body == "\n\n".join(SENTENCES)


def test_a_bold_line_between_breaks_is_a_heading() -> None:
    text = f"<div>{SENTENCES[0]}<br>{SENTENCES[1]}<br><br><b>Who paid</b><br>{SENTENCES[2]} {SENTENCES[3]}</div>"
    article = articles.extract(page(text), URL)
    assert [section.heading for section in article.sections] == [None, "Who paid"]


def test_another_article_on_the_page_is_left_out() -> None:
    other = "".join(f"<p>{sentence.replace('clock', 'bell')} It rang.</p>" for sentence in SENTENCES)
    markup = page(PARAGRAPHS).replace(b"<h1>", b"<article><h1>").replace(b"</h1><article>", b"</h1>").decode()
    markup = markup.replace("</body>", f"<article><h1>Bell stolen</h1>{other}</article></body>")
    article = articles.extract(markup.encode(), URL)
    assert SENTENCES[0] in article.body
    assert "It rang." not in article.body


def test_comments_on_a_short_text_are_left_out() -> None:
    said = "".join(f"<li class='comment'><p>{sentence} I was there. {sentence}</p></li>" for sentence in SENTENCES * 3)
    text = f"<p>{SENTENCES[0]} {SENTENCES[1]}</p>"
    markup = page(text).decode().replace("</body>", f"<div id='comments'><ol>{said}</ol></div></body>")
    assert articles.extract(markup.encode(), URL).body == f"{SENTENCES[0]} {SENTENCES[1]}"


def test_an_article_in_a_box_called_after_comments_is_kept() -> None:
    markup = page(PARAGRAPHS).decode().replace("<body>", "<body><div class='post comments-open'>")
    assert SENTENCES[3] in articles.extract(markup.encode(), URL).body


def test_a_second_copy_of_the_text_is_left_out() -> None:
    whole = " ".join(f"{sentence} {sentence.lower()}" for sentence in SENTENCES)
    article = articles.extract(page(f"{PARAGRAPHS}<div>{whole}</div><div>{PARAGRAPHS}</div>"), URL)
    assert article.body == "\n\n".join(f"{sentence} {sentence.lower()}" for sentence in SENTENCES)


def test_an_unclosed_nav_does_not_swallow_the_article() -> None:
    markup = page(PARAGRAPHS).replace(
        b"<body>", b"<body><header><nav><ul><li><a href='/'>Home</a></li></ul></header><main>"
    )
    assert SENTENCES[0] in articles.extract(markup, URL).body


def test_a_site_rule_goes_first() -> None:
    rules = Rules(fields={"body": lambda _: "One.\n\nTwo <b>."}, noise=frozenset())
    article = articles.extract(page(PARAGRAPHS), URL, rules=rules)
    assert (article.body, article.provenance["body"]) == ("One.\n\nTwo <b>.", "site rule")
    assert article.body_html == "<p>One.</p><p>Two &lt;b&gt;.</p>"
    assert article.sections[0].paragraphs == ("One.", "Two <b>.")


def test_noise_of_a_site_is_left_out() -> None:
    rules = Rules(noise=frozenset({"ring the bell to read on, said nobody at all."}))
    markup = page(f"{PARAGRAPHS}<p>Ring the bell to read on, said nobody at all.</p>{PARAGRAPHS.upper()}")
    assert "Ring the bell" not in articles.extract(markup, URL, rules=rules).body


def test_links_are_absolute_and_scripts_are_text() -> None:
    text = (
        f"<p>{SENTENCES[0]} <a href='/a?b=1&amp;c=2'>Here</a> <a href='javascript:alert(1)'>not</a> &lt;script&gt;</p>"
    )
    article = articles.extract(page(text + PARAGRAPHS), URL)
    assert '<a href="https://example.org/a?b=1&amp;c=2">Here</a> not &lt;script&gt;</p>' in article.body_html


def test_figures_stand_where_they_stood() -> None:
    picture = "<figure><img src='/tower.jpg' width=800 height=500><figcaption>The tower at noon</figcaption></figure>"
    article = articles.extract(page(f"<p>{SENTENCES[0]}</p>{picture}{PARAGRAPHS}"), URL)
    expected = '<figure><img src="https://example.org/tower.jpg"><figcaption>The tower at noon</figcaption></figure>'
    assert f"<p>{SENTENCES[0]}</p>{expected}<p>" in article.body_html
    assert "The tower at noon" not in article.body


def test_garbage_is_looked_for_again_once_the_last_of_several_threads_has_read(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, leave = [threading.Event(), threading.Event()], [threading.Event(), threading.Event()]

    def slow(page: Page) -> Article:
        number = int(page.url[-1])
        inside[number].set()
        assert leave[number].wait(20)
        return Article(url=page.url)

    monkeypatch.setattr(reader, "read", slow)
    threads = [threading.Thread(target=articles.extract, args=(b"<p>A", f"https://example.org/{n}")) for n in range(2)]
    assert gc.isenabled()
    for thread, begun in zip(threads, inside, strict=True):
        thread.start()
        assert begun.wait(20)
    leave[0].set()
    threads[0].join()
    assert not gc.isenabled()
    leave[1].set()
    threads[1].join()
    assert gc.isenabled()
