"""Sources read: what one answer of a feed, sitemap or listing names, whatever it was thought to be. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler import feeds, links, sitemaps
from crawler.decode import is_html
from crawler.markup import SourceError
from crawler.site import Site
from crawler.urls import normalize, same_site
from storage.sources import Named
from storage.visit import Found

FEED_KINDS = {"rss": "rss", "rdf": "rss", "atom": "atom", "json": "jsonfeed"}
LISTINGS = frozenset(("front", "section", "older"))


@dataclasses.dataclass(frozen=True, slots=True)
class SourceReading:
    """What a source names: article URLs, other sources with when they changed, the older page of a listing or feed.

    `sections` are listings that may be looked at where nothing better is there. `off_site` counts URLs left out.
    """

    kind: str
    found: tuple[Found, ...] = ()
    named: tuple[tuple[Named, datetime | None], ...] = ()
    sections: tuple[str, ...] = ()
    next_page: str | None = None
    newest: datetime | None = None
    ttl: timedelta | None = None
    off_site: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Context:
    """Whose source it is: the source's number and kind so far, its site file, and how deep it lies in listings."""

    source_id: int
    kind: str
    site: type[Site]
    depth: int = 0


def read_source(body: bytes, url: str, content_type: str | None, context: Context) -> SourceReading:
    """Read a source's answer (content encoding removed). Raises SourceError where it is none."""
    if is_html(body, content_type):
        return _listing(body, url, context)
    if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or context.kind in FEED_KINDS.values():
        return _feed(body, url, context)
    sitemap = sitemaps.parse(body, url)
    if sitemap.kind == "text" and content_type and "text/plain" not in content_type:
        raise SourceError("not_a_source", f"{content_type.partition(';')[0][:60]} without a feed, sitemap or page")
    return _index(sitemap, url, context) if sitemap.kind == "index" else _urlset(sitemap, url, context)


def _feed(body: bytes, url: str, context: Context) -> SourceReading:
    feed = feeds.parse(body, url)
    found, off_site = _own(((e.url, e.published or e.updated, e.title) for e in feed.entries), url, context)
    return SourceReading(
        FEED_KINDS[feed.kind], found, next_page=feed.next, newest=_newest(found), ttl=feed.ttl, off_site=off_site
    )


def _index(sitemap: sitemaps.Sitemap, url: str, context: Context) -> SourceReading:
    """Name an index's sitemaps, the one changed last first; those of other sites are counted."""
    oldest = datetime.min
    own = [entry for entry in sitemap.entries if same_site(entry.url, url)]
    entries = sorted(own, key=lambda e: (e.lastmod or oldest).replace(tzinfo=None), reverse=True)
    named = [
        (
            Named(e.url, "news_sitemap" if "news" in e.url.rpartition("/")[2] else "sitemap", context.source_id),
            e.lastmod,
        )
        for e in entries
    ]
    return SourceReading("sitemap_index", named=tuple(named), off_site=len(sitemap.entries) - len(own))


def _urlset(sitemap: sitemaps.Sitemap, url: str, context: Context) -> SourceReading:
    found, off_site = _own(((e.url, e.published or e.lastmod, e.title) for e in sitemap.entries), url, context)
    news = any(entry.published for entry in sitemap.entries)
    kind = "rss" if sitemap.kind == "feed" else "news_sitemap" if news else "sitemap"
    return SourceReading(kind, found, newest=_newest(found), off_site=off_site)


def _listing(body: bytes, url: str, context: Context) -> SourceReading:
    page = links.find_links(body, url)
    found, _ = _own(((link.url, None, link.text) for link in _articles(page, context.site)), url, context)
    chosen = {item.url for item in found}
    named = [Named(feed, "rss", context.source_id) for feed in page.feeds]
    named += [Named(sitemap, "sitemap", context.source_id) for sitemap in page.sitemaps if same_site(sitemap, url)]
    return SourceReading(
        context.kind if context.kind in LISTINGS else "section",
        found,
        tuple((item, None) for item in named),
        tuple(link.url for link in page.sections if link.url not in chosen),
        page.next_page,
    )


def _articles(page: links.Links, site: type[Site]) -> list[links.Link]:
    """Give the links to articles: as the site file says, where it does not know as their shapes say."""
    shaped = set(page.articles)
    told = [(link, site.is_article_url(link.url)) for link in (*page.articles, *page.sections, *page.others)]
    return [link for link, is_one in told if is_one or (is_one is None and link in shaped)]


def _own(
    rows: Iterable[tuple[str, datetime | None, str | None]], url: str, context: Context
) -> tuple[tuple[Found, ...], int]:
    """Keep what is of the source's own site and may be an article; gives how many were not of the site, too."""
    found: dict[str, Found] = {}
    off_site = 0
    for address, published, title in rows:
        plain = normalize(address)
        if plain is None or not same_site(plain, url):
            off_site += 1
        elif plain not in found and context.site.is_article_url(plain) is not False:
            found[plain] = Found(plain, context.source_id, published, title, context.depth)
    return tuple(found.values()), off_site


def _newest(found: Iterable[Found]) -> datetime | None:
    return max((item.published for item in found if item.published), default=None)
