"""Crumbs: the way from the home page to the article, as the page declares or shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from articles import labels
from articles.blocks import Block, Box
from articles.cards import anchors, resolved
from articles.marks import text_of
from articles.site import absolute, compact
from articles.structured import address_key, clean, each, fold, types_of

if TYPE_CHECKING:
    from articles.page import Page

Crumb = tuple[str, str]  # name, absolute address or ""

LONGEST_CRUMB = 45  # characters
MOST_CRUMBS = 8
_counted = re.compile(r"\s\(?\d{2,}\)?$")  # "Today 155"
_steps = re.compile(r"\S\s*[>›»→＞]\s*\S|\S\s+/\s+\S|\S\s+::?\s+\S|\S\s+\|\s+\S")


def declared(page: Page) -> Iterator[list[Crumb]]:
    """The trails of the page's JSON-LD, in its order."""
    for node in page.structured.nodes:
        if "breadcrumblist" in types_of(node):
            items = [item for item in each(node.get("itemListElement")) if isinstance(item, dict)]
            items.sort(key=_position)
            yield [crumb for item in items if (crumb := _from_item(item, page.url))[0]]


def _position(item: dict[str, Any]) -> float:
    try:
        return float(item.get("position") or 0)
    except (TypeError, ValueError):
        return 0.0


def _from_item(item: dict[str, Any], base: str) -> Crumb:
    target = item.get("item")
    inner = target if isinstance(target, dict) else {}
    name = clean(item.get("name") or inner.get("name"))
    href = target if isinstance(target, str) else inner.get("@id") or inner.get("url") or ""
    return name, (absolute(href, base) or "") if isinstance(href, str) else ""


def shown(page: Page) -> Iterator[list[Crumb]]:
    """The trails that are called so by class, id, label or type; the outermost of nested ones."""
    seen: set[Any] = set()
    for node in _called(page):
        if seen.isdisjoint((node, *node.iterancestors())):
            crumbs = _from_links(node, page.url)
            if crumbs:
                seen.add(node)
                yield crumbs


def _called(page: Page) -> Iterator[Any]:
    """Navigation and lists that are called crumbs, and such boxes around the headline."""
    yield from page.marks.trails
    marks = page.landmarks
    title = marks.title if marks.title >= 0 else max(marks.start, 0)
    seen: set[Box] = set()
    for block in page.blocks[max(0, title - 40) : title + 8]:
        box: Box | None = block.box
        while box is not None and box.tag != "body" and box not in seen:
            seen.add(box)
            if "rumb" in box.name or "BreadcrumbList" in (box.element.get("itemtype") or ""):
                yield box.element
                break
            box = box.parent


def drawn(page: Page) -> Iterator[list[Crumb]]:
    """Short lines above the headline whose links are parted by arrows or slashes."""
    marks = page.landmarks
    title = marks.title if marks.title >= 0 else marks.start
    for block in page.blocks[max(0, title - 20) : max(0, title)]:
        if 0 < block.links < 8 and len(block.text) < 200 and _steps.search(block.text):
            found = _from_links(block.element, page.url) if block.box.size < 2 else _from_run(block, page.url)
            crumbs = [crumb for crumb in found if crumb[0] in block.text]
            if crumbs and block.linked * 3 > len(block.text):
                yield crumbs


def _from_run(block: Block, base: str) -> list[Crumb]:
    """The links of one run among several in an element: of two with the same text, the later one."""
    links = [(text_of(link, 60), resolved(link.get("href") or "", base) or "") for link in anchors(block)]
    return sorted(dict(links).items(), key=lambda crumb: block.text.find(crumb[0]))


def _from_links(node: Any, base: str) -> list[Crumb]:
    """The links of a trail, and the last crumb where it is none."""
    links = [link for link in node.iter("a") if link.get("href")]
    crumbs = [(text_of(link, 200), resolved(link.get("href"), base) or "") for link in links]
    if len(links) < 2:  # crumbs that are no links
        items = [text_of(item, 200) for item in node.iter("li")] or _pieces(node)
        if len(items) > len(links):
            targets = dict(crumbs)
            crumbs = [(text, targets.get(text, "")) for text in items]
    return [crumb for crumb in crumbs if crumb[0]][: 2 * MOST_CRUMBS]


def _pieces(node: Any) -> list[str]:
    texts = (" ".join(piece.split()).strip(labels.EDGES) for piece in node.itertext())
    return [text for text in texts if text][: 2 * MOST_CRUMBS]


def sections(crumbs: Iterable[Crumb], page: Page) -> list[str]:
    """The crumbs that are sections: not home, the site, the article itself, a date or a number."""
    own = page.addresses
    title = fold((page.readings["title"].value if "title" in page.readings else "") or "")
    found: list[str] = []
    for name, url in crumbs:
        text = name.strip(labels.EDGES)
        folded = fold(text)
        if not text or len(text) > LONGEST_CRUMB or _counted.search(text) or compact(folded) in page.site_names:
            continue
        if labels.kinds(text) & labels.HOME or not any(map(str.isalpha, text)):
            continue
        if (title and (folded == title or (len(folded) > 12 and title.startswith(folded[:-3])))) or _is_home(
            url, page.url
        ):
            continue
        if url and address_key(url) in own:
            continue
        if not found or fold(found[-1]) != folded:
            found.append(text)
    return found[:MOST_CRUMBS]


def _is_home(url: str, base: str) -> bool:
    """Whether an address is the front page of a host."""
    return (
        bool(url)
        and url.split("?")[0].split("#")[0].rstrip("/").count("/") <= 2
        and url.split("/")[2:3] == base.split("/")[2:3]
    )
