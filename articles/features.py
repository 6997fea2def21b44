"""Features: what a block and its surroundings look like, as the rows of a matrix for the classifier.

A page has about 130 blocks and a millisecond for everything, so what belongs to a container is worked out once for
each container, yes-or-no columns are bits of integers, and numbers become columns many at a time.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from articles import hints
from articles.lexicon import KINDS, word_mask

if TYPE_CHECKING:
    from articles.blocks import Block, Box
    from articles.page import Page

TAGS = {
    tag: index
    for index, names in enumerate(
        (
            "p",
            "h1",
            "h2",
            "h3",
            "h4 h5 h6",
            "li",
            "td th",
            "div",
            "blockquote",
            "figcaption caption",
            "dt dd",
            "section article",
            "pre",
        )
    )
    for tag in names.split()
}
OTHER_TAG = len(set(TAGS.values()))
BITS = 64  # columns of each of the two integers of a block: the hints of its element and of those around it, its text's
LONGEST_PLAIN = 3000  # characters of a block that weigh
MOST_LINES = 20_000  # short lines that are remembered, a few megabytes
LONGEST_LEXICAL, LEXICAL = 200, 120  # characters: a line of noise is short, and says so early
_ENDS = frozenset('.!?。！？”"»:։؟।…)')
_TRAILING = frozenset("…»>→")
_OPENING = frozenset("\"“„«'‘—–-")
_TITLE = 1 << hints.NAMES.index("title")
_OTHER, LEXICON_FROM = 1 << OTHER_TAG, OTHER_TAG + 1
_TAG = {tag: 1 << number for tag, number in TAGS.items()}
_FLAGS = OTHER_TAG + 1 + KINDS  # the first bit that is not the tag's or the lexicon's
(_LOWER, _OPENS, _DIGIT, _END, _TRAIL, _COLON, _LINES, _BAR, _SIGN, _RUN, _IS_TITLE, _DESCRIBED, _IN, _OUT) = (
    1 << (_FLAGS + number) for number in range(14)
)


class _Edges(dict[str, int]):
    """Bits of a text's first character; worked out once for each character."""

    def __missing__(self, first: str) -> int:
        bits = _LOWER * first.islower() | _OPENS * (first in _OPENING) | _DIGIT * first.isdigit()
        if len(self) < 5000:
            self[first] = bits
        return bits


_FIRST = _Edges()
_LAST = {
    last: _END * (last in _ENDS) | _TRAIL * (last in _TRAILING) | _COLON * (last == ":") for last in _ENDS | _TRAILING
}


class Look(NamedTuple):
    """What the classifier looks at, one row a block.

    `numbers` are float32 columns of about -1..1. `bits` are columns of 0 and 1, kept as `known`, the different rows of
    each kind as 64-bit integers, and `places`, the number of each block's row in them: few of a page's are different.
    `groups` are the numbers of the groups that each block stands in, one row a kind of group: what looks like it, its
    container, the container around that, its branch.
    """

    numbers: Any
    known: tuple[Any, Any]  # of the hints, of the text
    places: Any  # shape (blocks, 2)
    groups: Any

    def matrix(self) -> Any:
        """All columns beside each other, as training takes them."""
        bits = [unpacked(known)[place] for known, place in zip(self.known, self.places.T, strict=True)]
        return np.concatenate((self.numbers, *bits), axis=1, dtype=np.float32)


