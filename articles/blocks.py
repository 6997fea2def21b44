"""Blocks: the text of a page as paragraphs, headings, items and cells, as `articles.walk` finds them."""

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


def thin(blocks: list[Block]) -> None:
    """Keep the first and the last blocks."""
    del blocks[MOST_FIRST:-MOST_LAST]


def is_data(text: str) -> bool:
    """Whether a text is no text: one long word of ASCII."""
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
        return is_blank(element.getparent().text)
    return (before.tag == "br" or KIND.get(before.tag, BLOCK) == BLOCK) and is_blank(before.tail)


def is_blank(text: str | None) -> bool:
    """Whether a text is none, or spaces."""
    return not text or text.isspace()


def swallows(element: Any) -> bool:
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


def lines_of(text: str) -> str:
    """A run's text, its single breaks kept as line ends."""
    lines = (" ".join(line.split()) for line in text.split(BR))
    return "\n".join(line for line in lines if line)
