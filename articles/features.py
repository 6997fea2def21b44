"""Features: what a block and its surroundings look like, as the rows of a matrix for the classifier."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

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
HINT_BYTES = (hints.WIDTH + 7) // 8
LEXICON_BYTES = (KINDS + 7) // 8
LONGEST_PLAIN = 3000  # characters of a block that weigh
LONGEST_LEXICAL = 400  # characters; noise lines are short
_TAG_ROWS = np.eye(OTHER_TAG + 1, dtype=np.float32)
_ENDS = (".", "!", "?", "。", "！", "？", "”", '"', "»", ":", "։", "؟", "।", "…", ")")
_TRAILING = ("...", "…", "»", ">", "→")
_OPENING = frozenset("\"“„«'‘—–-")
_TITLE = 1 << hints.NAMES.index("title")


def features(page: Page, blocks: list[Block]) -> tuple[Any, Any]:
    """One row a block, float32, every column in about -1..1; and the rows of `groups`."""
    place = headline(page, blocks)
    together = groups(blocks, blocks[place])
    tags = _TAG_ROWS[[TAGS.get(block.tag, OTHER_TAG) for block in blocks]]
    own = _bits([block.box.own for block in blocks], HINT_BYTES)
    above = _bits([block.box.bits for block in blocks], HINT_BYTES)
    words = _bits([_words(block.text) for block in blocks], LEXICON_BYTES)
    numeric = _numeric(page, blocks, place, together)
    return np.concatenate((numeric, tags, own, above, words), axis=1), together


def _words(text: str) -> int:
    return word_mask(text) if len(text) < LONGEST_LEXICAL else 0


def _bits(masks: list[int], width: int) -> Any:
    """Integers as rows of their bits."""
    packed = b"".join([mask.to_bytes(width, "little") for mask in masks])
    rows = np.frombuffer(packed, np.uint8).reshape(len(masks), width)
    return np.unpackbits(rows, axis=1, bitorder="little").astype(np.float32)


def _numeric(page: Page, blocks: list[Block], place: int, together: Any) -> Any:
    """The columns that are measured: the text itself, its place, and the sums of what it stands with."""
    texts = np.array([_text_counts(block) for block in blocks], np.float32)
    size, linked, links, bold, words, ends, commas = texts[:, :7].T
    plain = np.clip(size - linked, 0, LONGEST_PLAIN)
    heaviest = blocks[_heaviest(together[1], plain)]
    where = np.array(_places(page, blocks, blocks[place], heaviest), np.float32)
    depth, shared, near = where[:, :3].T
    index = np.arange(len(blocks), dtype=np.float32)
    since = index - place
    repeats = Counter(block.text for block in blocks)
    columns = [
        np.log1p(np.minimum(size, LONGEST_PLAIN)) / 7,
        np.log1p(plain) / 7,
        linked / size,
        np.minimum(links, 5) / 5,
        np.minimum(bold / size, 1),
        np.minimum(words, 100) / 100,
        words / size * 5,
        np.minimum(ends, 5) / 5,
        np.minimum(commas, 5) / 5,
        np.minimum([repeats[block.text] for block in blocks], 4) / 4,
        index / len(blocks),
        (np.cumsum(plain) - plain) / max(float(plain.sum()), 1),
        since > 0,
        since == 0,
        1 / (1 + np.abs(since)),
        np.minimum(np.abs(since), 100) / 100,
        np.minimum(depth, 40) / 40,
        shared / np.maximum(depth, 1),
        np.minimum(depth - shared, 10) / 10,
        np.minimum(shared, 30) / 30,
        near / np.maximum(depth, 1),
        np.minimum(depth - near, 10) / 10,
        *_sums(together, plain, linked),
    ]
    return np.concatenate((np.stack(columns, axis=1, dtype=np.float32), texts[:, 7:], where[:, 3:]), axis=1)


def _heaviest(holders: Any, plain: Any) -> int:
    """Index of the longest block of the container with most text."""
    weight = np.bincount(holders, np.minimum(plain, 1000))
    return int(np.argmax(plain * (holders == np.argmax(weight))))


def _text_counts(block: Block) -> tuple[float, ...]:
    text = block.text
    spaces = text.count(" ")
    first = text[0]
    ends = text.count(". ") + text.count("? ") + text.count("! ") if spaces else 0
    return (
        len(text),
        block.linked,
        block.links,
        block.bold,
        spaces + 1,
        ends + text.count("。"),
        text.count(",") + text.count("，"),
        text.endswith(_ENDS),
        text.endswith(_TRAILING),
        text.endswith(":"),
        first.islower(),
        text.isupper(),
        first in _OPENING,
        first.isdigit(),
        "\n" in text,
        "|" in text,
        "©" in text or "@" in text,
    )


def _places(page: Page, blocks: list[Block], title: Block, heaviest: Block) -> list[tuple[float, ...]]:
    """Where each block stands to the headline, to the most text, and to what the page declares."""
    described = " ".join(page.meta.get("og:description", [""])[0].split())[:60]
    declared = declared_body(page)
    known, main = _chain(title.box), _chain(heaviest.box)
    last: Box | None = None
    rows: list[tuple[float, ...]] = []
    for block in blocks:
        box, text = block.box, block.text
        parent = box.parent
        rows.append(
            (
                box.depth,
                _shared(box, known),
                _shared(box, main),
                box.article is title.box.article,
                box.article is heaviest.box.article,
                box.article is not None,
                parent is last,
                text == title.text,
                bool(described) and text.startswith(described),
                (1 if text[:200] in declared else -1) if declared else 0,
                block.run > 0,
            )
        )
        last = parent
    return rows


def _chain(box: Box | None) -> dict[Box, int]:
    """The boxes above the headline with their depths."""
    chain = {}
    while box is not None:
        chain[box] = box.depth
        box = box.parent
    return chain


def _shared(box: Box, known: dict[Box, int]) -> int:
    """Depth of the nearest box that is above both a block and the headline; `known` remembers."""
    path = []
    here: Box | None = box
    while here is not None and here not in known:
        path.append(here)
        here = here.parent
    depth = 0 if here is None else known[here]
    for each in path:
        known[each] = depth
    return depth


def groups(blocks: list[Block], title: Block) -> Any:
    """For each block the numbers of what it stands with, as rows: its look (tags and classes), its container, its
    container's container, and the branch of the tree that leaves the headline's line of ancestors."""
    line = _chain(title.box)
    seen: tuple[dict[Any, int], ...] = ({}, {}, {}, {})
    branches: dict[Box, Box] = {}
    found = []
    for block in blocks:
        box = block.box
        parent = box.parent or box
        holder = box if box.size > 1 else parent
        keys = ((box.tag, box.name, parent.tag, parent.name), holder, holder.parent, _branch(box, line, branches))
        found.append([known.setdefault(key, len(known)) for known, key in zip(seen, keys, strict=True)])
    return np.array(found).T


def _branch(box: Box, line: dict[Box, int], known: dict[Box, Box]) -> Box:
    """The highest box above a block (or the block's own) that is not above the headline, too."""
    path = []
    here = box
    while here not in line and here not in known:
        path.append(here)
        if here.parent is None:
            break
        here = here.parent
    top = known[here] if here in known else path[-1] if path else here
    known.update(dict.fromkeys(path, top))
    return top


def _sums(groups: Any, plain: Any, linked: Any) -> list[Any]:
    """How much text outside and inside links each block's groups hold, beside the page's largest group."""
    columns = []
    for numbers in groups:
        text = np.bincount(numbers, plain)
        link = np.bincount(numbers, linked)
        count = np.bincount(numbers)
        most = max(float(text.max()), 1)
        shares = (np.log1p(text) / 10, text / most, link / (text + link + 1), np.log1p(count) / 5)
        columns += [share[numbers] for share in shares]
    return columns


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
