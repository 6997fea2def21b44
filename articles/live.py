"""Live blogs: their dated entries, from the page's JSON-LD or from the elements that repeat with a time each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from articles import hints
from articles.blocks import Block, Box
from articles.page import Page
from articles.reading import Reading
from articles.record import LiveUpdate
from articles.structured import clean, each, types_of
from articles.tidy import HEADINGS

MOST = 2000  # entries
FEWEST = 3  # entries that make a live blog where the page does not call itself one
_LIVE = 1 << hints.NAMES.index("live")


def read_updates(page: Page) -> Reading[tuple[LiveUpdate, ...]]:
    """The dated entries of a live blog in page order; empty for any other page."""
    declared = tuple(_declared(page))[:MOST]
    if declared and all(update.body for update in declared):
        return Reading(declared, "json-ld")
    shown = tuple(_shown(page))[:MOST]
    if len(shown) >= FEWEST or (shown and declared):
        return Reading(shown, "structure")
    return Reading(declared, "json-ld" if declared else None)


def _declared(page: Page) -> Iterator[LiveUpdate]:
    for node in page.json_ld:
        if "liveblogposting" in types_of(node):
            for update in each(node.get("liveBlogUpdate")):
                if isinstance(update, dict):
                    heading = clean(update.get("headline") or update.get("name")) or None
                    body = clean(update.get("articleBody") or update.get("text"))
                    if heading or body:
                        yield LiveUpdate(heading, body, moment(update.get("datePublished")))


def moment(value: Any) -> datetime | None:
    """An ISO 8601 time; None for anything else.

    >>> moment("2024-11-29T17:42:00Z").isoformat()
    '2024-11-29T17:42:00+00:00'
    """
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None


def _shown(page: Page) -> Iterator[LiveUpdate]:
    """Elements beside each other that hold a time and text each, on a page that is a live blog by class or type."""
    if not _is_live(page):
        return
    entries = _entries(page)
    for element, blocks in entries.items():
        texts = [
            block for block in blocks if any(map(str.isalpha, block.text)) and block.tag not in ("time", "figcaption")
        ]
        heading = next((block.text for block in blocks if block.tag in HEADINGS), None)
        body = "\n\n".join(block.text for block in texts if block.text != heading)
        if body or heading:
            yield LiveUpdate(heading, body, moment(_time_of(element)))


def _is_live(page: Page) -> bool:
    return "liveblogposting" in page.structured.types or sum(bool(b.box.bits & _LIVE) for b in page.blocks) > FEWEST


def _entries(page: Page) -> dict[Any, list[Block]]:
    """The blocks of each entry, by the entry's element."""
    timed = {_entry_of(time) for time in page.marks.times if time.get("datetime")}
    found: dict[Any, list[Block]] = {}
    for block in page.blocks:
        here: Box | None = block.box
        while here is not None and here.element not in timed:
            here = here.parent
        if here is not None and here.bits & _LIVE:
            found.setdefault(here.element, []).append(block)
    names: dict[Any, int] = {}
    for element in found:
        names[element.getparent()] = names.get(element.getparent(), 0) + 1
    return {element: blocks for element, blocks in found.items() if names[element.getparent()] >= FEWEST}


def _entry_of(time: Any) -> Any:
    """The highest element around a time that holds no other time."""
    here = time
    while (above := here.getparent()) is not None and above.tag not in ("body", "html"):
        if sum(1 for _ in zip(above.iter("time"), range(2), strict=False)) > 1:
            break
        here = above
    return here


def _time_of(element: Any) -> str | None:
    return next((time.get("datetime") for time in element.iter("time")), None)
