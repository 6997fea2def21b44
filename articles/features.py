"""Features: what a block and its surroundings look like, as the rows of a matrix for the classifier."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from articles import hints
from articles.lexicon import KINDS, word_mask

if TYPE_CHECKING:
    from articles.blocks import Box
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
        )
    )
    for tag in names.split()
}
OTHER_TAG = len(set(TAGS.values()))
NUMERIC = 40
HINT_BYTES = (hints.WIDTH + 7) // 8
LEXICON_BYTES = (KINDS + 7) // 8
WIDTH = NUMERIC + OTHER_TAG + 1 + 16 * HINT_BYTES + 8 * LEXICON_BYTES
_TAG_ROWS = np.eye(OTHER_TAG + 1, dtype=np.float32)
_ENDS = (".", "!", "?", "。", "！", "？", "”", '"', "»", ":", "։", "؟", "।", "…", "।", ")")
LONGEST_LEXICAL = 400  # characters; noise lines are short


def features(page: Page) -> Any:
    """One row a block, `WIDTH` columns, float32."""
    blocks = page.blocks
    count = len(blocks)
    numeric = np.array(_numeric_rows(page), dtype=np.float32).reshape(count, NUMERIC)
    tags = _TAG_ROWS[[TAGS.get(block.tag, OTHER_TAG) for block in blocks]]
    own = _bits([block.box.own for block in blocks], HINT_BYTES)
    above = _bits([block.box.bits for block in blocks], HINT_BYTES)
    words = _bits(
        [word_mask(block.text) if len(block.text) < LONGEST_LEXICAL else 0 for block in blocks], LEXICON_BYTES
    )
    return np.concatenate((numeric, tags, own, above, words), axis=1)


def _bits(masks: list[int], width: int) -> Any:
    """Integers as rows of their bits."""
    packed = b"".join([mask.to_bytes(width, "little") for mask in masks])
    rows = np.frombuffer(packed, np.uint8).reshape(len(masks), width)
    return np.unpackbits(rows, axis=1, bitorder="little").astype(np.float32)


def _numeric_rows(page: Page) -> list[tuple[float, ...]]:
    blocks = page.blocks
    count = len(blocks)
    signatures: dict[tuple[str, str, str, str], list[int]] = {}
    holders: dict[Box, list[int]] = {}
    outers: dict[Box | None, list[int]] = {}
    seen: dict[str, int] = {}
    keys = []
    total = 1
    for block in blocks:
        box = block.box
        parent = box.parent
        size, linked = len(block.text), block.linked
        plain = size - linked if size > linked else 0
        holder = box if box.size > 1 or parent is None else parent
        outer = holder.parent
        signature = (box.tag, box.name, parent.tag, parent.name) if parent is not None else ("", "", "", "")
        total += plain
        sums = [
            _add(signatures, signature, plain, linked),
            _add(holders, holder, plain, linked),
            _add(outers, outer, plain, linked),
        ]
        seen[block.text] = seen.get(block.text, 0) + 1
        keys.append(sums)
    headline = _headline(page)
    described = " ".join(page.meta.get("og:description", [""])[0].split())[:120]
    declared = declared_body(page)
    biggest = [max((sums[kind][0] for sums in keys), default=1) or 1 for kind in range(3)]
    rows, before = [], 0
    for index, (block, sums) in enumerate(zip(blocks, keys, strict=True)):
        text = block.text
        size = len(text)
        plain = size - block.linked if size > block.linked else 0
        words = text.count(" ") + 1
        ends = text.count(". ") + text.count("。") + text.count("? ") + text.count("! ") + text.endswith(_ENDS)
        signature, holder_sum, outer_sum = sums
        since = index - headline
        rows.append(
            (
                math.log1p(size) / 7,
                math.log1p(plain) / 7,
                block.linked / size,
                min(block.links, 5) / 5,
                block.bold / size if block.bold < size else 1.0,
                min(words, 100) / 100,
                words / size * 5,
                min(ends, 5) / 5,
                float(text.endswith(_ENDS)),
                float(text.endswith((".", "。"))),
                float(text.endswith(("...", "…", "»", ">", "→"))),
                float(text.endswith(":")),
                min(text.count(",") + text.count("，"), 5) / 5,
                float(text[0].islower()),
                float(text.isupper()),
                float(text[0] in "\"“„«'‘—–-"),
                float(text[0].isdigit()),
                float("\n" in text),
                float("|" in text),
                float("©" in text or "@" in text),
                min(seen[text], 4) / 4,
                index / count,
                before / total,
                float(since > 0),
                float(since == 0),
                1 / (1 + abs(since)),
                min(abs(since), 100) / 100,
                min(block.box.depth, 40) / 40,
                math.log1p(signature[0]) / 10,
                signature[0] / biggest[0],
                signature[1] / (signature[0] + signature[1] + 1),
                math.log1p(signature[2]) / 5,
                math.log1p(holder_sum[0]) / 10,
                holder_sum[0] / biggest[1],
                holder_sum[1] / (holder_sum[0] + holder_sum[1] + 1),
                outer_sum[0] / biggest[2],
                outer_sum[1] / (outer_sum[0] + outer_sum[1] + 1),
                float(bool(described) and text.startswith(described[:60])),
                (1.0 if text[:200] in declared else -1.0) if declared else 0.0,
                min(block.run, 3) / 3,
            )
        )
        before += plain
    return rows


def _add(sums: dict[Any, list[int]], key: Any, plain: int, linked: int) -> list[int]:
    """Add a block to what is counted under a key: characters outside links, within links, blocks."""
    found = sums.get(key)
    if found is None:
        found = sums[key] = [plain, linked, 1]
        return found
    found[0] += plain
    found[1] += linked
    found[2] += 1
    return found


def _headline(page: Page) -> int:
    """Index of the block that is the headline; of the first h1, or 0, where none is like the page's title."""
    title = " ".join([*page.meta.get("og:title", [])[:1], *page.marks.titles[:1]])
    first = -1
    for index, block in enumerate(page.blocks):
        if block.tag in ("h1", "h2", "h3") or block.box.bits & _TITLE:
            if len(block.text) > 8 and block.text in title:
                return index
            if first < 0 and block.tag == "h1":
                first = index
    return max(first, 0)


_TITLE = 1 << hints.NAMES.index("title")


def declared_body(page: Page) -> str:
    """The text that the page's JSON-LD declares to be its body, if it is long enough to judge blocks by."""
    body = page.structured.article.get("articleBody") if page.structured.article else None
    return " ".join(body.split()) if isinstance(body, str) and len(body) > 300 else ""
