"""Blocks: what one walk over the tree makes of a page, and what the classifier is given."""

from __future__ import annotations

import gc
import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import articles
from articles.blocks import MOST_FIRST, MOST_LAST, spaced
from articles.classifier import _first, probabilities, weights
from articles.features import look
from articles.hints import NAMES, STEMS, hint_bits
from articles.lexicon import KINDS_IN_ORDER
from articles.page import Page, parse
from articles.walk import walk


def texts(body: str) -> list[tuple[str, str]]:
    return [(block.tag, block.text) for block in walk(parse(f"<html><body>{body}</body></html>".encode()))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>one <b>two</b> three</p>", [("p", "one two three")]),
        ("<div>one<p>two</p>three</div>", [("div", "one"), ("p", "two"), ("div", "three")]),
        ("<div>one<br>two<br> <br>three</div>", [("div", "one\ntwo"), ("div", "three")]),
        ("<div>one<hr>two</div>", [("div", "one"), ("div", "two")]),
        ("<a href='/'><h3>one</h3>two</a>", [("h3", "one"), ("body", "two")]),
        ("<p>one<script>two</script><style>three</style></p>", [("p", "one")]),
        ("<my-text>one</my-text>", [("my-text", "one")]),
        ("<span>one<div>two</div>three</span>", [("body", "one"), ("div", "two"), ("body", "three")]),
        ("<nav><a href='/'>one</a></nav>two", [("body", "two")]),
        ("<button><main><h1>one</h1><p>two</p></main></button>", [("h1", "one"), ("p", "two")]),
        ("<header><p>menu</p></header><main><header><h2>one</h2></header></main>two", [("h2", "one"), ("body", "two")]),
        ("<header><h1>one</h1></header><footer>foot</footer>two", [("h1", "one"), ("body", "two")]),
        ("", []),
    ],
)
def test_what_is_a_block(body: str, expected: list[tuple[str, str]]) -> None:
    assert texts(body) == expected


def test_links_and_bold_are_counted() -> None:
    block = walk(parse(b"<p>read <a href='/x'>this <b>one</b></a> <strong>now</strong></p>"))[0]
    assert (block.linked, block.links, block.bold) == (7, 1, 6)


def test_a_page_of_too_many_blocks_keeps_both_ends() -> None:
    found = texts("".join(f"<p>number {n}</p>" for n in range(20_000)))
    assert len(found) == MOST_FIRST + MOST_LAST
    assert (found[0][1], found[-1][1]) == ("number 0", "number 19999")


def test_a_second_html_element_is_read() -> None:
    page = Page(
        b"<html><body><p>one</p></body></html><!-- --><html><body><p>two</p></body></html>", "https://example.org/"
    )
    assert [block.text for block in page.blocks] == ["one", "two"]


def test_classes_hint() -> None:
    comment, share = (1 << NAMES.index(name) for name in ("comment", "share"))
    assert hint_bits("ol", [("class", "commentlist")]) & comment
    assert hint_bits("div", [("id", "articleShare")]) & share
    assert not hint_bits("div", [("class", "x1 y2")]) & (comment | share)


def test_what_stands_above_main_is_no_hint() -> None:
    blocks = walk(parse(b"<div class='comments'><div><main><p>one</p></main><p>two</p></div></div>"))
    comment = 1 << NAMES.index("comment")
    assert [bool(block.box.bits & comment) for block in blocks] == [False, True]


def test_data_and_code_agree() -> None:
    assert list(json.loads(resources.files("articles").joinpath("lexicon.json").read_text())) == KINDS_IN_ORDER
    assert len(NAMES) == len(STEMS)


def test_every_block_has_a_probability() -> None:
    page = Page(
        b"<h1>Tower</h1>" + b"<p>The clock strikes one, and the mouse runs down again.</p>" * 40, "https://e.org/"
    )
    seen = look(page, page.blocks)
    found = probabilities(seen)
    rows = seen.matrix()
    assert rows.dtype == seen.numbers.dtype == np.float32
    assert seen.groups.shape == (4, len(page.blocks)) == (4, 41)
    assert rows.shape == (41, weights()["w1"].shape[0])
    assert np.allclose(_first(seen, weights()["w1"]), rows @ weights()["w1"], atol=1e-4)
    assert found.shape == (41,)
    assert ((found >= 0) & (found <= 1)).all()


def test_the_links_of_a_block_are_those_in_its_text_or_the_one_around_it() -> None:
    html = b"<div><a href='/a'><img src='x'></a><p>read <a href='/b'>this</a></p><a href='/c'><h3>more</h3></a></div>"
    assert [[link.get("href") for link in block.anchors] for block in walk(parse(html))] == [["/b"], ["/c"]]


def test_a_page_is_freed_without_a_collection_of_garbage() -> None:
    html = b"<article><h1>Tower</h1><p>The clock strikes <a href='/one'>one</a>.</p></article>" * 3
    articles.extract(html, "https://e.org/")
    gc.collect()
    articles.extract(html, "https://e.org/")
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        kept = [thing for thing in gc.garbage if type(thing).__name__ in ("Box", "Block", "_Element", "_Document")]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert not kept


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])) | st.text(alphabet="ab \n\t\xa0\u2003\x1f\x85"))
def test_single_spaces_stand_between_words(text: str) -> None:
    assert spaced(text) == " ".join(text.split())
