"""Sitemaps: every form is read as it streams by; bombs and floods are cut off."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import sitemaps
from crawler.markup import SourceError
from crawler.sitemaps import Entry

URL = "https://example.org/sitemap.xml"
TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HEAD = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = f"""{HEAD} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://example.org/news/1</loc>
 <image:image><image:loc>https://example.org/1.jpg</image:loc><image:title>A weir</image:title></image:image>
 <lastmod>2026-11-23T12:00:00+02:00</lastmod><news:news><news:publication><news:name>The Weir Post</news:name>
 <news:language>uk</news:language></news:publication><news:publication_date>2026-11-23T10:00Z</news:publication_date>
 <news:title>Mill &amp; weir</news:title></news:news></url></urlset>""".encode()


def urlset(count: int) -> bytes:
    rows = "".join(f"<url><loc>https://example.org/news/{n}</loc></url>" for n in range(count))
    return f"{HEAD}>{rows}</urlset>".encode()


def test_a_news_sitemap() -> None:
    entry = Entry("https://example.org/news/1", TEN, TEN, "Mill & weir", "uk")
    assert sitemaps.parse(NEWS, URL) == sitemaps.Sitemap("urlset", (entry,))


def test_an_index() -> None:
    body = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/2026.xml.gz</loc>'
        "<lastmod>2026-11-23T10:00:00Z</lastmod></sitemap><sitemap><loc>javascript:1</loc></sitemap></sitemapindex>"
    )
    found = sitemaps.parse(body.encode(), URL)
    assert (found.kind, found.entries) == ("index", (Entry("https://example.org/2026.xml.gz", TEN),))


def test_a_text_sitemap() -> None:
    body = b"\xef\xbb\xbfhttps://example.org/1\r\nhttps://example.org/2\n\nftp://example.org/3\nhttps://example.org/1\n"
    found = sitemaps.parse(body, URL)
    assert (found.kind, [entry.url[-1] for entry in found.entries]) == ("text", ["1", "2"])


def test_a_feed_in_place_of_a_sitemap() -> None:
    body = b"<rss><channel><item><link>https://example.org/1</link><title>Mill</title></item></channel></rss>"
    for packed in (body, gzip.compress(body)):
        found = sitemaps.parse(packed, URL)
        assert (found.kind, found.entries) == ("feed", (Entry("https://example.org/1", title="Mill"),))


@pytest.mark.parametrize("times", [1, 2])
def test_gzip_nested(times: int) -> None:
    body = NEWS
    for _ in range(times):
        body = gzip.compress(body)
    assert sitemaps.parse(body, URL) == sitemaps.parse(NEWS, URL)


def test_gzip_of_several_members_and_gzip_cut_off() -> None:
    body = urlset(20_000)
    half = len(body) // 2
    assert len(sitemaps.parse(gzip.compress(body[:half]) + gzip.compress(body[half:]), URL).entries) == 20_000
    cut = sitemaps.parse(gzip.compress(body)[:-2000], URL)
    assert 0 < len(cut.entries) < 20_000


def test_a_broken_document_gives_what_it_has() -> None:
    body = urlset(5)
    cut = sitemaps.parse(body[:-40], URL)
    assert (len(cut.entries), cut.truncated) == (4, "broken")
    broken = body.replace(b"/news/2<", b"/news/2?a=1&b=\xff\x02<").replace(b"<url>", b"\n<url >", 1)
    assert len(sitemaps.parse(b"\n \n" + broken, URL).entries) == 5


def test_limits_cut_off_and_say_so() -> None:
    assert sitemaps.parse(urlset(10), URL, max_entries=10).truncated is None
    capped = sitemaps.parse(urlset(11), URL, max_entries=10)
    assert (len(capped.entries), capped.truncated) == (10, "entries")
    small = sitemaps.parse(urlset(10_000), URL, max_bytes=200_000)
    assert 0 < len(small.entries) < 10_000
    assert small.truncated == "bytes"
    lines = b"".join(b"https://example.org/%d\n" % n for n in range(11))
    assert sitemaps.parse(lines, URL, max_entries=10).truncated == "entries"


def bomb(times: int = 1) -> bytes:
    """300 MB of blanks within a sitemap, in a few hundred KB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(HEAD.encode() + b"><url><loc>https://example.org/1</loc></url>")
    packed += b"".join(packer.compress(b" " * 1_000_000) for _ in range(300)) + packer.flush()
    return packed if times == 1 else gzip.compress(packed)


def test_a_gzip_bomb_is_cut_off_without_filling_the_memory() -> None:
    body = bomb()
    tracemalloc.start()
    found = sitemaps.parse(body, URL, max_bytes=5_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(found.entries), found.truncated) == (1, "bytes")
    assert peak < 20_000_000


def test_a_bomb_in_gzip_in_gzip() -> None:
    assert sitemaps.parse(bomb(2), URL, max_bytes=5_000_000).truncated == "bytes"
    with pytest.raises(SourceError, match="nested_gzip"):
        sitemaps.parse(gzip.compress(gzip.compress(gzip.compress(NEWS))), URL)


@pytest.mark.parametrize(
    "flood",
    ["<a" * 300_000, "<a>" * 300_000, "<a/>" * 300_000, "<url>" * 300_000, "<a b='" * 100_000, "<!-- " * 100_000],
)
@pytest.mark.parametrize("within", ["", "<url>", "<url><loc>"])
def test_a_flood_of_elements_ends(within: str, flood: str) -> None:
    first = "<url><loc>https://example.org/1</loc></url>"
    tracemalloc.start()
    found = sitemaps.parse(f"{HEAD}>{first}{within}{flood}".encode(), URL)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(found.entries), found.truncated) == (1, "broken")
    assert peak < 30_000_000


def test_entity_declarations_are_refused_though_they_come_late() -> None:
    late = b"<!DOCTYPE urlset [<!-- " + b"-" * 200_000 + b' --><!ENTITY a "b">]>' + urlset(1)[38:]
    for body in (late, b'<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/hostname">]><urlset/>'):
        with pytest.raises(SourceError, match="entities"):
            sitemaps.parse(body, URL)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html><body>Not found</body></html>", "not_a_sitemap"),
        (b"Not found", "not_a_sitemap"),
        (b"\x1f\x8bgarbage", "bad_gzip"),
    ],
)
def test_what_is_no_sitemap_says_so(body: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        sitemaps.parse(body, URL)
    assert caught.value.reason == reason


def test_an_empty_sitemap_is_one() -> None:
    assert sitemaps.parse(f"{HEAD}></urlset>".encode(), URL).entries == ()


@given(st.binary(max_size=100), st.integers(0, len(NEWS)), st.booleans())
def test_no_bytes_raise_anything_else(junk: bytes, at: int, packed: bool) -> None:
    body = NEWS[:at] + junk + NEWS[at:]
    try:
        found = sitemaps.parse(gzip.compress(body) if packed else body, URL)
    except SourceError:
        return
    assert all(entry.url.startswith("http") for entry in found.entries)
