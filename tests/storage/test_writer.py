"""What the writer makes of visits, in a real archive."""

from __future__ import annotations

import dataclasses
import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from articles.record import Article, LiveUpdate, Section
from storage import Archive, open_archive
from storage.errors import ArchiveLocked
from storage.reading import from_json, load
from storage.sent import SentPage, nothing_more
from storage.snapshots import decoded_body, header, read_snapshot
from storage.verify import verify
from storage.visit import Visit
from storage.writer import Writer
from tests.storage.conftest import NOON, TEXT, make_article, make_visit
from tests.storage.reading import read_better

Rows = Callable[..., list[tuple[Any, ...]]]


def later(visit: Visit, hours: int = 1, **fields: Any) -> Visit:
    return dataclasses.replace(visit, started=visit.started + timedelta(hours=hours), **fields)


def test_a_new_article_is_read_back_as_it_was(archive: Archive, writer: Writer) -> None:
    article = make_article(updates=(LiveUpdate("Noon", "Dredger arrives", NOON),))
    [stored] = writer.store([make_visit(article)])
    assert (stored.outcome, stored.reason) == ("new", None)
    assert stored.article_id is not None
    expected = dataclasses.replace(article, canonical_url=article.url, site=None)
    assert load(archive.db, stored.article_id) == expected


def test_the_snapshot_is_the_answer_as_sent(archive: Archive, writer: Writer) -> None:
    visit = make_visit(make_article())
    [stored] = writer.store([visit])
    assert stored.snapshot_id is not None
    record = read_snapshot(archive.db, archive.folder, stored.snapshot_id)
    assert (record.status, record.body, record.headers) == (200, visit.body, visit.headers)
    assert decoded_body(record).startswith(b"<html><h1>Harbour")
    assert header(record, "etag") == '"1"'


def test_the_same_page_again_makes_no_revision(writer: Writer, rows: Rows) -> None:
    visit = make_visit(make_article())
    writer.store([visit])
    noise = make_article(body="\n\n".join((*TEXT, "Updated 13:05")), title="Harbour  to be\u00ad dredged")
    [stored] = writer.store([later(make_visit(noise))])
    assert stored.outcome == "same"
    assert rows("SELECT seen_first, seen_last FROM revisions") == [("2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z")]
    assert rows("SELECT count(*) FROM articles") == [(1,)]


def test_a_change_keeps_the_reading_before(archive: Archive, writer: Writer, rows: Rows) -> None:
    old, new = make_article(), make_article(title="Harbour will be dredged", lead=None)
    writer.store([make_visit(old)])
    [stored] = writer.store([later(make_visit(new))])
    assert (stored.outcome, stored.changed) == ("changed", ("title", "lead"))
    assert stored.article_id is not None
    assert load(archive.db, stored.article_id).title == "Harbour will be dredged"
    [(first,), (second,)] = rows("SELECT reading FROM revisions ORDER BY id")
    assert from_json(first).title == "Harbour to be dredged"
    assert second is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"access": "wall", "page_kind": "wall"}, "wall"),
        ({"body": ""}, "empty"),
        ({"body": TEXT[0]}, "half"),
        ({"is_article": False, "page_kind": "home"}, "home"),
        ({"title": None, "body": "\n\n".join((*TEXT, "One more sentence."))}, "untitled"),
    ],
)
def test_a_worse_reading_never_becomes_current(
    archive: Archive, writer: Writer, rows: Rows, fields: dict[str, Any], reason: str
) -> None:
    [first] = writer.store([make_visit(make_article())])
    worse = make_visit(make_article(**fields))
    for hours in (1, 2):
        [stored] = writer.store([later(worse, hours)])
        assert (stored.outcome, stored.reason) == ("worse", reason)
    assert first.article_id is not None
    assert load(archive.db, first.article_id).body == "\n\n".join(TEXT)
    assert rows("SELECT outcome, seen_last FROM revisions ORDER BY id") == [
        ("new", "2026-03-01T12:00:00Z"),
        ("worse", "2026-03-01T14:00:00Z"),
    ]


