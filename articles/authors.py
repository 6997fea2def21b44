"""Who wrote an article: names from structured data, meta tags and the shown byline, in that order of trust."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from typing import Any

from articles.bylines import Found, once, shown_bylines
from articles.namelines import ascii_letters, beside_dates, han_alone, han_author, shown_lines
from articles.names import is_agency, is_organisation, names_of
from articles.reading import Candidate, Reading
from articles.site import compact
from articles.structured import clean, each, types_of

LONGEST_INITIALS = 3  # letters
_META = ("author", "authors", "authorname", "creator", "byline", "byl", "articleauthor")
_not_letters = re.compile(r"[^a-z]+")


def read_authors(page: Any) -> Reading[tuple[str, ...]]:
    """Read the names of the authors, in order; an organisation only where nobody else is named."""
    own = page.site_names
    found: list[Found] = []
    for gather in (_json_ld, _metas, han_author, shown_bylines, shown_lines, beside_dates, han_alone):
        found += gather(page)
        best = next((item for item in found if _persons(item.names, own, item.source)), None)
        if best is not None:
            if best.source in ("json-ld", "meta") and not any(" " in name for name in best.names):
                fuller = _fuller(page, best)  # a login, initials
                found += [fuller] if fuller else []
                best = fuller or best
            names = _persons(best.names, own, best.source)
            return Reading(names, best.source, _candidates(found))
    fallback = next((item for item in found if item.names), None)
    if fallback is None:
        return Reading((), None)
    return Reading(fallback.names[:1], fallback.source, _candidates(found))


def _fuller(page: Any, declared: Found) -> Found | None:
    """A shown byline with a full name, where the page declares one word alone that may stand for it."""
    word = compact(declared.names[0])
    if len(declared.names) > 1 or not word.isascii() or is_agency(declared.names[0]):
        return None
    for shown in itertools.chain(shown_bylines(page), shown_lines(page)):
        persons = tuple(name for name in shown.names if " " in name and not is_organisation(name))
        if persons and (len(word) <= LONGEST_INITIALS or any(word == ascii_letters(name) for name in persons)):
            return Found(persons, shown.source)
    return None


def _candidates(found: list[Found]) -> tuple[Candidate, ...]:
    return tuple(Candidate(item.names, item.source) for item in found if item.names)


def _persons(names: tuple[str, ...], own: frozenset[str], source: str) -> tuple[str, ...]:
    """The names without the site's own; structured data is believed in desks and agencies, too."""
    declared = source == "json-ld"
    others = tuple(name for name in names if not _is_own(name, own, declared))
    if declared:
        return tuple(name for name in others if " " in name or not is_organisation(name))
    persons = tuple(name for name in others if not is_agency(name))
    if source != "meta":
        return persons if any(not is_organisation(name) for name in persons) else ()
    return (persons or others) if any(not is_organisation(name) for name in others) else ()


def _is_own(name: str, own: frozenset[str], declared: bool) -> bool:
    flat, first = compact(name), compact(name.split()[0])
    if not flat.isascii() and not own.isdisjoint((ascii_letters(flat),)):
        return True
    return flat in own or any(_overlap(flat, site) for site in own) or (first in own and not declared)


def _overlap(name: str, site: str) -> bool:
    return (len(site) > 3 and (name.startswith(site) or name.endswith(site))) or (
        len(name) > 5 and site.startswith(name)
    )


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
            (names if is_agency(bare) and names else organisations).extend([bare] if bare else [])
        else:
            names += names_of(bare)
    return [Found(once(names), "json-ld")] * bool(names) + [Found(once(organisations), "json-ld")] * bool(organisations)


def _flat(value: Any) -> Iterator[Any]:
    for item in each(value)[:40]:
        yield from (each(item)[:40] if isinstance(item, list) else [item])


@functools.lru_cache(4096)
def _is_author_key(name: str) -> bool:
    return _not_letters.sub("", name).endswith(_META) and not name.startswith(("twitter", "og:image", "book"))


def _metas(page: Any) -> list[Found]:
    found = []
    for name, values in itertools.islice(page.meta.items(), 500):
        if _is_author_key(name):
            names = [part for value in values[:10] for part in names_of(clean(value)) if "://" not in value]
            found.append(Found(once(name for name in names if not name.isdigit()), "meta"))
    return found
