"""Damage: verify names it, repair brings back what the WARC files hold."""

from __future__ import annotations

import dataclasses
import gzip
import os
from datetime import timedelta
from pathlib import Path

import pytest

from storage import Archive, open_archive
from storage.archive import Archive as Opened
from storage.errors import ArchiveDamaged, ArchiveError, ArchiveLocked
from storage.rebuild import By
from storage.repair import Repaired, repair
from storage.snapshots import read_snapshot
from storage.takedown import take_down
from storage.verify import verify
from tests.storage.conftest import NOON, TEXT, make_article, make_visit
from tests.storage.reading import read

BY = By(read, "2", "0")


@pytest.fixture
def filled(archive: Archive, path: Path) -> Path:
    """An archive of six articles, one of them changed, one gone, one page seen twice; closed."""
    visits = []
    for number in range(6):
        body = "\n\n".join((f"Report number {number} from the harbour of Lindow, where it rains.", *TEXT))
        article = make_article(f"https://lindow.example/news/{number}", title=f"Report {number}", body=body)
        visits.append(make_visit(article, started=NOON + timedelta(minutes=number)))
    changed = make_article("https://lindow.example/news/0", title="Report nought", body="\n\n".join(TEXT))
    visits.append(make_visit(changed, started=NOON + timedelta(hours=1)))
    visits.append(dataclasses.replace(visits[1], started=NOON + timedelta(hours=1)))
    gone = make_visit(None, url="https://lindow.example/news/2", status=410, body=b"gone", headers=())
    visits.append(dataclasses.replace(gone, started=NOON + timedelta(hours=2)))
    with archive.writer() as writer:
        writer.store(visits)
    archive.close()
    return path


def faults(path: Path) -> list[str]:
    with open_archive(path) as archive:
        return [str(fault) for fault in verify(archive)]


def texts(path: Path) -> list[tuple[str, str, str | None]]:
    with open_archive(path) as archive:
        rows = archive.db.execute("SELECT url, title, body, withdrawn_at FROM articles ORDER BY url").fetchall()
        return [tuple(row) for row in rows]


def names(path: Path) -> list[tuple[str, int]]:
    with open_archive(path) as archive:
        sql = """SELECT public_id, count(*) FROM articles a JOIN revisions r ON r.article_id = a.id
 GROUP BY a.id ORDER BY url"""
        return [tuple(row) for row in archive.db.execute(sql)]


def warc(path: Path) -> Path:
    [found] = path.with_name(path.name + ".warc").glob("*.warc.gz")
    return found


def flip(path: Path, offset: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)
        file.seek(offset)
        file.write(bytes([byte[0] ^ 0xFF]))


def mend(path: Path) -> Repaired:
    return repair(path, BY)


def test_a_sound_archive_has_no_faults(filled: Path) -> None:
    assert faults(filled) == []
    assert mend(filled) == Repaired([], [])


def test_a_flipped_byte_in_a_page_is_named_and_cut_out(filled: Path) -> None:
    with open_archive(filled) as archive:
        offset, length = archive.db.execute("SELECT offset, length FROM snapshots WHERE id = 3").fetchone()
    flip(warc(filled), offset + length // 2)
    found = faults(filled)
    assert any("are no record" in fault for fault in found)
    assert any(fault.startswith("snapshot 3: has no record") for fault in found)
    before = texts(filled)
    result = mend(filled)
    assert result.lost == [f"the pages of 1 fetches in {warc_before(filled)}"]
    assert faults(filled) == []
    assert texts(filled) == before
    with open_archive(filled) as archive:
        others = archive.db.execute("SELECT id FROM snapshots WHERE warc_id IS NOT NULL").fetchall()
        assert len(others) == 8
        for (number,) in others:
            read_snapshot(archive.db, archive.folder, number)


def warc_before(path: Path) -> str:
    [found] = (path.with_name(path.name + ".warc") / "damaged").iterdir()
    return found.name


def test_a_cut_warc_file_is_named(filled: Path) -> None:
    file = warc(filled)
    os.truncate(file, file.stat().st_size // 2)
    found = faults(filled)
    assert any("is cut off" in fault for fault in found)
    assert sum(fault.startswith("snapshot") for fault in found) >= 3
    before = texts(filled)
    assert mend(filled).lost
    assert faults(filled) == []
    assert texts(filled) == before


def test_a_warc_file_that_is_gone_is_named(filled: Path) -> None:
    file = warc(filled)
    file.unlink()
    assert [fault for fault in faults(filled) if fault == f"warc {file.name}: is missing, with 9 snapshots"]
    assert mend(filled).lost == [f"{file.name} is gone, and with it the pages of 9 fetches"]
    assert faults(filled) == []


def test_a_changed_text_is_named_and_read_again(filled: Path) -> None:
    before = texts(filled)
    with open_archive(filled) as archive:
        archive.db.execute("UPDATE articles SET body = replace(body, 'April', 'Apr1l') WHERE title = 'Report 4'")
    assert any("its text does not fit its hash" in fault for fault in faults(filled))
    assert len(mend(filled).done) >= 1
    assert faults(filled) == []
    assert texts(filled) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE related_links SET title = 'Herring is early' WHERE article_id = (SELECT max(id) FROM articles)",
        "UPDATE images SET credit = 'Nobody' WHERE article_id = (SELECT max(id) FROM articles)",
        "UPDATE articles SET language = 'de' WHERE id = (SELECT max(id) FROM articles)",
        "UPDATE authors SET name = 'Ada Twist' WHERE id = 1",
        "UPDATE articles SET url = 'https://lindow.example/other' WHERE id = (SELECT max(id) FROM articles)",
    ],
)
def test_any_changed_value_is_named(filled: Path, statement: str) -> None:
    with open_archive(filled) as archive:
        archive.db.execute(statement)
    assert faults(filled)