def test_a_page_that_is_gone_is_withdrawn_and_kept(archive: Archive, writer: Writer, rows: Rows) -> None:
    visit = make_visit(make_article())
    [first] = writer.store([visit])
    gone = later(make_visit(None), status=410, body=b"")
    assert [stored.outcome for stored in writer.store([gone])] == ["withdrawn"]
    assert rows("SELECT withdrawn_at, title FROM articles") == [("2026-03-01T13:00:00Z", "Harbour to be dredged")]
    assert [stored.outcome for stored in writer.store([later(visit, 5)])] == ["same"]
    assert rows("SELECT withdrawn_at FROM articles") == [(None,)]
    assert first.article_id is not None


def test_five_addresses_are_one_article(writer: Writer, rows: Rows) -> None:
    home = "https://lindow.example/news/1"
    article = make_article(canonical_url=home)
    visits = [
        make_visit(article, url=home),
        make_visit(article, url=home + "?page=all"),
        make_visit(article, url="https://lindow.example/amp/news/1"),
        make_visit(article, url="https://m.lindow.example/news/1"),
        make_visit(article, url="https://lindow.example/n1", final_url=home),
    ]
    outcomes = [stored.outcome for stored in writer.store(visits)]
    assert outcomes == ["new", "same", "same", "same", "same"]
    assert rows("SELECT url FROM articles") == [(home,)]
    assert rows("SELECT count(*) FROM article_urls") == [(5,)]


def test_a_canonical_link_that_lies_is_not_followed(writer: Writer, rows: Rows) -> None:
    for_all = "https://lindow.example/news/latest-1"
    one = make_article(canonical_url=for_all)
    two = make_article(
        "https://lindow.example/news/2",
        canonical_url=for_all,
        title="Herring is late",
        body="Nobody on the quay has seen a single herring so far this year, and it is already March.",
    )
    home = make_article("https://lindow.example/news/3", canonical_url="https://lindow.example/", title="Third")
    stored = writer.store([make_visit(one), make_visit(two), make_visit(home)])
    assert [item.outcome for item in stored] == ["new", "new", "new"]
    assert rows("SELECT url FROM articles WHERE title = 'Third'") == [("https://lindow.example/news/3",)]


def test_what_was_not_modified_is_a_revisit_of_the_last_page(archive: Archive, writer: Writer, rows: Rows) -> None:
    visit = make_visit(make_article())
    writer.store([visit])
    [stored] = writer.store([later(make_visit(None), status=304, body=b"")])
    assert (stored.outcome, stored.reason) == ("same", "not_modified")
    assert stored.snapshot_id is not None
    assert read_snapshot(archive.db, archive.folder, stored.snapshot_id).body == visit.body
    assert rows("SELECT seen_last FROM revisions") == [("2026-03-01T13:00:00Z",)]


def test_the_same_bytes_are_kept_once(archive: Archive, writer: Writer, rows: Rows) -> None:
    visit = make_visit(make_article())
    writer.store([visit])
    [stored] = writer.store([later(visit)])
    assert rows("SELECT revisit_of FROM snapshots ORDER BY id") == [(None,), (1,)]
    assert stored.snapshot_id is not None
    assert read_snapshot(archive.db, archive.folder, stored.snapshot_id).body == visit.body


def test_what_may_not_be_kept_is_not(archive: Archive, writer: Writer, rows: Rows) -> None:
    [stored] = writer.store(
        [make_visit(make_article(), keep=False, reason="noarchive", signals={"robots": "noarchive"})]
    )
    assert (stored.outcome, stored.reason, stored.snapshot_id) == ("refused", "noarchive", None)
    assert rows("SELECT count(*) FROM articles") == [(0,)]
    assert rows("SELECT reason, signals FROM fetches") == [("noarchive", '{"robots":"noarchive"}')]
    assert b"dredged" not in archive.path.read_bytes()


