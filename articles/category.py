"""Category: the section that an article stands in, by crumbs, metadata, a label or the link above the headline."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from articles import crumbs, labels
from articles.blocks import Block
from articles.cards import anchors, links_of, resolved
from articles.hints import NAMES
from articles.reading import Candidate, Reading
from articles.structured import clean, each, fold

if TYPE_CHECKING:
    from articles.page import Page

META = (
    "article:section",
    "article:subsection",
    "section",
    "parsely-section",
    "article.section",
    "dc.subject.section",
    "cxenseparse:recs:category",
    "article_section",
    "news:section",
    "og:section",
    "og:article:section",
    "category",
    "sectionname",
    "cxenseparse:section",
)
ABOVE, BELOW = 12, 6  # blocks around the headline in which its section's link stands
LONGEST = 40  # characters of a section's name
NO_NAMES = labels.HOME | labels.BUTTON | labels.CATEGORY | labels.DATE | labels.TAGS | labels.RELATED
TAG_HINT = 1 << NAMES.index("tag")


@dataclasses.dataclass(slots=True)
class Trail:
    """A path of sections, most general first, from one source; the greater `weight` wins."""

    path: tuple[str, ...]
    source: str
    weight: float
    why: str = ""


def read_category(page: Page) -> Reading[dict[str, Any]]:
    """Read `category` and `category_path`."""
    trails = [trail for trail in _trails(page) if trail.path]
    if not _settled(trails):
        trails += [trail for trail in (*_labelled(page), *_beside_headline(page)) if trail.path]
    slugs = {_slug(part) for part in _path(page.url)[:-1]}
    for trail in trails:
        trail.weight += _agreement(trail, trails, slugs)
    trails.sort(key=lambda trail: -trail.weight)
    found = tuple(
        Candidate(" › ".join(t.path), t.source, f"{t.why} weight {t.weight:.1f}".strip()) for t in trails[:12]
    )
    if not trails:
        return Reading({"category": None, "category_path": ()}, None, found)
    best = _whole(trails[0], trails)
    return Reading({"category": best.path[-1], "category_path": best.path}, best.source, found)


def _settled(trails: list[Trail]) -> bool:
    """Whether a breadcrumb that is shown and what the page declares say the same, so that nothing else can win."""
    shown = [fold(trail.path[-1]) for trail in trails if trail.source == "breadcrumb"]
    return bool(shown) and any(
        fold(part) == shown[0] for trail in trails if trail.source != "breadcrumb" for part in trail.path
    )


def _whole(best: Trail, trails: list[Trail]) -> Trail:
    """The breadcrumb that leads on from the best answer, where one does."""
    name = fold(best.path[-1])
    crumbs_shown = [trail for trail in trails if trail.source == "breadcrumb"]
    if best.source == "breadcrumb" or len({trail.path for trail in crumbs_shown}) != 1:
        return best
    only = crumbs_shown[0]
    return only if name in map(fold, only.path[:-1]) and len(only.path) < 5 else best


def _trails(page: Page) -> Iterator[Trail]:
    for links in crumbs.shown(page):
        yield Trail(tuple(crumbs.sections(links, page)), "breadcrumb", 3.0)
    for links in crumbs.drawn(page):
        yield Trail(tuple(crumbs.sections(links, page)), "breadcrumb", 2.7, "steps above the headline")
    for links in crumbs.declared(page):
        yield Trail(tuple(crumbs.sections(links, page)), "json-ld breadcrumb", 2.6)
    for name in META:
        for value in page.meta.get(name, ())[:1]:
            yield Trail(_names(page, value), f"meta {name}", 1.6)
    article = page.structured.article or {}
    values = [clean(value) for value in each(article.get("articleSection"))]
    for value in values[:3]:
        yield Trail(_names(page, value), "json-ld", 1.5 if len(values) < 3 else 1.0)
    # an address says what no name does: how the page files itself; as a source of its own it has no proper spelling


def _names(page: Page, value: str) -> tuple[str, ...]:
    """The sections in a declared value, which may be a path: "Sport/Football"."""
    parts = [part.strip() for mark in (">", "/", "|", ";") if mark in value for part in value.split(mark)] or [value]
    return tuple(crumbs.sections([(part, "") for part in parts], page))


def _labelled(page: Page) -> Iterator[Trail]:
    """A label with the section behind it: "Category", "World"."""
    marks, blocks = page.landmarks, page.blocks
    title = max(marks.title, 0)
    heads = _label_heads()
    for index in range(max(0, title - ABOVE), min(len(blocks), title + 2 * ABOVE)):
        block = blocks[index]
        alone = marks.kinds.get(index, 0) & labels.CATEGORY
        if block.text.lstrip(labels.EDGES)[:2].casefold() not in heads:
            continue
        if block.verdict is not None or not (alone or (len(block.text) < 160 and len(block.element))):
            continue
        pieces = [text for piece in islice(block.element.itertext(), 12) if (text := " ".join(piece.split()))]
        name, _, value = pieces[0].partition(":") if pieces else ("", "", "")
        if not page.labels.get(labels.fold(name), 0) & labels.CATEGORY:
            continue
        value = value or (pieces[1] if len(pieces) > 1 else blocks[index + 1].text if index + 1 < len(blocks) else "")
        value = value.strip(labels.EDGES)
        if 1 < len(value) <= LONGEST and not labels.kinds(value) & NO_NAMES:
            yield Trail(tuple(crumbs.sections([(value, "")], page)), "label", 2.4, f"behind “{name[:20]}”")


@functools.cache
def _label_heads() -> frozenset[str]:
    """The first two letters of the labels before a section's name."""
    return frozenset(label[:2] for label, kinds in labels.table().items() if kinds & labels.CATEGORY)


