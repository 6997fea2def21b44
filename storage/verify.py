"""Verify: whether the archive holds what it says it holds."""

from __future__ import annotations

import dataclasses
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from storage.archive import Archive
from storage.connection import DatabaseError
from storage.documentation import undocumented
from storage.indexing import indexers
from storage.members import Member, members
from storage.normal import HASH_RULES, content_hash
from storage.reading import from_json, load
from storage.rows import is_as_written
from storage.warc import digest_bytes, digest_of, digest_text

BAD_DIGEST = "does not fit its digest"
Progress = Callable[[str, int, int], None]  # what is looked at, how many done, how many in all


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be: what it is in, and what is wrong with it, in a line."""

    part: str  # database, article, warc, snapshot, index
    name: str
    problem: str

    def __str__(self) -> str:
        return f"{self.part} {self.name}: {self.problem}"


def quiet(part: str, done: int, total: int) -> None:
    """Show no progress."""


def verify(archive: Archive, progress: Progress = quiet) -> Iterator[Fault]:
    """Yield all that is wrong: in the database's pages, references and texts, in the indexes, in the WARC files."""
    archive.db.text_factory = lenient
    try:
        broken = list(_database(archive))
        yield from broken
        if any(fault.part == "database" and fault.name == "pages" for fault in broken):
            return  # what stands on broken pages cannot be asked
        for wrong in misread(archive.db, progress):
            yield Fault("article", wrong.public_id, f"revision {wrong.revision_id} {wrong.problem}")
        for indexer in indexers():
            for problem in indexer.check(archive.db):
                yield Fault("index", type(indexer).__name__.lower(), problem)
        yield from _files(archive, progress)
    except (DatabaseError, UnicodeDecodeError) as error:  # the latter in the driver's own messages
        yield Fault("database", "pages", str(error))
    finally:
        archive.db.text_factory = str


def lenient(text: bytes) -> str:
    """Read text that may be damaged."""
    return text.decode("utf-8", "replace")


def _database(archive: Archive) -> Iterator[Fault]:
    db = archive.db
    for (text,) in db.execute("PRAGMA integrity_check(20)"):
        if text != "ok":
            yield Fault("database", "pages", text.replace("\n", " "))
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield Fault("database", table, f"row {rowid} refers to a row of {parent} that is not there")
    for name in undocumented(db):
        yield Fault("database", name, "is no part of the schema")
    sql = """SELECT a.public_id, count(r.id) FROM articles a LEFT JOIN revisions r ON r.article_id = a.id
 AND r.reading IS NULL GROUP BY a.id HAVING count(r.id) <> 1"""
    for public_id, count in db.execute(sql):
        yield Fault("article", public_id, f"has {count} current revisions in place of one")
    sql = """SELECT a.public_id, a.url FROM articles a WHERE NOT EXISTS (SELECT 1 FROM article_urls u
 JOIN frontier f ON f.id = u.url_id WHERE u.article_id = a.id AND f.url = a.url)"""
    for public_id, url in db.execute(sql):
        yield Fault("article", public_id, f"is not filed under its address {url}")


@dataclasses.dataclass(frozen=True, slots=True)
class Misread:
    """A revision whose reading is not what was stored."""

    article_id: int
    public_id: str
    revision_id: int
    snapshot_id: int | None
    current: bool
    problem: str


def misread(db: sqlite3.Connection, progress: Progress = quiet) -> Iterator[Misread]:
    """Check every reading against the hash that was made when it was stored."""
    total = db.execute("SELECT count(*) FROM revisions").fetchone()[0]
    sql = """SELECT a.id, a.public_id, r.id, r.content_hash, r.reading, r.snapshot_id FROM revisions r
 JOIN articles a ON a.id = r.article_id ORDER BY r.article_id"""
    for done, (article_id, public_id, number, expected, reading, snapshot) in enumerate(db.execute(sql)):
        problem = _reading_problem(db, article_id, reading, expected)
        if problem:
            yield Misread(article_id, public_id, number, snapshot, reading is None, problem)
        progress("articles", done + 1, total)


