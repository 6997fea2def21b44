"""Marks: the few elements that the metadata fields look at, gathered in one pass over the tree."""

from __future__ import annotations

import dataclasses
from typing import Any

_TAGS = ("title", "link", "script", "h1", "h2", "time", "html", "nav", "ol", "ul", "button", "meta")
SLACK = 1000  # characters by which a text may exceed its limit: what matters is that it has one
MOST = 400  # elements of one tag that are kept; a page of 100,000 h2 has no more to say in the rest


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


def gather(tree: Any) -> Marks:
    """Gather the marks of a page."""
    bins: dict[str, list[Any]] = {tag: [] for tag in _TAGS}
    before = 0
    for node in tree.iter(*_TAGS):
        tag = node.tag
        bins[tag].append(node)
        if tag == "h1" and len(bins["h1"]) == 1:
            before = len(bins["time"])
    scripts, links = bins["script"], bins["link"]
    rels = {node: (node.get("rel") or "").lower().split() for node in links}
    return Marks(
        titles=tuple(text_of(node) for node in bins["title"][:20] if _is_page_title(node)),
        headings=tuple(bins["h1"][:MOST]),
        subheadings=tuple(bins["h2"][:MOST]),
        times=tuple(bins["time"][:MOST]),
        times_before=before,
        json_ld=tuple(node.text for node in scripts if node.text and "ld+json" in (node.get("type") or "").lower()),
        canonical=tuple(node.get("href") or "" for node in links if "canonical" in rels[node]),
        nexts=tuple(node for node in links if "next" in rels[node]),
        metas=tuple(bins["meta"]),
        buttons=tuple(bins["button"][:MOST]),
        navs=tuple(bins["nav"][:MOST]),
        trails=tuple(node for tag in ("nav", "ol", "ul") for node in bins[tag][:MOST] if _is_trail(node)),
    )


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
    >>> text_of(lxml.html.fromstring("<h1>A <b>b</b><br>c<script>x</script></h1>"))
    'A b c'
    """
    parts: list[str] = []
    size = 0
    for piece in node.iter():
        if piece.tag in _SILENT or not isinstance(piece.tag, str):
            text = ""
        else:
            text = " " + piece.text if piece.tag in _BREAKING and piece.text else piece.text or ""
            text = " " if piece.tag == "br" else text
        if piece is not node and piece.tail:
            text += " " + piece.tail if piece.tag in _BREAKING else piece.tail
        parts.append(text)
        size += len(text)
        if size > limit:
            break
    return " ".join("".join(parts).split())[: limit + SLACK]


LONGEST_ASIDE = 250  # characters


def is_own_aside(element: Any) -> bool:
    """Whether an aside is an article's own, with its byline and date: short, within the article, before its text."""
    if not any(above.tag in ("article", "main") for above in element.iterancestors()):
        return False
    begun = next(element.itersiblings("p", preceding=True), None) is not None
    return not begun and len(text_of(element, LONGEST_ASIDE + 1)) <= LONGEST_ASIDE


_SILENT = frozenset(("script", "style", "noscript", "template", "svg"))
_BREAKING = frozenset(
    ("p", "div", "li", "ul", "br", "td", "tr", "section", "h1", "h2", "h3", "h4", "small", "time", "header")
)
