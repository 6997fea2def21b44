"""Blocks: one walk over the tree gives the text as paragraphs, headings, items and cells."""

from __future__ import annotations

import re
from collections import deque
from typing import Any

from articles.hints import TAG_BITS, hint_bits, word_bits

SKIP, INLINE, LINK, BREAK, BLOCK = range(5)
_SKIPPED = """
    script style noscript template svg math
    iframe object embed canvas map audio video source track picture img head title
    meta link input select option textarea button datalist progress meter dialog nav
""".split()  # noqa: SIM905
_INLINE = """
    a abbr acronym b bdi bdo big cite code data del dfn em font
    i ins kbd label mark nobr q rp rt ruby s samp small span strike strong sub sup time tt u var wbr amp-fit-text g
""".split()  # noqa: SIM905
KIND: dict[str, int] = (
    dict.fromkeys(_SKIPPED, SKIP) | dict.fromkeys(_INLINE, INLINE) | {"a": LINK, "br": BREAK, "hr": BREAK}
)
BARE = {tag: TAG_BITS.get(tag, 0) for tag in ("p", "div", "li", "ul", "h2", "h3", "td", "tr", "section", "figure")}
BR = "\0"  # stands for <br> in a run's text; no parsed text can hold it
PARAGRAPH_BREAK = re.compile(r"\0\s*\0[\s\0]*")
SWALLOWING = frozenset(("nav", "button", "dialog", "select", "noscript", "object"))  # left open, these hold the article
SWALLOWED = ("main", "article", "h1", "h2", "p")
MOST_FIRST, MOST_LAST = 6000, 2000  # blocks kept of a page's beginning and end; real pages stay under 5,000
LONGEST_WORD = 5000  # characters
MAX_DEPTH = 200  # real pages stay under 60; deeper text is taken flat


class Box:
    """A block-level element on the way down to a block: `size` counts the runs of text right inside it."""

    __slots__ = ("article", "bits", "depth", "element", "name", "own", "parent", "size", "tag")

    def __init__(self, element: Any, tag: str, parent: Box | None) -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self.size = 0
        self.name = ""
        attributes = element.items()
        if len(attributes) == 1 and attributes[0][0] == "class":  # the commonest
            self.name = name = attributes[0][1]
            bits = self.own = (BARE[tag] if tag in BARE else hint_bits(tag, [])) | word_bits(name)
        elif attributes:
            self.name = next((value for key, value in attributes if key == "class"), "")
            bits = self.own = hint_bits(tag, attributes)
        else:
            bits = self.own = BARE[tag] if tag in BARE else hint_bits(tag, attributes)
        if parent is None:
            self.bits: int = bits
            self.depth: int = 0
            self.article: Box | None = self if tag == "article" else None
            return
        # what stands above <main> says nothing; nor does the body element's own class
        self.bits = bits if parent.parent is None or tag == "main" else bits | parent.bits
        self.depth = parent.depth + 1
        self.article = self if tag == "article" else parent.article


class Block:
    """One run of text with no block-level boundary or empty line within it.

    `element` is the nearest block-level element around it, `tag` that element's tag, `run` the number of the run
    within it (a div may hold several). `linked` counts the characters of `text` that are inside links. `verdict` and
    `why` are what became of it.
    """

    __slots__ = ("bold", "box", "element", "linked", "links", "probability", "run", "tag", "text", "verdict", "why")

    def __init__(self, box: Box, text: str, linked: int, links: int, bold: int) -> None:
        self.box = box
        self.element = box.element
        self.tag = box.tag
        self.text = text
        self.linked = linked
        self.links = links
        self.bold = bold
        self.run = box.size
        self.probability = 0.0
        self.verdict: str | None = None
        self.why = ""

    def __repr__(self) -> str:
        return f"<Block {self.tag} {self.verdict} {self.probability:.2f} {self.text[:40]!r}>"


