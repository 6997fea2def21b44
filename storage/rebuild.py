"""Rebuild: the whole database made again from the WARC files, with today's reader."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from articles.record import Article
from storage.archive import open_archive
from storage.connection import DatabaseError, translated
from storage.decide import READ
from storage.errors import ArchiveError
from storage.frontier import Schedule, never_again
from storage.frontier import site_id as number_of
from storage.indexing import indexers
from storage.members import members, read_member, without_damage
from storage.preparing import prepare
from storage.reparse import READERS_REASONS
from storage.runs import begin, finish
from storage.sent import Reader, SentPage, sent_page
from storage.snapshots import folder_of
from storage.times import from_text, to_text
from storage.verify import Progress, quiet
from storage.visit import Visit
from storage.visits import Visits
from storage.warc import Page, Record
from storage.workers import batches, on_all_cores

_BATCH = 100
FURTHER_PAGE = "further_page"  # the crawl's reason for pages that are part of an article


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands, what orders it among the others, and where the bytes are that a revisit refers to."""

    date: str
    path: Path
    offset: int
    length: int
    original: tuple[Path, int] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild brought back. `damaged` counts stretches of WARC files that hold no record."""

    articles: int
    records: int
    damaged: int
    kept: Path | None  # the old database, where there was one


@dataclasses.dataclass(frozen=True, slots=True)
class Rereading:
    """Makes the visit of a record again, in whatever process it finds itself.

    `further` says where the records of articles' further pages stand, by URL.
    """

    reader: Reader
    version: str | None
    run_id: int
    further: Mapping[str, tuple[Path, int]] = dataclasses.field(default_factory=dict)

    def __call__(self, place: Place) -> Visit | None:
        """Read one record; None where it is not whole any more."""
        record = _whole(place.path, place.offset)
        if record is not None and place.original is not None:
            original = _whole(*place.original)
            record = dataclasses.replace(record, body=original.body) if original else None
        return self.visit(record) if record else None

    def visit(self, record: Record) -> Visit:
        """Give the visit that a record is of."""
        fields = record.fields
        target = fields.get("warc-target-uri", "")
        site = fields.get("pressmark-site") or _host(target)
        visit = Visit(
            url=fields.get("pressmark-requested-uri", target),
            site=site,
            run_id=self.run_id,
            started=from_text(fields["warc-date"]),
            final_url=target if "pressmark-requested-uri" in fields else None,
            status=record.status,
            headers=record.headers,
            body=record.body,
            ip=fields.get("warc-ip-address"),
            extractor_version=self.version,
            reason=fields.get("pressmark-reason"),
            canonical_url=fields.get("pressmark-canonical-uri"),
        )
        article = self._article(record, site) if _readable(record, visit) else None
        return dataclasses.replace(visit, article=article, prepared=prepare(article)) if article else visit

    def _article(self, record: Record, site: str) -> Article | None:
        try:
            return self.reader(sent_page(record, site), lambda url: self._more(url, site))
        except ArchiveError:  # a body that is not in the coding its header says
            return None

    def _more(self, url: str, site: str) -> SentPage | None:
        record = _whole(*self.further[url]) if url in self.further else None
        return sent_page(record, site) if record else None


def _whole(path: Path, offset: int) -> Record | None:
    member = read_member(path, offset)
    return member.record if member else None


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _readable(record: Record, visit: Visit) -> bool:
    return record.status in READ and visit.reason in (None, *READERS_REASONS)


class PlacedSnapshots:
    """Stands in for the snapshot writer: the records are there already."""

    def __init__(self, numbers: dict[Path, int]) -> None:
        self._numbers = numbers
        self._place: Place | None = None

    def at(self, place: Place) -> None:
        """Say where the next record stands."""
        self._place = place

    def append(self, page: Page) -> tuple[int, int, int]:
        """Give the place of a page that is kept already."""
        assert self._place is not None
        return self._numbers[self._place.path], self._place.offset, self._place.length


@dataclasses.dataclass(frozen=True, slots=True)
class By:
    """Who rebuilds: the reader, its version and the program's, and the crawl's schedule of further visits."""

    reader: Reader
    extractor: str | None
    program: str
    schedule: Schedule = never_again


def rebuild(path: Path, by: By, progress: Progress = quiet) -> Rebuilt:
    """Make the database anew beside the old one, then put it in its place.

    What no WARC holds (URLs not fetched yet, sources, tombstones) is taken from the old database where it can be read.
    """
    fresh = path.with_name(path.name + ".rebuilding")
    _remove(fresh)
    survey = _survey(folder_of(path), progress)
    archive = open_archive(fresh, create=True)
    try:
        with translated(fresh):
            _salvage(archive.db, path)
            records = _fill(archive.db, survey, by, progress)
            articles = archive.db.execute("SELECT count(*) FROM articles").fetchone()[0]
            archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        archive.close()
    return Rebuilt(articles, records, survey.damaged, _put_in_place(fresh, path))


@dataclasses.dataclass(slots=True)
class Survey:
    """What stands in the WARC files, damaged stretches already cut out."""

    lengths: dict[Path, int]
    places: list[Place]
    tombstones: list[tuple[str, str, str, str]]  # public id, URL, reason, time
    further: dict[str, tuple[Path, int]]  # URL of an article's further page -> its record
    damaged: int = 0


def _survey(folder: Path, progress: Progress) -> Survey:
    paths = sorted(folder.glob("*.warc.*")) if folder.is_dir() else []
    found = Survey({}, [], [], {})
    originals: dict[str, Place] = {}
    for number, damaged_path in enumerate(paths):
        path, damaged = without_damage(damaged_path)
        found.damaged += damaged
        for member in members(path):
            if member.record is not None:
                _note(found, originals, path, member.record)
        found.lengths[path] = path.stat().st_size
        progress("files", number + 1, len(paths))
    found.places.sort(key=lambda place: place.date)
    return found


def _note(found: Survey, originals: dict[str, Place], path: Path, record: Record) -> None:
    fields = record.fields
    if "pressmark-tombstone" in fields:
        stone = (fields["pressmark-tombstone"], fields["warc-target-uri"], fields.get("pressmark-reason", ""))
        found.tombstones.append((*stone, fields["warc-date"]))
    if record.kind not in ("response", "revisit"):
        return
    digest = fields.get("warc-payload-digest", "")
    place = Place(fields["warc-date"], path, record.offset, record.length)
    if fields.get("pressmark-reason") == FURTHER_PAGE:
        found.further[fields.get("pressmark-requested-uri", fields["warc-target-uri"])] = (path, record.offset)
    if record.kind == "response":
        originals.setdefault(digest, place)
    elif record.status != 304 and digest in originals:
        place = dataclasses.replace(place, original=(originals[digest].path, originals[digest].offset))
    elif record.status != 304:
        return  # the bytes it refers to are lost
    found.places.append(place)


def _fill(db: sqlite3.Connection, survey: Survey, by: By, progress: Progress) -> int:
    """Store all records again; gives how many."""
    db.execute("BEGIN IMMEDIATE")
    run_id = begin(db, "repair", by.program, {"files": len(survey.lengths)}, datetime.now(UTC))
    numbers = {path: _file_row(db, path, length) for path, length in survey.lengths.items()}
    for stone in survey.tombstones:
        _tombstone(db, stone)
    db.execute("COMMIT")
    placed = PlacedSnapshots(numbers)
    visits, followers = Visits(db, placed, by.schedule), indexers()
    again = Rereading(by.reader, by.extractor, run_id, survey.further)
    work = zip(survey.places, on_all_cores(again, survey.places), strict=True)
    done = 0
    for batch in batches(work, _BATCH):
        db.execute("BEGIN IMMEDIATE")
        for place, visit in batch:
            placed.at(place)
            if visit is not None:
                visits.store(visit)
        changes = visits.take_changes()
        for follower in followers if changes else ():
            follower.put(db, changes)
        db.execute("COMMIT")
        done += len(batch)
        progress("records", done, len(survey.places))
    finish(db, run_id, "finished", {"records": done, "damaged": survey.damaged}, datetime.now(UTC))
    return done


def _file_row(db: sqlite3.Connection, path: Path, length: int) -> int:
    sql = "INSERT INTO warcs (filename, length, state, created) VALUES (?, ?, 'closed', ?)"
    number = db.execute(sql, (path.name, length, to_text(datetime.now(UTC)))).lastrowid
    assert number is not None
    return number


def _tombstone(db: sqlite3.Connection, stone: tuple[str, str, str, str]) -> None:
    name, url, reason, at = stone
    site = number_of(db, _host(url), from_text(at))
    sql = "INSERT OR IGNORE INTO tombstones (public_id, url, site_id, reason, taken_down_at) VALUES (?, ?, ?, ?, ?)"
    db.execute(sql, (name, url, site, reason, at))
    sql = """INSERT INTO frontier (url, site_id, state, first_seen, reason) VALUES (?, ?, 'taken_down', ?, 'taken_down')
 ON CONFLICT (url) DO UPDATE SET state = 'taken_down', due_at = NULL, reason = 'taken_down'"""
    db.execute(sql, (url, site, at))


_OLD = (
    "INSERT OR IGNORE INTO sites (key, name, first_seen) SELECT key, name, first_seen FROM old.sites",
    """INSERT OR IGNORE INTO sources (site_id, url, kind, state, state_reason, interval_seconds, due_at, first_seen)
 SELECT n.id, o.url, o.kind, o.state, o.state_reason, o.interval_seconds, o.due_at, o.first_seen
 FROM old.sources o JOIN old.sites s ON s.id = o.site_id JOIN sites n ON n.key = s.key""",
    """INSERT OR IGNORE INTO frontier (url, site_id, state, due_at, priority, depth, published, first_seen, reason)
 SELECT o.url, n.id, o.state, o.due_at, o.priority, o.depth, o.published, o.first_seen, o.reason
 FROM old.frontier o JOIN old.sites s ON s.id = o.site_id JOIN sites n ON n.key = s.key
 WHERE o.state NOT IN ('alias')""",
    """INSERT OR IGNORE INTO tombstones (public_id, url, site_id, reason, taken_down_at)
 SELECT o.public_id, o.url, n.id, o.reason, o.taken_down_at FROM old.tombstones o
 JOIN old.sites s ON s.id = o.site_id JOIN sites n ON n.key = s.key""",
)


def _salvage(db: sqlite3.Connection, path: Path) -> None:
    """Take over from the old database what the WARC files do not hold, as far as it can be read."""
    if not path.exists():
        return
    try:
        db.execute("ATTACH ? AS old", (str(path.absolute()),))
    except DatabaseError:
        return
    for statement in _OLD:
        with contextlib.suppress(DatabaseError):  # that table is damaged: the others may be whole
            db.execute(statement)
    db.execute("DETACH old")


def _put_in_place(fresh: Path, path: Path) -> Path | None:
    kept = None
    if path.exists():
        kept = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%d%H%M%S}")
        for suffix in ("-wal", "-shm", ""):
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{path}{suffix}", f"{kept}{suffix}")
    else:
        for suffix in ("-wal", "-shm"):  # of a database that is gone: they belong to no other
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    os.replace(fresh, path)
    return kept


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
