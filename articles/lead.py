"""The lead: the standfirst, where the page sets one apart from the text."""

from __future__ import annotations

import re

from articles import hints
from articles.blocks import Block
from articles.body import apply_claims
from articles.page import Page
from articles.reading import Candidate, Reading
from articles.structured import clean
from articles.tidy import SENTENCE_ENDS

REACH = 25  # blocks after the headline within which a lead stands
SHORTEST, LONGEST = 25, 900  # characters
NOT_LETTERS = re.compile(r"[\W_]+")
BEFORE_BOX = 0.1  # probability of being text that is enough for a paragraph right before the key points
CUT = 40  # characters by which a block and the page's description must agree

_LEAD = 1 << hints.NAMES.index("lead")
_NOT = sum(1 << hints.NAMES.index(name) for name in ("caption", "related", "author", "newsletter", "advert", "comment"))
_SUBHEADS = ("h2", "h3")


def read_lead(page: Page) -> Reading[str | None]:
    """The standfirst as shown between the headline and the text; the blocks that hold it are out of the body."""
    apply_claims(page)
    blocks = _after_headline(page)
    found = _marked(blocks) or _described(page, blocks) or _set_apart(page, blocks)
    if not found:
        return Reading(None)
    source, chosen = found
    for block in chosen:
        block.verdict, block.why = "lead", source
    text = "\n".join(block.text for block in chosen)
    return Reading(text, source, (Candidate(text, source),))


def _after_headline(page: Page) -> list[Block]:
    """What stands between the headline and the reach of a lead, without what is claimed already."""
    if not page.blocks:
        return []
    start = page.headline
    title = page.blocks[start].text
    near = page.blocks[start + 1 : start + REACH]
    return [block for block in near if block.verdict is None and block.text != title]


def _first_text(blocks: list[Block]) -> int:
    """Index of the first block that is a paragraph of the body for certain; the number of blocks where none is."""
    for index, block in enumerate(blocks):
        if block.probability > 0.8 and len(block.text) > 60 and not block.box.bits & _LEAD:
            return index
    return len(blocks)


def _marked(blocks: list[Block]) -> tuple[str, list[Block]] | None:
    """The block whose own element, or the one around it, is called a lead by its class, before the text goes on."""
    end = _first_text(blocks)
    for index, block in enumerate(blocks[: end + 1]):
        parent = block.box.parent
        own = block.box.own | (parent.own if parent else 0)
        if own & _LEAD and not own & _NOT and _is_lead_like(block):
            same = [other for other in blocks[index : index + 6] if other.box.parent is parent and parent is not None]
            whole = parent is not None and bool(parent.own & _LEAD) and all(map(_is_lead_like, same))
            return "class", same if whole and len(same) < 5 else [block]
    return None


def _is_lead_like(block: Block) -> bool:
    return SHORTEST <= len(block.text) <= LONGEST and block.linked * 2 < len(block.text)


def _described(page: Page, blocks: list[Block]) -> tuple[str, list[Block]] | None:
    """The block that says what the page's description says, unless it is a paragraph of the text like the others."""
    said = {_key(text) for text in _descriptions(page)} - {""}
    end = _first_text(blocks)
    for index, block in enumerate(blocks[: end + 1]):
        if _is_lead_like(block) and _key(block.text) in said and not _is_plain(block, blocks[index + 1 :]):
            return "description", [block]
    return None


def _descriptions(page: Page) -> list[str]:
    article = page.structured.article or {}
    shown = [
        page.meta[name][0] for name in ("og:description", "description", "twitter:description") if name in page.meta
    ]
    return [clean(text) for text in (*shown, article.get("description"), article.get("alternativeHeadline"))]


def _key(text: str) -> str:
    """What two versions of a lead have in common, whatever quotes and spaces they use."""
    return NOT_LETTERS.sub("", text[:120].casefold())[:CUT]


def _is_plain(block: Block, following: list[Block]) -> bool:
    """Whether a block looks like the paragraphs that follow it: the same element, class and container."""
    box = block.box
    return any(
        other.box.parent is box.parent and other.tag == block.tag and other.box.name == box.name and not block.bold
        for other in following[:12]
        if other.probability > 0.5 and len(other.text) > 60
    )


def _set_apart(page: Page, blocks: list[Block]) -> tuple[str, list[Block]] | None:
    """A lone first paragraph before a box of key points or the first heading, or one in bold or italics."""
    for block in blocks:
        if block.tag in _SUBHEADS and _is_subtitle(block):
            return "subtitle", [block]
        if not _is_lead_like(block) or not block.text.endswith(SENTENCE_ENDS):
            continue
        if _is_emphasized(block) and len(block.text) > 60:
            return "emphasis", [block]
        after = page.blocks[page.blocks.index(block) + 1 :][:1]
        boxed = bool(after) and after[0].verdict == "key_points"
        if block.probability < (BEFORE_BOX if boxed else 0.5):
            continue
        if boxed or (after and after[0].tag in _SUBHEADS):
            return "structure", [block]
        return None
    return None


def _is_emphasized(block: Block) -> bool:
    """Whether all of a block is bold or italic."""
    if block.bold >= len(block.text) * 0.9:
        return True
    element = block.element
    alone = len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip()
    return alone and element[0].tag in ("i", "em", "strong", "b")


def _is_subtitle(block: Block) -> bool:
    return len(block.text) > 60 and block.linked == 0 and not block.box.own & _NOT
