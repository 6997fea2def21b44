"""Links of a front or section page: which lead to articles and which to listings, told by shape, never by site."""

from __future__ import annotations

import dataclasses
import re
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html

from crawler.urls import is_home, normalize, same_site

FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"))
ARTICLE = 0.5  # from this score on a link is one to an article

# path segments of pages that are never articles, in a few languages; folded
OTHER_PAGES = frozenset(
    """
    abo about about-us aboutus accessibility account advertise advertising apps archiv archive archives author
    authors autor autoren careers cart categories category contact contact-us contacts cookie cookie-policy
    cookies corrections datenschutz donate faq feed feeds games help horoscope horoscopes impressum imprint jobs
    kontakt login logout masthead mobile-apps newsletter newsletters podcasts print privacy privacy-policy
    profile register rss search share shop sign-in signin signup sitemap subscribe subscription subscriptions
    suche tag tags terms terms-of-service terms-of-use topic topics tv-guide weather werbung wetter wp-admin
    wp-json wp-login.php xmlrpc.php
    """.split()
)
FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|json|xml|pdf|zip|gz|mp[34]|m4a|webm|avi|mov|docx?|xlsx?|apk|exe)$"
)
_DATE_PATH = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]?(?:0?[1-9]|[12]\d|3[01]))?(?:/|-|$)")
_ID = re.compile(
    r"(?:^|[-_/.a-z])(\d{5,})(?:$|[-_/.])|[0-9a-f]{8}-[0-9a-f]{4}-|-[0-9a-f]{12,}$|(?:^|[-.])[ac]?\d{4,}\.(?:s?html?|php)$"
)
_PAGER = re.compile(r"/(?:page|seite|p|strana|storinka)[/-]?\d+/?$|/\d{1,3}/?$")
_NEXT_WORDS = frozenset(
    (
        "next",
        "next page",
        "older",
        "older posts",
        "more",
        "weiter",
        "nächste",
        "suivant",
        "siguiente",
        "›",
        "»",
        "→",
        ">",
    )
)


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """A link: `url` normalized, `text` the anchor's own, `score` from 0 (a listing) to 1 (an article)."""

    url: str
    text: str = ""
    score: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Links:
    """What a page links to on its own site, each URL once, in page order, and what its head names."""

    articles: tuple[Link, ...] = ()
    sections: tuple[Link, ...] = ()
    next_page: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    canonical: str | None = None
    hub: str | None = None


def article_score(url: str, text: str = "") -> float:
    """Judge by a normalized URL and its anchor text alone how likely it leads to an article, from 0 to 1.

    >>> article_score("https://example.org/news/2026/11/23/town-hall-opens-again-after-fire")
    1.0
    >>> article_score("https://example.org/politics/")
    0.0
    """
    parts = urlsplit(url)
    path = unquote(parts.path).lower()
    segments = [segment for segment in path.split("/") if segment]
    if (
        is_home(url)
        or FILES.search(path)
        or not segments
        or OTHER_PAGES.intersection(segments[:2])
        or "page" in segments
    ):
        return 0.0
    score = _by_path(path, segments[-1], parts.query) + _by_text(text)
    return round(min(max(score, 0.0), 1.0), 2)


def _by_path(path: str, last: str, query: str) -> float:
    words = len([word for word in re.split(r"[-_+ ]", re.sub(r"\.\w{2,5}$", "", last)) if re.search(r"[^\W\d]", word)])
    score = 0.15 * min(words, 5) if words > 1 else 0.0
    score += 0.4 if _ID.search(path) else 0.0
    score += 0.4 if _DATE_PATH.search(path) else 0.0
    score += 0.15 if re.search(r"\.(?:s?html?|php|aspx?|story)$", last) else 0.0
    score += (
        0.45
        if re.search(r"(?:^|&)(?:p|id|article|articleid|story|storyid|newsid|aid|nid|sid)=[\w-]*\d{2,}", query)
        else 0.0
    )
    return score - (0.5 if _PAGER.search(path) and words < 2 else 0.0)


