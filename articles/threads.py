"""Threads of comments, told by their structure: boxes side by side behind the text, each with a name and a time."""

from __future__ import annotations

import re

from articles.blocks import Block, Box
from articles.lexicon import kinds, word_mask
from articles.page import Page

LONGEST_HEAD = 80  # characters of a line with a name and a time
LONGEST_NAME = 36  # characters
LONGEST_LABEL = 60  # characters of a line above the thread
NEAR_LABEL = 40  # blocks between that line and the first comment: a form and its notes
ARTICLE = 200  # characters of likely text that stand before the first comment
LIKELY = 0.6  # probability of it
POSSIBLE = 0.25  # probability from which a block may be taken for text
NEAR_TEXT = 4  # blocks between a line with a time and the comment
HIGHEST = 6  # boxes between the time and the comment's own box
FEWEST, FEWEST_LABELLED = 3, 2  # comments
SHARE = 0.6  # of the boxes side by side, those that are comments
NOT_HERE = frozenset(("table", "td", "th", "tr", "tbody", "figure", "nav", "header", "blockquote"))
_COMMENT = kinds("comment")
# Beginning at a digit, so that a search is quick: 13:10, 13h10, 1 pm, 2024-05-04, 4.5.2024, 4 May 2024, (May) 4, 2024,
# 3 hours ago in the ways of several languages.
_when = re.compile(
    r"[0-9]+(?:\s?[:hH]\s?[0-5][0-9](?![0-9])|\s?[apAP]\.?[mM]\b|[-/.年]\s?[0-9]{1,2}[-/.月]\s?[0-9]{1,4}"
    r"|(?:st|nd|rd|th|\.)?,?\s(?:de\s)?[^\W\d_]{3,10}\.?,?\s(?:de\s)?(?:19|20)[0-9]{2}\b"
    r"|(?P<month>(?:st|nd|rd|th)?,?\s(?:19|20)[0-9]{2}\b)"
    r"|\+?\s?[^\W\d_]{1,8}\.?\s?(?:ago|geleden|sedan|siden|sitten|temu|назад|тому|önce|atrás|fa)\b"
    r"|\s?(?:秒|分|分钟|分鐘|小时|小時|時間|天|日|週|周|个?月|年|초|분|시간|일|주|개월|년)\s?[前전])"
)
_since = re.compile(r"\b(?:[Vv]or|[Hh]ace|[Ii]l y a|[Hh]á)\s[0-9]")
_digit = re.compile(r"\d").search
_around_names = " \t\n,.:;·•|–—-()[]#/"
_said = re.compile(
    r"\b(?:says?|said|wrote|writes|sagt|schrieb|schreibt|meint|a écrit|dit|dice|пишет|пише|at|um|on|am|à)\b:?", re.I
)


def comments(page: Page) -> list[Block]:
    """The blocks of a thread of comments behind the text; none where the page's text itself is made like one.

    A comment is a box that has boxes like it beside it, most of them with a line that says when, and a short name
    right before that time, not the same one in all. Three are enough, two below a line that speaks of comments.
    """
    blocks = page.blocks
    begin = _behind_text(page)
    if not _is_worth_a_look(blocks, begin):
        return []
    behind = [at for at in range(begin, len(blocks)) if _says_when(blocks[at])]
    above = _boxes_around(blocks[page.headline].box)
    label = _label(blocks, begin, behind[0])
    places = [at for at in range(page.headline + 1, begin) if _says_when(blocks[at])] + behind
    found: dict[Box, dict[Box, str]] = {}  # the box around a thread -> its comments with their names
    for at in places:
        name = _name(blocks, at)
        inner, outer = blocks[at].box, blocks[at].box.parent
        for _ in range(HIGHEST if name else 0):
            if outer is None or inner in above or inner.tag in NOT_HERE:
                break
            found.setdefault(outer, {}).setdefault(inner, name)
            inner, outer = outer, outer.parent
    threads = {outer: inner for outer, inner in found.items() if len(inner) >= (FEWEST_LABELLED if label else FEWEST)}
    return _of_threads(blocks[page.headline + 1 :], begin - page.headline - 1, threads) if threads else []


