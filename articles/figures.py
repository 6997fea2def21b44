"""Figures: the article's pictures as HTML, and the blocks of the body that they follow."""

from __future__ import annotations

from html import escape
from typing import Any

from articles.blocks import Block
from articles.images import address, picture_key
from articles.page import Page
from articles.record import Image

PICTURES = ("img", "amp-img")


def figures(page: Page, blocks: list[Block]) -> dict[int, list[str]]:
    """The figures as HTML by the index of the block that they follow; -1 where they stand before the text."""
    reading = page.readings.get("images")
    images = {picture_key(image.url): image for image in (reading.value if reading else ())}
    if not images or not blocks:
        return {}
    found: dict[int, list[str]] = {}
    for key, place in _places(page, blocks, images).items():
        found.setdefault(place, []).append(figure(images.pop(key)))
    if images and next(iter(images.values())) is reading.value[0]:  # type: ignore[union-attr]
        found.setdefault(-1, []).insert(0, figure(reading.value[0]))  # type: ignore[union-attr]
    return found


def _places(page: Page, blocks: list[Block], images: dict[str, Image]) -> dict[str, int]:
    """Each picture that stands within the text's part of the page, with the index of the last block before it."""
    index = {block.element: number for number, block in reversed(list(enumerate(blocks)))}
    region = _region(blocks)
    pictures = page.pictures
    if not images.keys() <= set(pictures.values()):  # one that is declared, or given by a site's rule
        pictures = _addressed(page, region)
    found: dict[str, int] = {}
    place = -1
    for element in region.iter(*PICTURES, *{block.tag for block in blocks if block.tag.isprintable()}):
        if element in index:
            place = index[element]
        elif element in pictures and (key := pictures[element]) in images:
            found.setdefault(key, place)
            if len(found) == len(images):
                break
    return found


def _addressed(page: Page, region: Any) -> dict[Any, str]:
    """The pictures of an element with what names each."""
    return {node: picture_key(url) for node in region.iter(*PICTURES) if (url := address(node, page.url))}


def _region(blocks: list[Block]) -> Any:
    """The element around the first and the last block."""
    first, last = blocks[0].box, blocks[-1].box
    while first is not last:
        deeper = first if first.depth >= last.depth else last
        if deeper.parent is None:
            break
        if deeper is first:
            first = deeper.parent
        else:
            last = deeper.parent
    return first.element


def figure(image: Image) -> str:
    """One picture with its caption and credit.

    >>> figure(Image("https://example.org/a.png?b=1&c=2", "A < B"))
    '<figure><img src="https://example.org/a.png?b=1&amp;c=2"><figcaption>A &lt; B</figcaption></figure>'
    """
    text = " ".join(part for part in (image.caption, image.credit and f"({image.credit})") if part)
    caption = f"<figcaption>{escape(text, quote=False)}</figcaption>" if text else ""
    return f'<figure><img src="{escape(image.url)}">{caption}</figure>'
