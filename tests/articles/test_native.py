"""The compiled part of the reader: it reads every page as the Python that it stands for does."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import articles
from articles import bylines, classifier, compiled, hints, lexicon, limits, marks
from articles.blocks import Block
from articles.page import Page, parse
from articles.walk import PlainWalk, walk
from tests.articles.fuzz import mutated, pages

COMPILER = shutil.which("cc") and (Path(sysconfig.get_paths()["include"]) / "Python.h").exists()
needs_native = pytest.mark.skipif(not COMPILER, reason="no C compiler is here, so nothing is compiled")
URL = "https://courier.example/a/1"
TAGS = """
    p div li ul h1 h2 article main header footer nav button noscript section td blockquote my-box b strong a span br hr
    script svg img font o:p time link meta title noscript
""".split()  # noqa: SIM905
ATTRIBUTES = (
    "", " class='article-body lead'", " class='share'", " id='comments'", " hidden", " aria-hidden='true'",
    " aria-hidden=false", " style='display: none'", " itemprop=articleBody", " itemprop='author name'",
    " role=navigation",
    " class='Byline-Author'", " rel=author", " rel='next'", " class=breadcrumbs",
    " data-testid='card'", " href='/x' class='more'", " class", " CLASS='Été'",
)  # fmt: skip
TEXTS = (
    "",
    " ",
    "one",
    " two \n three ",
    "é\xa0ü",
    "\u2003",
    "<!-- c -->",
    "&nbsp;",
    "&#1;four",
    "\x85",
    "Є\u200bж",
    "x" * 90,
)
opening = st.builds(lambda tag, attribute: f"<{tag}{attribute}>", st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES))
closing = st.sampled_from(TAGS).map("</{}>".format)
soup = st.lists(opening | opening | closing | st.sampled_from(TEXTS), max_size=60).map("".join)


def around(block: Block) -> Iterator[tuple[Any, ...]]:
    """What is known of the boxes around a block."""
    box = block.box
    while box is not None:
        outer = box.outer and box.outer.element
        yield box.element, box.tag, box.name, box.bits, box.own, box.depth, box.size, box.settled, outer
        box = box.parent


def told(blocks: list[Block]) -> list[tuple[Any, ...]]:
    """All that is known of blocks."""
    return [
        (
            block.text, block.tag, block.element, block.linked, block.bold, block.run, block.links, list(block.anchors),
            block.probability, block.verdict, block.why, *around(block),
        )
        for block in blocks
    ]  # fmt: skip


def check(html: bytes) -> None:
    """Both walks find the same blocks, both networks say the same of them."""
    page = Page(html, URL)
    plain, quick = walk(page.tree, PlainWalk), walk(page.tree, compiled.native.Walk)
    assert told(quick) == told(plain)
    if plain:
        assert classifier.judge(page, quick, True) == classifier.judge(page, plain, False)
        assert [block.probability for block in quick] == pytest.approx([b.probability for b in plain], abs=1e-4)


@needs_native
def test_it_is_built_where_there_is_a_compiler() -> None:
    assert compiled.native is not None, compiled.why


@needs_native
@given(soup)
@example("<nav><main><h1>one</h1></main></nav><header><p>two</header><button><p>1<p>2<p>3<p>4<p>5</button>")
@example("<a href='/'>one<div>two</div><b>three</b> four</a><br><b>five</b><br>six<br><br>seven <a href=x>eight</a>")
@example("<object><h2>one</h2><main>two</main></object>three<b>four</b><br>five")
def test_any_markup_has_the_same_blocks(html: str) -> None:
    check(f"<body class='news'>{html}</body>".encode())


@needs_native
@pytest.mark.parametrize(
    "html",
    [
        "".join(f"<x-{n}>a<b>b</b><br></x-{n}><y{n * 7} class='c{n}'>c</y{n * 7}>" for n in range(700)),
        "<div>" * 150 + "one<p>two",
        "<div>one" * 5000,
        "<b>one" * 5000,
        "".join(f"<p>number {n}</p>" for n in range(30_000)),
        "<frameset><frame><noframes><p>one</noframes></frameset>",
        "one</body><body>two</html><html><body>three",
        f"<p>{'x' * 6000}</p><p>text</p>",
        f"<p>{'word ' * 2000}</p><p>{'<b>word </b>' * 2000}</p><p>text</p>",
    ],
    ids=lambda html: html[:20],
)
def test_odd_pages_have_the_same_blocks(html: str) -> None:
    check(html.encode())


@needs_native
def test_a_root_without_a_body_is_read() -> None:
    tree = parse(b"<html><p>one</html>")
    tree.remove(tree.find("body"))
    tree.text = "two"
    assert told(walk(tree, compiled.native.Walk)) == told(walk(tree, PlainWalk))


@needs_native
@pytest.mark.parametrize("seed", range(4))
def test_pages_of_the_newspaper_have_the_same_blocks(seed: int) -> None:
    import random

    rng = random.Random(seed)
    for html, _ in pages()[seed::9]:
        check(html)
        check(mutated(html, rng))


@needs_native
@given(
    st.lists(
        st.sampled_from(
            (b"<", b"<!--", b"-->", b"->", b"<script", b"<SCRIPT ", b"<Script>", b"</Script", b"</script>", b"<span>",
             b"json", b"<style>", b"<STYLE\n", b"</Style>", b"<svg ", b"<sVg>", b"<svg/>", b"/>", b"</svg", b"'", b'"',
             b">", b"</SCRIPT ", b"text", b"\0", b"\xff", b"<!-", b"<s"),
        )
    )
)  # fmt: skip
def test_what_is_cut_out_of_a_page_is_the_same(pieces: list[bytes]) -> None:
    html = b"".join(pieces)
    assert compiled.native.lean(html) == limits.plain_lean(html)


@needs_native
def test_weights_that_do_not_fit_are_refused() -> None:
    right = classifier.weights()
    for name in right:
        with pytest.raises(ValueError, match="do not fit"):
            compiled.native.Net(right | {name: right[name][:-1]})
        with pytest.raises(ValueError, match="do not fit"):
            compiled.native.Net(right | {name: right[name][..., 1:].copy()})
    with pytest.raises(TypeError, match="no block"):
        compiled.native.Net(right).judge(["text"], 0, "", "")
    with pytest.raises(IndexError):
        compiled.native.Net(right).judge(walk(parse(b"<p>one")), 1, "", "")
    assert compiled.native.Net(right).judge([], 0, "", "") == ([], [])


@needs_native
def test_a_page_is_read_alike_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = pages()[::40]
    quick = [articles.extract(html, url) for html, url in samples]
    monkeypatch.setattr(limits, "native", None)
    monkeypatch.setattr(marks, "native", None)
    monkeypatch.setattr(marks.gather, "__defaults__", (False,))
    monkeypatch.setattr(marks.holding, "__defaults__", (False,))
    monkeypatch.setattr(bylines.called, "__defaults__", (False,))
    monkeypatch.setattr(walk, "__defaults__", (PlainWalk,))
    monkeypatch.setattr(classifier.judge, "__defaults__", (False,))
    assert [articles.extract(html, url) for html, url in samples] == quick


@needs_native
@given(st.text("abc", max_size=40), st.lists(st.text("abc", min_size=2, max_size=5), max_size=8), st.integers(0, 50))
def test_words_are_found_alike(text: str, words: list[str], most: int) -> None:
    sought = tuple(word.encode() for word in words)
    assert marks.holding(text.encode(), sought, most, True) == marks.holding(text.encode(), sought, most, False)


ODD_NAMES = [
    "comment",
    "List",
    "RELATED",
    "HTMLParser",
    "ABc",
    "xShare",
    "s",
    "stories",
    "-",
    " ",
    "9",
    "é",
    "entry-live",
]
NAMES = st.lists(st.sampled_from(ODD_NAMES) | st.text("abcABCs _-", max_size=6), max_size=8).map("".join)
LEXICON = st.sampled_from(sorted(lexicon.lexicon()))


@needs_native
@given(NAMES | st.text(max_size=30) | st.text("aB ", min_size=290, max_size=330))
def test_classes_have_the_same_hints(name: str) -> None:
    known = []
    for bits_of in (compiled.native.word_bits, hints.word_bits):
        hints._CACHE.clear()
        hints._PARTS.clear()
        known.append(bits_of(name))
    assert known[0] == known[1]


@needs_native
@given(st.lists(LEXICON | st.text("aİΣς /|\n\u3000東Ж", min_size=1, max_size=4), max_size=8))
def test_lines_have_the_same_words_of_the_lexicon(words: list[str]) -> None:
    for text in (" ".join(words), "/".join(words).upper(), "".join(words)):
        if text:
            assert compiled.native.word_mask(text) == lexicon.word_mask(text)


@needs_native
@given(soup)
@example("<p itemprop='author x' class=byline itemtype=' http://schema.org/Person'>a<a rel=author itemprop>b</a>")
@example("<title>a</title><svg><title>b</title></svg><ul class=breadcrumb></ul><nav><i><div data-x=Crumb></nav>")
@example("<link rel='CANONICAL next' href=/x><link href=y rel=amp><script type='x/LD+JSON'>{}</script><time><h1>")
@example("<p>By <a class='Author'><span>Ann</span> Lee</a> today<br>and <noscript><b>x</b></noscript>tomorrow</p>")
def test_any_markup_has_the_same_marks_and_texts(html: str) -> None:
    tree = parse(html.encode())
    assert marks.gather(tree, True) == marks.gather(tree, False)
    assert bylines.called(tree, True) == bylines.called(tree, False)
    for element in tree.iter():
        for limit in (5, 2000):
            assert compiled.native.text_of(element, limit) == marks.plain_text_of(element, limit)


@pytest.mark.parametrize(
    ("trouble", "why"),
    [(ModuleNotFoundError("x"), "no C compiler"), (ImportError("built for another lxml"), "another lxml")],
)
def test_what_was_wrong_is_told(trouble: Exception, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise trouble

    monkeypatch.setattr("importlib.import_module", fail)
    native, said = compiled.load("articles.native")
    assert native is None
    assert why in said
