"""The walk: once over the tree, and its text is blocks. In C where that could be built, as `articles.native`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from articles.blocks import (
    ARTICLE,
    BLOCK,
    BR,
    BREAK,
    FRAME,
    KIND,
    LINE,
    LINK,
    LONGEST_WORD,
    MAX_DEPTH,
    MOST,
    MOST_FIRST,
    MOST_LAST,
    PARAGRAPH_BREAK,
    SWALLOWING,
    Block,
    Box,
    flat_text,
    is_bold_line,
    is_data,
    lines_of,
    spaced,
    swallows,
    thin,
)
from articles.compiled import native


class Walk(Protocol):
    """What reads bodies into blocks."""

    blocks: list[Block]

    def read(self, body: Any) -> None:
        """Read a body, or what stands for one."""


class PlainWalk:
    """One walk over the bodies of a page: the run that is being read, and the `blocks` so far."""

    __slots__ = ("anchors", "around", "blocks", "bold", "linked", "parts")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.anchors: list[Any] = []
        self.linked = self.bold = 0
        self.around: Sequence[Any] = ()  # the link that we are inside of: it may hold whole blocks

    def read(self, body: Any) -> None:
        """Read a body, or what stands for one."""
        box = Box(body, "body", None)
        if body.text:
            self.parts.append(body.text)
        self.inside(body, box, 0)
        if self.parts:
            self.flush(box)

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
                text = lines_of(text)
        else:
            text = spaced(text)
        if text:
            if self.around:
                block = Block(box, text, len(text), self.anchors or self.around, self.bold)
            else:
                block = Block(box, text, self.linked, self.anchors or (), self.bold)
            self.blocks.append(block)
            if len(self.blocks) > MOST:
                thin(self.blocks)
        if self.anchors:
            self.anchors = []
        self.linked = self.bold = 0

    def _split(self, box: Box, text: str) -> None:
        pieces = [piece for piece in map(lines_of, PARAGRAPH_BREAK.split(text)) if piece]
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
                        thin(self.blocks)
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
            elif tag in SWALLOWING and swallows(child):
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


WALK: Callable[[], Walk] = native.Walk if native else PlainWalk


def walk(tree: Any, by: Callable[[], Walk] = WALK) -> list[Block]:
    """The blocks of a page in order; of a page of far too many, the first and the last ones."""
    state = by()
    root = tree.find("body")
    for body in [tree] if root is None else tree.iterchildren("body", "frameset", "html"):
        state.read(body)
    blocks = state.blocks
    if max((len(block.text) for block in blocks), default=0) > LONGEST_WORD:
        blocks = [block for block in blocks if len(block.text) <= LONGEST_WORD or not is_data(block.text)]
    if len(blocks) > MOST_FIRST + MOST_LAST:
        thin(blocks)
    return blocks


def _is_frame(element: Any, box: Box) -> bool:
    """Whether a header or footer is the site's, not the article's: it stands outside of any, and holds none."""
    here: Box | None = box
    while here is not None:
        if here.tag in ARTICLE:
            return False
        here = here.parent
    return not swallows(element)