def test_a_deleted_database_is_made_anew(filled: Path) -> None:
    before, ids = texts(filled), names(filled)
    filled.unlink()
    for create in (False, True):  # nor does a crawl begin another one beside the old pages
        with pytest.raises(ArchiveDamaged, match="run: pressmark repair"):
            open_archive(filled, create=create)
    result = mend(filled)
    assert result.done[0] == "made the database anew from 9 records: 6 articles"
    assert result.lost == []
    assert texts(filled) == before
    assert names(filled) == ids
    assert faults(filled) == []


@pytest.mark.parametrize("where", [0, 20, 100, 4096 * 3 + 1, 4096 * 6 + 3, 4096 * 9])
def test_flipped_bytes_in_the_database_do_not_pass(filled: Path, where: int) -> None:
    before = texts(filled)
    flip_run(filled, where)
    try:
        found = faults(filled)
    except ArchiveError as error:
        found = [str(error)]
    assert found
    mend(filled)
    assert texts(filled) == before
    assert faults(filled) == []


def flip_run(path: Path, where: int) -> None:
    for offset in range(where, where + 16):
        flip(path, offset)


def test_an_article_of_two_pages_is_whole_in_a_database_made_anew(archive: Archive, path: Path) -> None:
    one, two = "https://lindow.example/long", "https://lindow.example/long?page=2"
    whole = make_article(one, title="Long", body="\n\n".join((*TEXT, "The second page says this.")))
    first = "<html><h1>Long</h1>" + "".join(f"<p>{block}</p>" for block in TEXT) + f'<a rel="next" href="{two}">2</a>'
    second = "<html><h1>Long</h1><p>The second page says this.</p>"
    further = make_visit(None, url=two, body=gzip.compress(second.encode()), reason="further_page")
    with archive.writer() as writer:
        writer.store([further, make_visit(whole, body=gzip.compress(first.encode()))])
    archive.close()
    before = texts(path)
    path.unlink()
    mend(path)
    assert texts(path) == before


def test_what_was_taken_down_stays_so_in_a_database_made_anew(filled: Path) -> None:
    with open_archive(filled) as archive:
        take_down(archive, archive.find("https://lindow.example/news/3"), "asked for", "0")
        stone = archive.db.execute("SELECT public_id, url, reason FROM tombstones").fetchall()
    filled.unlink()
    mend(filled)
    with open_archive(filled) as archive:
        assert archive.db.execute("SELECT public_id, url, reason FROM tombstones").fetchall() == stone
        assert archive.db.execute("SELECT count(*) FROM articles").fetchone() == (5,)
        with archive.writer() as writer:
            [again] = writer.store([make_visit(make_article("https://lindow.example/news/3"))])
        assert again.reason == "taken_down"


def test_frontier_and_sources_of_a_readable_database_are_kept(filled: Path) -> None:
    with open_archive(filled) as archive:
        row = ("https://lindow.example/n/9", 1, "2026", "2026")
        archive.db.execute("INSERT INTO frontier (url, site_id, due_at, first_seen) VALUES (?, ?, ?, ?)", row)
        archive.db.execute("INSERT INTO snapshots (fetch_id, digest) VALUES (1, x'00')")
        archive.db.execute("PRAGMA foreign_keys = OFF")
        archive.db.execute("UPDATE revisions SET article_id = 12345 WHERE id = 1")
    assert any("refers to a row of articles that is not there" in fault for fault in faults(filled))
    assert "made the database anew" in mend(filled).done[0]
    with open_archive(filled) as archive:
        sql = "SELECT state, due_at FROM frontier WHERE url = 'https://lindow.example/n/9'"
        assert archive.db.execute(sql).fetchone() == ("pending", "2026")


def test_records_that_the_database_does_not_know_are_taken_in(filled: Path, tmp_path: Path) -> None:
    before = texts(filled)
    with open_archive(filled) as archive:
        take_back(archive)
    assert any("is not known to the database" in fault for fault in faults(filled))
    assert mend(filled).done == ["took in 2 records that the database did not know"]
    assert texts(filled) == before
    assert faults(filled) == []


def take_back(archive: Opened) -> None:
    """Make the database as it was before its last two fetches: a backup from yesterday."""
    for table, column in (("snapshots", "id"), ("fetches", "id")):
        archive.db.execute(f"DELETE FROM {table} WHERE {column} > 7")
    archive.db.execute("UPDATE articles SET withdrawn_at = NULL")


def test_repair_waits_for_no_writer(filled: Path) -> None:
    with open_archive(filled) as archive, archive.writer(), pytest.raises(ArchiveLocked):
        mend(filled)
