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
BEFORE, BEHIND = 3, 30  # blocks around the text's last one, among which a pager stands
MOST_IN_NAV = 20  # links of one nav that are looked at
MOST_LINKS = 500  # links that are looked at
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
    """The address of the article's next page: a rel=next or pager's link that differs in the page's number alone."""
    offered = [(link.get("href"), "rel=next") for link in page.marks.nexts]
    anchors = _anchors(page)
    offered += [(link.get("href"), "rel=next") for link in anchors if _is_next(link)]
    for href, source in offered:
        url = absolute(href or "", page.url)
        if url and follows(page.url, url):
            return Reading(url, source, (Candidate(url, source),))
    for link in anchors:
        url = absolute(link.get("href") or "", page.url)
        if url and follows(page.url, url) and _leads_on(link, url):
            return Reading(url, "numbered link", (Candidate(url, "numbered link"),))
    return Reading(None)


def _is_next(link: Any) -> bool:
    return "next" in (link.get("rel") or "").lower().split()


def _anchors(page: Page) -> list[Any]:
    """Links that may lead to a next page by their address: in short blocks at the text's end and behind it, in navs."""
    last = next((at for at in range(len(page.blocks) - 1, -1, -1) if page.blocks[at].verdict == "body"), 0)
    near = page.blocks[max(last - BEFORE, 0) : last + BEHIND]
    links = [link for nav in page.marks.navs for link in itertools.islice(nav.iter("a"), MOST_IN_NAV)]
    links += [link for block in near if block.links and len(block.text) <= LONGEST_PAGER for link in block.anchors]
    return list(dict.fromkeys(link for link in links[:MOST_LINKS] if _may_be_numbered(link)))


def _may_be_numbered(link: Any) -> bool:
    text, href = link.text, link.get("href")
    short = text is None or len(text) <= LONGEST_NEXT
    return short and href is not None and _numbered_address.search(href) is not None


# a number from 2 to 99 before the end; the digit stands first, so that places without one are passed fast
_numbered_address = re.compile(r"[1-9](?<=[^0-9].)(?:[0-9]|(?<!1))(?:/|\.\w{3,5})?(?:[?#&]|$)")


def _leads_on(link: Any, url: str) -> bool:
    """Whether a link with such an address is a pager's, by its text, which is short.

    Where the number only ends a slug, as those of the articles of a series do, the text is a number or an arrow.
    """
    text = " ".join("".join(link.itertext()).split())
    if len(text) > LONGEST_NEXT or "comment" in url.partition("#")[2].lower():
        return False
    segment = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    own = _own_segment.fullmatch(segment) is not None or _query_number(urlsplit(url).query)[1] > 1
    return own or (len(text) < LONGEST_NUMBER and (text[-1:].isdigit() or not any(map(str.isalnum, text))))


_own_segment = re.compile(r"(?:page|p|seite|pagina|part|s)?[_,=-]?\d{1,2}(?:\.\w{3,5})?")


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