@pytest.mark.parametrize(
    ("visit", "outcome", "reason"),
    [
        (make_visit(None, status=None, body=b"", reason="timeout"), "failed", "timeout"),
        (make_visit(None, status=503, body=b""), "failed", "http_503"),
        (make_visit(None, status=403, body=b""), "refused", "http_403"),
        (make_visit(None, status=404, body=b""), "refused", "gone"),
        (make_visit(None, reason="not_html"), "refused", "not_html"),
        (make_visit(make_article(is_article=False, page_kind="section")), "refused", "section"),
        (make_visit(make_article(access="wall", page_kind="wall")), "refused", "wall"),
    ],
)
def test_what_is_no_article_has_a_reason(writer: Writer, rows: Rows, visit: Visit, outcome: str, reason: str) -> None:
    [stored] = writer.store([visit])
    assert (stored.outcome, stored.reason, stored.article_id) == (outcome, reason, None)
    assert rows("SELECT outcome, reason FROM fetches") == [(outcome, reason)]
    assert rows("SELECT count(*) FROM articles") == [(0,)]


def test_another_reader_on_the_same_bytes_makes_no_revision(archive: Archive, writer: Writer, rows: Rows) -> None:
    visit = make_visit(make_article())
    writer.store([visit])
    better = dataclasses.replace(visit, article=make_article(title="Harbour dredged"), extractor_version="2")
    [stored] = writer.store([later(better)])
    assert (stored.outcome, stored.reason) == ("same", "reread")
    assert rows("SELECT title FROM articles") == [("Harbour dredged",)]
    assert rows("SELECT extractor_version, reading FROM revisions") == [("2", None)]
    assert rows("SELECT from_version, to_version, changed FROM rereadings") == [("1", "2", '["title"]')]


def test_a_newer_reader_makes_no_revision_of_a_page_that_says_the_same(archive: Archive, rows: Rows) -> None:
    old = make_article(title="Harbour to be dredged", lead=None)
    page = "<html><h1>Harbour to be dredged</h1>" + "".join(f"<p>{block}</p>" for block in TEXT)
    first = make_visit(old, body=gzip.compress(page.encode()), extractor_version="1")
    other_bytes = gzip.compress(page.encode() + b"<!-- served at 13:00 -->")
    sent = SentPage(first.url, first.site, "text/html", page.encode())
    again = read_better(sent, nothing_more)
    second = later(make_visit(again, url=first.url), body=other_bytes, extractor_version="2")
    with archive.writer(reader=read_better) as writer:
        writer.store([first])
        assert [(item.outcome, item.reason) for item in writer.store([second])] == [("same", "reread")]
        edited = dataclasses.replace(again, body=again.body + "\n\nA line was added.")
        assert [item.outcome for item in writer.store([later(second, 2, article=edited)])] == ["changed"]
    assert rows("SELECT changed, outcome FROM revisions ORDER BY id") == [(None, "new"), ('["body"]', "changed")]


def test_an_error_leaves_nothing_of_the_batch(archive: Archive, writer: Writer, rows: Rows) -> None:
    writer.store([make_visit(make_article())])
    length = rows("SELECT length FROM warcs")

    def fail(*_: object) -> None:
        raise RuntimeError("the crawl's own statements failed")

    with pytest.raises(RuntimeError):
        writer.store([make_visit(make_article("https://lindow.example/news/2", authors=("New Name",)))], fail)
    assert rows("SELECT count(*) FROM articles") == [(1,)]
    assert rows("SELECT length FROM warcs") == length
    [stored] = writer.store([make_visit(make_article("https://lindow.example/news/2", authors=("New Name",)))])
    assert stored.article_id is not None
    assert load(archive.db, stored.article_id).authors == ("New Name",)


