"""Whatever a page says is read back as it was stored."""

from __future__ import annotations

import dataclasses
import gzip
import zlib
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.record import Article, Image, LiveUpdate, Problem, RelatedLink, Section
from storage import Archive
from storage.address import public_id, trusted_canonical
from storage.diff import text_parts
from storage.encoding import unpacked
from storage.errors import ArchiveDamaged
from storage.normal import content_hash
from storage.reading import from_json, load, pack_html, pack_sections, to_json, unpack_html, unpack_sections
from storage.rows import Rows, storable
from storage.snapshots import decoded_body
from storage.warc import Record, digest_bytes, digest_of, digest_text

texts = st.text(max_size=60)
some = st.one_of(st.none(), st.text(min_size=1, max_size=30))
lists = st.lists(st.text(min_size=1, max_size=20), max_size=3).map(tuple)
zones = st.one_of(st.none(), st.integers(-14 * 4, 14 * 4).map(lambda n: timezone(timedelta(minutes=15 * n))))
dates = st.one_of(st.none(), st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones))
sections = st.lists(st.builds(Section, some, lists), max_size=3).map(tuple)
records = st.builds(
    Article,
    url=st.just("https://lindow.example/1"),
    title=some,
    lead=some,
    key_points=lists,
    body=texts,
    sections=sections,
    body_html=texts,
    category=some,
    category_path=lists,
    tags=st.lists(st.text(min_size=1, max_size=20), max_size=3).map(tuple),
    authors=lists,
    date_published=dates,
    date_published_raw=some,
    date_modified=dates,
    language=some,
    related_links=st.lists(st.builds(RelatedLink, texts, some, some, some), max_size=2).map(tuple),
    images=st.lists(st.builds(Image, texts, some, some), max_size=2).map(tuple),
    updates=st.lists(st.builds(LiveUpdate, some, texts, dates), max_size=2).map(tuple),
    is_article=st.just(True),
    page_kind=st.just("article"),
    provenance=st.dictionaries(texts, texts, max_size=2),
    problems=st.lists(st.builds(Problem, texts, texts), max_size=2).map(tuple),
)


def as_kept(article: Article) -> Article:
    """What the archive keeps of a reading: seconds, and a date's raw text even where there was none."""
    values = dataclasses.replace(
        article,
        canonical_url=article.url,
        date_published=_seconds(article.date_published),
        date_modified=_seconds(article.date_modified),
    )
    published, modified = values.date_published, values.date_modified
    return dataclasses.replace(
        values,
        date_published_raw=article.date_published_raw or (published.isoformat() if published else None),
        date_modified_raw=article.date_modified_raw or (modified.isoformat() if modified else None),
    )


def _seconds(when: datetime | None) -> datetime | None:
    return when.replace(microsecond=0) if when else None


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(records)
def test_a_reading_is_read_back_as_it_was(archive: Archive, record: Article) -> None:
    article = storable(record)
    archive.db.execute("BEGIN")
    archive.db.execute("INSERT INTO sites (id, key, first_seen) VALUES (1, 'lindow.example', '2026')")
    Rows(archive.db).insert(article, (1, "pm-1", 1, article.url), "2026-03-01T12:00:00Z")
    found = load(archive.db, 1)
    archive.db.execute("ROLLBACK")
    assert dataclasses.replace(found, site=None) == as_kept(article)
    assert content_hash(found) == content_hash(article)


@given(records)
def test_json_brings_a_reading_back(record: Article) -> None:
    assert from_json(to_json(record)) == record


@given(sections, texts)
def test_sections_come_back(parts: tuple[Section, ...], body: str) -> None:
    blocks = [text for s in parts for text in ((s.heading,) if s.heading is not None else ()) + s.paragraphs]
    for text in (body, "\n\n".join(blocks)):
        assert unpack_sections(pack_sections(parts, text), text) == parts


@given(st.text(), st.text())
def test_html_comes_back(html: str, body: str) -> None:
    assert unpack_html(pack_html(html, body), body) == html


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_difference_has_both_texts_in_it(old: str, new: str) -> None:
    parts = text_parts(old, new)
    assert "".join(part.text for part in parts if part.kind != "added") == old
    assert "".join(part.text for part in parts if part.kind != "removed") == new


@given(st.binary())
def test_digests_come_back(body: bytes) -> None:
    assert digest_bytes(digest_text(digest_of(body))) == digest_of(body)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_not_packed_as_said_is_damage(coding: str) -> None:
    with pytest.raises(ArchiveDamaged, match=coding):
        unpacked(b"\x00not packed at all", [coding])


@pytest.mark.parametrize("coding", ["identity", "unknown", None])
def test_a_body_without_a_known_coding_stays_as_it_is(coding: str | None) -> None:
    assert unpacked(b"\x00not packed at all", [coding] if coding else []) == b"\x00not packed at all"


@pytest.mark.parametrize(
    ("body", "codings"),
    [
        (gzip.compress(b"<p>one ") + gzip.compress(b"and two"), ["gzip"]),
        (gzip.compress(gzip.compress(b"<p>one and two")), ["gzip"]),
        (gzip.compress(b"<p>one and two"), ["gzip;q=1"]),
        (zlib.compress(gzip.compress(b"<p>one and two")), ["gzip", "deflate"]),
        (b"<p>one and two", ["gzip"]),
        (b"<p>one and two", ["utf-8"]),
    ],
    ids=["two members", "packed twice", "with a weight", "two codings", "not packed", "nothing that packs"],
)
def test_a_snapshot_is_unpacked_as_the_crawl_did(body: bytes, codings: list[str]) -> None:
    headers = tuple(("Content-Encoding", coding) for coding in codings)
    assert decoded_body(Record("response", {}, 200, headers, body, 0, 0)) == b"<p>one and two"


@pytest.mark.parametrize(
    ("url", "declared", "trusted"),
    [
        ("https://www.lindow.example/a/1?x=1", "https://lindow.example/a/1", True),
        ("https://m.lindow.example/a/1", "/a/1", True),
        ("https://lindow.example/a/1/amp/", "https://lindow.example/a/1/", True),
        ("https://lindow.example/a/1/page/2", "https://lindow.example/a/1", True),
        ("https://lindow.example/a/1", "https://lindow.example/", False),
        ("https://lindow.example/a/1", "https://lindow.example/en/", False),
        ("https://lindow.example/a/1", "https://lindow.example/a/", False),
        ("https://lindow.example/a/1", "https://elsewhere.example/a/1", False),
        ("https://lindow.example/a/1", "javascript:alert(1)", False),
        ("https://lindow.example/a/1", "http://[broken", False),
        ("https://lindow.example/a/1", None, False),
    ],
)
def test_which_canonical_links_are_trusted(url: str, declared: str | None, trusted: bool) -> None:
    assert (trusted_canonical(url, declared) is not None) is trusted


def test_public_ids_stay() -> None:
    assert public_id("lindow.example", "https://lindow.example/a") == "pm-vluhcwnpvjud"
    assert public_id("lindow.example", "https://lindow.example/a", 1) != "pm-vluhcwnpvjud"


@given(st.lists(st.sampled_from(["\x00", "\\", "u0000", "\\u0000", "a", '"', "\ud800"]), max_size=8).map("".join))
def test_what_cannot_be_stored_goes_and_nothing_else(text: str) -> None:
    article = storable(Article(url="https://lindow.example/1", title=text, body=text))
    assert article.body == text.replace("\x00", "").replace("\ud800", "?")
