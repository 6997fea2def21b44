"""The headline as shown: candidates of all sources, grouped by text, weighed by agreement and by what is visible."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from articles.marks import text_of
from articles.reading import Candidate, Reading
from articles.site import compact
from articles.structured import clean, fold

LONGEST = 400  # characters of a headline
SHORTEST_AGREED = 12  # characters below which two sources may agree on something else
_separator = re.compile(r"(\s+[|–—·•»«:~-]+\s+|\s*[|｜_]\s*|\s+::\s+|\s*--\s*|:\s+|\s+/\s+|：)")
_word = re.compile(r"\w+")
_META_KEYS = ("title", "dc.title", "headline", "parsely-title", "sailthru.title", "article:title", "dcterms.title")

# Weight of each thing known of a candidate text; fitted by bench/train_metadata.py on labelled pages.
WEIGHTS: dict[str, float] = {
    "h1": 2.62,
    "words": 2.39,
    "og": 1.71,
    "within title": 1.47,
    "h1 later": 1.39,
    "slug": 1.36,
    "h1 part": 1.33,
    "json-ld": 1.01,
    "near title": 0.61,
    "within og": 0.61,
    "meta": 0.51,
    "holds h1": 0.37,
    "near h1": 0.35,
    "title": 0.35,
    "h1 cut": 0.28,
    "twitter whole": 0.28,
    "near og": 0.17,
    "h1 later cut": 0.16,
    "og whole": 0.16,
    "twitter": 0.11,
    "json-ld cut": 0.1,
    "og cut": 0.06,
    "json-ld whole": -0.05,
    "meta whole": -0.06,
    "json-ld tail": -0.08,
    "within json-ld": -0.11,
    "h1 tail": -0.16,
    "h1 later tail": -0.19,
    "holds json-ld": -0.24,
    "h2": -0.28,
    "title cut": -0.35,
    "near json-ld": -0.36,
    "within h1": -0.47,
    "og tail": -0.59,
    "title tail": -0.59,
    "holds og": -0.82,
    "site-like": -1.08,
    "title whole": -1.08,
    "short": -1.33,
}


@dataclasses.dataclass(slots=True)
class Group:
    """One text and the sources that gave it (first spelling wins, most visible source first)."""

    text: str
    sources: dict[str, None] = dataclasses.field(default_factory=dict)
    features: dict[str, float] = dataclasses.field(default_factory=dict)
    score: float = 0.0


def read_title(page: Any) -> Reading[str | None]:
    """Read the headline."""
    return _agreed(page) or _weighed_best(page)


def _agreed(page: Any) -> Reading[str | None] | None:
    """The first h1 where og:title or the JSON-LD headline says the same: no weighing would find anything else."""
    shown = next((text for node, text in page.headings if text and node.tag == "h1"), "")
    if not SHORTEST_AGREED <= len(shown) <= LONGEST:
        return None
    declared = {
        "og": clean(next(iter(page.meta.get("og:title", ())), "")),
        "json-ld": clean((page.structured.article or {}).get("headline")),
    }
    title, names = fold(shown), page.site_names
    same = [name for name, text in declared.items() if text and title in (fold(text), fold(strip_site(text, names)))]
    if not same or compact(shown) in names:
        return None
    _claim_headings(page, title)
    whole = page.marks.titles[0] if page.marks.titles else ""
    rest = [Candidate(text, name) for name, text in (*declared.items(), ("title", whole)) if text and name not in same]
    return Reading(shown, "h1", (Candidate(shown, "+".join(("h1", *same)), "agreed"), *rest))


def _weighed_best(page: Any) -> Reading[str | None]:
    """The best candidate by the weights."""
    groups = weighed(page)
    for group in groups:
        group.score = sum(WEIGHTS.get(name, 0.0) * value for name, value in group.features.items() if value)
    ranked = sorted(groups, key=lambda group: -group.score)
    if not ranked:
        return Reading(None)
    _claim_headings(page, fold(ranked[0].text))
    found = tuple(Candidate(group.text, "+".join(group.sources), f"weight {group.score:.1f}") for group in ranked[:12])
    return Reading(ranked[0].text, next(iter(ranked[0].sources)), found)


def _claim_headings(page: Any, title: str) -> None:
    """Keep the headings that show the title out of the body."""
    for node, text in page.headings:
        if fold(text) == title:
            page.claim(node, "title", "the headline")


def weighed(page: Any) -> list[Group]:
    """All candidates of a page with their features."""
    names = page.site_names
    raw = [(source, text) for source, text in _raw(page) if text and len(text) <= LONGEST]
    groups: dict[str, Group] = {}
    for source, text in raw:
        for kind, variant in _variants(source, text, names):
            if not _is_noise(variant, names):
                group = groups.setdefault(fold(variant).rstrip("."), Group(variant))
                group.sources.setdefault(kind)
    _describe(groups, page, names)
    return list(groups.values())


def _raw(page: Any) -> Iterator[tuple[str, str]]:
    """Every source's text, the visible ones first."""
    shown = 0
    for node, text in page.headings:
        if text and node.tag == "h1":
            yield ("h1" if shown == 0 else "h1 later"), text
            yield from (("h1 part", part) for part in _pieces(node))
            shown += 1
    article = page.structured.article or {}
    yield "json-ld", clean(article.get("headline")) or clean(article.get("name"))
    for key in ("og:title", "twitter:title"):
        yield key.split(":")[0], clean(next(iter(page.meta.get(key, ())), ""))
    for key in _META_KEYS:
        yield "meta", clean(next(iter(page.meta.get(key, ())), ""))
    yield from (("title", text) for text in page.marks.titles[:1])
    yield from (("h2", text) for node, text in page.headings if node.tag == "h2")


