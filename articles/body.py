"""The body: which blocks are the article's text."""

from __future__ import annotations

from collections import Counter
from typing import Any

from articles import hints, labels
from articles.blocks import BLOCK, KIND, Block, Box
from articles.page import Page
from articles.reading import Reading
from articles.tidy import (
    COMMENT,
    HEADINGS,
    LEAST,
    SURE,
    is_label_line,
    judge_comments,
    judge_together,
    without_asides,
    without_bylines,
    without_ends,
    without_labels,
    without_links,
    without_other_articles,
    without_repeats,
)

ENOUGH = 0.71  # share of the page's highest probability from which a block is body
CELLS = frozenset(("td", "th"))
NOT_BODY = labels.RELATED | labels.OTHER | labels.TAGS | labels.BUTTON  # kinds of labels
LIKELY, NEAR = 0.4, 2  # the share that is enough for what looks like the body, so many blocks from it at most
QUOTED = 0.5  # probability that is enough for a quotation
_QUOTE = hints.TAG_BITS["blockquote"]
WHY = tuple(f"text with probability {percent / 100:.2f}" for percent in range(101))
REPEATED = 60  # characters from which a text that stands on the page three times is boilerplate

Claim = tuple[str, str]  # verdict, why


def read_body(page: Page) -> Reading[str]:
    """The article's text: paragraphs and headings parted by blank lines."""
    text = "\n\n".join(text for _, text in paragraphs(body(page)))
    return Reading(text, "structure" if text else None)


def paragraphs(blocks: list[Block]) -> list[tuple[Block, str]]:
    """The texts of the body, each with its first block: the cells of a table's row are one text."""
    found: list[tuple[Block, str]] = []
    row: Any = None
    for block in blocks:
        here = _row_of(block.box) if block.tag in CELLS else None
        if here is not None and here is row:
            found[-1] = (found[-1][0], f"{found[-1][1]} | {block.text}")
        else:
            found.append((block, block.text))
        row = here
    return found


def _row_of(box: Box) -> Any:
    return box.parent.element if box.parent is not None and box.parent.tag == "tr" else None


def body(page: Page) -> list[Block]:
    """The blocks that are the body, in page order, once the body has been read."""
    if page.body is None:
        page.body = choose(page)
    return page.body


def choose(page: Page) -> list[Block]:
    """Give every block its verdict; the blocks that are the body, in page order."""
    apply_claims(page)
    _apply_readings(page)
    repeats = _boilerplate(page.blocks)
    kinds = page.landmarks.kinds
    judge_comments(page)
    enough = ENOUGH * max((block.probability for block in page.blocks if block.why != COMMENT), default=0.0)
    for index, block in enumerate(page.blocks):
        if block.verdict is None:
            if index in kinds and kinds[index] & NOT_BODY:
                block.verdict, block.why = "noise", "label"
            elif block.probability < LEAST:  # most of a page
                block.verdict, block.why = "noise", WHY[round(block.probability * 100)]
            else:
                block.verdict, block.why = _verdict(page, block, repeats, enough)
    _judge_alike(page, enough / ENOUGH * LIKELY)
    judge_together(page.blocks)
    chosen = [block for block in page.blocks if block.verdict == "body"]
    chosen = without_bylines(page, without_other_articles(page, chosen))
    return without_ends(without_labels(without_links(without_asides(without_repeats(chosen)))))


def _boilerplate(blocks: list[Block]) -> dict[str, int]:
    """Texts that stand on the page three times or more, and how often; not those that are surely text somewhere: an
    article's refrain, or the whole article once more for each size of screen."""
    count = Counter([block.text for block in blocks if len(block.text) > REPEATED])
    often = {text: times for text, times in count.items() if times > 2}
    for block in blocks if often else ():
        if block.probability >= SURE:
            often.pop(block.text, None)
    return often


def _apply_readings(page: Page) -> None:
    """Text that is the title, the lead or a key point by another reading (a site's rule, say) is not body again."""
    taken = {}
    for name in ("title", "lead", "key_points"):
        value = page.readings[name].value if name in page.readings else None
        for text in (value,) if isinstance(value, str) else value or ():
            taken[text] = name
    for block in page.blocks:
        if block.verdict is None and block.text in taken:
            block.verdict, block.why = taken[block.text], "the same text"


def _verdict(page: Page, block: Block, repeats: dict[str, int], enough: float) -> Claim:
    if page.rules.noise and block.text.casefold() in page.rules.noise:
        return "noise", "site rule"
    probability = block.probability
    if probability < (min(enough, QUOTED) if block.box.bits & _QUOTE else enough):
        return "noise", WHY[round(probability * 100)]
    if block.text in repeats:
        return "noise", f"stands on the page {repeats[block.text]} times"
    if is_label_line(page, block):
        return "noise", "a label and its value"
    return "body", WHY[round(probability * 100)]


def _judge_alike(page: Page, enough: float) -> None:
    """Take what is likely text and is a heading amid the body, or looks like several of its blocks and stands near
    them in a container of its own: a body is often split over containers."""
    blocks = page.blocks
    likely = [
        index
        for index, block in enumerate(blocks)
        if block.verdict == "noise"
        and block.probability >= enough
        and block.linked * 2 < len(block.text)
        and block.why.startswith("text")
    ]
    near = [i for i in likely if any(block.verdict == "body" for block in blocks[max(i - NEAR, 0) : i + NEAR + 1])]
    if not near:
        return
    looks, holders = page.groups
    sure = [index for index, block in enumerate(blocks) if block.verdict == "body"]
    known, taken = Counter(looks[index] for index in sure), {holders[index] for index in sure}
    for index in near:
        around = {block.verdict for block in blocks[index - 1 : index + 2 : 2]}
        amid = blocks[index].tag in HEADINGS and around == {"body"}
        if amid or (known[looks[index]] > 1 and holders[index] not in taken):
            blocks[index].verdict = "body"


def apply_claims(page: Page) -> None:
    """Give the blocks beneath claimed elements the claim's verdict."""
    if len(page.claims) == page.applied:
        return
    page.applied = len(page.claims)
    known: dict[Box | None, Claim | None] = {None: None}
    claims = page.claims
    for block in page.blocks:
        if block.verdict is None:
            claim = claims.get(block.element)
            if claim is None:
                parent = block.box.parent
                claim = known[parent] if parent in known else _claim_on(parent, claims, known)
            if claim:
                block.verdict, block.why = claim
    inline = [(element, claim) for element, claim in page.claims.items() if KIND.get(element.tag, BLOCK) != BLOCK]
    if inline:
        _apply_inline(page.blocks, inline)


def _claim_on(box: Box | None, claims: dict[Any, Claim], known: dict[Box | None, Claim | None]) -> Claim | None:
    """The claim on a box or on the nearest box above it; `known` remembers."""
    if box is None:
        return None
    claim = claims.get(box.element)
    if claim is None:
        above = box.parent
        claim = known[above] if above in known else _claim_on(above, claims, known)
    known[box] = claim
    return claim


def _apply_inline(blocks: list[Block], claimed: list[tuple[Any, Claim]]) -> None:
    """A claim on an inline element takes the blocks that hold nothing else."""
    by_element: dict[Any, list[Block]] = {}
    for block in blocks:
        by_element.setdefault(block.element, []).append(block)
    for element, claim in claimed:
        text = " ".join("".join(element.itertext()).split())
        holder = element
        while holder is not None and holder not in by_element:
            holder = holder.getparent()
        for block in by_element.get(holder, ()):
            if block.verdict is None and block.text in text:
                block.verdict, block.why = claim
