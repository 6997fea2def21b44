"""Publishers: which pages are so much alike that they must stand on the same side of a split into training and test.

Pages are of one family where their addresses have the same registered domain, or half of their class names in common:
one publisher's several domains, sister papers with the same templates, copies of one page in two corpora. A page
without an address is where most of its links lead.
"""

from __future__ import annotations

import collections
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

ALIKE = 0.5  # share of the class names of either page that both have
FEWEST = 12  # class names that say something together
COMMON = 60  # pages; a class name on more of them is a framework's, and says nothing by itself
ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\w+/(.*)")
SECOND_LEVEL = frozenset("ac co com edu gob gov gv ne net or org".split())  # noqa: SIM905 - below a country's domain


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a page: a name for it, its registered domain or "", its class names."""

    name: str
    domain: str
    classes: frozenset[str]


def seen(name: str, url: str, tree: Any) -> Seen:
    """What tells a page's family, from its address and its tree."""
    classes = {word for value in tree.xpath("//@class") for word in value.split()}
    return Seen(name, domain(url) or _most_linked(tree), frozenset(classes))


def domain(url: str) -> str:
    """The registered domain of an address; the archived page's own for web.archive.org.

    >>> domain("https://web.archive.org/web/2019/http://news.example.co.uk/a"), domain("http://www.example.org/")
    ('example.co.uk', 'example.org')
    """
    archived = ARCHIVED.match(url)
    url = archived[1] if archived else url
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    parts = host.split(".")
    if len(parts) < 2:
        return ""
    return ".".join(parts[-3 if len(parts[-1]) == 2 and parts[-2] in SECOND_LEVEL else -2 :])


def _most_linked(tree: Any) -> str:
    hosts = collections.Counter(domain(url) for url in tree.xpath("//a/@href") if url.startswith("http"))
    return hosts.most_common(1)[0][0] if hosts else ""


def families(pages: Sequence[Seen]) -> dict[str, int]:
    """The number of each page's family by the page's name; numbers go by size, the largest family first."""
    leader = {page.name: page.name for page in pages}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = name = leader[leader[name]]
        return name

    def join(one: str, other: str) -> None:
        leader[max(find(one), find(other))] = min(find(one), find(other))

    first: dict[str, str] = {}
    for page in pages:
        if page.domain:
            join(page.name, first.setdefault(page.domain, page.name))
    for one, other in _alike([page for page in pages if len(page.classes) >= FEWEST]):
        join(one.name, other.name)
    sizes = collections.Counter(find(name) for name in leader)
    order = {
        name: number for number, (name, _) in enumerate(sorted(sizes.items(), key=lambda each: (-each[1], each[0])))
    }
    return {name: order[find(name)] for name in leader}


def _alike(pages: list[Seen]) -> list[tuple[Seen, Seen]]:
    """The pairs of pages with the same templates."""
    holders = collections.defaultdict(list)
    for index, page in enumerate(pages):
        for word in page.classes:
            holders[word].append(index)
    rare = [same for same in holders.values() if 1 < len(same) <= COMMON]
    pairs = collections.Counter(pair for same in rare for pair in itertools.combinations(same, 2))
    found = [(pages[one], pages[other]) for (one, other), count in pairs.items() if count > 3]
    return [(a, b) for a, b in found if len(a.classes & b.classes) >= ALIKE * len(a.classes | b.classes)]


def folds(family: dict[str, int], count: int) -> dict[str, int]:
    """The fold of each page by the page's name: whole families, so that each corpus (a name's first part) is dealt out
    evenly."""
    members = collections.defaultdict(list)
    for name, number in family.items():
        members[number].append(name.partition("/")[0])
    total = collections.Counter(corpus for corpora in members.values() for corpus in corpora)
    load = [collections.Counter[str]() for _ in range(count)]
    chosen = {}
    for number in sorted(members):
        mine = collections.Counter(members[number])
        fullness = [sum(each[corpus] * mine[corpus] / total[corpus] for corpus in mine) for each in load]
        best = min(range(count), key=lambda fold: (fullness[fold], load[fold].total()))
        load[best] += mine
        chosen[number] = best
    return {name: chosen[number] for name, number in family.items()}
