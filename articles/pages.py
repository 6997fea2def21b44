"""Pages: an article over several pages, and the variants that one article has."""

from __future__ import annotations

import itertools
import re
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from articles.page import Page
from articles.reading import Candidate, Reading
from articles.site import absolute

Variant = Literal["amp", "print"]

LONGEST_NUMBER = 10  # characters: "2", "Page 2"
LONGEST_NEXT = 40  # characters: "Continue on the next page"
LONGEST_PAGER = 200  # characters
MOST_IN_NAV = 60  # links of one nav that are looked at
MOST_LINKS = 2000  # links that are looked at
NUMBERED = re.compile(
    r"^(?P<stem>.*?)(?:[/_-]?(?:page|p|seite|pagina|part|s)?[/_,=-]?(?P<number>\d{1,2}))?(?P<end>/|\.\w{3,5}|)$"
)
PAGE_KEYS = frozenset(
    ("page", "p", "pg", "seite", "pagina", "pagenum", "page_no", "pageno", "start", "paged", "currentpage")
)
AMP_PATH = re.compile(r"(?:^|[/._-])amp(?:\.html?)?/?$|^/amp/|/amp/", re.I)
PRINT_PATH = re.compile(
    r"(?:^|[/._-])(?:print|druck|drucken|imprimir|printer|printable)(?:\.\w{2,5})?/?$|/(?:print|druck|imprimir)/", re.I
)


def read_next_page(page: Page) -> Reading[str | None]:
    """The address of the article's next page: a rel=next or numbered link that differs in the page's number alone."""
    offered = [(link.get("href"), "rel=next") for link in page.marks.nexts]
    anchors = _anchors(page)
    offered += [(link.get("href"), "rel=next") for link in anchors if _is_next(link)]
    offered += [(link.get("href"), "numbered link") for link in anchors if not _is_next(link)]
    for href, source in offered:
        url = absolute(href or "", page.url)
        if url and follows(page.url, url):
            return Reading(url, source, (Candidate(url, source),))
    return Reading(None)


def _is_next(link: Any) -> bool:
    return "next" in (link.get("rel") or "").lower().split()


def _anchors(page: Page) -> list[Any]:
    """Links that may lead to a next page: those with rel=next, and those whose text is a number, or ends in one.

    They stand in a nav, or in a short text that is links for the most part.
    """
    links = [link for nav in page.marks.navs for link in itertools.islice(nav.iter("a"), MOST_IN_NAV)]
    for block in page.blocks:
        if block.links and len(block.text) <= LONGEST_PAGER and block.linked * 3 >= len(block.text):
            links += block.anchors
    return list(dict.fromkeys(link for link in links[:MOST_LINKS] if _may_lead_on(link)))


def _may_lead_on(link: Any) -> bool:
    """Whether a link has a short text that ends in a digit, or is said to be the next one."""
    text = link.text
    if text is not None and len(text) > LONGEST_NEXT:
        return False
    number = text is not None and len(text) < LONGEST_NUMBER and text.rstrip()[-1:].isdigit()
    return number or "next" in (link.get("rel") or "")


def follows(url: str, other: str) -> bool:
    """Whether `other` is the page after `url` of the same article.

    >>> follows("https://e.org/a-story.html", "https://e.org/a-story-2.html")
    True
    >>> follows("https://e.org/a?page=2", "https://e.org/a?page=3"), follows("https://e.org/a/2", "https://e.org/a/4")
    (True, False)
    >>> follows("https://e.org/2024/05/a-story/", "https://e.org/2024/05/another/")
    False
    """
    here, there = urlsplit(url), urlsplit(other)
    if here.netloc.lower().removeprefix("www.") != there.netloc.lower().removeprefix("www."):
        return False
    if here.path.rstrip("/") == there.path.rstrip("/"):
        return _step(_query_number(here.query), _query_number(there.query))
    if here.path.strip("/") == "":
        return False
    mine, theirs = _numbered(here.path), _numbered(there.path)
    for stem, number in ((here.path.rstrip("/"), 1), mine):
        bare = re.sub(r"\.\w{3,5}$", "", stem)
        if theirs[1] and bare and bare == theirs[0] and theirs[1] == (number or 1) + 1:
            return True
    return False


def _numbered(path: str) -> tuple[str, int]:
    """A path without its page number, and the number (0 where there is none)."""
    match = NUMBERED.match(path)
    if match is None or match["number"] is None:
        return re.sub(r"\.\w{3,5}$|/$", "", path), 0
    return match["stem"], int(match["number"])


def _query_number(query: str) -> tuple[frozenset[tuple[str, str]], int]:
    """A query without its page number, and the number (1 where there is none)."""
    pairs = parse_qsl(query)
    number = next((value for key, value in pairs if key.lower() in PAGE_KEYS and value.isdigit()), "1")
    return frozenset(pair for pair in pairs if pair[0].lower() not in PAGE_KEYS), int(number[:4])


def _step(here: tuple[frozenset[tuple[str, str]], int], there: tuple[frozenset[tuple[str, str]], int]) -> bool:
    return there[1] == here[1] + 1 and there[0] <= here[0]


def variant(page: Page) -> Variant | None:
    """Whether the page is an AMP or a print version of an article, by its own marks or its address."""
    root = page.tree
    if root.get("amp") is not None or root.get("⚡") is not None:
        return "amp"
    try:
        parts = urlsplit(page.url)
    except ValueError:
        return None
    keys = {key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if AMP_PATH.search(parts.path) or "amp" in keys or parts.netloc.startswith("amp."):
        return "amp"
    return "print" if PRINT_PATH.search(parts.path) or "print" in keys else None
