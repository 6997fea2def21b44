"""Bylines by class, rel and itemprop: those around the headline first."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from lxml import etree

from articles.compiled import native
from articles.datelines import headline_at
from articles.elements import MOST_MARKS
from articles.marks import is_own_aside, text_of
from articles.moments import month_of
from articles.names import (
    is_agency,
    is_desk,
    is_name,
    is_written_as_name,
    names_of,
    without_by,
    without_date,
)
from articles.site import compact

MOST_NAMED = 3000  # elements that are called bylines
MOST_ABOVE = 60  # elements above one that is
MOST_BYLINES = 200
NEAR_BEFORE, NEAR_BEHIND = 3, 12  # blocks before and behind the headline in which the article's byline stands
LONGEST_NEAR, LONGEST_DESK, LONGEST_LEAD = 140, 40, 180  # characters
LONGEST_BYLINE = 220  # characters; longer texts are biographies
_INLINE = ("span", "strong", "em", "b")
_BOXES = frozenset("div p address li ul h2 h3 h4 h5 h6 td section".split())  # noqa: SIM905 - that may be called bylines
_BYLINE_TOKENS = ("byline", "author", "writer", "auteur", "autor", "submitted", "signature")  # within class names
_TOKEN_BYTES = tuple(token.encode() for token in _BYLINE_TOKENS)
_not_byline = re.compile(
    r"comment|bio(?![a-z])|descr|avatar|image|img|photo|picture|caption|credit|related|teaser|(?<!v)card|follow|social|share|"
    r"sidebar|widget|menu-item|(?<!post-)(?<!entry-)footer|more-|box|about|prep|label|date(?!line)|form|quote|recommend|list-item|source|copyright|popular|latest",
    re.I,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """Names that one source gives."""

    names: tuple[str, ...]
    source: str


class Bylines(NamedTuple):
    """The elements that are called bylines, and those that stand within lines by the elements above them."""

    called: frozenset[Any]
    lines: dict[Any, list[Any]]


class Called(NamedTuple):
    """Elements by what their attributes call them, in page order, and the page's item types as written."""

    bylines: list[Any]  # by class or rel
    items: list[Any]  # with an itemprop
    types: list[str]


def once(names: Any) -> tuple[str, ...]:
    """Names without those that are spelled a second way, and without words such as "By".

    >>> once(["Ann Lee", "ANN LEE", "Bob Ray"])
    ('Ann Lee', 'Bob Ray')
    """
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(compact(name), without_by(name))
    return tuple(name for key, name in seen.items() if key)


def shown_bylines(page: Any) -> list[Found]:
    """Bylines by rel, itemprop and class: the first with a full name, else the first with any.

    Those around the headline come first, and are believed whatever else their classes say; elsewhere a byline may be of
    a comment, of another article's card, of a box about somebody.
    """
    single: list[Found] = []
    desk: list[Found] = []
    for node, near in itertools.islice(_bylines_in_turn(page), MOST_BYLINES):
        if off_near(node) if near else _off_byline(node):
            continue
        names = [name for name in _names_beneath(node) if is_written_as_name(name) or " " not in name]
        if any(" " in name and len(name.split()) < 5 for name in names):
            whole = [name for name in (*names, *_beside(node)) if " " in name or is_agency(name) or not name.isascii()]
            return [Found(once(_shortened(whole, node)), "byline")]
        if names and not single and not (near and _is_word(page, names[0])):
            single = [Found(once(names), "byline")]
        elif near and not names and not desk and (name := _desk_of(node)):
            desk = [Found((name,), "byline")]
    return single or desk


def _shortened(names: list[str], node: Any) -> list[str]:
    """Names of a byline's text, without what stands behind them where a part of the byline is the name alone."""
    parts = [text_of(part, 60) for part in node.iter("a", *_INLINE, "div", "p") if part is not node]
    full = [part for part in parts if " " in part and names_of(part) == [part]]
    return [name if name in full else next((p for p in full if name.startswith(f"{p} ")), name) for name in names]


def _is_word(page: Any, name: str) -> bool:
    """Whether a single name is a word that the page's text has in lower case, or a month."""
    return name[0].isupper() and (name.lower() in page.lower_words or month_of(name) is not None)


def called(tree: Any, compiled: bool = native is not None) -> Called:
    """Gather the elements that are called something by their attributes."""
    if compiled:
        return Called(*native.called(tree, _TOKEN_BYTES, MOST_NAMED))
    bylines = list(itertools.islice(filter(_is_named, tree.iter(etree.Element)), MOST_NAMED))
    return Called(bylines, _items(tree)[:MOST_NAMED], list(map(str, _types(tree)[:MOST_MARKS])))


_items: Callable[[Any], Any] = etree.XPath("//*[@itemprop]")
_types: Callable[[Any], Any] = etree.XPath("//@itemtype")


def _is_named(node: Any) -> bool:
    return _is_byline_class(node.get("class") or "") or (node.tag == "a" and node.get("rel") == "author")


