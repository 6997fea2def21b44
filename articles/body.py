"""The body: which blocks are the article's text."""

from __future__ import annotations

from collections import Counter
from typing import Any

from articles.blocks import BLOCK, KIND, Block, Box
from articles.page import Page
from articles.reading import Reading

ENOUGH = 0.5  # probability from which a block is body
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
REPEATED = 60  # characters from which a text that stands on the page three times is boilerplate

Claim = tuple[str, str]  # verdict, why


def read_body(page: Page) -> Reading[str]:
    """The article's text: paragraphs and headings parted by blank lines."""
    blocks = body_blocks(page)
    return Reading("\n\n".join(block.text for block in blocks), "structure" if blocks else None)


def body_blocks(page: Page) -> list[Block]:
    """The blocks that are the body, in page order; the others are given a verdict, too."""
    apply_claims(page)
    repeats = Counter(block.text for block in page.blocks if len(block.text) > REPEATED)
    for block in page.blocks:
        if block.verdict is None:
            block.verdict, block.why = _verdict(page, block, repeats)
    return without_stray_headings([block for block in page.blocks if block.verdict == "body"])


def _verdict(page: Page, block: Block, repeats: Counter[str]) -> Claim:
    if block.text.casefold() in page.rules.noise:
        return "noise", "site rule"
    if repeats[block.text] > 2:
        return "noise", f"stands on the page {repeats[block.text]} times"
    if block.probability < ENOUGH:
        return "noise", f"text with probability {block.probability:.2f}"
    return "body", f"text with probability {block.probability:.2f}"


def without_stray_headings(blocks: list[Block]) -> list[Block]:
    """Drop headings at the end, which head nothing."""
    while blocks and blocks[-1].tag in HEADINGS:
        last = blocks.pop()
        last.verdict, last.why = "noise", "heading with nothing beneath"
    return blocks


def apply_claims(page: Page) -> None:
    """Give the blocks beneath claimed elements the claim's verdict."""
    if not page.claims:
        return
    known: dict[Box, Claim | None] = {}
    for block in page.blocks:
        claim = _claim_of(block.box, page.claims, known)
        if claim and block.verdict is None:
            block.verdict, block.why = claim
    inline = [(element, claim) for element, claim in page.claims.items() if KIND.get(element.tag, BLOCK) != BLOCK]
    if inline:
        _apply_inline(page.blocks, inline)


def _claim_of(box: Box, claims: dict[Any, Claim], known: dict[Box, Claim | None]) -> Claim | None:
    """The claim on a box or on the nearest box above it; `known` remembers."""
    path: list[Box] = []
    here: Box | None = box
    claim: Claim | None = None
    while here is not None:
        if here in known:
            claim = known[here]
            break
        path.append(here)
        claim = claims.get(here.element)
        if claim:
            break
        here = here.parent
    known.update(dict.fromkeys(path, claim))
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
