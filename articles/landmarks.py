"""Landmarks: the blocks of a page that are labels, and where its article begins and ends."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from articles import labels
from articles.blocks import Block, Box

if TYPE_CHECKING:
    from articles.page import Page

HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "summary", "legend", "dt"))
LONGEST_OPENING = 45  # characters of a label that opens a longer text: "Read also: ..."


@dataclasses.dataclass(slots=True)
class Landmark:
    """A block that is a label, or that begins with one (`opening`), with the kinds of `articles.labels`."""

    index: int
    block: Block
    kinds: int
    opening: bool = False


@dataclasses.dataclass(slots=True)
class Landmarks:
    """All labels of a page in order; `start` and `end` are the first and last block that is likely body text."""

    found: list[Landmark]
    start: int
    end: int
    title: int  # index of the block that is the headline, -1 where none is
    kinds: dict[int, int]  # block's index -> kinds, for blocks that are a label and nothing else


def find_landmarks(page: Page) -> Landmarks:
    """Look every short text up among the labels, once for all fields."""
    table, longest = page.labels, labels.LONGEST
    plain = table is labels.table()  # no labels of the site's own
    found: list[Landmark] = []
    start = end = title = -1
    titles = {element for element, (verdict, _) in page.claims.items() if verdict == "title"}
    parted = _parting.search
    begun = not titles  # before the headline, only whole texts are labels
    for index, block in enumerate(page.blocks):
        text = block.text
        heading = block.tag in HEADING_TAGS
        if len(text) <= longest:
            kinds = labels.kinds(text) if plain else table.get(labels.fold(text), 0)
            if heading and begun and not kinds:
                kinds = labels.heading_kinds(text) or _first_tab(block, table)
            if kinds:
                found.append(Landmark(index, block, kinds))
                continue
        elif heading and (kinds := _opening(text, table) & labels.KEY_POINTS):
            found.append(Landmark(index, block, kinds))
            continue
        if not heading and block.probability >= 0.5:
            start, end = index if start < 0 else start, index
        if begun and (block.links or "\n" in text):
            kinds = _opening(text, table) if parted(text, 0, LONGEST_OPENING) else 0
            if not kinds and 25 <= len(text) < 300 and block.linked * 2 >= len(text):
                kinds = _first_piece(block, table)
            if kinds:
                found.append(Landmark(index, block, kinds, True))
        if title < 0 and block.element in titles:
            title, begun = index, True
    return Landmarks(found, start, end, title, {mark.index: mark.kinds for mark in found if not mark.opening})


def _first_tab(block: Block, table: Mapping[str, int]) -> int:
    """Kinds of the first of two headings that are the tabs of one box."""
    if block.links < 2:
        return 0
    return table.get(labels.fold(next(filter(str.strip, block.element.itertext()), "")), 0)


_parting = re.compile(r"[:\n：|»>】]| –")


def _opening(text: str, table: Mapping[str, int]) -> int:
    """Kinds of the label that a text begins with, before a colon or a line's end."""
    head = text[:LONGEST_OPENING]
    for mark in ("\n", ":", "：", " –", " |", "|", "»", ">", "】"):
        at = head.find(mark)
        if at > 1 and (kinds := table.get(labels.fold(head[:at]), 0)):
            return kinds
    return 0


def _first_piece(block: Block, table: Mapping[str, int]) -> int:
    """Kinds of the label that is the first element of a block with a link: <b>Read also</b> <a>...</a>."""
    element = block.element
    if not len(element):
        return 0
    first = (element.text or "").strip() or (element[0].text or "").strip()  # the commonest
    first = first or next(filter(None, map(str.strip, element.itertext())), "")
    return table.get(labels.fold(first), 0) if len(first) < LONGEST_OPENING else 0


def boxes_above(box: Box | None) -> list[Box]:
    """A box and all above it, innermost first."""
    path = []
    while box is not None:
        path.append(box)
        box = box.parent
    return path


def common(one: Box, other: Box) -> Box | None:
    """The innermost box that holds both."""
    above = set(boxes_above(one))
    return next((box for box in boxes_above(other) if box in above), None)


def child_towards(outer: Box, inner: Box) -> Box | None:
    """The box right beneath `outer` that holds `inner`; None where `inner` is `outer` or outside of it."""
    here: Box | None = inner
    while here is not None and here.parent is not outer:
        here = here.parent
    return here


def inside(outer: Box, inner: Box) -> bool:
    """Whether a box is `outer` or within it."""
    here: Box | None = inner
    while here is not None and here is not outer:
        here = here.parent
    return here is not None
