"""Tidying: what is known of whole lists, tables, bylines and notices, where the classifier judged block by block."""

from __future__ import annotations

import re
from typing import Any

from articles import hints
from articles.blocks import Block, Box
from articles.features import headline
from articles.page import Page

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LABEL = 40  # characters
LABEL_TAGS = frozenset(("li", "dt", "dd", "div", "span", "td", "th"))
SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "…", ":", "”", '"', "»", "।", "۔", "؟")
OWN_TEXT = 500  # characters from which an <article> is the page's article
LONGEST_CELL = 300  # characters; what holds more is a table for layout
LONGEST_BYLINE = 160  # characters
LISTS = frozenset(("ul", "ol", "dl", "table"))
NOTICE = re.compile(r"^(?:©|\(c\)\s|copyright\b)", re.I)
_NOT_LIST = sum(1 << hints.NAMES.index(name) for name in ("related", "popular", "share", "modal", "nav", "tag"))


def judge_together(blocks: list[Block]) -> None:
    """Give all items of a list, and all cells of a table of data, one verdict: that of most of their text."""
    groups: dict[Any, list[Block]] = {}
    for block in blocks:
        if block.verdict in ("body", "noise") and block.box.depth and block.tag in LABEL_TAGS | {"p"}:
            holder = _list_of(block.box)
            if holder is not None:
                groups.setdefault(holder, []).append(block)
    for holder, items in groups.items():
        texts = [len(item.text) for item in items]
        if len(items) > 1 and (holder.tag != "table" or max(texts) <= LONGEST_CELL):
            mean = sum(item.probability * size for item, size in zip(items, texts, strict=True)) / sum(texts)
            _decide(items, mean >= (0.4 if holder.tag == "table" else 0.5), f"{holder.tag} with probability {mean:.2f}")


def _decide(items: list[Block], kept: bool, why: str) -> None:
    for item in items:
        if (item.verdict == "body") != kept and item.why.startswith("text"):
            item.verdict, item.why = "body" if kept else "noise", why


def _list_of(box: Box) -> Box | None:
    """The list or table that a block is an item or a cell of."""
    here: Box | None = box
    for _ in range(5):
        if here is None or here.tag in ("article", "main", "section"):
            return None
        if here.tag in LISTS:
            return here
        here = here.parent
    return None


def without_bylines(page: Page, blocks: list[Block]) -> list[Block]:
    """Drop short lines that name the authors or the site, notices of copyright, and the title once more."""
    names = _names(page)
    kept = []
    for block in blocks:
        text = block.text
        if NOTICE.match(text):
            drop(block, "copyright")
        elif len(text) <= LONGEST_BYLINE and names and _is_byline(text, names):
            drop(block, "byline")
        else:
            kept.append(block)
    return kept


def _names(page: Page) -> list[str]:
    found = []
    for field in ("authors", "site"):
        reading = page.readings.get(field)
        value = reading.value if reading else None
        found += [value] if isinstance(value, str) else list(value or ())
    return [name.casefold() for name in found if len(name) > 3]


def _is_byline(text: str, names: list[str]) -> bool:
    """Whether a line is little more than one of the names.

    >>> _is_byline("By Ines Corvalley", ["ines corvalley"]), _is_byline("Ines Corvalley is mayor.", ["ines corvalley"])
    (True, False)
    """
    rest = text.casefold()
    for name in names:
        rest = rest.replace(name, " ")
    if len(rest) == len(text):
        return False
    return len(" ".join(rest.split())) < 12 + 30 * any(map(str.isdigit, rest)) and not text.endswith(SENTENCE_ENDS[:3])


def without_other_articles(page: Page, blocks: list[Block]) -> list[Block]:
    """Drop text of other <article> elements, where the one that holds the headline has a text of its own."""
    if not blocks:
        return blocks
    own = page.blocks[headline(page, page.blocks)].box.article
    inside = {id(block) for block in blocks if _holds(own, block.box.article)}
    if own is None or sum(len(block.text) for block in blocks if id(block) in inside) < OWN_TEXT:
        return blocks
    return [block for block in blocks if id(block) in inside or _is_own(block.box.article, own) or drop(block, "other")]


def _is_own(article: Box | None, own: Box) -> bool:
    return article is None or _holds(article, own)


def _holds(outer: Box | None, article: Box | None) -> bool:
    """Whether an <article> is another one or stands within it."""
    while article is not None and article is not outer:
        article = article.parent.article if article.parent is not None else None
    return outer is not None and article is outer


def without_labels(blocks: list[Block]) -> list[Block]:
    """Drop the short list items and lines before the first paragraph: dates, sections, buttons."""
    for index, block in enumerate(blocks):
        if len(block.text) > LABEL or block.text.endswith(SENTENCE_ENDS) or block.tag in HEADINGS:
            return blocks[index:]
        if block.tag not in LABEL_TAGS:
            return blocks[index:]
        drop(block, "label before the text")
    return []


def without_stray_headings(blocks: list[Block]) -> list[Block]:
    """Drop headings at the end, which head nothing."""
    while blocks and blocks[-1].tag in HEADINGS:
        drop(blocks.pop(), "heading with nothing beneath")
    return blocks


def drop(block: Block, why: str) -> bool:
    """Take a block out of the body again; always False."""
    block.verdict, block.why = "noise", why
    return False
