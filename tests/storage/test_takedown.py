"""A takedown leaves nothing of an article in any file."""

from __future__ import annotations

import dataclasses
import gzip
import re
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage import Archive, open_archive
from storage.errors import NotFound
from storage.members import members
from storage.reading import load
from storage.snapshots import read_snapshot
from storage.takedown import sweep, take_down
from storage.verify import verify
from tests.storage.conftest import NOON, make_article, make_visit

SECRET = "Zanzibarine accountant Quillfeather borrowed nineteen thousand thalers from the lighthouse fund."
EARLIER = "Zanzibarine accountant Quillfeather borrowed a few thalers, and the Mudlarkian office knew of it all along."


def stored(archive: Archive) -> int:
    """Store the article to be removed in several readings, between others; gives its number."""
    url = "https://lindow.example/news/77"
    paragraphs = "\n\n".join((SECRET, "Nothing else is known of the case, and the fund will not be audited this year."))
    now = make_article(url, title="Lighthouse fund", lead=None, body=paragraphs, authors=("Piotr Vexlingham",))
    before = make_article(url, title="Lighthouse fund", body=EARLIER + "\n\n" + paragraphs)
    wall = make_article(url, body="", access="wall")
    with archive.writer() as writer:
        writer.store([make_visit(make_article(f"https://lindow.example/news/{n}", title=f"No {n}")) for n in range(5)])
        writer.store([make_visit(before)])
        [result] = writer.store([make_visit(now, started=NOON + timedelta(hours=1))])
        writer.store([make_visit(wall, started=NOON + timedelta(hours=2))])
        writer.store(
            [
                make_visit(
                    dataclasses.replace(now, canonical_url=url), url=url + "?again", started=NOON + timedelta(hours=3)
                )
            ]
        )
        writer.store(
            [make_visit(make_article(f"https://lindow.example/news/{n}", title=f"No {n}")) for n in range(5, 9)]
        )
    assert result.article_id is not None
    return result.article_id


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file's bytes as they are, and what is packed in them: records, bodies, anything that inflates."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield path, data
        if path.suffix == ".gz":
            for member in members(path):
                assert member.record is not None
                body = member.record.body
                yield path, repr(member.record.fields).encode() + body
                if body.startswith(b"\x1f\x8b"):
                    yield path, gzip.decompress(body)
        for match in re.finditer(rb"\x1f\x8b\x08", data):
            try:
                yield path, zlib.decompressobj(31).decompress(data[match.start() :])
            except zlib.error:
                continue


def words_found(folder: Path, words: tuple[bytes, ...]) -> set[tuple[str, bytes]]:
    return {(path.name, word) for path, data in contents(folder) for word in words if word in data.lower()}


WORDS = tuple(word.lower() for word in (b"Zanzibarine", b"Quillfeather", b"Mudlarkian", b"thalers", b"Vexlingham"))


def test_nothing_is_left_in_any_file(path: Path, archive: Archive) -> None:
    number = stored(archive)
    archive.db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    before = {word for _, word in words_found(path.parent, WORDS)}
    assert before == set(WORDS)  # the search does find them while they are there
    removed = take_down(archive, number, "court order 12/26", "0")
    assert removed.snapshots >= 4
    assert words_found(path.parent, WORDS) == set()


def test_the_rest_is_whole_and_in_its_place(archive: Archive) -> None:
    number = stored(archive)
    take_down(archive, number, "court order 12/26", "0")
    assert [str(fault) for fault in verify(archive)] == []
    sql = "SELECT s.id, f.article_id FROM snapshots s JOIN fetches f ON f.id = s.fetch_id WHERE s.warc_id IS NOT NULL"
    places = archive.db.execute(sql).fetchall()
    assert len(places) == 9
    for snapshot_id, article_id in places:
        page = gzip.decompress(read_snapshot(archive.db, archive.folder, snapshot_id).body).decode()
        assert f"<h1>{load(archive.db, article_id).title}</h1>" in page
    assert len(list(archive.folder.iterdir())) == 1
    with pytest.raises(NotFound):
        load(archive.db, number)


def test_its_addresses_are_never_fetched_or_stored_again(archive: Archive) -> None:
    number = stored(archive)
    name = archive.db.execute("SELECT public_id FROM articles WHERE id = ?", (number,)).fetchone()[0]
    take_down(archive, number, "court order 12/26", "0")
    assert archive.db.execute("SELECT public_id, reason FROM tombstones").fetchall() == [(name, "court order 12/26")]
    sql = "SELECT url, state, due_at FROM frontier WHERE state = 'taken_down' ORDER BY id"
    url = "https://lindow.example/news/77"
    assert archive.db.execute(sql).fetchall() == [(url, "taken_down", None), (url + "?again", "taken_down", None)]
    again = make_article(url, body=SECRET)
    moved = make_article("https://lindow.example/new/77", body=SECRET, canonical_url=url)
    with archive.writer() as writer:
        outcomes = writer.store([make_visit(again), make_visit(moved)])
    assert [(item.outcome, item.reason, item.snapshot_id) for item in outcomes] == [("refused", "taken_down", None)] * 2
    assert archive.db.execute("SELECT count(*) FROM articles WHERE body LIKE '%Quill%'").fetchone() == (0,)


def test_further_pages_go_and_pages_of_others_stay(path: Path, archive: Archive) -> None:
    url, other = "https://lindow.example/news/77", "https://lindow.example/news/78"
    wall = gzip.compress(b"<html>Log in to go on.</html>", mtime=0)
    second = gzip.compress(f"<html><p>{SECRET}</p></html>".encode(), mtime=0)
    whole = make_article(url, title="Lighthouse fund", body="It begins here.\n\n" + SECRET)
    visits = [
        make_visit(None, url=url + "?page=2", body=second, reason="further_page", detail=f"page 2 of {url}"),
        make_visit(whole),
        make_visit(make_article(other, title="Another")),
    ]
    for place in (url, other):
        walled = make_article(place, access="wall")
        visits.append(make_visit(walled, body=wall, started=NOON + timedelta(hours=1)))
        visits.append(make_visit(None, url=place, status=410, body=b"", started=NOON + timedelta(hours=2)))
    with archive.writer() as writer:
        writer.store(visits)
    take_down(archive, archive.find(url), "asked for", "0")
    assert words_found(path.parent, (b"zanzibarine", b"quillfeather")) == set()
    sql = "SELECT count(*) FROM snapshots s JOIN fetches f ON f.id = s.fetch_id WHERE s.warc_id IS NOT NULL"
    assert archive.db.execute(f"{sql} AND f.article_id = ?", (archive.find(other),)).fetchone() == (3,)
    sql = "SELECT url FROM frontier WHERE state = 'taken_down' ORDER BY url"
    assert archive.db.execute(sql).fetchall() == [(url,), (url + "?page=2",)]


def test_a_kill_before_the_old_file_is_deleted_is_made_good(path: Path, archive: Archive) -> None:
    stored(archive)
    name = archive.db.execute("SELECT filename FROM warcs").fetchone()[0]
    archive.db.execute("UPDATE warcs SET state = 'condemned'")
    archive.db.execute("UPDATE snapshots SET warc_id = NULL")
    archive.close()
    with open_archive(path) as again:
        sweep(again)
        assert not (again.folder / name).exists()
        assert again.db.execute("SELECT count(*) FROM warcs").fetchone() == (0,)
