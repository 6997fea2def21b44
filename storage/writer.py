"""The writer: puts batches of visits into the archive, each batch in one transaction."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from articles.record import Article
from storage import frontier
from storage.connection import BUSY_SECONDS, WAL_LIMIT, same_file, translated, wal_bytes
from storage.corrections import Corrections, Reading
from storage.errors import ArchiveError
from storage.indexing import indexers
from storage.lock import WriterLock
from storage.preparing import Batch, Preparer
from storage.reparse import Reread
from storage.sent import Reader, SentPages
from storage.snapshots import SnapshotWriter
from storage.visit import Visit
from storage.visits import Again, Stored, Visits

if TYPE_CHECKING:
    from storage.archive import Archive

SETTLING = 20.0  # seconds that a writer which has come to its end gives to the indexes
_READERS_MS = 2000  # how long a checkpoint waits for readers
Then = Callable[[sqlite3.Connection, Sequence[Stored]], None]


@dataclasses.dataclass(frozen=True, slots=True)
class How:
    """How a writer goes about it; see `Archive.writer`."""

    schedule: frontier.Schedule = frontier.never_again
    reader: Reader | None = None
    compression: str = "gzip"
    helpers: int = 0


def _again(archive: Archive, reader: Reader | None) -> Again | None:
    """Give the function that reads a stored page with today's reader; None where it cannot be read any more."""
    if reader is None:
        return None
    pages = SentPages(archive.db, archive.folder)

    def again(snapshot_id: int) -> Article | None:
        try:
            return reader(pages.page(snapshot_id), pages.more)
        except ArchiveError:
            return None

    return again


class Writer:
    """The archive's one writer. Safe to call from several threads; each call is a transaction of its own."""

    def __init__(self, archive: Archive, how: How, *, wait: bool = False) -> None:
        self.db, self.path = archive.db, archive.path
        self._lock = WriterLock(archive.path)
        with translated(self.path):
            self._lock.acquire(wait)
        self._file = os.stat(self.path)
        self._mutex = threading.RLock()
        self._indexers = indexers()
        self._snapshots = SnapshotWriter(self.db, archive.folder, compression=how.compression)
        self._visits = Visits(self.db, self._snapshots, how.schedule, _again(archive, how.reader))
        self._preparer = Preparer(how.helpers)
        self._wal_wanted = WAL_LIMIT

    def store(self, visits: Sequence[Visit], then: Then | None = None) -> list[Stored]:
        """Store a batch, all of it or nothing; gives what became of each visit, in order.

        When this returns, the batch is on disk: a power cut loses nothing of it. The frontier is told by `schedule`;
        `then` runs inside the transaction behind that. Raises `ArchiveFull`, `ArchiveLocked`, `ArchiveDamaged`.
        """
        return self._store(self._preparer.begin(visits), then)

    def store_all(self, batches: Iterable[Sequence[Visit]]) -> Generator[list[Stored], None, None]:
        """Store batch after batch, each as `store` does; while one is written, helpers prepare the next.

        A batch is stored when its answer is asked for.
        """
        ready: Batch | None = None
        try:
            for visits in batches:
                batch, ready = ready, self._preparer.begin(visits)
                if batch is not None:
                    yield self._store(batch)
            if ready is not None:
                batch, ready = ready, None
                yield self._store(batch)
        finally:
            if ready is not None:
                ready.cancel()

    def _store(self, visits: Batch, then: Then | None = None) -> list[Stored]:
        with self._mutex:
            with translated(self.path):
                self._snapshots.prepare()
            with self.transaction() as db:
                stored = [self._visits.store(visit) for visit in visits]
                self._index()
                if then is not None:
                    then(db, stored)
            return stored

    def correct(self, results: Sequence[Reread], reading: Reading) -> None:
        """Write a batch of what `reparse` found, with the run and the reader it came from."""
        with self.transaction() as db:
            corrections = Corrections(db, reading)
            changes = [change for result in results if (change := corrections.put(result))]
            for article_id in dict.fromkeys(r.task.article_id for r in results if r.verdict == "changed"):
                if article_id is not None:
                    corrections.tell_again(article_id)
            for indexer in self._indexers if changes else ():
                indexer.put(db, changes)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside a transaction, for the caller's own statements; rolled back on any error."""
        with self._mutex, translated(self.path):
            if not same_file(self.path, self._file):
                raise ArchiveError(f"{self.path} was moved or removed while it was written; put it back and run again.")
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self._snapshots.sync()
                self.db.execute("COMMIT")
            except BaseException:
                self._undo()
                raise
            self._snapshots.settle()
            self._bound_wal()

    def settle(self, seconds: float | None = None) -> bool:
        """Bring the indexes into the form in which they are smallest and fastest, for that long at most.

        Each step is a transaction. Says whether nothing is left to do.
        """
        end = None if seconds is None else time.monotonic() + seconds
        for indexer in self._indexers:
            while True:
                with self.transaction() as db:
                    settled = indexer.settle(db)
                if settled:
                    break
                if end is not None and time.monotonic() > end:
                    return False
        return True

    def close(self) -> None:
        """Finish the files and let the next one write."""
        with self._mutex:
            self._preparer.close()
            self._snapshots.close()
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.settle(SETTLING)
        finally:
            self.close()

    def site_id(self, key: str) -> int:
        """Give a site's number; a new one is written down. Inside a transaction."""
        return self._visits.site_id(key)

    def _undo(self) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")
        self._snapshots.undo()
        self._visits.forget()
        for indexer in self._indexers:
            indexer.forget()

    def _bound_wal(self) -> None:
        """Keep the write-ahead log short: beyond its limit, wait until no reader needs it and begin it anew.

        Without this, readers that follow one another without a gap let it grow for ever.
        """
        size = wal_bytes(self.path)
        if size < self._wal_wanted:
            return
        self.db.execute(f"PRAGMA busy_timeout = {_READERS_MS}")
        busy = self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        self.db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        self._wal_wanted = size + size // 4 if busy else WAL_LIMIT

    def _index(self) -> None:
        changes = self._visits.take_changes()
        if changes:
            for indexer in self._indexers:
                indexer.put(self.db, changes)
