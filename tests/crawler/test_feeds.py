"""Feeds of every kind, well-formed or not, give the same entries; hostile ones give an error."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import feeds
from crawler.feeds import Entry
from crawler.markup import MAX_BYTES, SourceError
from crawler.when import parse_date

URL = "https://example.org/feeds/all.xml"
TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BRIDGE = "https://example.org/news/100001-the-bridge-opens.html"


def rss(items: str, head: str = "", start: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{start}<rss version="2.0"><channel><title>The Weir Post</title>{head}{items}</channel></rss>'.encode()


def only(body: bytes) -> Entry:
    (entry,) = feeds.parse(body, URL).entries
    return entry


RSS = rss(
    f"<item><title>The bridge opens</title><link>{BRIDGE}</link>"
    "<pubDate>Mon, 23 Nov 2026 12:00:00 +0200</pubDate></item>"
)
RDF = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel><title>The Weir Post</title></channel><item rdf:about="{BRIDGE}">
 <title>The bridge opens</title><dc:date>2026-11-23T10:00:00Z</dc:date></item></rdf:RDF>""".encode()
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Weir Post</title><entry><id>tag:example.org,2026:1</id>
 <title type="html">The &lt;i&gt;bridge&lt;/i&gt; opens</title><link rel="self" href="https://example.org/feeds/1"/>
 <link rel="enclosure" href="https://example.org/1.mp3"/><link rel="alternate" type="text/html" href="{BRIDGE}"/>
 <published>2026-11-23T10:00:00Z</published></entry></feed>""".encode()
JSON = f"""{{"version": "https://jsonfeed.org/version/1.1", "title": "The Weir Post", "items": [{{"id": "1",
 "url": "{BRIDGE}", "title": "The bridge opens", "date_published": "2026-11-23T12:00:00+02:00"}}]}}""".encode()


@pytest.mark.parametrize(("body", "kind"), [(RSS, "rss"), (RDF, "rdf"), (ATOM, "atom"), (JSON, "json")])
def test_every_kind_gives_the_same_entry(body: bytes, kind: str) -> None:
    feed = feeds.parse(body, URL)
    assert (feed.kind, feed.title) == (kind, "The Weir Post")
    assert feed.entries == (Entry(BRIDGE, "The bridge opens", TEN),)


@pytest.mark.parametrize(
    "item",
    [
        f"<guid>{BRIDGE}</guid>",
        f'<guid isPermaLink="false">71</guid><link>{BRIDGE}</link>',
        f'<link/><atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="{BRIDGE}"/>',
        f'<f:origLink xmlns:f="urn:redirector">{BRIDGE}</f:origLink><link>https://feeds.example.net/1</link>',
        f"<link><![CDATA[ {BRIDGE} ]]></link>",
        "<link>/news/100001-the-bridge-opens.html?utm_source=rss#top</link>",
        f'<media:title xmlns:media="http://search.yahoo.com/mrss/">A picture</media:title><link>{BRIDGE}</link>',
    ],
)
def test_the_address_is_found_wherever_it_stands(item: str) -> None:
    assert only(rss(f"<item>{item}<title>The bridge opens</title></item>")) == Entry(BRIDGE, "The bridge opens")


def test_an_address_keeps_its_parameters_though_they_look_like_entities() -> None:
    for link in ("https://example.org/a?b=1&copy=2", "https://example.org/a?b=1&amp;copy=2"):
        assert only(rss(f"<item><link>{link}</link></item>")).url == "https://example.org/a?b=1&copy=2"
        assert only(rss(f"<item><link><![CDATA[{link}]]></link></item>")).url == "https://example.org/a?b=1&copy=2"


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Mill &amp; weir", "Mill & weir"),
        ("Mill & weir", "Mill & weir"),
        ("Mill&nbsp;&amp;nbsp;weir", "Mill weir"),
        ("<![CDATA[<b>Mill</b> &#8211; weir]]>", "Mill – weir"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Mill", "alert(1) Mill"),
        ("Mill\x0b\x01 weir &unknown; x", "Mill weir &unknown; x"),
        ("", None),
    ],
)
def test_titles_are_text(title: str, read: str | None) -> None:
    assert only(rss(f"<item><link>{BRIDGE}</link><title>{title}</title></item>")).title == read


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-u", "utf-16", "utf-16-le", "utf-16-be"])
def test_charsets_declared_by_the_document(encoding: str) -> None:
    text = rss(f"<item><link>{BRIDGE}</link><title>Міст відкрито</title></item>").decode()
    body = text.replace("UTF-8", encoding).encode(encoding)
    assert only(body).title == "Міст відкрито"


def test_the_http_charset_outranks_the_declared_one_and_a_wrong_name_is_passed_over() -> None:
    text = rss(f"<item><link>{BRIDGE}</link><title>Міст відкрито</title></item>").decode()
    assert feeds.parse(text.encode("windows-1251"), URL, encoding="windows-1251").entries[0].title == "Міст відкрито"
    assert only(text.replace("UTF-8", "utf-16").encode()).title == "Міст відкрито"
    assert only(text.replace("UTF-8", "hex").encode()).title == "Міст відкрито"
    assert only(codecs.BOM_UTF8 + text.encode()).title == "Міст відкрито"


def test_broken_documents_give_what_they_have() -> None:
    cut = rss(f"<item><link>{BRIDGE}</link></item><item><title>Cut")[:-30]
    for body in (cut, b"\n\n Warning: ignored\n" + cut, cut.replace(b"</link>", b"</link><b>\x92\xff & < 3 </i>")):
        assert [entry.url for entry in feeds.parse(body, URL).entries] == [BRIDGE]


def test_entries_without_an_address_are_counted_and_doubles_dropped() -> None:
    feed = feeds.parse(rss(f"<item><title>x</title></item><item><link>{BRIDGE}</link></item>" * 2), URL)
    assert (len(feed.entries), feed.without_url) == (1, 2)


def test_what_the_feed_says_about_itself() -> None:
    head = (
        '<language>uk</language><ttl>90</ttl><a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="?page=2"/>'
    )
    feed = feeds.parse(rss("", head), URL)
    assert (feed.language, feed.ttl, feed.next) == ("uk", timedelta(minutes=90), URL + "?page=2")
    daily = '<x xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"/><updatePeriod>daily</updatePeriod>'
    assert feeds.parse(rss("", daily + "<updateFrequency>4</updateFrequency>"), URL).ttl == timedelta(hours=6)


def test_relative_links_follow_xml_base() -> None:
    body = b'<feed xml:base="/uk/"><entry xml:base="news/"><link href="1.html"/></entry></feed>'
    assert only(body).url == "https://example.org/uk/news/1.html"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "start",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE rss [<!EnTiTy x "y">]>',
    ],
)
def test_entity_declarations_are_refused(start: str) -> None:
    body = rss(f"<item><title>&l9;&x;</title><link>{BRIDGE}</link></item>", start=start)
    for encoded in (body, body.decode().encode("utf-16")):
        with pytest.raises(SourceError, match="entities"):
            feeds.parse(encoded, URL)


def test_an_external_dtd_is_not_looked_at() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss.dtd">'
    assert only(rss(f"<item><link>{BRIDGE}</link></item>", start=doctype)).url == BRIDGE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"not a feed", "not_xml"),
        (b"<html><body>Not found</body></html>", "not_a_feed"),
        (b'{"items": 3}', "not_a_feed"),
        (b"{", "not_json"),
        (b'{"items":' + b"[" * 100_000, "not_json"),
        (b" " * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_feed_says_so(body: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        feeds.parse(body, URL)
    assert caught.value.reason == reason


def test_a_flood_of_entries_is_capped() -> None:
    many = "".join(f"<item><link>https://example.org/{n}</link></item>" for n in range(feeds.MAX_ENTRIES + 10))
    assert len(feeds.parse(rss(many), URL).entries) == feeds.MAX_ENTRIES


def test_deep_nesting_is_survived() -> None:
    body = rss(f"<item><link>{BRIDGE}</link></item>" + "<a>" * 100_000)
    assert [entry.url for entry in feeds.parse(body, URL).entries] == [BRIDGE]


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda junk: ATOM[:150] + junk + ATOM[150:])))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    try:
        found = feeds.parse(body, URL).entries
    except SourceError:
        return
    assert all(entry.url.startswith("http") for entry in found)


@given(st.text(alphabet="0123456789-:TZ+ MonNovGMT,./", max_size=40))
def test_dates_are_aware_utc_or_none(text: str) -> None:
    found = parse_date(text)
    assert found is None or found.utcoffset() == timedelta()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-11-23T10:00:00Z",
            "2026-11-23T12:00:00+02:00",
            "2026-11-23 10:00:00",
            "2026-11-23T10:00Z",
            "20261123T100000Z",
        ),
        *(
            "Mon, 23 Nov 2026 10:00:00 GMT",
            "23 Nov 2026 10:00 UT",
            "Mon, 23 Nov 2026 05:00:00 EST",
            "Mon 23 November 2026, 10:00",
        ),
        *(
            "2026-11-23T10:00:00.000000Z",
            " 2026-11-23T10:00:00+0000\n",
            "November 23, 2026 10:00 AM",
            "2026/11/23 10:00:00",
        ),
    ],
)
def test_dates_in_all_the_ways_they_are_written(text: str) -> None:
    assert parse_date(text) == TEN


@pytest.mark.parametrize(
    "text", [None, "", "yesterday", "10:00", "32 Foo 2026 25:61", "0000-00-00T00:00:00Z", "9" * 80, "23.11."]
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("guid", "found"),
    [
        ("<guid isPermaLink='false'>17</guid>", []),
        ("<guid isPermaLink='false'>tag:lindow.example,2026:17</guid>", []),
        ("<guid isPermaLink='false'>https://lindow.example/news/17</guid>", ["https://lindow.example/news/17"]),
        ("<guid>/news/17</guid>", ["https://lindow.example/news/17"]),
    ],
)
def test_an_id_is_an_address_only_where_it_looks_like_one(guid: str, found: list[str]) -> None:
    text = f"<rss version='2.0'><channel><title>x</title><item><title>Fog</title>{guid}</item></channel></rss>"
    assert [entry.url for entry in feeds.parse(text.encode(), "https://lindow.example/feed.xml").entries] == found
