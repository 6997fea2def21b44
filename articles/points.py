"""Points: the texts of lists and boxes, one a point, from the blocks of a page."""

from __future__ import annotations

import re
from typing import Any

from articles import labels
from articles.blocks import Block, Box
from articles.landmarks import HEADING_TAGS, boxes_above, child_towards, inside

Points = list[tuple[str, list[Block]]]  # each point's text with its blocks

LISTS = frozenset(("ul", "ol", "dl"))
MOST_POINTS = 15
LONGEST_LEAD = 320
STOPS = (".", "!", "?", "…", "。", "！", "？", "।", "։", "۔", ".”", ".»", '."')
_wide = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
BULLET = re.compile(r"^(?:[-–—•·●▪■◆►▶→»*✓✔✅+▸‣⁃■□○◦]+|\(?\d{1,2}[.)、）])\s*")


def first_list(blocks: list[Block], start: int, holder: Box) -> tuple[int, Box | None]:
    """The first list beneath a label: right after it, or after a line or two such as "made by a machine"."""
    for index in range(start, min(start + 3, len(blocks))):
        if not inside(holder, blocks[index].box) or blocks[index].tag in HEADING_TAGS:
            break
        listed = list_around(blocks[index].box, holder)
        if listed is not None or len(blocks[index].text) > 120:
            return index, listed
    return start, None


def more_lists(blocks: list[Block], points: Points, holder: Box) -> Points:
    """The points of further lists that follow the first one without a text between."""
    more: Points = []
    if points:
        index = blocks.index(points[-1][1][-1]) + 1
        while len(more) < MOST_POINTS and index < len(blocks) and inside(holder, blocks[index].box):
            listed = list_around(blocks[index].box, holder)
            if listed is None or not (found := grouped(blocks, index, listed)):
                break
            more += found
            index += sum(len(part) for _, part in found)
    return more


def list_around(box: Box, holder: Box) -> Box | None:
    """The outermost list around a box, beneath the holder."""
    found = None
    for above in boxes_above(box):
        if above is holder:
            break
        if above.tag in LISTS:
            found = above
    return found


def grouped(blocks: list[Block], start: int, holder: Box) -> Points:
    """The blocks from `start` on that lie in `holder`, those of one child of it joined to a point."""
    points: Points = []
    last: Box | None = None
    for block in blocks[start : start + 60]:
        if not inside(holder, block.box):
            break
        item = child_towards(holder, block.box) or block.box
        text = clean(block.text)
        if not text or block.tag == "dt":
            continue
        if item is last and item is not holder:
            before = "" if points[-1][0].isdigit() else f"{points[-1][0]} "  # a number that is drawn as text
            points[-1] = (before + text, [*points[-1][1], block])
        else:
            points.append((text, [block]))
        last = item
    while len(points) > 1 and labels.kinds(points[-1][0]):
        points.pop()
    return [point for point in points if not is_promotion(point[1])]


def is_promotion(blocks: list[Block]) -> bool:
    """Whether an item is nothing but a link out of the page's text."""
    size = sum(len(block.text) for block in blocks)
    return sum(block.linked for block in blocks) >= 0.9 * size and not all(map(goes_within, blocks))


def goes_within(block: Block) -> bool:
    """Whether a block has links, and only such as lead to another place of the same page."""
    hrefs = [link.get("href") or "" for link in block.anchors]
    return bool(hrefs) and all(href.startswith("#") for href in hrefs)


def clean(text: str) -> str:
    """A point without the bullet that is drawn in its text.

    >>> clean("• A point"), clean("1. Another")
    ('A point', 'Another')
    """
    return " ".join(BULLET.sub("", text).split())


def to_claim(blocks: list[Block], index: int, holder: Box, listed: Box, points: Points) -> list[Any]:
    """The whole box where it holds nothing else but a few words, else the label and the list."""
    own = sum(len(text) for text, _ in points) + len(blocks[index].text)
    size, at = 0, index
    while at >= 0 and inside(holder, blocks[at].box):
        size, at = size + len(blocks[at].text), at - 1
    at = index + 1
    while at < len(blocks) and size < own + 400 and inside(holder, blocks[at].box):
        size, at = size + len(blocks[at].text), at + 1
    if size < own + 200 and holder.parent is not None:
        return [holder.element]
    label = child_towards(holder, blocks[index].box)
    return [blocks[index].element if label is None else label.element, listed.element]


def is_last(blocks: list[Block], index: int, holder: Box, child: Box) -> bool:
    """Whether nothing follows a child within its holder."""
    while index < len(blocks) and inside(child, blocks[index].box):
        index += 1
    return index >= len(blocks) or not inside(holder, blocks[index].box)


def bulleted_siblings(blocks: list[Block], index: int, holder: Box) -> Points:
    """Paragraphs that begin with a bullet drawn as text, right after the label."""
    points: Points = []
    for block in blocks[index + 1 : index + 1 + MOST_POINTS]:
        if not inside(holder, block.box) or not BULLET.match(block.text):
            break
        lines = block.text.split("\n")
        points.extend((clean(line), [block]) for line in lines)
    return points


def in_list(points: Points) -> bool:
    """Say whether the points stand in a list element."""
    return any(box.tag in LISTS for box in boxes_above(points[0][1][0].box)[:4])


def size(text: str) -> int:
    """Length of a text in letters of an alphabet: a character of Chinese or Japanese says as much as two or three."""
    return len(text) if text.isascii() else len(text) + int(1.5 * len(_wide.findall(text)))


def linked(points: Points) -> float:
    """Share of the text that links to other pages."""
    blocks = [block for _, found in points for block in found]
    if all(goes_within(block) for block in blocks):
        return 0.0
    return sum(block.linked for block in blocks) / (sum(len(block.text) for block in blocks) or 1)


def is_amid(blocks: list[Block], index: int) -> bool:
    """Whether running text stands before a block in the same element."""
    box = blocks[index].box
    before = blocks[max(0, index - 20) : index] if box.size > 1 else ()
    return any(block.box is box and block.probability >= 0.5 and len(block.text) > 80 for block in before)


def are_sentences(points: Points, lead: Block) -> bool:
    """Whether a few bullets are sentences of their own that follow a short first paragraph, which is the lead then."""
    texts = [text for text, _ in points]
    return (
        len(lead.text) <= LONGEST_LEAD
        and not lead.links
        and len(texts) <= 5
        and not any(block.links for _, found in points for block in found)
        and all(text.endswith(STOPS) and not text[0].islower() for text in texts)
    )
