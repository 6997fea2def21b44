"""What the page says of itself as a page: the publisher's name, its canonical address, its robots directives."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from articles.marks import holding, text_of
from articles.reading import Candidate, Reading
from articles.record import Problem
from articles.structured import clean, each, fold, types_of

_separators = re.compile(r"\s+[|–—·•»«:~/-]+\s+|\s*[|｜]\s*|\s+::\s+|_|\s*--\s*")
_second_level = frozenset(("co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go"))
_plain = re.compile(r"https?://[a-z0-9][a-z0-9.-]*/[^?#\\]*(?:\?[^?#\\]+)?")  # absolute, and nothing to mend in it
_letters = re.compile(r"[\W_]+")
LONGEST_NAME = 80


def read_site(page: Any) -> Reading[str | None]:
    """Read the publisher's name: declared, else from the title's end where the host confirms it, else the host."""
    if page.rules.site:
        return Reading(page.rules.site, "site rule")
    found = [c for c in _declared(page) if 0 < len(c.value) <= LONGEST_NAME]
    if not found:  # the dearer sources, only where they are needed
        found = [c for c in _from_microdata(page) if 0 < len(c.value) <= LONGEST_NAME]
        found += [Candidate(name, "title") for name in _from_title(page)]
    host = bare_host(page.url)
    found += [Candidate(host, "url")] if host else []
    best = found[0] if found else None
    return Reading(best.value if best else None, best.source if best else None, tuple(found))


def _declared(page: Any) -> Iterator[Candidate]:
    for text in page.meta.get("og:site_name", [])[:1]:
        yield Candidate(_bare(clean(text)), "og")
    article = page.structured.article or {}
    for holder in ("publisher", "isPartOf", "sourceOrganization"):
        for value in each(article.get(holder))[:2]:
            value = page.structured.resolve(value)
            if holder == "isPartOf" and not _is_publication(value):
                continue
            yield Candidate(clean(value.get("name") if isinstance(value, dict) else value), "json-ld")
    for node in page.structured.nodes:
        if "website" in types_of(node) or "newsmediaorganization" in types_of(node):
            yield Candidate(clean(node.get("name")), "json-ld")
    for key in ("application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher"):
        for text in page.meta.get(key, [])[:1]:
            if "://" not in text:
                yield Candidate(clean(text), "meta")


def _from_microdata(page: Any) -> Iterator[Candidate]:
    for node in page.microdata.get("publisher", ())[:2]:
        named = node.xpath("(.//*[@itemprop='name'])[1]")
        yield Candidate(clean(named[0].get("content") or text_of(named[0])) if named else "", "microdata")


def _is_publication(value: Any) -> bool:
    return isinstance(value, dict) and not {"webpage", "creativework"} & set(types_of(value))


def _bare(name: str) -> str:
    """Drop an address or a slogan that follows the name."""
    return (
        name.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
        if "://" in name
        else name
    )


def _from_title(page: Any) -> Iterator[str]:
    label = compact(host_label(page.url))
    parts = [
        part.strip()
        for text in page.marks.titles[:2]
        for part in reversed(_separators.split(text[:400])[1:][-8:])
        if len(part) <= LONGEST_NAME
    ]
    owned = holding(page.markup, tuple(f"© {part}".encode() for part in parts), len(page.markup)) if parts else 0
    for number, part in enumerate(parts):
        if owned >> number & 1 or (label and _alike(compact(part), label)):
            yield part


def _alike(name: str, label: str) -> bool:
    return len(name) > 2 and (name == label or name in label or label in name)


def site_names(page: Any) -> frozenset[str]:
    """Compact forms of every name by which the site goes: declared names and labels of its host."""
    names = {compact(c.value) for c in _declared(page) if len(c.value) <= LONGEST_NAME} | {
        compact(host_label(page.url)),
        compact(bare_host(page.url)),
    }
    names |= {compact(page.rules.site or ""), compact(page.rules.title_suffix or "")}
    names |= {compact(handle) for handle in page.meta.get("twitter:site", [])[:1]}
    return frozenset(name for name in names if len(name) > 1)


@functools.lru_cache(2048)
def compact(text: str) -> str:
    """Letters and digits alone, folded: for comparing names.

    >>> compact("The New-Yorker.")
    'thenewyorker'
    """
    return _letters.sub("", fold(text))


@functools.lru_cache(256)
def bare_host(url: str) -> str:
    """Host of an address without "www.", "" where there is none.

    >>> bare_host("https://www.example.co.uk:8080/a")
    'example.co.uk'
    """
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""


def host_label(url: str) -> str:
    """The label of a host that names the site.

    >>> host_label("https://news.example.co.uk/a"), host_label("https://example.org/")
    ('example', 'example')
    """
    labels = bare_host(url).split(".")
    while len(labels) > 2 and labels[-2] in _second_level and len(labels[-1]) == 2:
        labels.pop()
    return labels[-2] if len(labels) > 1 else labels[0]


def read_canonical_url(page: Any) -> Reading[str | None]:
    """Read the address that the page declares as its own: rel=canonical, else og:url. Always absolute http(s)."""
    declared = [(href, "link") for href in page.marks.canonical[:3]]
    declared += [(href, "og") for href in page.meta.get("og:url", [])[:1]]
    candidates, problems = [], []
    for href, source in declared:
        url = absolute(href, page.url)
        if url:
            candidates.append(Candidate(url, source))
        elif href.strip():
            problems.append(Problem("canonical_url", f"not an http(s) address: {href.strip()[:100]!r}"))
    best = candidates[0] if candidates else None
    return Reading(best.value if best else None, best.source if best else None, tuple(candidates), tuple(problems))


def absolute(href: str, base: str) -> str | None:
    """The address made absolute, None where it is not a usable http(s) address.

    >>> absolute("/a", "https://example.org/b"), absolute("javascript:alert(1)", "https://example.org/")
    ('https://example.org/a', None)
    """
    try:
        href = "".join(href.split())
        if _plain.fullmatch(href):
            return href
        if href.rstrip("/") in ("http:", "https:"):
            return None
        url = urljoin(base, href)
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def read_robots(page: Any) -> Reading[tuple[str, ...]]:
    """Read the directives of the robots meta tags, lower case, in order, each once."""
    found = [part.strip().lower() for text in page.meta.get("robots", []) for part in text.split(",")]
    return Reading(tuple(dict.fromkeys(part for part in found if part)), "meta" if found else None)
