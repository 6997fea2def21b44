"""Takedown: an article removed from every file, a tombstone left, its addresses never fetched again.

The WARC files that hold its pages are written anew without them; the database is vacuumed, so that no free page and no
log keeps a word. Each file is first written under another name and named in the database's transaction, so that a kill
at any moment leaves either the old state or the new one.
"""

from __future__ import annotations

import dataclasses
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from storage.archive import Archive
from storage.connection import translated
from storage.errors import ArchiveLocked
from storage.indexing import Change, indexers
from storage.lock import WriterLock
from storage.members import mended_name
from storage.reading import load
from storage.rows import PARTS
from storage.runs import begin, finish
from storage.times import to_text
from storage.warc import Packer

Note = tuple[str, tuple[tuple[str, str], ...]]  # URL and fields of the record that stands for the others
_COPY = 1 << 20


@dataclasses.dataclass(frozen=True, slots=True)
class Removed:
    """What a takedown has removed."""

    public_id: str
    url: str
    snapshots: int
    files: int  # WARC files written anew


def take_down(archive: Archive, article_id: int, reason: str, version: str) -> Removed:
    """Remove an article; raises `NotFound`, `ArchiveLocked`, `ArchiveFull`."""
    lock = WriterLock(archive.path)
    lock.acquire()
    try:
        with translated(archive.path):
            sweep(archive)
            removed = _remove(archive, article_id, reason, version)
            sweep(archive)
        vacuum(archive)
        return removed
    finally:
        lock.release()


def _remove(archive: Archive, article_id: int, reason: str, version: str) -> Removed:
    db = archive.db
    written: list[Path] = []
    db.execute("PRAGMA secure_delete = ON")
    db.execute("BEGIN IMMEDIATE")
    try:
        article = load(db, article_id)
        sql = "SELECT public_id, site_id FROM articles WHERE id = ?"
        public_id, site_id = db.execute(sql, (article_id,)).fetchone()
        run_id = begin(db, "takedown", version, {"article": public_id, "reason": reason}, datetime.now(UTC))
        notes = (("Pressmark-Tombstone", public_id), ("Pressmark-Reason", reason))
        count = _remove_pages(archive, article_id, (article.url, notes), written)
        _tombstone(db, (public_id, article.url, site_id, reason))
        for indexer in indexers():
            indexer.put(db, [Change(article_id, public_id, site_id, article, None)])
        _delete_rows(db, article_id)
        finish(db, run_id, "finished", {"snapshots": count, "files": len(written)}, datetime.now(UTC))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return Removed(public_id, article.url, count, len(written))


def _remove_pages(archive: Archive, article_id: int, note: Note, written: list[Path]) -> int:
    """Write the WARC files with the article's pages anew without them; gives how many pages."""
    places = _places(archive.db, article_id)
    _forget_snapshots(archive.db, [number for number, *_ in places])
    for warc_id in sorted({warc_id for _, warc_id, _, _ in places}):
        gone = {offset: length for _, warc, offset, length in places if warc == warc_id}
        written.append(_rewrite(archive, warc_id, gone, note))
    return len(places)


def _tombstone(db: sqlite3.Connection, stone: tuple[str, str, int, str]) -> None:
    sql = "INSERT INTO tombstones (public_id, url, site_id, reason, taken_down_at) VALUES (?, ?, ?, ?, ?)"
    db.execute(sql, (*stone, to_text(datetime.now(UTC))))


def _places(db: sqlite3.Connection, article_id: int) -> list[tuple[int, int, int, int]]:
    """Number, file, offset and length of all snapshots of an article's addresses, whatever was made of them.

    Snapshots of others count where they have the very bytes that the article was read from.
    """
    sql = f"""WITH fetched AS (SELECT id, outcome FROM fetches WHERE article_id = ?1
 OR url_id IN ({_ADDRESSES}) OR final_url_id IN ({_ADDRESSES}))
 SELECT id, warc_id, offset, length FROM snapshots WHERE warc_id IS NOT NULL
 AND (fetch_id IN (SELECT id FROM fetched) OR digest IN (
 SELECT s.digest FROM snapshots s JOIN fetched f ON f.id = s.fetch_id WHERE f.outcome IN ('new', 'changed', 'same')))"""
    return list(db.execute(sql, (article_id,)))


