"""Markup: the body as sections, and as HTML that is built anew from a short list of elements."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from articles.blocks import BLOCK, BR, BREAK, KIND, LINK, PARAGRAPH_BREAK, SKIP, Block, Box, is_bold_line
from articles.body import body, paragraphs
from articles.figures import figures
from articles.page import Page
from articles.reading import Reading
from articles.record import Section
from articles.site import absolute
from articles.tidy import HEADINGS

KEPT = {"em": "em", "i": "em", "cite": "em", "strong": "strong", "b": "strong"}  # inline elements -> ours
NESTED = frozenset(("ul", "ol", "li", "blockquote", "table", "tr", "td", "th", "pre"))  # block elements that are ours
INSIDE = frozenset(("li", "td", "th", "pre"))  # text stands in these without a p
NEEDS = {"li": ("ul", "ol"), "tr": ("table",), "td": ("tr",), "th": ("tr",)}  # where these may stand
LEVELS = {"h1": "h2", "h5": "h4", "h6": "h4"}
PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[^\s]*)?")  # absolute already
DEEPEST = 60  # inline elements within each other
LONGEST_SUBHEAD = 120  # characters

Shape = tuple[tuple[str, Any], ...]  # our elements around a block, outermost first, with the page's elements


def read_sections(page: Page) -> Reading[tuple[Section, ...]]:
    """The body as headings with the paragraphs under them."""
    ruled = _ruled(page)
    if ruled:
        return Reading((Section(None, tuple(ruled)),), "site rule")
    found: list[tuple[str | None, list[str]]] = [(None, [])]
    for block, text in paragraphs(body(page)):
        if is_heading(block):
            found.append((text, []))
        else:
            found[-1][1].append(text)
    sections = tuple(Section(heading, tuple(texts)) for heading, texts in found if heading or texts)
    return Reading(sections, "structure" if sections else None)


def is_heading(block: Block) -> bool:
    """Whether a block heads what follows: by its element, or as a short bold line without a full stop."""
    if block.tag in HEADINGS:
        return True
    text = block.text
    bold = block.bold >= len(text) > 2 and len(text) <= LONGEST_SUBHEAD and "\n" not in text
    return bold and block.tag in ("p", "div") and not text.endswith((".", ",", ";", ":", "!", '"', "”", "»", "。"))


def read_body_html(page: Page) -> Reading[str]:
    """The body as HTML of h2 h3 h4 p ul ol li blockquote pre table tr th td a em strong br, with figures."""
    ruled = _ruled(page)
    if ruled:
        return Reading("".join(f"<p>{_text(text)}</p>" for text in ruled), "site rule")
    writer, blocks = _Writer(page), body(page)
    pictures = figures(page, blocks)
    writer.out += pictures.get(-1, ())
    for index, block in enumerate(blocks):
        writer.add(block)
        if index in pictures:
            writer.close(0)
            writer.out += pictures[index]
    writer.close(0)
    return Reading("".join(writer.out), "structure" if writer.out else None)


def _ruled(page: Page) -> list[str]:
    """The paragraphs of a body that a site's rule gave."""
    reading = page.readings.get("body")
    return reading.value.split("\n\n") if reading and reading.source == "site rule" and reading.value else []


class _Writer:
    """Opens and closes our elements as the blocks' surroundings change."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.out: list[str] = []
        self.open: Shape = ()
        self.shapes: dict[Box, Shape] = {}
        self.runs: dict[Any, list[str]] = {}

    def add(self, block: Block) -> None:
        shape = self.shape(block.box)
        same = 0
        while same < min(len(shape), len(self.open)) and shape[same][1] is self.open[same][1]:
            same += 1
        again = same == len(shape) == len(self.open) and bool(shape) and shape[-1][0] in INSIDE
        self.close(same)
        for name, _ in shape[same:]:
            self.out.append(f"<{name}>")
        self.open = shape
        html = self.inline(block)
        if shape and shape[-1][0] in INSIDE:
            self.out.append(f"<br>{html}" if again else html)
        else:
            name = LEVELS.get(block.tag, block.tag) if block.tag in HEADINGS else "h4" if is_heading(block) else "p"
            self.out.append(f"<{name}>{html}</{name}>")

    def close(self, depth: int) -> None:
        """Close the open elements below a depth."""
        self.out.extend(f"</{name}>" for name, _ in reversed(self.open[depth:]))
        self.open = self.open[:depth]

    def shape(self, box: Box) -> Shape:
        """Our elements around a box. A list item outside a list, or a cell outside a row, is no element of ours."""
        known = self.shapes.get(box)
        if known is None:
            line, here = [], box
            while True:
                line.append(here)
                if here.parent is None or here.parent in self.shapes:
                    break
                here = here.parent
            known = self.shapes.get(here.parent, ()) if here.parent else ()
            for each in reversed(line):
                known = self.shapes[each] = _nested(known, each)
        return known

    def inline(self, block: Block) -> str:
        """The HTML within a block."""
        if not len(block.element):
            return _text(block.text)
        runs = self.runs.get(block.element)
        if runs is None:
            runs = self.runs[block.element] = _Runs(self.page.url).of(block.element)
        return runs[block.run] if block.run < len(runs) else _text(block.text)


def _nested(outer: Shape, box: Box) -> Shape:
    """The shape with a box's own element added, where it is one of ours and may stand there."""
    tag = box.tag
    if tag not in NESTED or len(outer) > DEEPEST:
        return outer
    names = [name for name, _ in outer]
    inner = names[-1] if names else ""
    if tag in NEEDS:
        if inner not in NEEDS[tag]:
            return outer
    elif inner in ("td", "th", "pre", "ul", "ol", "table", "tr"):  # a layout table, or a list right in a list
        return outer
    return (*outer, (tag, box.element))


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


