"""Snapshots: the folder of WARC files beside the database, written by one writer, read by all."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from storage.connection import same_file
from storage.encoding import unpacked
from storage.errors import ArchiveDamaged, ArchiveError, NotFound
from storage.times import to_text
from storage.warc import Packer, Page, Record, read_record, records

ROLL = 2**30  # bytes after which the next file begins
SOFTWARE = "Pressmark"
_TAIL_RECORDS = 1000  # a longer tail behind what the database knows is no accident of the last batch


def folder_of(archive: Path) -> Path:
    """Give the folder of an archive's WARC files.

    >>> folder_of(Path("/data/news.db")).name
    'news.db.warc'
    """
    return archive.with_name(archive.name + ".warc")


def read_snapshot(db: sqlite3.Connection, folder: Path, snapshot_id: int) -> Record:
    """Read the record of a snapshot; the body of a revisit is that of the snapshot it refers to."""
    row = db.execute(
        "SELECT w.filename, s.offset, s.length, s.revisit_of FROM snapshots s LEFT JOIN warcs w ON w.id = s.warc_id"
        " WHERE s.id = ?",
        (snapshot_id,),
    ).fetchone()
    if row is None:
        raise NotFound(f"there is no snapshot {snapshot_id} in this archive.")
    filename, offset, length, revisit_of = row
    if filename is None:
        raise NotFound(f"the bytes of snapshot {snapshot_id} are no longer kept: taken down, or lost to damage.")
    record = read_record(folder / filename, offset, length)
    if revisit_of is None or record.kind != "revisit":
        return record
    original = read_snapshot(db, folder, revisit_of)
    headers = original.headers if record.status == 304 else record.headers
    status = original.status if record.status == 304 else record.status
    return Record(record.kind, record.fields, status, headers, original.body, record.offset, record.length)


def decoded_body(record: Record) -> bytes:
    """The body of a record without its content coding."""
    return unpacked(record.body, [value for key, value in record.headers if key.lower() == "content-encoding"])


def header(record: Record, name: str) -> str | None:
    """The first value of an HTTP header, None where the answer has none."""
    return next((value for key, value in record.headers if key.lower() == name), None)


class SnapshotWriter:
    """Appends records to the open WARC file; a batch counts once the database has committed it.

    `append` only packs; `sync` puts a batch on disk within the database's transaction; then `settle` or `undo`.
    """

    def __init__(self, db: sqlite3.Connection, folder: Path, *, compression: str = "gzip") -> None:
        self.db, self.folder = db, folder
        self.packer = Packer(compression)
        self.warc_id, self.length = 0, 0
        self._file: IO[bytes] | None = None
        self._pending: list[bytes] = []
        self._pending_length = 0

    def prepare(self) -> None:
        """Make ready to append: open the newest file or begin one. Outside of transactions.

        Raises `ArchiveError` where the open file is gone: what it held is lost, and that must not pass unseen.
        """
        if self._file is not None and not same_file(self._file.name, os.fstat(self._file.fileno())):
            path = self._file.name
            self.close()
            raise ArchiveError(
                f"{path} was moved or removed while it was written; put it back, or run: pressmark repair"
            )
        if self._file is None:
            self.folder.mkdir(exist_ok=True)
            self._reopen()
        if self._file is None or self.length >= ROLL:
            self._begin()

    def append(self, page: Page) -> tuple[int, int, int]:
        """Pack a page for the batch; gives the file's number, the record's offset and length."""
        member = self.packer.page(page)
        offset = self.length + self._pending_length
        self._pending.append(member)
        self._pending_length += len(member)
        return self.warc_id, offset, len(member)

    def sync(self) -> None:
        """Put the batch on disk, and into the transaction how far the file is good."""
        if self._file is None or not self._pending:
            return
        self._file.write(b"".join(self._pending))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.db.execute("UPDATE warcs SET length = ? WHERE id = ?", (self.length + self._pending_length, self.warc_id))

    def settle(self) -> None:
        """The database has committed: the batch is part of the file."""
        self.length += self._pending_length
        self._forget()

    def undo(self) -> None:
        """The database has not committed: cut the batch off."""
        self._forget()
        if self._file is not None:
            self._file.close()
            self._file = None  # prepare() cuts the tail off and opens it anew

    def close(self) -> None:
        """Close the file; the next writer goes on with it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _forget(self) -> None:
        self._pending, self._pending_length = [], 0

    def _reopen(self) -> None:
        row = self.db.execute("SELECT id, filename, length FROM warcs WHERE state = 'open' ORDER BY id DESC").fetchone()
        if row is None:
            return
        warc_id, filename, length = row
        path = self.folder / filename
        if not filename.endswith(self.packer.suffix) or not cut_tail(path, length):
            self.db.execute("UPDATE warcs SET state = 'closed' WHERE id = ?", (warc_id,))
            return
        self.warc_id, self.length = warc_id, length
        self._file = path.open("ab")

    def _begin(self) -> None:
        """Begin a file. The database knows its name before it exists, so that no file is ever unknown."""
        self.close()
        number = self.db.execute("SELECT coalesce(max(id), 0) + 1 FROM warcs").fetchone()[0]
        now = datetime.now(UTC)
        filename = f"pressmark-{now:%Y%m%d%H%M%S}-{number:05}{self.packer.suffix}"
        info = self.packer.info(filename, SOFTWARE)
        self.db.execute("BEGIN IMMEDIATE")
        self.db.execute("UPDATE warcs SET state = 'closed' WHERE state = 'open'")
        row = (number, filename, len(info), to_text(now))
        self.db.execute("INSERT INTO warcs (id, filename, length, created) VALUES (?, ?, ?, ?)", row)
        path = self.folder / filename
        try:
            with path.open("wb") as file:
                file.write(info)
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(self.folder)
            self.db.execute("COMMIT")
        except BaseException:
            self.db.execute("ROLLBACK")
            path.unlink(missing_ok=True)
            raise
        self.warc_id, self.length = number, len(info)
        self._file = path.open("ab")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def cut_tail(path: Path, length: int) -> bool:
    """Cut off what a killed writer left behind the last commit; False where the file cannot be gone on with.

    A tail of more records than a batch holds is not from a killed writer: the database is older than the file, and
    `repair` will take those records in.
    """
    try:
        actual = path.stat().st_size
    except FileNotFoundError:
        return False
    if actual < length or (actual > length and _count(path, length) > _TAIL_RECORDS):
        return False
    if actual > length:
        os.truncate(path, length)
    return True


def _count(path: Path, offset: int) -> int:
    """How many whole records stand behind an offset."""
    with path.open("rb") as file:
        file.seek(offset)
        found = 0
        try:
            for _ in records(file):
                found += 1
        except (OSError, ValueError, ArchiveDamaged):  # the torn one
            return found
    return found
