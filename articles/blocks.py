"""Blocks: one walk over the tree gives the text as paragraphs, headings, items and cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from articles.hints import TAG_BITS, hint_bits, word_bits

SKIP, INLINE, LINK, BREAK, BLOCK = range(5)
LINE = (INLINE, LINK)  # what stands within a line
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
FRAME, ARTICLE = frozenset(("header", "footer")), frozenset(("article", "main"))
SWALLOWED = ("main", "article", "h1", "h2", "p")
MOST_FIRST, MOST_LAST = 6000, 2000  # blocks kept of a page's beginning and end; real pages stay under 5,000
MOST = 4 * MOST_FIRST  # blocks held while a page is read
LONGEST_WORD = 5000  # characters
MAX_DEPTH = 200  # real pages stay under 60; deeper text is taken flat


class Box:
    """A block-level element on the way down to a block: `size` counts the runs of text right inside it.

    What its attributes say is read once it, or a box in it, holds text (`Box.settle`): many boxes never do.
    """

    __slots__ = ("bits", "depth", "element", "name", "outer", "own", "parent", "settled", "size", "tag")

    bits: int  # hints of the box and of those around it
    own: int  # hints of the box alone
    name: str  # its class
    depth: int  # boxes above it
    outer: Box | None  # the <article> around it

    def __init__(self, element: Any, tag: str, parent: Box | None) -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self.size = 0
        self.settled = False

    @property
    def article(self) -> Box | None:
        """The box of the innermost <article> that the box is, or is in."""
        return self if self.tag == "article" else self.outer

    def settle(self) -> None:
        """Read the attributes of the box and of those above it."""
        self.settled = True
        tag, parent = self.tag, self.parent
        attributes = self.element.items()
        if len(attributes) == 1 and attributes[0][0] == "class":  # the commonest
            self.name = name = attributes[0][1]
            bits = (BARE[tag] if tag in BARE else hint_bits(tag, [])) | word_bits(name)
        elif attributes:
            bits = hint_bits(tag, attributes)
            self.name = ""
            for key, value in attributes:
                if key == "class":
                    self.name = value
                    break
        else:
            self.name = ""
            bits = BARE[tag] if tag in BARE else hint_bits(tag, attributes)
        self.own = bits
        if parent is None:
            self.bits, self.depth, self.outer = bits, 0, None
            return
        if not parent.settled:
            parent.settle()
        # what stands above <main> says nothing; nor does the body element's own class
        self.bits = bits if parent.parent is None or tag == "main" else bits | parent.bits
        self.depth = parent.depth + 1
        self.outer = parent if parent.tag == "article" else parent.outer


class Block:
    """One run of text with no block-level boundary or empty line within it.

    `element` is the nearest block-level element around it, `tag` that element's tag, `run` the number of the run
    within it (a div may hold several). `anchors` are the links in the run, or the one that it is in, `linked` counts
    the characters of `text` that are inside links. `verdict` and `why` are what became of it.
    """

    __slots__ = (
        "anchors",
        "bold",
        "box",
        "element",
        "linked",
        "links",
        "probability",
        "run",
        "tag",
        "text",
        "verdict",
        "why",
    )

    def __init__(self, box: Box, text: str, linked: int, anchors: Sequence[Any], bold: int) -> None:
        if not box.settled:
            box.settle()
        self.box = box
        self.element = box.element
        self.tag = box.tag
        self.text = text
        self.linked = linked
        self.anchors = anchors
        self.links = len(anchors)
        self.bold = bold
        self.run = box.size
        box.size += 1
        self.probability = 0.0
        self.verdict: str | None = None
        self.why = ""

    def __repr__(self) -> str:
        return f"<Block {self.tag} {self.verdict} {self.probability:.2f} {self.text[:40]!r}>"


class _Walk:
    """The state of one walk: the run that is being read, and the blocks so far."""

    __slots__ = ("anchors", "around", "blocks", "bold", "linked", "parts")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.anchors: list[Any] = []
        self.linked = self.bold = 0
        self.around: Sequence[Any] = ()  # the link that we are inside of: it may hold whole blocks

    def flush(self, box: Box) -> None:
        """End the run: what was read becomes blocks of `box`."""
        parts = self.parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        parts.clear()
        if BR in text:
            if PARAGRAPH_BREAK.search(text):
                self._split(box, text)
                text = ""
            else:
                text = _lines(text)
        else:
            text = spaced(text)
        if text:
            if self.around:
                block = Block(box, text, len(text), self.anchors or self.around, self.bold)
            else:
                block = Block(box, text, self.linked, self.anchors or (), self.bold)
            self.blocks.append(block)
            if len(self.blocks) > MOST:
                _thin(self.blocks)
        if self.anchors:
            self.anchors = []
        self.linked = self.bold = 0

    def _split(self, box: Box, text: str) -> None:
        pieces = [piece for piece in map(_lines, PARAGRAPH_BREAK.split(text)) if piece]
        total = sum(map(len, pieces)) or 1
        for piece in pieces:  # where in the run the links stood is not kept: each piece gets its share
            share = len(piece) / total
            self.blocks.append(Block(box, piece, int(self.linked * share), self.anchors, int(self.bold * share)))

    def inside(self, element: Any, box: Box, depth: int) -> None:
        """Read the children of an element whose text belongs to `box`. Most children have none of their own.

        Below MAX_DEPTH elements the text is taken flat.
        """
        parts = self.parts
        if depth > MAX_DEPTH:
            parts.append(flat_text(element))
            return
        depth += 1
        for child in element:
            tag = child.tag
            kind = KIND.get(tag, BLOCK)
            if kind == BLOCK:
                if parts:
                    self.flush(box)
                if tag in FRAME and _is_frame(child, box):
                    tail = child.tail
                    if tail and not tail.isspace():
                        parts.append(tail)
                    continue
                text = child.text
                if len(child):
                    inner = Box(child, tag, box)
                    if text and not text.isspace():
                        parts.append(text)
                    self.inside(child, inner, depth)
                    if parts:
                        self.flush(inner)
                elif text and (text := spaced(text)):
                    self.blocks.append(
                        Block(Box(child, tag, box), text, len(text) if self.around else 0, self.around, 0)
                    )
                    if len(self.blocks) > MOST:
                        _thin(self.blocks)
            elif kind in LINE:
                alone = (tag == "b" or tag == "strong") and is_bold_line(child)
                if alone and parts:
                    self.flush(box)
                if len(child):
                    self.inline(child, tag, box, depth)
                elif text := child.text:
                    parts.append(text)
                    if kind == LINK:
                        self.linked += len(text.strip())
                        self.anchors.append(child)
                    elif tag == "strong" or tag == "b":
                        self.bold += len(text)
                if alone and parts:
                    self.flush(box)
            elif kind == BREAK:
                parts.append(BR if tag == "br" else BR + BR)
            elif tag in SWALLOWING and _swallows(child):
                self.inside(child, box, depth)
            tail = child.tail
            if tail and (parts or not tail.isspace()):
                parts.append(tail)

    def inline(self, element: Any, tag: str, box: Box, depth: int) -> None:
        """Read an inline element that has children; links and bold text are counted."""
        parts = self.parts
        before = len(parts)
        if text := element.text:
            parts.append(text)
        if tag == "a":
            above, self.around = self.around, (element,)
            self.inside(element, box, depth)
            self.around = above
            if len(parts) > before:  # its text belongs to the run; that of a link around whole blocks does not
                self.anchors.append(element)
                self.linked += sum([len(part.strip()) for part in parts[before:]])
        else:
            self.inside(element, box, depth)
            if tag == "strong" or tag == "b":
                self.bold += sum(map(len, parts[before:]))


def walk(tree: Any) -> list[Block]:
    """The blocks of a page in order; of a page of far too many, the first and the last ones."""
    state = _Walk()
    root = tree.find("body")
    for body in [tree] if root is None else tree.iterchildren("body", "frameset", "html"):
        box = Box(body, "body", None)
        if body.text:
            state.parts.append(body.text)
        state.inside(body, box, 0)
        if state.parts:
            state.flush(box)
    blocks = state.blocks
    if max((len(block.text) for block in blocks), default=0) > LONGEST_WORD:
        blocks = [block for block in blocks if len(block.text) <= LONGEST_WORD or not _is_data(block.text)]
    if len(blocks) > MOST_FIRST + MOST_LAST:
        _thin(blocks)
    return blocks


def _thin(blocks: list[Block]) -> None:
    """Keep the first and the last blocks."""
    del blocks[MOST_FIRST:-MOST_LAST]


def _is_data(text: str) -> bool:
    return " " not in text and text.isascii()


def spaced(text: str) -> str:
    """A text with single spaces between its words, as `" ".join(text.split())`, which takes longer.

    >>> spaced(" one\\n two\\xa0three ")
    'one two three'
    """
    return text.strip(" ") if text.isprintable() and "  " not in text else " ".join(text.split())


def is_bold_line(element: Any) -> bool:
    """Whether a bold element is a line of its own before a line break: a heading in a text without paragraphs."""
    tail, after, before = element.tail, element.getnext(), element.getprevious()
    if (tail and not tail.isspace()) or after is None or after.tag != "br":
        return False
    if before is None:
        return _is_blank(element.getparent().text)
    return (before.tag == "br" or KIND.get(before.tag, BLOCK) == BLOCK) and _is_blank(before.tail)


def _is_frame(element: Any, box: Box) -> bool:
    """Whether a header or footer is the site's, not the article's: it stands outside of any, and holds none."""
    here: Box | None = box
    while here is not None:
        if here.tag in ARTICLE:
            return False
        here = here.parent
    return not _swallows(element)


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