def _pieces(node: Any) -> list[str]:
    """Parts of a heading that holds a kicker beside its headline; [] where it is one text."""
    parts = [" ".join((node.text or "").split())]
    for child in node:
        parts += [text_of(child, LONGEST) if isinstance(child.tag, str) else "", " ".join((child.tail or "").split())]
    full = [part for part in parts if part]
    return [part.lstrip(": ") for part in full if len(part) > 9] if 1 < len(full) < 5 else []


def _variants(source: str, text: str, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The text itself, and without the site's name or its last part where it has parts."""
    stripped = strip_site(text, names)
    if stripped != text:
        yield source, stripped
        yield source + " whole", text
        return
    yield source, text
    parts = _parts(text)
    if source in ("title", "og", "json-ld", "h1", "h1 later") and len(parts) > 2:
        yield source + " cut", "".join(parts[:-2]).strip()
        yield source + " tail", "".join(parts[2:]).strip()


@functools.lru_cache(64)
def _parts(text: str) -> tuple[str, ...]:
    """The parts of a title with the separators between them; most texts of a page come several times."""
    return tuple(_separator.split(text))


def strip_site(text: str, names: Iterable[str]) -> str:
    """Drop the site's name (compact forms in `names`) from the end or the start of a title.

    >>> strip_site("A day in May - Politics | The Example", {"theexample", "example"})
    'A day in May - Politics'
    >>> strip_site("The Example: A day in May", {"theexample"})
    'A day in May'
    """
    parts = _parts(text)
    for _ in range(2):
        if len(parts) > 2 and _is_site(parts[-1], names):
            parts = parts[:-2]
        elif len(parts) > 2 and _is_site(parts[0], names):
            parts = parts[2:]
    return "".join(parts).strip()


def _is_site(part: str, names: Iterable[str]) -> bool:
    name = compact(part)
    return bool(name) and any(
        name == known or (len(known) > 4 and known in name and len(name) < 2.5 * len(known)) for known in names
    )


def _is_noise(text: str, names: frozenset[str]) -> bool:
    return not _word.search(text) or (compact(text) in names)


def _describe(groups: dict[str, Group], page: Any, names: frozenset[str]) -> None:
    words = {key: set(_word.findall(key)) for key in groups}
    slug = set(_word.findall(fold(unquote(page.url.split("?")[0])).replace("_", "-")))
    given = {
        name: [(key, words[key], name in group.sources) for key, group in groups.items() if _gives(group, name)]
        for name in ("h1", "json-ld", "og", "title")
    }
    for key, group in groups.items():
        features, mine = group.features, words[key]
        for source in group.sources:
            features[source] = 1.0
        features["slug"] = len(mine & slug) / len(mine) if mine else 0.0
        for name, rivals in given.items():
            _compare(features, name, (key, mine), rivals)
        features["site-like"] = _site_share(group.text, names)
        features["short"] = float(len(key) < 12)
        features["long"] = max(0.0, (len(key) - 120) / 100)
        features["words"] = min(len(mine), 12) / 12


def _gives(group: Group, name: str) -> bool:
    return name in group.sources or name + " whole" in group.sources


def _compare(
    features: dict[str, float], name: str, mine: tuple[str, set[str]], rivals: list[tuple[str, set[str], bool]]
) -> None:
    """How near a text is to the other texts that a source gives, and whether one holds the other."""
    key, words = mine
    for other, theirs, plain in rivals:
        if other == key:
            continue
        near = _near(words, theirs)
        if near > features.get("near " + name, 0.0):
            features["near " + name] = near
        if plain and near:
            if key in other:
                features["within " + name] = 1.0
            if other in key:
                features["holds " + name] = 1.0


def _site_share(text: str, names: frozenset[str]) -> float:
    """How much of a text is the site's name."""
    flat = compact(text)
    return (
        max((len(name) / len(flat) for name in names if len(name) > 3 and name in flat), default=0.0) if flat else 0.0
    )


def _near(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
