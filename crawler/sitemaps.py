"""Sitemaps: indexes, URL sets, news sitemaps, text files, feeds; streamed, gzipped twice, never a bomb."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from lxml import etree

from crawler import feeds
from crawler.markup import Mender, SourceError, local, parser_arguments, text_of, url_of
from crawler.urls import normalize
from crawler.when import parse_date

MAX_BYTES = 50 * 1024 * 1024  # unpacked, sitemaps.org
MAX_ENTRIES = 50_000
MAX_NESTING = 2  # gzip within gzip
CHUNK = 8 * 1024  # the parser takes quadratic time over one chunk of unclosed tags
MAX_DEPTH = 64
MAX_HELD = 20_000  # elements within one <url>; 1,000 images with five elements each are allowed
FEEDS = ("rss", "feed", "rdf")
Kind = Literal["index", "urlset", "text", "feed"]


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One URL, normalized: a page, or in an index another sitemap. Times are aware UTC."""

    url: str
    lastmod: datetime | None = None
    published: datetime | None = None  # news:publication_date
    title: str | None = None  # news:title
    language: str | None = None  # news:language


@dataclasses.dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists, in its order, each URL once.

    `truncated` says why the rest was not read: "bytes", "entries", "broken".
    """

    kind: Kind
    entries: tuple[Entry, ...] = ()
    truncated: str | None = None


def parse(body: bytes, url: str, *, max_bytes: int = MAX_BYTES, max_entries: int = MAX_ENTRIES) -> Sitemap:
    """Read a sitemap from its bytes (content encoding removed; a .gz file's own gzip is not).

    Raises SourceError where it is none or declares entities. What is over a limit is cut off and said in `truncated`.
    """
    reader = _Reader(url, max_entries)
    size = 0
    for chunk in _unpacked(body, max_bytes):
        size += len(chunk)
        if size > max_bytes:
            return reader.result("bytes")
        if not reader.feed(chunk):
            return reader.result("entries")
        if reader.depth > MAX_DEPTH or reader.held > MAX_HELD:
            return reader.result("broken")
        if reader.root in FEEDS:
            return _from_feed(body, url, max_entries)
    return reader.result(None)


def _from_feed(body: bytes, url: str, max_entries: int) -> Sitemap:
    whole = b"".join(_up_to(_unpacked(body, MAX_BYTES), MAX_BYTES))
    found = feeds.parse(whole, url).entries
    entries = tuple(Entry(e.url, e.updated, e.published, e.title, e.language) for e in found[:max_entries])
    return Sitemap("feed", entries, "entries" if len(found) > max_entries else None)


def _unpacked(body: bytes, limit: int, nesting: int = 0) -> Iterator[bytes]:
    """Give the text in chunks, however often it is gzipped; a cut-off gzip gives what it has."""
    if not body.startswith(b"\x1f\x8b"):
        yield from (body[at : at + CHUNK] for at in range(0, len(body), CHUNK))
        return
    if nesting == MAX_NESTING:
        raise SourceError("nested_gzip")
    chunks = _gunzipped(body)
    first = next(chunks, b"")
    if first.startswith(b"\x1f\x8b"):
        inner = b"".join([first, *_up_to(chunks, limit)])
        yield from _unpacked(inner, limit, nesting + 1)
        return
    yield first
    yield from chunks


def _up_to(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    for chunk in chunks:
        limit -= len(chunk)
        if limit < 0:
            raise SourceError("too_large", "unpacked")
        yield chunk


def _gunzipped(body: bytes) -> Iterator[bytes]:
    while body.startswith(b"\x1f\x8b"):  # a file may have several members
        unpacker = zlib.decompressobj(31)
        pending = body
        while pending and not unpacker.eof:
            try:
                chunk = unpacker.decompress(pending, CHUNK)
            except zlib.error as error:
                raise SourceError("bad_gzip", str(error)[:120]) from error
            if chunk:
                yield chunk
            pending = unpacker.unconsumed_tail
        body = unpacker.unused_data


class _Reader:
    """Reads one sitemap chunk by chunk: entries are taken as their elements close, and freed."""

    def __init__(self, url: str, max_entries: int) -> None:
        self.url = url
        self.max_entries = max_entries
        self.entries: dict[str, Entry] = {}
        self.mender = Mender()
        self.parser: Any = etree.XMLPullParser(("start", "end"), **parser_arguments())
        self.is_text: bool | None = None
        self.text: list[bytes] = []
        self.root: str | None = None
        self.closed = False
        self.depth = self.held = 0  # how deep it is now, how many elements it holds

    def feed(self, chunk: bytes) -> bool:
        """Take the next chunk; False when there are entries enough."""
        if self.is_text is None:
            self.is_text = b"<" not in chunk[:4096]
        if self.is_text:
            self.text.append(chunk)
            return True
        return self._parse(self.mender.feed(chunk))

    def _parse(self, text: bytes) -> bool:
        try:
            self.parser.feed(text)
        except etree.XMLSyntaxError as error:
            raise SourceError("not_xml", str(error)[:120]) from error
        for event, node in self.parser.read_events():
            if event == "start":
                self.root = self.root or local(node)
                self.depth, self.held = self.depth + 1, self.held + 1
            elif not self._end(node):
                return False
        return True

    def _end(self, node: Any) -> bool:
        """Take an element that is closed; False when there are entries enough."""
        self.depth -= 1
        self.closed = self.depth == 0
        if local(node) in ("url", "sitemap"):
            return self._take(_entry(node, self.url), node)
        if self.depth == 1:
            self._forget(node)
        return True

    def _take(self, entry: Entry | None, node: Any) -> bool:
        self._forget(node)
        if entry is None or entry.url in self.entries:
            return True
        if len(self.entries) == self.max_entries:
            return False
        self.entries[entry.url] = entry
        return True

    def _forget(self, node: Any) -> None:
        """Free an element that has been read, and those before it: the document is larger than its list."""
        self.held = 0
        parent = node.getparent()
        node.clear()
        while parent is not None and parent[0] is not node:
            del parent[0]

    def result(self, truncated: str | None) -> Sitemap:
        """Give what was read; raises SourceError where it was no sitemap."""
        if self.is_text is not False:
            return self._from_text(truncated)
        truncated = truncated or self._finish()
        if self.root not in ("sitemapindex", "urlset") and not self.entries:
            raise SourceError("not_a_sitemap", f"the root element is <{(self.root or '')[:40]}>")
        return Sitemap("index" if self.root == "sitemapindex" else "urlset", tuple(self.entries.values()), truncated)

    def _finish(self) -> str | None:
        if not self._parse(self.mender.feed(b"", final=True)):
            return "entries"
        return None if self.closed else "broken"

    def _from_text(self, truncated: str | None) -> Sitemap:
        lines = b"".join(self.text).decode("utf-8-sig", "replace").split()
        urls = list(dict.fromkeys(url for line in lines if line.startswith("http") and (url := normalize(line))))
        if not urls:
            raise SourceError("not_a_sitemap" if lines else "empty")
        if len(urls) > self.max_entries:
            truncated = truncated or "entries"
        return Sitemap("text", tuple(Entry(url) for url in urls[: self.max_entries]), truncated)


def _entry(node: Any, base: str) -> Entry | None:
    parts = {local(child): child for child in reversed(node)}
    url = normalize(url_of(parts["loc"]), base) if "loc" in parts else None
    if not url:
        return None
    news = {local(child): text_of(child) for child in parts["news"].iter()} if "news" in parts else {}
    lastmod = parse_date(text_of(parts["lastmod"])) if "lastmod" in parts else None
    title, language = news.get("title") or None, news.get("language") or None
    return Entry(url, lastmod, parse_date(news.get("publication_date")), title, language)