# The article's addresses, and those of its further pages, which the crawl notes as "page 2 of" the first one
_ADDRESSES = """SELECT url_id FROM article_urls WHERE article_id = ?1 UNION SELECT g.url_id FROM fetches g
 WHERE g.reason = 'further_page' AND substr(g.detail, instr(g.detail, ' of ') + 4) IN (
 SELECT u.url FROM article_urls b JOIN frontier u ON u.id = b.url_id WHERE b.article_id = ?1)"""


def _rewrite(archive: Archive, warc_id: int, gone: dict[int, int], note: Note) -> Path:
    """Write a WARC file anew, a metadata record in place of the first record gone; the old file is condemned."""
    db = archive.db
    sql = "SELECT filename, length, state, created FROM warcs WHERE id = ?"
    filename, length, state, created = db.execute(sql, (warc_id,)).fetchone()
    stone = Packer("zstd" if filename.endswith("zst") else "gzip").note(note[0], b"taken down\r\n", note[1])
    new = archive.folder / mended_name(filename)
    row = (new.name, length, state, created)
    new_id = db.execute("INSERT INTO warcs (filename, length, state, created) VALUES (?, ?, ?, ?)", row).lastrowid
    db.execute("UPDATE warcs SET state = 'condemned' WHERE id = ?", (warc_id,))
    with (archive.folder / filename).open("rb") as source, new.open("wb") as target:
        for number, (start, end) in enumerate(_kept(gone, length)):
            move = (new_id, target.tell() - start, warc_id, start, end)
            db.execute(_MOVE, move)
            _copy(source, target, start, end)
            if number == 0:
                target.write(stone)
        db.execute("UPDATE warcs SET length = ? WHERE id = ?", (target.tell(), new_id))
        target.flush()
        os.fsync(target.fileno())
    return new


_MOVE = """UPDATE snapshots SET warc_id = ?, offset = offset + ? WHERE warc_id = ? AND offset >= ? AND offset < ?"""


def _kept(gone: dict[int, int], length: int) -> list[tuple[int, int]]:
    """Give the stretches between what is gone.

    >>> _kept({10: 5, 30: 2}, 40)
    [(0, 10), (15, 30), (32, 40)]
    """
    starts = [0, *(offset + size for offset, size in sorted(gone.items()))]
    return list(zip(starts, [*sorted(gone), length], strict=True))


def _copy(source: IO[bytes], target: IO[bytes], start: int, end: int) -> None:
    source.seek(start)
    left = end - start
    while left > 0 and (chunk := source.read(min(left, _COPY))):
        target.write(chunk)
        left -= len(chunk)


def _forget_snapshots(db: sqlite3.Connection, numbers: list[int]) -> None:
    sql = "UPDATE snapshots SET warc_id = NULL, offset = NULL, length = NULL WHERE id = ?"
    db.executemany(sql, [(number,) for number in numbers])


def _delete_rows(db: sqlite3.Connection, article_id: int) -> None:
    """Delete the article's rows, and the names that nothing else bears; its addresses stay, never to be fetched."""
    db.execute(_NEVER_AGAIN.format(addresses=_ADDRESSES), (article_id,))
    db.execute("UPDATE fetches SET article_id = NULL, headers = NULL WHERE article_id = ?", (article_id,))
    for table in (*PARTS, "article_urls"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
    sql = "DELETE FROM rereadings WHERE revision_id IN (SELECT id FROM revisions WHERE article_id = ?)"
    db.execute(sql, (article_id,))
    db.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    for names, links, column in (("authors", "article_authors", "author_id"), ("tags", "article_tags", "tag_id")):
        db.execute(f"DELETE FROM {names} WHERE id NOT IN (SELECT {column} FROM {links})")


_NEVER_AGAIN = """UPDATE frontier SET state = 'taken_down', due_at = NULL, etag = NULL, last_modified = NULL,
 lease_owner = NULL, lease_until = NULL, reason = 'taken_down'
 WHERE id IN ({addresses})"""


def sweep(archive: Archive) -> None:
    """Delete the WARC files that a takedown has written anew; a kill may have left them. For the one writer only."""
    for warc_id, filename in archive.db.execute("SELECT id, filename FROM warcs WHERE state = 'condemned'").fetchall():
        (archive.folder / filename).unlink(missing_ok=True)
        archive.db.execute("DELETE FROM warcs WHERE id = ?", (warc_id,))


def vacuum(archive: Archive) -> None:
    """Write the database anew and empty its log; raises `ArchiveLocked` where readers keep the log in use."""
    with translated(archive.path):
        archive.db.execute("VACUUM")
        busy = archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise ArchiveLocked(
            f"the article is out of {archive.path}, but others still read its log; close them and run this again."
        )
