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


def features(page: Page, blocks: list[Block]) -> Any:
    """One row a block, float32; every column in about -1..1."""
    tags = _TAG_ROWS[[TAGS.get(block.tag, OTHER_TAG) for block in blocks]]
    own = _bits([block.box.own for block in blocks], HINT_BYTES)
    above = _bits([block.box.bits for block in blocks], HINT_BYTES)
    words = _bits([_words(block.text) for block in blocks], LEXICON_BYTES)
    return np.concatenate((_numeric(page, blocks), tags, own, above, words), axis=1)


def _words(text: str) -> int:
    return word_mask(text) if len(text) < LONGEST_LEXICAL else 0


def _bits(masks: list[int], width: int) -> Any:
    """Integers as rows of their bits."""
    packed = b"".join([mask.to_bytes(width, "little") for mask in masks])
    rows = np.frombuffer(packed, np.uint8).reshape(len(masks), width)
    return np.unpackbits(rows, axis=1, bitorder="little").astype(np.float32)


def _numeric(page: Page, blocks: list[Block]) -> Any:
    """The columns that are measured: the text itself, its place, and the sums of what it stands with."""
    place = headline(page, blocks)
    texts = np.array([_text_counts(block) for block in blocks], np.float32)
    size, linked, links, bold, words, ends, commas = texts[:, :7].T
    plain = np.clip(size - linked, 0, LONGEST_PLAIN)
    where = np.array(_places(page, blocks, blocks[place]), np.float32)
    depth, shared = where[:, :2].T
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
        *_sums(_groups(blocks), plain, linked),
    ]
    return np.concatenate((np.stack(columns, axis=1, dtype=np.float32), texts[:, 7:], where[:, 2:]), axis=1)


def _text_counts(block: Block) -> tuple[float, ...]:
    text = block.text
    return (
        len(text),
        block.linked,
        block.links,
        block.bold,
        text.count(" ") + 1,
        text.count(". ") + text.count("。") + text.count("? ") + text.count("! "),
        text.count(",") + text.count("，"),
        text.endswith(_ENDS),
        text.endswith(_TRAILING),
        text.endswith(":"),
        text[0].islower(),
        text.isupper(),
        text[0] in _OPENING,
        text[0].isdigit(),
        "\n" in text,
        "|" in text,
        "©" in text or "@" in text,
    )


def _places(page: Page, blocks: list[Block], title: Block) -> list[tuple[float, ...]]:
    """Where each block stands to the headline and to what the page declares."""
    described = " ".join(page.meta.get("og:description", [""])[0].split())[:60]
    declared = declared_body(page)
    known = _chain(title.box)
    last: Box | None = None
    rows: list[tuple[float, ...]] = []
    for block in blocks:
        box, text = block.box, block.text
        parent = box.parent
        rows.append(
            (
                box.depth,
                _shared(box, known),
                box.article is title.box.article,
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


def _groups(blocks: list[Block]) -> list[list[int]]:
    """For each block the number of its look (tags and classes), its container and its container's container."""
    looks: dict[tuple[str, str, str, str], int] = {}
    holders: dict[Box | None, int] = {}
    outers: dict[Box | None, int] = {}
    found: list[list[int]] = [[], [], []]
    for block in blocks:
        box = block.box
        parent = box.parent or box
        holder = box if box.size > 1 else parent
        found[0].append(looks.setdefault((box.tag, box.name, parent.tag, parent.name), len(looks)))
        found[1].append(holders.setdefault(holder, len(holders)))
        found[2].append(outers.setdefault(holder.parent, len(outers)))
    return found


def _sums(groups: list[list[int]], plain: Any, linked: Any) -> list[Any]:
    """How much text outside and inside links each block's groups hold, beside the page's largest group."""
    columns = []
    for numbers in map(np.array, groups):
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
