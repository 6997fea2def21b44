"""The body: which blocks are the article's text."""

from __future__ import annotations

from articles.blocks import Block
from articles.classifier import probabilities
from articles.features import features
from articles.page import Page
from articles.reading import Reading

ENOUGH = 0.5  # probability from which a block is body


def read_body(page: Page) -> Reading[str]:
    """The article's text: paragraphs and headings parted by blank lines."""
    blocks = body_blocks(page)
    for block in blocks:
        block.verdict = "body"
    return Reading("\n\n".join(block.text for block in blocks), "structure" if blocks else None)


def judge(page: Page) -> None:
    """Give every block its probability of being body text."""
    blocks = page.blocks
    if blocks:
        for block, probability in zip(blocks, probabilities(features(page)).tolist(), strict=True):
            block.probability = probability


def body_blocks(page: Page) -> list[Block]:
    """The blocks that are the body, in page order."""
    judge(page)
    return [block for block in page.blocks if block.probability >= ENOUGH]