def _by_text(text: str) -> float:
    """A headline is several words long; a section's name is one or two."""
    words = len(text.split())
    return 0.25 if words >= 6 or (len(text) >= 18 and not text.isascii() and words <= 1) else 0.1 if words >= 4 else 0.0


def find_links(page: Any, url: str) -> Links:
    """Find the links of a page: an lxml tree, or its bytes.

    Only links to the page's own site; an article is told by its shape (`article_score`), a section by being short.
    """
    tree = _tree(page)
    base = _base(tree, url)
    anchors = _anchors(tree, base, url)
    next_page = _next_page(tree, base, url)
    articles = [link for link in anchors if link.score >= ARTICLE]
    sections = [link for link in anchors if link.score < ARTICLE and link.url != next_page and is_section(link.url)]
    feeds, sitemaps = _named_feeds(tree, base, url), _named(tree, base, "sitemap")
    canonical, hub = _named(tree, base, "canonical"), _named(tree, base, "hub")
    return Links(
        tuple(articles), tuple(sections), next_page, feeds, sitemaps, next(iter(canonical), None), next(iter(hub), None)
    )


def is_section(url: str) -> bool:
    """Say whether a normalized URL has the shape of a section front: short words, no ids, no files.

    >>> is_section("https://example.org/news/politics/"), is_section("https://example.org/login")
    (True, False)
    """
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    if parts.query or len(segments) > 3 or FILES.search(parts.path.lower()) or OTHER_PAGES.intersection(segments):
        return False
    return not any(re.search(r"\d{3,}", segment) or segment.count("-") > 3 or len(segment) > 40 for segment in segments)


def _tree(page: Any) -> Any:
    if isinstance(page, bytes):
        return lxml.html.document_fromstring(page.strip() or b"<html></html>")
    return page


def _base(tree: Any, url: str) -> str:
    declared = next((node.get("href") for node in tree.iter("base") if node.get("href")), None)
    return (normalize(declared, url) if declared else None) or url


def _anchors(tree: Any, base: str, url: str) -> list[Link]:
    found: dict[str, Link] = {}
    for node in tree.iter("a"):
        target = normalize(node.get("href") or "", base)
        if target and same_site(target, url) and target != url:
            link = Link(target, text := _text(node), article_score(target, text))
            if target not in found or link.score > found[target].score:
                found[target] = link
    return list(found.values())


def _text(node: Any) -> str:
    return " ".join((node.text_content() or node.get("title") or node.get("aria-label") or "").split())[:300]


def _next_page(tree: Any, base: str, url: str) -> str | None:
    """Find the next page of a listing: rel=next, else a link that says so."""
    for node in tree.iter("link", "a"):
        if "next" in (node.get("rel") or "").lower().split():
            return _on_site(node, base, url)
    for node in tree.iter("a"):
        if (_text(node).lower().strip(" .:") in _NEXT_WORDS) and (found := _on_site(node, base, url)):
            return found
    return None


def _on_site(node: Any, base: str, url: str) -> str | None:
    target = normalize(node.get("href") or "", base)
    return target if target and target != url and same_site(target, url) else None


def _named(tree: Any, base: str, rel: str) -> tuple[str, ...]:
    """Give the URLs that the head's <link rel> names, normalized, in order."""
    nodes = [node for node in tree.iter("link") if rel in (node.get("rel") or "").lower().split()]
    return tuple(found for node in nodes if (found := normalize(node.get("href") or "", base)))


def _named_feeds(tree: Any, base: str, url: str) -> tuple[str, ...]:
    nodes = [
        node for node in tree.iter("link") if (node.get("type") or "").lower().partition(";")[0].strip() in FEED_TYPES
    ]
    found = [normalize(node.get("href") or "", base) for node in nodes]
    return tuple(dict.fromkeys(feed for feed in found if feed and same_site(feed, url)))