class _Walk:
    """The state of one walk: the run that is being read, and the blocks so far."""

    __slots__ = ("anchors", "blocks", "bold", "last", "linked", "links", "parts")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked = self.links = self.bold = 0
        self.last: deque[Block] = deque(maxlen=MOST_LAST)
        self.anchors = 0  # links that we are inside of: a link may hold whole blocks

    def add(self, block: Block) -> None:
        """Keep a block; of a page of far too many, the first and the last ones."""
        if len(block.text) > LONGEST_WORD and " " not in block.text and block.text.isascii():
            return  # data, not text
        if len(self.blocks) < MOST_FIRST:
            self.blocks.append(block)
        else:
            self.last.append(block)

    def flush(self, box: Box) -> None:
        """End the run: what was read becomes blocks of `box`."""
        text = "".join(self.parts)
        self.parts.clear()
        if BR in text and PARAGRAPH_BREAK.search(text):
            self._split(box, text)
        else:
            text = " ".join(text.split()) if BR not in text else _lines(text)
            if text:
                linked, links = (len(text), 1) if self.anchors else (self.linked, self.links)
                self.add(Block(box, text, linked, links, self.bold))
                box.size += 1
        self.linked = self.links = self.bold = 0

    def _split(self, box: Box, text: str) -> None:
        pieces = [piece for piece in map(_lines, PARAGRAPH_BREAK.split(text)) if piece]
        total = sum(map(len, pieces)) or 1
        for piece in pieces:  # where in the run the links stood is not kept: each piece gets its share
            share = len(piece) / total
            self.add(Block(box, piece, int(self.linked * share), self.links, int(self.bold * share)))
            box.size += 1

    def inside(self, element: Any, box: Box) -> None:
        """Read the children of an element whose text belongs to `box`."""
        parts = self.parts
        for child in element:
            tag = child.tag
            kind = KIND.get(tag, BLOCK)
            if kind == BLOCK:
                if parts:
                    self.flush(box)
                self.block(child, tag, box)
            elif kind == BREAK:
                parts.append(BR if tag == "br" else BR + BR)
            elif kind != SKIP:
                alone = (tag == "b" or tag == "strong") and is_bold_line(child)
                if alone:
                    self.flush(box)
                self.inline(child, tag, kind, box)
                if alone:
                    self.flush(box)
            elif tag in SWALLOWING and _swallows(child):
                self.inside(child, box)
            tail = child.tail
            if tail and (parts or not tail.isspace()):
                parts.append(tail)

    def block(self, element: Any, tag: str, parent: Box) -> None:
        """Read a block-level element."""
        if not len(element):  # an element without children is the commonest
            text = element.text
            if not text or not (text := " ".join(text.split())):
                return
            box = Box(element, tag, parent)
            anchored = self.anchors > 0
            self.add(Block(box, text, len(text) if anchored else 0, int(anchored), 0))
            box.size = 1
            return
        box = Box(element, tag, parent)
        text = element.text
        if text and not text.isspace():
            self.parts.append(text)
        if box.depth > MAX_DEPTH:
            self.parts.append(flat_text(element))
        else:
            self.inside(element, box)
        if self.parts:
            self.flush(box)

    def inline(self, element: Any, tag: str, kind: int, box: Box) -> None:
        """Read an inline element; links and bold text are counted."""
        parts = self.parts
        text = element.text
        if not len(element):
            if text:
                parts.append(text)
                if kind == LINK:
                    self.linked += len(text.strip())
                    self.links += 1
                elif tag == "strong" or tag == "b":
                    self.bold += len(text)
            return
        before = len(parts)
        if text:
            parts.append(text)
        if box.depth > MAX_DEPTH:
            parts.append(flat_text(element))
            return
        box.depth += 1  # inline elements nest, too
        self.anchors += kind == LINK
        self.inside(element, box)
        self.anchors -= kind == LINK
        box.depth -= 1
        if kind == LINK:
            self.links += 1
            self.linked += sum(len(part.strip()) for part in parts[before:])
        elif tag == "strong" or tag == "b":
            self.bold += sum(map(len, parts[before:]))


def is_bold_line(element: Any) -> bool:
    """Whether a bold element is a line of its own before a line break: a heading in a text without paragraphs."""
    tail, after, before = element.tail, element.getnext(), element.getprevious()
    if (tail and not tail.isspace()) or after is None or after.tag != "br":
        return False
    if before is None:
        return _is_blank(element.getparent().text)
    return (before.tag == "br" or KIND.get(before.tag, BLOCK) == BLOCK) and _is_blank(before.tail)


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _swallows(element: Any) -> bool:
    """Whether an element that is never text was left open, so that the parser put the article into it."""
    found = next(element.iter(*SWALLOWED), None)
    return found is not None and (found.tag in ("main", "article", "h1") or sum(1 for _ in element.iter("p")) > 4)


def flat_text(element: Any) -> str:
    """All text beneath an element's children, however deep."""
    found = []
    for node in element.iterdescendants():
        if KIND.get(node.tag) != SKIP and node.text:
            found.append(node.text)
        if node.tail:
            found.append(node.tail)
    return " ".join(found)


def _lines(text: str) -> str:
    """A run's text, its single breaks kept as line ends."""
    lines = (" ".join(line.split()) for line in text.split(BR))
    return "\n".join(line for line in lines if line)


def walk(tree: Any) -> list[Block]:
    """The blocks of a page in order."""
    state = _Walk()
    root = tree.find("body")
    for body in [tree] if root is None else tree.iterchildren("body", "frameset", "html"):
        box = Box(body, "body", None)
        if body.text:
            state.parts.append(body.text)
        state.inside(body, box)
        state.flush(box)
    return [*state.blocks, *state.last]
