"""Marks: the few elements that the metadata fields look at, gathered in one pass over the tree."""

from __future__ import annotations

import dataclasses
from typing import Any

from articles.compiled import native
from articles.elements import BREAKING, MOST_MARKS, SILENT, SLACK

_TAGS = ("title", "link", "script", "h1", "h2", "time", "html", "nav", "ol", "ul", "button", "meta")


@dataclasses.dataclass(frozen=True, slots=True)
class Marks:
    """Elements by what they are, each list in page order."""

    titles: tuple[str, ...]  # texts of <title> elements that are not within an SVG
    headings: tuple[Any, ...]  # h1
    subheadings: tuple[Any, ...]  # h2
    times: tuple[Any, ...]
    times_before: int  # how many of the times stand before the first h1
    json_ld: tuple[str, ...]  # texts of the JSON-LD scripts
    canonical: tuple[str, ...]  # href of <link rel=canonical>
    nexts: tuple[Any, ...]  # <link rel=next>
    metas: tuple[Any, ...]
    buttons: tuple[Any, ...]
    navs: tuple[Any, ...]
    trails: tuple[Any, ...]  # nav, ol and ul elements that are called breadcrumbs


def gather(tree: Any, compiled: bool = native is not None) -> Marks:
    """Gather the marks of a page."""
    found = native.gathered(tree) if compiled else gathered(tree)
    return Marks(
        titles=tuple(text_of(node) for node in found.pop("titles") if _is_page_title(node)),
        times_before=found.pop("times_before"),
        headings=tuple(found.pop("headings")[:MOST_MARKS]),
        times=tuple(found.pop("times")[:MOST_MARKS]),
        **{name: tuple(nodes) for name, nodes in found.items()},
    )


def gathered(tree: Any) -> dict[str, Any]:
    """What the fields of `Marks` are made of, by their names."""
    bins: dict[str, list[Any]] = {tag: [] for tag in _TAGS}
    before = 0
    for node in tree.iter(*_TAGS):
        tag = node.tag
        bins[tag].append(node)
        if tag == "h1" and len(bins["h1"]) == 1:
            before = len(bins["time"])
    scripts, links = bins["script"], bins["link"]
    rels = {node: (node.get("rel") or "").lower().split() for node in links}
    return {
        "titles": bins["title"][:20],
        "headings": bins["h1"],
        "subheadings": bins["h2"][:MOST_MARKS],
        "times": bins["time"],
        "times_before": before,
        "json_ld": [node.text for node in scripts if node.text and "ld+json" in (node.get("type") or "").lower()],
        "canonical": [node.get("href") or "" for node in links if "canonical" in rels[node]],
        "nexts": [node for node in links if "next" in rels[node]],
        "metas": bins["meta"],
        "buttons": bins["button"][:MOST_MARKS],
        "navs": bins["nav"][:MOST_MARKS],
        "trails": [node for tag in ("nav", "ol", "ul") for node in bins[tag][:MOST_MARKS] if _is_trail(node)],
    }


def holding(text: bytes, words: tuple[bytes, ...], most: int, compiled: bool = native is not None) -> int:
    """Which of some words, each of two bytes or more, stand in the first `most` bytes of a text: one bit for each.

    >>> holding(b"<a href=viewtopic>", (b"topic", b"thread"), 100)
    1
    """
    if compiled:
        found: int = native.holding(text, words, most)
        return found
    start = text[:most]
    return sum(1 << number for number, word in enumerate(words) if word in start)


def _is_trail(node: Any) -> bool:
    """Whether an element, or the first box in a nav, is called a breadcrumb by one of its attributes."""
    if "rumb" in " ".join(node.values()):
        return True
    first = next(node.iterchildren("div", "p"), None) if node.tag == "nav" else None
    return first is not None and "rumb" in " ".join(first.values())


def _is_page_title(node: Any) -> bool:
    above = node.getparent()
    return above is None or above.tag not in ("svg", "g", "symbol", "path", "a")


def text_of(node: Any, limit: int = 2000) -> str:
    """Text beneath an element, spaces collapsed, scripts and styles left out, little more than `limit` characters.

    >>> import lxml.html
    >>> text_of(lxml.html.fromstring("<h1>A <b>b <i>c</i></b><br>d<script>x</script></h1>"))
    'A b c d'
    """
    return native.text_of(node, limit) if native else plain_text_of(node, limit)


def plain_text_of(node: Any, limit: int = 2000) -> str:
    """`text_of` in Python."""
    parts: list[str] = []
    size = 0
    todo: list[Any] = [node]
    while todo and size <= limit:
        piece = todo.pop()
        if isinstance(piece, str):
            parts.append(piece)
            size += len(piece)
        elif piece is None or piece.tag == "br":
            parts.append(" ")
        elif isinstance(piece.tag, str) and piece.tag not in SILENT:
            if piece.tag in BREAKING:
                parts.append(" ")
                todo.append(None)
            for child in reversed(piece):
                todo += (child.tail or "", child)
            todo.append(piece.text or "")
    return " ".join("".join(parts).split())[: limit + SLACK]


LONGEST_ASIDE = 250  # characters


def is_own_aside(element: Any) -> bool:
    """Whether an aside is an article's own, with its byline and date: short, within the article, before its text."""
    if not any(above.tag in ("article", "main") for above in element.iterancestors()):
        return False
    begun = next(element.itersiblings("p", preceding=True), None) is not None
    return not begun and len(text_of(element, LONGEST_ASIDE + 1)) <= LONGEST_ASIDE
