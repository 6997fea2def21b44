"""The body: which blocks are the article's text."""

from __future__ import annotations

from articles.blocks import Block
from articles.page import Page
from articles.reading import Reading


def read_body(page: Page) -> Reading[str]:
    """The article's text: paragraphs and headings parted by blank lines."""
    blocks = body_blocks(page)
    for block in blocks:
        block.verdict = "body"
    return Reading("\n\n".join(block.text for block in blocks), "structure" if blocks else None)


def body_blocks(page: Page) -> list[Block]:
    """The blocks that are the body, in page order."""
    return [block for block in page.blocks if len(block.text) > 80 and block.linked * 2 < len(block.text)]