class _Runs:
    """An element's own runs of text as HTML: the same runs as `articles.blocks` makes blocks of."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.done: list[str] = []
        self.html: list[str] = []
        self.plain: list[str] = []

    def of(self, element: Any) -> list[str]:
        self.text(element.text)
        self.inside(element, 0)
        self.end()
        return self.done

    def text(self, text: str | None) -> None:
        if text:
            self.html.append(escape(text, quote=False))
            self.plain.append(text)

    def inside(self, element: Any, depth: int) -> None:
        for child in element:
            kind = KIND.get(child.tag, BLOCK)
            if kind == BLOCK:
                self.end()
            elif kind == BREAK:
                mark = BR if child.tag == "br" else BR + BR
                self.html.append(mark)
                self.plain.append(mark)
            elif kind != SKIP and depth < DEEPEST:
                alone = child.tag in ("b", "strong") and is_bold_line(child)
                if alone:
                    self.end()
                self.inline(child, kind, depth)
                if alone:
                    self.end()
            self.text(child.tail)

    def inline(self, element: Any, kind: int, depth: int) -> None:
        opening, closing = self.tags(element, kind)
        self.html.append(opening)
        self.text(element.text)
        self.inside(element, depth + 1)
        self.html.append(closing)

    def tags(self, element: Any, kind: int) -> tuple[str, str]:
        if kind == LINK:
            href = element.get("href") or ""
            href = href if PLAIN.fullmatch(href) else absolute(href, self.base)
            return (f'<a href="{escape(href)}">', "</a>") if href else ("", "")
        name = KEPT.get(element.tag)
        return (f"<{name}>", f"</{name}>") if name else ("", "")

    def end(self) -> None:
        """End the run; where tags would be left open by the cut, the text alone is taken."""
        plain, html = "".join(self.plain), "".join(self.html)
        self.plain.clear()
        self.html.clear()
        if BR not in plain:
            if plain and not plain.isspace():
                self.done.append(" ".join(html.split()) if _balanced(html) else _text(" ".join(plain.split())))
            return
        if PARAGRAPH_BREAK.search(plain):
            texts = [_lines(piece, "\n") for piece in PARAGRAPH_BREAK.split(plain)]
            pieces = PARAGRAPH_BREAK.split(html)
            if len(pieces) != len(texts):  # a tag stands between two breaks
                pieces = [escape(text, quote=False).replace("\n", BR) for text in texts]
        else:
            texts, pieces = [_lines(plain, "\n")], [html]
        for text, piece in zip(texts, pieces, strict=True):
            if text:
                self.done.append(_lines(piece, "<br>") if _balanced(piece) else _text(text))


def _lines(text: str, end: str) -> str:
    lines = (" ".join(line.split()) for line in text.split(BR))
    return end.join(line for line in lines if line)


def _balanced(html: str) -> bool:
    """Whether our inline elements close in the order in which they opened.

    >>> _balanced("<em>a <strong>b</strong></em>"), _balanced("<em>a"), _balanced("a</em> <em>b")
    (True, False, False)
    """
    if "<" not in html:
        return True
    stack = []
    for piece in html.split("<")[1:]:
        name = piece.partition(">")[0].partition(" ")[0]
        if not name.startswith("/"):
            stack.append(name)
        elif not stack or stack.pop() != name[1:]:
            return False
    return not stack
