"""Repair: what can be brought back from the WARC files and the articles' rows."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.archive import Archive, open_archive
from storage.connection import DatabaseError, translated
from storage.errors import ArchiveDamaged, ArchiveError, NotAnArchive, NotFound
from storage.indexing import indexers
from storage.lock import WriterLock
from storage.members import Member, copy_stretches, members, mended_name, put_aside, read_member, without_damage
from storage.normal import content_hash
from storage.reading import to_json
from storage.rebuild import By, Place, PlacedSnapshots, Rereading, rebuild
from storage.rows import Rows, storable
from storage.runs import begin, finish
from storage.sent import SentPages
from storage.snapshots import folder_of
from storage.times import to_text
from storage.verify import BAD_DIGEST, Progress, lenient, misread, places_in, quiet, record_problem
from storage.visits import Visits
from storage.warc import digest_bytes


@dataclasses.dataclass(slots=True)
class Repaired:
    """What a repair did, in words, and what it could not bring back."""

    done: list[str]
    lost: list[str]


def repair(path: Path, by: By, progress: Progress = quiet) -> Repaired:
    """Mend an archive; raises `ArchiveLocked` while it is being written.

    A database that is gone or broken is made anew from the WARC files. A sound one keeps its rows: damaged WARC files
    are written anew without what is damaged, records that it does not know are taken in, texts that do not fit their
    hashes are read again from their snapshots, indexes are rebuilt.
    """
    lock = WriterLock(path)
    lock.acquire()
    try:
        if not _sound(path):
            return _rebuilt(path, by, progress)
        with open_archive(path) as archive, translated(path):
            return _mended(archive, by, progress)
    finally:
        lock.release()


def _sound(path: Path) -> bool:
    """Say whether the database can be asked; raises `ArchiveTooNew` and the like where it is not ours to judge."""
    if not path.exists() or path.stat().st_size == 0:
        if not folder_of(path).is_dir():
            raise NotAnArchive(f"there is neither {path} nor its folder of WARC files {folder_of(path)}.")
        return False
    try:
        with open_archive(path) as archive:
            pages = archive.db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if pages != "ok":
                archive.db.execute("REINDEX")
                pages = archive.db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            rows = archive.db.execute("PRAGMA foreign_key_check").fetchone()
            return bool(pages == "ok" and rows is None)
    except (DatabaseError, ArchiveDamaged, UnicodeDecodeError):
        return False
    except NotAnArchive:
        if folder_of(path).is_dir():
            return False  # its first page is destroyed, but the WARC files beside it say that it was ours
        raise


def _rebuilt(path: Path, by: By, progress: Progress) -> Repaired:
    result = rebuild(path, by, progress)
    done = [f"made the database anew from {result.records} records: {result.articles} articles"]
    if result.kept:
        done.append(f"kept the old database as {result.kept.name}")
    lost = [f"{result.damaged} damaged stretches of WARC files"] if result.damaged else []
    return Repaired(done, lost)


def _mended(archive: Archive, by: By, progress: Progress) -> Repaired:
    result = Repaired([], [])
    db = archive.db
    db.text_factory = lenient
    run_id = begin(db, "repair", by.program, {}, datetime.now(UTC))
    unknown = _files(archive, result, progress)
    _take_in(archive, unknown, (by, run_id), result)
    mended = _texts(archive, by, result)
    for indexer in indexers():
        wrong = indexer.check(db)
        if wrong or mended:
            with transaction(db):
                indexer.rebuild(db)
            result.done += [f"rebuilt the index: {problem}" for problem in wrong]
    finish(db, run_id, "finished", {"done": result.done, "lost": result.lost}, datetime.now(UTC))
    return result


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commit what happens inside, or roll it back."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _files(archive: Archive, result: Repaired, progress: Progress) -> list[Place]:
    """Mend every WARC file; gives the whole records that the database does not know."""
    known = archive.db.execute("SELECT filename, id FROM warcs WHERE state <> 'condemned'").fetchall()
    unknown: list[Place] = []
    for number, (filename, warc_id) in enumerate(known):
        path = archive.folder / filename
        with transaction(archive.db):
            if path.exists():
                unknown += _file(archive, path, warc_id, result)
            else:
                count = archive.db.execute(f"{_LOSE} WHERE warc_id = ?", (warc_id,)).rowcount
                archive.db.execute("DELETE FROM warcs WHERE id = ?", (warc_id,))
                result.lost.append(f"{filename} is gone, and with it the pages of {count} fetches")
        if path.exists() and not archive.db.execute("SELECT 1 FROM warcs WHERE filename = ?", (filename,)).fetchone():
            put_aside(path)  # written anew, and the database knows the new one
        progress("files", number + 1, len(known))
    names = {filename for filename, _ in archive.db.execute("SELECT filename, id FROM warcs")}
    for path in sorted(archive.folder.glob("*.warc.*")):
        if path.name not in names:
            unknown += _stranger(archive, path, result)
    return unknown


_LOSE = "UPDATE snapshots SET warc_id = NULL, offset = NULL, length = NULL"


def _file(archive: Archive, path: Path, warc_id: int, result: Repaired) -> list[Place]:
    places = places_in(archive.db, warc_id)
    kept: list[tuple[int, int]] = []
    unknown: list[Place] = []
    lost = 0
    for member in members(path):
        record, place = member.record, places.get(member.offset)
        if record is None or record_problem(member, None) == BAD_DIGEST:
            lost += 1
            continue
        kept.append((member.offset, member.length))
        if places.pop(member.offset, None) is not None:
            _correct(archive.db, member, place, result)
        elif record.kind in ("response", "revisit"):
            unknown.append(Place(record.fields["warc-date"], path, member.offset, member.length))
    for number, *_ in places.values():
        archive.db.execute(f"{_LOSE} WHERE id = ?", (number,))
    if places:
        result.lost.append(f"the pages of {len(places)} fetches in {path.name}")
    size = path.stat().st_size
    if lost:
        unknown = _write_anew(archive, (path, warc_id), kept, unknown)
        result.done.append(f"wrote {path.name} anew without {lost} damaged stretches")
    else:
        archive.db.execute("UPDATE warcs SET length = ? WHERE id = ? AND length <> ?1", (size, warc_id))
    return unknown


def _correct(db: sqlite3.Connection, member: Member, place: tuple[Any, ...] | None, result: Repaired) -> None:
    """Where a whole record and the database differ, it is the database that is damaged."""
    if place is None or member.record is None or record_problem(member, place) is None:
        return
    number, fields = place[0], member.record.fields
    digest = digest_bytes(fields.get("warc-payload-digest", ""))
    db.execute("UPDATE snapshots SET length = ?, digest = ? WHERE id = ?", (member.length, digest, number))
    sql = """UPDATE OR IGNORE frontier SET url = ? WHERE id = (SELECT coalesce(f.final_url_id, f.url_id)
 FROM snapshots s JOIN fetches f ON f.id = s.fetch_id WHERE s.id = ?) AND url <> ?1"""
    db.execute(sql, (fields.get("warc-target-uri"), number))
    result.done.append(f"set right what the database says of snapshot {number}")


def _write_anew(
    archive: Archive, old: tuple[Path, int], kept: list[tuple[int, int]], unknown: list[Place]
) -> list[Place]:
    """Write a file with what is whole in it; moves the snapshots, and the unknown records, to their new offsets."""
    path, warc_id = old
    new = path.with_name(mended_name(path.name))
    moved = dict(zip((offset for offset, _ in kept), copy_stretches(path, new, kept), strict=True))
    row = (new.name, new.stat().st_size, to_text(datetime.now(UTC)))
    sql = "INSERT INTO warcs (filename, length, state, created) VALUES (?, ?, 'closed', ?)"
    new_id = archive.db.execute(sql, row).lastrowid
    sql = "UPDATE snapshots SET warc_id = ?, offset = ? WHERE warc_id = ? AND offset = ?"
    archive.db.executemany(sql, [(new_id, to, warc_id, offset) for offset, to in moved.items()])
    archive.db.execute("DELETE FROM warcs WHERE id = ?", (warc_id,))
    return [dataclasses.replace(place, path=new, offset=moved[place.offset]) for place in unknown]


def _stranger(archive: Archive, path: Path, result: Repaired) -> list[Place]:
    """Take a WARC file in that the database does not know."""
    path, damaged = without_damage(path)
    sql = "INSERT INTO warcs (filename, length, state, created) VALUES (?, ?, 'closed', ?)"
    archive.db.execute(sql, (path.name, path.stat().st_size, to_text(datetime.now(UTC))))
    result.lost += [f"{damaged} damaged stretches of {path.name}"] if damaged else []
    return [
        Place(member.record.fields["warc-date"], path, member.offset, member.length)
        for member in members(path)
        if member.record is not None and member.record.kind in ("response", "revisit")
    ]


def _take_in(archive: Archive, unknown: list[Place], who: tuple[By, int], result: Repaired) -> None:
    """Store the records that the database does not know, as a crawl would have done."""
    if not unknown:
        return
    by, run_id = who
    db = archive.db
    numbers = {archive.folder / name: number for name, number in db.execute("SELECT filename, id FROM warcs")}
    placed = PlacedSnapshots(numbers)
    visits, reread = Visits(db, placed, by.schedule), Rereading(by.reader, by.extractor, run_id)
    taken = 0
    with transaction(db):
        for place in sorted(unknown, key=lambda place: place.date):
            found = _with_original(archive, place)
            visit = reread(found) if found else None
            if visit is not None:
                placed.at(place)
                visits.store(visit)
                taken += 1
        changes = visits.take_changes()
        for indexer in indexers() if changes else ():
            indexer.put(db, changes)
    if taken:
        result.done.append(f"took in {taken} records that the database did not know")


def _with_original(archive: Archive, place: Place) -> Place | None:
    """Say where the bytes are that a revisit record refers to; None where they are gone."""
    member = read_member(place.path, place.offset)
    if member is None or member.record is None:
        return None
    if member.record.kind != "revisit" or member.record.status == 304:
        return place
    sql = """SELECT w.filename, s.offset FROM snapshots s JOIN warcs w ON w.id = s.warc_id
 WHERE substr(s.digest, 1, 8) = substr(?1, 1, 8) AND s.digest = ?1 AND s.revisit_of IS NULL"""
    digest = digest_bytes(member.record.fields.get("warc-payload-digest", ""))
    row = archive.db.execute(sql, (digest,)).fetchone()
    return dataclasses.replace(place, original=(archive.folder / row[0], row[1])) if row else None


def _texts(archive: Archive, by: By, result: Repaired) -> bool:
    """Read again what does not fit its hash; says whether an article's row was mended."""
    mended = False
    pages, rows = SentPages(archive.db, archive.folder), Rows(archive.db)
    for wrong in list(misread(archive.db)):
        try:
            if wrong.snapshot_id is None:
                raise NotFound("it has no snapshot")
            article = storable(by.reader(pages.page(wrong.snapshot_id), pages.more))
        except ArchiveError as error:
            result.lost.append(f"revision {wrong.revision_id} of {wrong.public_id}: {error}")
            continue
        with transaction(archive.db):
            reading = None if wrong.current else to_json(article)
            values = (content_hash(article), by.extractor, reading, wrong.revision_id)
            sql = "UPDATE revisions SET content_hash = ?, extractor_version = ?, reading = ? WHERE id = ?"
            archive.db.execute(sql, values)
            if wrong.current:
                rows.update(wrong.article_id, article)
                mended = True
        result.done.append(f"read {wrong.public_id} again from its snapshot")
    return mended
