"""Who wrote an article: names from structured data, meta tags and the shown byline, in that order of trust."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from articles.marks import text_of
from articles.names import is_agency, is_name, names_of, without_by
from articles.reading import Candidate, Reading
from articles.site import compact, site_names
from articles.structured import clean, each, types_of

LONGEST_BYLINE = 220  # characters; longer texts are biographies
_META = ("author", "authors", "authorname", "creator", "byline", "byl", "articleauthor")
_not_letters = re.compile(r"[^a-z]+")
_bylines = etree.XPath(
    "//*[@rel='author' or @itemprop='author' or @itemprop='creator' or (@class and ("
    "contains(@class,'byline') or contains(@class,'author') or contains(@class,'Byline') or contains(@class,'Author')"
    " or contains(@class,'autor') or contains(@class,'Autor') or contains(@class,'writer') or contains(@class,'auteur')))]"
)
_not_byline = re.compile(
    r"comment|bio(?![a-z])|descr|avatar|image|img|photo|picture|caption|credit|related|teaser|card|follow|social|share|"
    r"sidebar|widget|footer|more-|box|about|form|quote|recommend|list-item|source|copyright|popular|latest",
    re.I,
)
_shown = re.compile(
    r"^\W{0,3}(?:by|von|par|por|di|door|av|af|text|autor(?:in|en)?|auteur|autore|автори?|авторы?|текст|oleh|penulis|작성자|作者|文|撰文|記者|记者|"
    r"(?:ein(?:e)? )?(?:interview|kommentar|analyse|gastbeitrag|essay|kolumne) (?:von|by)|(?:written|posted|published|story|words) by|"
    r"(?:eingestellt|veröffentlicht|geschrieben|verfasst|erstellt) von|(?:publié|écrit|rédigé) par|(?:escrito|publicado) por|scritto da|a cura di)"
    r"(?:\s*[:：|]\s*|\s+)(?=[^\W\d_])",
    re.I,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """Names that one source gives; `sure` where it may stand alone without a look at the others."""

    names: tuple[str, ...]
    source: str


def read_authors(page: Any) -> Reading[tuple[str, ...]]:
    """Read the names of the authors, in order; an organisation only where nobody else is named."""
    own = site_names(page)
    found: list[Found] = []
    for gather in (_json_ld, _metas, _shown_bylines, _shown_lines):
        found += gather(page)
        best = next((item for item in found if _persons(item.names, own)), None)
        if best is not None:
            names = _persons(best.names, own)
            return Reading(names, best.source, _candidates(found))
    fallback = next((item for item in found if item.names), None)
    if fallback is None:
        return Reading((), None)
    return Reading(fallback.names[:1], fallback.source, _candidates(found))


def _candidates(found: list[Found]) -> tuple[Candidate, ...]:
    return tuple(Candidate(item.names, item.source) for item in found if item.names)


def _persons(names: tuple[str, ...], own: frozenset[str]) -> tuple[str, ...]:
    """The names without the site's own; without agencies, if anybody else is left."""
    others = tuple(name for name in names if not _is_own(name, own))
    persons = tuple(name for name in others if not is_agency(name))
    return persons or others


def _is_own(name: str, own: frozenset[str]) -> bool:
    flat = compact(name)
    return flat in own or any(len(site) > 3 and (flat.startswith(site) or flat.endswith(site)) for site in own)


def _json_ld(page: Any) -> list[Found]:
    article = page.structured.article or {}
    names: list[str] = []
    organisations: list[str] = []
    for value in _flat(article.get("author") or article.get("creator")):
        value = page.structured.resolve(value)
        bare = clean(value.get("name") if isinstance(value, dict) else value)
        if isinstance(value, dict) and isinstance(value.get("name"), list):
            names += [name for item in value["name"] for name in names_of(clean(item))]
        elif isinstance(value, dict) and "organization" in types_of(value):
            organisations += [bare] if bare else []
        else:
            names += names_of(bare)
    return [Found(_once(names), "json-ld")] * bool(names) + [Found(_once(organisations), "json-ld")] * bool(
        organisations
    )


def _flat(value: Any) -> Iterator[Any]:
    for item in each(value)[:40]:
        yield from (each(item)[:40] if isinstance(item, list) else [item])


def _metas(page: Any) -> list[Found]:
    found = []
    for name, values in page.meta.items():
        key = _not_letters.sub("", name)
        if key.endswith(_META) and not name.startswith(("twitter", "og:image", "book")):
            names = [part for value in values[:10] for part in names_of(clean(value)) if "://" not in value]
            found.append(Found(_once(name for name in names if not name.isdigit()), "meta"))
    return found


def _shown_bylines(page: Any) -> list[Found]:
    """Bylines by rel, itemprop and class, those before the end of the headline's surroundings first."""
    nodes: Any = _bylines(page.tree)
    found = []
    for node in nodes[:60]:
        if node.tag in ("meta", "link", "input", "body", "html", "img", "form") or _off_byline(node):
            continue
        names = _names_beneath(node)
        if names:
            found.append(Found(_once(names), "byline"))
            break
    return found


def _off_byline(node: Any) -> bool:
    if _not_byline.search(node.get("class") or ""):
        return True
    for depth, above in enumerate(node.iterancestors()):
        if above.tag in ("aside", "footer", "nav", "figure", "figcaption") or (
            depth < 4 and _off_parent.search(above.get("class") or "")
        ):
            return True
    return False


_off_parent = re.compile(
    r"comment|related|teaser|card|caption|footer|sidebar|widget|recommend|quote|popular|latest", re.I
)


def _names_beneath(node: Any) -> list[str]:
    """Names in a byline: link by link where it has several, else from its text."""
    text = text_of(node, LONGEST_BYLINE + 50)
    if not text or len(text) > LONGEST_BYLINE:
        return []
    links = [text_of(link, 100) for link in node.iter("a") if link is not node]
    linked = [name for link in links for name in names_of(link) if len(link) < 60]
    return linked if linked else names_of(text.split("\n")[0])


def _shown_lines(page: Any) -> list[Found]:
    """Short lines that begin as bylines do, the nearest to the headline first."""
    for block in page.blocks[:400]:
        text = block.text
        if len(text) < 90 and _shown.match(text) and block.linked <= len(text):
            names = [name for name in names_of(text) if _looks_named(name)]
            if names:
                return [Found(_once(names), "text")]
    return []


def _looks_named(name: str) -> bool:
    """Whether a name from running text is written as names are: every longer word with a capital, or in Han."""
    parts = name.split()
    return is_name(name) and all(not part[0].islower() or len(part) < 4 for part in parts) and len(parts) <= 5


def _once(names: Any) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(compact(name), without_by(name))
    return tuple(name for key, name in seen.items() if key)
