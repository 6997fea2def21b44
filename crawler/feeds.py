"""Feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed, read into one shape."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urljoin

from crawler.markup import MAX_BYTES, SourceError, local, namespace, parse_xml, text_of, url_of
from crawler.urls import normalize
from crawler.when import parse_date

MAX_ENTRIES = 5000
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
Kind = Literal["rss", "rdf", "atom", "json"]


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `url` is normalized, times are aware UTC, what is absent is None."""

    url: str
    title: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its entries in its own order, each URL once.

    `next` is the older page (RFC 5005), `ttl` how often it asks to be read at most, `without_url` how many entries
    named no address.
    """

    kind: Kind
    entries: tuple[Entry, ...] = ()
    title: str | None = None
    language: str | None = None
    next: str | None = None
    ttl: timedelta | None = None
    without_url: int = 0


_ADDRESS = re.compile(r"(?:https?:)?/", re.IGNORECASE)


def parse(body: bytes, url: str, *, encoding: str | None = None) -> Feed:
    """Read a feed from its bytes (content encoding removed). `encoding` is the charset of the HTTP header.

    Raises SourceError where it is no feed, too large, or declares entities.
    """
    if len(body) > MAX_BYTES:
        raise SourceError("too_large", f"{len(body)} bytes")
    if body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(body, url)
    return from_root(parse_xml(body, encoding), url)


def from_root(root: Any, url: str) -> Feed:
    """Read a feed from its parsed root element."""
    kinds: dict[str, Kind] = {"rss": "rss", "rdf": "rdf", "feed": "atom", "channel": "rss"}
    kind = kinds.get(local(root))
    if kind is None:
        raise SourceError("not_a_feed", f"the root element is <{local(root)[:40]}>")
    entries = [_entry(node, url) for node in _entry_nodes(root)]
    found = {entry.url: entry for entry in reversed([entry for entry in entries if entry])}
    channel = next((node for node in root if local(node) == "channel"), root)
    return Feed(
        kind=kind,
        entries=tuple(reversed(found.values())),
        title=_child_text(channel, "title"),
        language=_child_text(channel, "language") or _lang(root),
        next=_next_page(channel, url),
        ttl=_ttl(channel),
        without_url=entries.count(None),
    )


def _entry_nodes(root: Any) -> Iterator[Any]:
    yield from itertools.islice(root.iter("{*}item", "{*}entry"), MAX_ENTRIES)


def _entry(node: Any, url: str) -> Entry | None:
    base = _base(node, url)
    link = next((found for href in _addresses(node) if (found := normalize(href, base))), None)
    if link is None:
        return None
    return Entry(
        url=link,
        title=_child_text(node, "title"),
        published=_date(node, "pubdate", "published", "date", "issued", "created", "dcdate"),
        updated=_date(node, "updated", "modified", "lastmod"),
        language=_child_text(node, "language") or _lang(node),
    )


def _base(node: Any, url: str) -> str:
    """Resolve xml:base of the element and those around it (Atom 2)."""
    bases = [around.get(XML_BASE) for around in [node, *node.iterancestors()] if around.get(XML_BASE)]
    for base in reversed(bases):
        url = urljoin(url, base)
    return url


def _addresses(node: Any) -> Iterator[str]:
    """Give the addresses that an entry names, the likeliest first: its own link rather than a redirector's."""
    children = [(local(child), child) for child in node]
    yield from (url_of(child) for name, child in children if name == "origlink")
    links = sorted((child for name, child in children if name == "link"), key=_link_rank)
    for child in links:
        if _link_rank(child) < 9:
            yield child.get("href") or url_of(child)
    yield from (url_of(c) for n, c in children if n == "guid" and c.get("isPermaLink", "true").lower() != "false")
    yield from (value for key, value in node.attrib.items() if key.rpartition("}")[2] == "about")
    named = (url_of(child) for name, child in children if name in ("id", "guid"))
    yield from (text for text in named if _ADDRESS.match(text))  # not a number or a tag: URI


def _link_rank(link: Any) -> int:
    """Rank a link: plain text first, then Atom's alternate of type HTML; 9 is not the article (self, enclosure)."""
    if not link.get("href"):
        return 0 if url_of(link) else 9
    if (link.get("rel") or "alternate").lower() not in (
        "alternate",
        "http://www.iana.org/assignments/relation/alternate",
    ):
        return 9
    return 1 if (link.get("type") or "text/html").lower() in ("text/html", "application/xhtml+xml") else 2


def _child_text(node: Any, name: str) -> str | None:
    """Give a child's text, one of the feed's own namespace before one of a module's (media:title)."""
    found = [child for child in node if local(child) == name]
    own = [child for child in found if namespace(child) == namespace(node)]
    return next((text for child in [*own, *found] if (text := text_of(child))), None)


def _date(node: Any, *names: str) -> datetime | None:
    children = {name: child for child in reversed(node) if (name := local(child)) in names}
    return next((found for n in names if n in children and (found := parse_date(text_of(children[n])))), None)


def _lang(node: Any) -> str | None:
    found: str | None = node.get("{http://www.w3.org/XML/1998/namespace}lang")
    return found


def _next_page(channel: Any, url: str) -> str | None:
    links = [child for child in channel if local(child) == "link" and (child.get("rel") or "").lower() == "next"]
    return next((normalize(link.get("href"), url) for link in links if link.get("href")), None)


def _ttl(channel: Any) -> timedelta | None:
    """Read <ttl> (minutes), or sy:updatePeriod and sy:updateFrequency."""
    ttl = _child_text(channel, "ttl") or ""
    if ttl.isdecimal() and 0 < int(ttl[:8]) <= 40320:
        return timedelta(minutes=int(ttl))
    periods = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
    hours = periods.get((_child_text(channel, "updateperiod") or "").lower())
    times = _child_text(channel, "updatefrequency") or "1"
    return timedelta(hours=hours) / max(int(times[:6]), 1) if hours and times.isdecimal() else None


def _json_feed(body: bytes, url: str) -> Feed:
    """Read a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceError("not_json", str(error)[:120]) from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise SourceError("not_a_feed", "JSON without items")
    entries = [_json_entry(item, url) for item in items[:MAX_ENTRIES]]
    found = {entry.url: entry for entry in reversed([entry for entry in entries if entry])}
    return Feed(
        kind="json",
        entries=tuple(reversed(found.values())),
        title=_string(data, "title"),
        language=_string(data, "language"),
        next=normalize(_string(data, "next_url") or "", url) if _string(data, "next_url") else None,
        without_url=entries.count(None),
    )


def _json_entry(item: Any, url: str) -> Entry | None:
    if not isinstance(item, dict):
        return None
    names = [text for key in ("url", "external_url", "id") if (text := _string(item, key))]
    link = next((found for text in names if (found := normalize(text, url if text.startswith("/") else None))), None)
    if link is None:
        return None
    published, updated = parse_date(_string(item, "date_published")), parse_date(_string(item, "date_modified"))
    return Entry(link, _string(item, "title"), published, updated, _string(item, "language"))


def _string(data: dict[str, Any], key: str) -> str | None:
    value = data.get(key)
    return " ".join(value.split()) or None if isinstance(value, str) else None