def _beside_headline(page: Page) -> Iterator[Trail]:
    """Links of sections right above or below the headline."""
    marks, blocks = page.landmarks, page.blocks
    title = marks.title if marks.title >= 0 else marks.start
    if title < 0:
        return
    path = _path(page.url)
    for index in range(max(0, title - ABOVE), min(len(blocks), title + BELOW)):
        block = blocks[index]
        if not 0 < block.links <= 4 or len(block.text) > 80 or (block.links == 1 and block.linked > LONGEST):
            continue
        if not -13 < index - title < 7 and not block.box.bits & TAG_HINT:
            continue
        weights = {link: _as_section(block, link, path, index - title) for link in anchors(block, 4)}
        for link, text in links_of(block, 4) if any(weights.values()) else ():
            weight, href = weights.get(link, 0.0), link.get("href") or ""
            if weight <= 0 or not 1 < len(text) <= LONGEST or text.count(" ") > 3 or labels.kinds(text) & NO_NAMES:
                continue
            if url := resolved(href, page.url):
                names = tuple(crumbs.sections([(text, url)], page))
                yield Trail(names, "link at the headline", weight, f"{index - title:+d} blocks from it")


@functools.lru_cache(64)
def _path(url: str) -> list[str]:
    """The parts of an address's path, folded; a relative one may climb, and says nothing then."""
    rest = url.partition("?")[0].partition("#")[0]
    if "//" in rest:
        rest = rest.partition("//")[2].partition("/")[2]
    elif ":" in rest:  # javascript:, mailto:
        return []
    return [part for part in unquote(rest).lower().split("/") if part]


def _as_section(block: Block, link: Any, path: list[str], distance: int) -> float:
    """Weight of a link as the article's section: its address is a beginning of the article's, or it is called so."""
    mine = _path(link.get("href") or "")
    if not mine or len(mine) > 4 or any(part in NOT_SECTIONS for part in mine):
        return 0.0
    inside = len(mine) < len(path) and path[: len(mine)] == mine and max(map(len, mine)) > 3  # "/en/" is a home page
    near = not inside and len(path) > 1 and mine[0] == path[0]
    names = f"{link.get('class') or ''} {link.get('rel') or ''} {link.get('data-testid') or ''}"
    called = bool((block.box.own | (block.box.parent.own if block.box.parent else 0)) & TAG_HINT)
    called = called or bool(_section_name.search(names)) or mine[0] in SECTION_PARTS
    if not (inside or called or (near and -3 <= distance < 0)):
        return 0.0
    close = 0.4 if -3 <= distance <= 2 else 0.0
    return 1.0 + 0.9 * inside + 0.5 * called + 0.4 * near + close + 0.1 * len(mine) * inside


_section_name = re.compile(r"categor|rubri[ck]|section|label|kicker|channel|ressort|topic|eyebrow|overline", re.I)
NOT_SECTIONS = frozenset(
    (
        "author",
        "authors",
        "autor",
        "autori",
        "autoren",
        "people",
        "profile",
        "by",
        "user",
        "users",
        "tag",
        "tags",
        "search",
        "video",
        "live",
    )
)
SECTION_PARTS = frozenset(
    (
        "category",
        "categoria",
        "kategorie",
        "rubric",
        "rubrik",
        "rubrica",
        "rubrique",
        "section",
        "seccion",
        "kategoria",
        "kategori",
        "cat",
    )
)


def _slug(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _agreement(trail: Trail, trails: list[Trail], slugs: set[str]) -> float:
    """What other sources, and the address, add to a trail."""
    name = fold(trail.path[-1])
    others = {other.source for other in trails if other is not trail and any(fold(part) == name for part in other.path)}
    return 0.5 * min(len(others), 3) + (0.5 if _slug(name) in slugs else 0.0)
