"""Tags: the topics that a page files its article under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from articles import labels
from articles.cards import anchors
from articles.hints import NAMES
from articles.marks import text_of
from articles.reading import Candidate, Reading
from articles.site import compact
from articles.structured import clean, each, fold

if TYPE_CHECKING:
    from articles.page import Page

MOST, LONGEST = 30, 60  # tags, characters
TAG_HINT = 1 << NAMES.index("tag")
KEYWORDS = ("news_keywords", "parsely-tags", "keywords")
_tag_address = re.compile(
    r"/(?:tags?|topics?|themen?|temas?|etiquetas?|keywords?|hashtag|tema|emne|amne|mots?-cles|etiket|konu|teg|tagg?s?|slownik|stichwort|schlagwort|argomenti|hot-?topics?)/",
    re.IGNORECASE,
)


def read_tags(page: Page) -> Reading[tuple[str, ...]]:
    """Read the tags: those that are shown or declared as such, else keywords that read like topics."""
    seen: list[Candidate] = []
    names = page.site_names
    for source, values in _sources(page):
        tags = _clean(values, names)
        if tags:
            seen.append(Candidate(tags, source))
            break  # what comes after is weaker
    if not seen:
        return Reading(())
    return Reading(seen[0].value, seen[0].source, tuple(seen))


def _sources(page: Page) -> Iterator[tuple[str, Iterable[str]]]:
    yield "article:tag", _split(page.meta.get("article:tag", []))
    yield "label", _labelled(page)
    yield "link", _linked(page)
    article = page.structured.article or {}
    values = [clean(value.get("name") if isinstance(value, dict) else value) for value in each(article.get("keywords"))]
    yield "json-ld", _split(values)
    for name in KEYWORDS:
        yield name, _split(page.meta.get(name, []))


def _split(values: Iterable[str]) -> list[str]:
    """Values that may hold several tags each, parted by commas or semicolons."""
    return [part.strip() for value in values for part in re.split(r"[,;،、，]", value)]


def _clean(values: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    """Tags, each once, without the site's name; none at all where they do not read like topics."""
    found: dict[str, str] = {}
    for value in values:
        text = " ".join(value.split()).strip("#＃ .:")
        kind = "=" in text or "://" in text or text.isdigit()  # "section=politics" is for machines
        if (
            1 < len(text) <= LONGEST
            and not kind
            and compact(text) not in names
            and not labels.kinds(text) & (labels.TAGS | labels.BUTTON)
        ):
            found.setdefault(fold(text), text)
    tags = tuple(found.values())[:MOST]
    return () if sum(tag.count(" ") > 5 for tag in tags) * 2 > len(tags) else tags


def _labelled(page: Page) -> list[str]:
    """Links behind a label such as "Tags", within the article or right after it."""
    marks, blocks = page.landmarks, page.blocks
    for mark in marks.found:
        if not mark.kinds & labels.TAGS or mark.index < marks.start or mark.block.verdict is not None:
            continue
        found: list[str] = []
        for block in blocks[mark.index : mark.index + 25]:
            if block is not mark.block and (not block.links or len(block.text) > 200):
                break
            if block.links:
                found += [text_of(link, 80) for link in anchors(block)]
        if found and max(map(len, found)) <= LONGEST:
            return found
    return []


def _is_tag(link: Any) -> bool:
    rel = link.get("rel") or ""
    return ("tag" in rel and "category" not in rel) or bool(_tag_address.search(link.get("href") or ""))


def _linked(page: Page) -> list[str]:
    """Links to tag pages from the article's first paragraph to a little after its last."""
    marks = page.landmarks
    found = []
    if marks.start >= 0:
        for block in page.blocks[marks.start : marks.end + 40]:
            own = block.box.own | (block.box.parent.own if block.box.parent else 0)
            if block.links and own & TAG_HINT and len(block.text) < 300:
                found += [text_of(a, 80) for a in anchors(block) if _is_tag(a)]
    return found