def _of_threads(blocks: list[Block], begin: int, threads: dict[Box, dict[Box, str]]) -> list[Block]:
    """The blocks within those boxes that are comments once one has looked at all that stands in them. Where what
    stands before `begin` is made like them, the page is a forum's, and they are its text."""
    beside: dict[Box, dict[Box, list[Block]]] = {outer: {} for outer in threads}  # boxes with text, in page order
    text: set[Box] = set()  # boxes that begin with the text
    for at, block in enumerate(blocks):
        box: Box | None = block.box
        while box is not None:
            if box.parent in beside:
                beside[box.parent].setdefault(box, []).append(block)
                if at < begin:
                    text.add(box)
            box = box.parent
    chosen: set[int] = set()
    for outer, units in threads.items():
        held = beside[outer]
        told = [box for box in units if _is_comment(held[box])]
        if not text.isdisjoint(told) or len({units[box] for box in told}) < 2:
            continue
        boxes = list(held)
        between = boxes[boxes.index(told[0]) : boxes.index(told[-1]) + 1]
        if len(told) >= max(FEWEST_LABELLED, SHARE * len(between)):
            chosen.update(id(block) for box in between for block in held[box])
    return [block for block in blocks if id(block) in chosen]


def _is_comment(blocks: list[Block]) -> bool:
    """Whether what stands in a box is a line with a time and something said, without a heading of its own."""
    said = sum(len(block.text) - block.linked for block in blocks if not _says_when(block))
    return said > LONGEST_NAME and not any(block.tag in ("h1", "h2", "h3") for block in blocks)


def _behind_text(page: Page) -> int:
    """The place behind which enough likely text has been said for an article."""
    size = 0
    for at in range(page.headline + 1, len(page.blocks)):
        block = page.blocks[at]
        if block.probability >= LIKELY:
            size += len(block.text) - block.linked
            if size >= ARTICLE:
                return at + 1
    return len(page.blocks)


def _is_worth_a_look(blocks: list[Block], begin: int) -> bool:
    """Whether lines that say when stand close before what may be taken for text; on most pages none does, and whatever
    stands there is noise in any case."""
    count, seen = 0, begin
    for at in range(begin, len(blocks)):
        if blocks[at].probability >= POSSIBLE:
            for before in range(max(at - NEAR_TEXT, seen), at + 1):
                count += _says_when(blocks[before])
            if count >= FEWEST_LABELLED:
                return True
            seen = at + 1
    return False


def _says_when(block: Block) -> bool:
    """Whether a line is short and says when."""
    text = block.text
    return len(text) <= LONGEST_HEAD and bool(_digit(text)) and _time(text) >= 0 and block.tag not in NOT_HERE


def _time(text: str) -> int:
    """Where a time or a date begins in a line; -1 where there is none.

    >>> [_time(text) for text in ("Ann Lee 3 hours ago", "Ann Lee May 4, 2024", "Ann Lee vor 3 Tagen", "4 cats")]
    [8, 8, 8, -1]
    """
    found = _when.search(text)
    if found is None:
        since = _since.search(text)
        return since.start() if since else -1
    if found["month"]:
        before = text[: found.start()].rstrip()
        return max(before.rfind(" "), before.rfind("\n")) + 1
    since = _since.search(text, 0, found.start() + 1)
    return since.start() if since else found.start()


def _name(blocks: list[Block], at: int) -> str:
    """The name in a line before its time, or else the line right before it; empty where that is no name.

    >>> from articles.page import Page
    >>> _name(Page(b"<p>Ann Lee says:<p>4 May 2024, 13:10", "").blocks, 1)
    'Ann Lee'
    """
    text = blocks[at].text
    name = _bare(text[: max(_time(text), 0)])
    if not name and at:
        name = _bare(blocks[at - 1].text) if len(blocks[at - 1].text) <= LONGEST_HEAD else ""
    if not 1 < len(name) <= LONGEST_NAME or len(name.split()) > 4 or name[-1] in ".!?…":
        return ""
    return name if any(map(str.isalpha, name)) else ""


def _bare(text: str) -> str:
    return _said.sub("", text).strip(_around_names)


def _label(blocks: list[Block], begin: int, first: int) -> bool:
    """Whether a short line somewhat above the first comment speaks of comments."""
    lines = blocks[max(begin, first - NEAR_LABEL) : first]
    return any(len(block.text) <= LONGEST_LABEL and word_mask(block.text) & _COMMENT for block in lines)


def _boxes_around(box: Box | None) -> set[Box]:
    around = set()
    while box is not None:
        around.add(box)
        box = box.parent
    return around