def _bylines_in_turn(page: Any) -> Iterator[tuple[Any, bool]]:
    """Elements with text that are called bylines, each with whether it stands around the headline: those first."""
    head = headline_at(page)
    blocks = page.blocks
    near = [block for block in blocks[max(0, head - NEAR_BEFORE) : head + 1] if block.tag != "body"]
    long = 0
    for block in blocks[head + 1 : head + NEAR_BEHIND]:
        long += len(block.text) > LONGEST_LEAD
        if long > 1:
            break  # the text has begun
        near.append(block)
    for node in _byline_elements(page, near):
        yield node, True
    for node in _byline_elements(page, blocks):
        yield node, False


def _byline_elements(page: Any, blocks: Sequence[Any]) -> Iterator[Any]:
    """Elements around and within blocks that are called bylines, in page order: boxes, links, parts of lines."""
    called, lines = page.bylines
    seen: set[Any] = set()
    for block in blocks if called else ():
        path = []
        box = block.box
        while box is not None and box not in seen:
            seen.add(box)
            path.append(box)
            box = box.parent
        yield from (box.element for box in reversed(path) if box.element in called and box.tag in _BOXES)
        for link in block.anchors:
            if link in called and link not in seen:
                seen.add(link)
                yield link
        if block.run == 0:
            yield from lines.get(block.element, ())


def called_bylines(page: Any) -> Bylines:
    """Gather what is called a byline by class, rel or itemprop."""
    elements = dict.fromkeys((*page.called.bylines, *page.microdata.get("author", ())))
    lines: dict[Any, list[Any]] = {}
    for node in elements:
        if node.tag in _INLINE:
            for above in itertools.islice(node.iterancestors(), MOST_ABOVE):
                lines.setdefault(above, []).append(node)
    return Bylines(frozenset(elements), lines)


def _desk_of(node: Any) -> str:
    """The desk that a byline names where it names no person: "Redaktion", "Staff reporter"."""
    text = without_by(without_date(text_of(node, LONGEST_DESK + 30)))
    words = text.split()
    return text if 0 < len(words) <= 4 and len(text) <= LONGEST_DESK and is_desk(text) else ""


def _beside(node: Any) -> list[str]:
    """Names in the bylines that stand beside one, each in an element of its own."""
    names = []
    for other in list(node.itersiblings(node.tag))[:12]:
        if other.get("class") == node.get("class") and other.get("itemprop") == node.get("itemprop"):
            names += [name for name in _names_beneath(other) if is_written_as_name(name)]
    return names


@functools.lru_cache(4096)
def _is_byline_class(name: str) -> bool:
    lower = name.lower()
    return any(token in lower for token in _BYLINE_TOKENS)


def off_near(node: Any) -> bool:
    """Whether an element around the headline is of something else than the article's byline."""
    if len(text_of(node, LONGEST_NEAR + 1)) > LONGEST_NEAR:
        return True
    for depth, above in enumerate(itertools.chain((node,), itertools.islice(node.iterancestors(), 60))):
        if above.tag in ("footer", "nav", "figure", "figcaption") or (above.tag == "aside" and not is_own_aside(above)):
            return True
        if depth < 3 and _of_other(above.get("class") or ""):
            return True
    return False


@functools.lru_cache(4096)
def _of_other(name: str) -> bool:
    return bool(_other.search(name))


_other = re.compile(
    r"comment|caption|credit|photo|(?<![a-z])(?:image|img)|related|recommend|popular|latest|copyright|menu-item|most-|reply",
    re.I,
)


def _off_byline(node: Any) -> bool:
    if _called(node.get("class") or "")[0]:
        return True
    for depth, above in enumerate(itertools.islice(node.iterancestors(), 60)):
        if above.tag in ("aside", "footer", "nav", "figure", "figcaption") or (
            depth < 4 and _called(above.get("class") or "")[1]
        ):
            return True
    return False


@functools.lru_cache(4096)
def _called(name: str) -> tuple[bool, bool]:
    """Whether a class is of something else than a byline, and whether it is of something that holds no byline."""
    return bool(_not_byline.search(name)), bool(_off_parent.search(name))


_off_parent = re.compile(
    r"comment|related|teaser|(?<!v)card|caption|(?<!post-)(?<!entry-)footer|sidebar|widget|recommend|quote|popular|latest",
    re.I,
)


def _names_beneath(node: Any) -> list[str]:
    """Names in a byline: part by part where several of its parts are names, else from its text."""
    text = text_of(node, LONGEST_BYLINE + 50)
    if not text or len(text) > LONGEST_BYLINE:
        return []
    links = [text_of(link, 100) for link in node.iter("a") if link is not node]
    linked = [name for link in links for name in names_of(link) if len(link) < 60]
    if linked:
        return linked
    leaves = [text_of(leaf, 100) for leaf in node.iter("span", "p", "li", "div", "strong") if len(leaf) == 0]
    parts = [leaf for leaf in leaves if " " in leaf and is_name(leaf) and is_written_as_name(leaf)]
    return parts if len(parts) > 1 else names_of(text)