def _reading_problem(db: sqlite3.Connection, article_id: int, reading: str | None, expected: bytes) -> str | None:
    factory, db.text_factory = db.text_factory, str
    try:
        article = load(db, article_id) if reading is None else from_json(reading)
        whole = reading is not None or is_as_written(db, article_id)
    except (ValueError, TypeError, KeyError, zlib.error) as error:
        return f"cannot be read: {error}"
    except DatabaseError as error:
        if "UTF-8" not in str(error):
            raise
        return "cannot be read: its text is no UTF-8"
    finally:
        db.text_factory = factory
    if expected[:1] == HASH_RULES and content_hash(article) != expected:
        return "is not what was stored: its text does not fit its hash"
    return None if whole else "is not what was stored: a value does not fit the checksum"


def _files(archive: Archive, progress: Progress) -> Iterator[Fault]:
    known: dict[str, tuple[int, int]] = {
        filename: (warc_id, length)
        for warc_id, filename, length in archive.db.execute("SELECT id, filename, length FROM warcs")
    }
    there = {path.name: path for path in sorted(archive.folder.glob("*.warc.*"))} if archive.folder.is_dir() else {}
    for filename in sorted(there.keys() - known.keys()):
        yield Fault("warc", filename, "is not known to the database")
    total = archive.db.execute("SELECT count(*) FROM snapshots WHERE warc_id IS NOT NULL").fetchone()[0]
    done = 0
    for filename, (warc_id, length) in sorted(known.items()):
        places = {offset: place for offset, place in places_in(archive.db, warc_id).items() if offset < length}
        if filename not in there:
            yield Fault("warc", filename, f"is missing, with {len(places)} snapshots")
            continue
        yield from _file(there[filename], length, places)
        done += len(places)
        progress("snapshots", done, total)


def places_in(db: sqlite3.Connection, warc_id: int) -> dict[int, tuple[Any, ...]]:
    """Offset -> number, length, digest and URL of the snapshots of a file."""
    sql = """SELECT s.offset, s.id, s.length, s.digest, u.url FROM snapshots s JOIN fetches f ON f.id = s.fetch_id
 JOIN frontier u ON u.id = coalesce(f.final_url_id, f.url_id) WHERE s.warc_id = ?"""
    return {row[0]: row[1:] for row in db.execute(sql, (warc_id,))}


def _file(path: Path, length: int, places: dict[int, tuple[Any, ...]]) -> Iterator[Fault]:
    size = path.stat().st_size
    if size < length:
        yield Fault("warc", path.name, f"is cut off: {size} bytes in place of {length}")
    for member in members(path, 0, length):
        if member.record is None:
            yield Fault("warc", path.name, f"bytes {member.offset} to {member.offset + member.length} are no record")
            continue
        place = places.pop(member.offset, None)
        problem = record_problem(member, place)
        if problem:
            name = f"{place[0]}" if place else f"at offset {member.offset} of {path.name}"
            yield Fault("snapshot", name, f"{problem} ({member.record.fields.get('warc-target-uri', 'no URL')})")
    for offset, (number, _, _, url) in sorted(places.items()):
        yield Fault("snapshot", str(number), f"has no record at offset {offset} of {path.name} ({url})")


def record_problem(member: Member, place: tuple[Any, ...] | None) -> str | None:
    """Say what is wrong with a record, whose place in the database is given; None where it is as it should be."""
    record = member.record
    if record is None or record.kind not in ("response", "revisit"):
        return None
    digest = record.fields.get("warc-payload-digest", "")
    if record.kind == "response" and digest_text(digest_of(record.body)) != digest:
        return BAD_DIGEST
    if place is None:
        # a revisit whose page is gone says nothing any more, and a database made anew leaves it out
        return None if record.kind == "revisit" else "is not known to the database"
    _, length, expected, url = place
    if length != member.length:
        return f"is {member.length} bytes long in place of {length}"
    if digest_bytes(digest) != expected:
        return "is not the page that the database means"
    return None if record.fields.get("warc-target-uri") == url else f"is of another URL than {url}"