def test_hostile_text_is_stored_as_text(archive: Archive, writer: Writer) -> None:
    hostile = make_article(title="Robert'); DROP TABLE articles;--\x00 \ud800", body="=cmd|' /C calc'!A0 \ud83d")
    [stored] = writer.store([make_visit(dataclasses.replace(hostile, sections=(Section(None, (hostile.body,)),)))])
    assert stored.article_id is not None
    assert load(archive.db, stored.article_id).title == "Robert'); DROP TABLE articles;-- ?"


def test_one_writer_at_a_time(archive: Archive, writer: Writer) -> None:
    with pytest.raises(ArchiveLocked, match=r"by process \d+ on \S+ since 20\d\d-"):
        archive.writer()
    writer.close()
    archive.writer().close()


def test_a_second_writer_can_wait_for_the_first(archive: Archive, path: Path) -> None:
    first = archive.writer()
    with open_archive(path) as other, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(other.writer, wait=True)
        assert not waiting.done()
        first.store([make_visit(make_article())])
        first.close()
        waiting.result(timeout=30).close()


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_warc_files_are_rolled(archive: Archive, rows: Rows, compression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.snapshots.ROLL", 3000)
    visits = [make_visit(make_article(f"https://lindow.example/{n}", title=f"No {n}")) for n in range(12)]
    for half in (visits[:6], visits[6:]):
        with archive.writer(compression=compression) as writer:
            for visit in half:
                writer.store([visit])
    files = rows("SELECT filename, state, length FROM warcs")
    assert len(files) >= 3
    assert [state for _, state, _ in files] == ["closed"] * (len(files) - 1) + ["open"]
    for name, _, length in files:
        assert name.endswith({"gzip": ".warc.gz", "zstd": ".warc.zst"}[compression])
        assert (archive.folder / name).stat().st_size == length
    bodies = [read_snapshot(archive.db, archive.folder, number).body for (number,) in rows("SELECT id FROM snapshots")]
    assert bodies == [visit.body for visit in visits]
    assert [str(fault) for fault in verify(archive)] == []


def test_unknown_values_are_absent_not_empty(writer: Writer, rows: Rows) -> None:
    bare = Article(url="https://lindow.example/x", title="T", body="Words.", is_article=True, page_kind="article")
    writer.store([make_visit(bare)])
    sql = "SELECT lead, key_points, category, category_path, date_published, language, provenance_id FROM articles"
    assert rows(sql) == [(None,) * 7]


def test_key_points_are_rows_of_a_view_whatever_is_in_them(archive: Archive, writer: Writer, rows: Rows) -> None:
    points = ('He said "no"', "C:\\new\\u0001", "tab\there, and \\n there", "Ціна — 5 €", "last")
    [stored] = writer.store([make_visit(make_article(key_points=(*points, "two\nlines", " ")))])
    assert stored.article_id is not None
    kept = (*points[:2], "tab here, and \\n there", *points[3:], "two lines")
    assert load(archive.db, stored.article_id).key_points == kept
    assert rows("SELECT position, text FROM key_points ORDER BY position") == list(enumerate(kept))


def test_settling_merges_what_batches_left_and_changes_nothing(archive: Archive, writer: Writer, rows: Rows) -> None:
    for number in range(40):
        article = make_article(f"https://lindow.example/news/{number}", title=f"Harbour news {number}")
        writer.store([make_visit(article)])
    pieces = rows("SELECT count(DISTINCT segid) FROM articles_fts_idx")
    found = rows("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'harbour' ORDER BY rowid")
    assert writer.settle()
    assert rows("SELECT count(DISTINCT segid) FROM articles_fts_idx") < pieces
    assert rows("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'harbour' ORDER BY rowid") == found
    assert len(found) == 40
    assert writer.settle(0)
    assert [str(fault) for fault in verify(archive)] == []