def unpacked(known: Any) -> Any:
    """The bits of 64-bit integers as columns of 0 and 1, the lowest first."""
    return np.unpackbits(known.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")


def look(page: Page, blocks: list[Block]) -> Look:
    """Look at every block of a page and at what stands around it."""
    place = page.headline = headline(page, blocks)
    looks, holders, numbers = _containers(blocks)
    around = _around(holders, blocks[place].box)
    together = np.concatenate((looks[None], numbers[None], around[:2, numbers]))
    counts, known, places = _texts(page, blocks, blocks[place].text)
    numeric = _numeric(blocks, counts, together, place)
    where = _where(around)[numbers]
    return Look(np.concatenate((numeric, where), axis=1, dtype=np.float32), known, places, together)


def _containers(blocks: list[Block]) -> tuple[Any, list[Box], Any]:
    """The number of each block's look, the containers, and the number of each block's container.

    A look is a tag and a class with the tag and class around them. A container is the box around a block's own, or
    its own where that holds several runs of text.
    """
    looks: dict[Any, int] = {}
    known: dict[Box, int] = {}
    found: list[int] = []
    numbers: list[int] = []
    for block in blocks:
        box = block.box
        parent = box.parent or box
        found.append(looks.setdefault((box.tag, box.name, parent.tag, parent.name), len(looks)))
        numbers.append(known.setdefault(box if box.size > 1 else parent, len(known)))
    return np.array(found), list(known), np.array(numbers)


def _around(holders: list[Box], title: Box) -> Any:
    """For each container, as rows: the number of the container around it, that of its branch, how deep it is, how deep
    what it shares with the headline is, and whether it is in the headline's <article>, and in one at all.

    A branch is the highest box above a box (or the box itself) that is not above the headline, too.
    """
    known: dict[Box, tuple[int, Box | None]] = {box: (depth, None) for box, depth in _chain(title).items()}
    uppers, tops = dict[Any, int](), dict[Any, int]()
    own = title.article
    flat: list[int] = []
    for box in holders:
        path = []
        here: Box | None = box
        while here is not None and here not in known:
            path.append(here)
            here = here.parent
        depth, top = (0, None) if here is None else known[here]
        if path:
            top = top or path[-1]
            for each in path:
                known[each] = depth, top
        flat += (
            uppers.setdefault(box.parent, len(uppers)),
            tops.setdefault(top or box, len(tops)),
            box.depth,
            depth,
            (article := box.article) is own,
            article is not None,
        )
    return np.array(flat).reshape(-1, 6).T


def _where(around: Any) -> Any:
    """Where each container stands to the headline, as columns."""
    _, _, depth, shared, own, inside = around
    columns = (
        np.minimum(depth, 40) / 40,
        shared / np.maximum(depth, 1),
        np.minimum(depth - shared, 10) / 10,
        np.minimum(shared, 30) / 30,
        own,
        inside,
    )
    return np.stack(columns, axis=1)


def _texts(page: Page, blocks: list[Block], title: str) -> tuple[Any, tuple[Any, Any], Any]:
    """Characters, those outside links and those in bold of each block, capped; and the hints of its element and those
    around it, and what is true of its text, as `Look` keeps them."""
    description, declared = described(page), within(page)
    flat: list[int] = []
    places: list[int] = []
    above: dict[int, int] = {}
    masks: dict[int, int] = {}
    for block in blocks:
        text, box = block.text, block.box
        size = len(text)
        line = _LINES_KNOWN.get(text)
        mask = _line(text) if line is None else line
        flat += (size, size - block.linked, block.bold)
        mask |= _TAG.get(block.tag, _OTHER)
        if block.run:
            mask |= _RUN
        if text == title:
            mask |= _IS_TITLE
        if description and text.startswith(description):
            mask |= _DESCRIBED
        if declared is not None:
            mask |= _IN if declared.holds(text[:200]) else _OUT
        places += (above.setdefault(box.bits, len(above)), masks.setdefault(mask, len(masks)))
    counts = np.frombuffer(array("i", flat), np.int32).reshape(-1, 3)
    known = np.frombuffer(array("Q", above), np.uint64), np.frombuffer(array("Q", masks), np.uint64)
    return np.clip(counts, 0, LONGEST_PLAIN), known, np.array(places).reshape(-1, 2)


def described(page: Page) -> str:
    """How the page's description of itself begins."""
    return " ".join(page.meta.get("og:description", [""])[0].split())[:60]


def within(page: Page) -> Within | None:
    """The text that the page declares to be its body, to ask for others in it."""
    declared = declared_body(page)
    return Within(declared) if declared else None


class Within:
    """A long text in which others are looked for, most of which are not there: by their words first."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._words = frozenset(text.split(" "))
        self._each_once = f" {' '.join(self._words)} "

    def holds(self, text: str) -> bool:
        """Whether a text of single spaces stands in the long one; those in its order are found fastest."""
        words = text.split(" ")
        if len(words) == 1:
            return text in self._each_once
        if len(words) == 2:
            if f"{words[0]} " not in self._each_once or f" {words[1]}" not in self._each_once:
                return False
        elif not self._words.issuperset(words[1:-1]):
            return False
        at = self._text.find(text, self._at)
        if at < 0:
            at = self._text.find(text, 0, self._at + len(text))
        self._at = max(at, 0)
        return at >= 0


def _line(text: str, words: Callable[[str], int] = word_mask) -> int:
    """What is true of a text by itself, as bits. Short lines are remembered: a site's menus stand on each of its
    pages."""
    mask = _FIRST[text[0]] | _LAST.get(text[-1], 0)
    if len(text) >= LONGEST_LEXICAL:
        return mask
    signs = _LINES * ("\n" in text) | _BAR * ("|" in text) | _SIGN * ("©" in text or "@" in text)
    line = mask | words(text[:LEXICAL]) << LEXICON_FROM | signs
    if len(_LINES_KNOWN) >= MOST_LINES:
        _LINES_KNOWN.clear()
    _LINES_KNOWN[text] = line
    return line


_LINES_KNOWN: dict[str, int] = {}


def _numeric(blocks: list[Block], counts: Any, together: Any, place: int) -> Any:
    """The columns that are measured: the text itself, its place, and the sums of what it stands with."""
    size, plain, bold = counts.T
    total = len(blocks)
    index = np.arange(total, dtype=np.float32)
    since = index - place
    before = np.cumsum(plain)
    repeats = Counter([block.text for block in blocks])
    often = [repeats[block.text] for block in blocks] if len(repeats) < total else 1
    far = np.abs(since)
    columns = np.empty((total, 12), np.float32)
    columns[:, 0] = size / 1000
    columns[:, 1] = plain / 1000
    columns[:, 2] = np.log1p(plain) / 7
    columns[:, 3] = 1 - plain / size
    columns[:, 4] = bold / size
    columns[:, 5] = np.minimum(often, 4) / 4
    columns[:, 6] = index / total
    columns[:, 7] = (before - plain) / max(float(before[-1]), 1)
    columns[:, 8] = since > 0
    columns[:, 9] = since == 0
    columns[:, 10] = 1 / (1 + far)
    columns[:, 11] = np.minimum(far, 100) / 100
    return np.concatenate((columns, _sums(together, plain, size - plain)), axis=1)


def _sums(together: Any, plain: Any, linked: Any) -> Any:
    """How much text outside and inside links each block's groups hold, beside the page's largest group."""
    kinds, total = together.shape
    numbers = (together + np.arange(0, kinds * total, total)[:, None]).ravel()
    text = np.bincount(numbers, np.tile(plain, kinds), kinds * total).reshape(kinds, total)
    link = np.bincount(numbers, np.tile(linked, kinds), kinds * total).reshape(kinds, total)
    count = np.bincount(numbers, minlength=kinds * total).reshape(kinds, total)
    most = np.maximum(text.max(axis=1, keepdims=True), 1)
    shares = np.stack((np.log1p(text) / 10, text / most, link / (text + link + 1), np.log1p(count) / 5), axis=2)
    return shares.reshape(kinds * total, 4)[numbers].reshape(kinds, total, 4).transpose(1, 0, 2).reshape(total, -1)


def _chain(box: Box | None) -> dict[Box, int]:
    """The boxes above a block with their depths."""
    chain = {}
    while box is not None:
        chain[box] = box.depth
        box = box.parent
    return chain


def headline(page: Page, blocks: list[Block]) -> int:
    """Index of the block that is the headline; of the first h1, or 0, where none is like the page's title."""
    title = " ".join([*page.meta.get("og:title", [])[:1], *page.marks.titles[:1]])
    first = -1
    for index, block in enumerate(blocks):
        if block.tag in ("h1", "h2", "h3") or block.box.bits & _TITLE:
            if len(block.text) > 8 and block.text in title:
                return index
            if first < 0 and block.tag == "h1":
                first = index
    return max(first, 0)


def declared_body(page: Page) -> str:
    """The text that the page's JSON-LD declares to be its body, if it is long enough to judge blocks by."""
    body = page.structured.article.get("articleBody") if page.structured.article else None
    return " ".join(body.split()) if isinstance(body, str) and len(body) > 300 else ""
