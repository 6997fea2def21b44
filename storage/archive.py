"""The archive: one SQLite database with its WARC files beside it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from storage.connection import check, connect, initialize, translated
from storage.errors import ArchiveDamaged, ArchiveError, NotAnArchive, NotFound
from storage.migrations import migrate, newest
from storage.snapshots import folder_of

if TYPE_CHECKING:
    from storage.frontier import Schedule
    from storage.sent import Reader
    from storage.writer import Writer


class Archive:
    """An open archive: `db` is its connection, `folder` that of its WARC files."""

    def __init__(self, path: Path, db: sqlite3.Connection, readonly: bool) -> None:
        self.path, self.db, self.readonly = path, db, readonly
        self.folder = folder_of(path)

    def writer(
        self,
        *,
        wait: bool = False,
        schedule: Schedule | None = None,
        reader: Reader | None = None,
        compression: str = "gzip",
        jobs: int = 1,
    ) -> Writer:
        """Become the archive's one writer; raises `ArchiveLocked` where another is, or waits for its end.

        `schedule` says when a visited URL is due again (see storage.frontier); without it, never. `reader` reads a
        stored page again where the present reading was made by another version, to tell what the site has changed
        from what the reader has learned. `compression` is that of WARC files begun from now on: gzip or zstd. With
        `jobs` of 2 or more, further processes prepare large batches beside this one: on two cores half as much again
        with `store`, three quarters with `store_all`.
        """
        from storage.frontier import never_again
        from storage.writer import How, Writer

        if self.readonly:
            raise ArchiveError(f"{self.path} was opened for reading only.")
        how = How(schedule or never_again, reader, compression, jobs - 1)
        return Writer(self, how, wait=wait)

    def find(self, name: str) -> int:
        """Give the number of the article with a public id, number or URL; raises `NotFound`."""
        row = None
        if name.isdigit():
            row = self.db.execute("SELECT id FROM articles WHERE id = ?", (int(name[:18]),)).fetchone()
        if row is None:
            row = self.db.execute("SELECT id FROM articles WHERE public_id = ?", (name.lower(),)).fetchone()
        if row is None:
            row = self.db.execute(
                "SELECT u.article_id FROM frontier f JOIN article_urls u ON u.url_id = f.id WHERE f.url = ?", (name,)
            ).fetchone()
        if row is None:
            raise NotFound(f"{self.path} has no article {name!r}; give an id as shown by pressmark search, or a URL.")
        number: int = row[0]
        return number

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_archive(path: str | Path, *, create: bool = False, readonly: bool = False) -> Archive:
    """Open an archive, make it where it is not (if `create`), and bring an older one up to date.

    Raises `NotAnArchive`, `ArchiveTooNew`, `ArchiveLocked`, `ArchiveFull`: one line each that says what to do.
    """
    path = Path(path)
    if path.is_dir():
        raise NotAnArchive(f"{path} is a folder; give the path of an archive file.")
    if not path.exists() or path.stat().st_size == 0:
        if any(folder_of(path).glob("*.warc.*")):
            raise ArchiveDamaged(f"{path} is gone, but its WARC files are there; run: pressmark repair --db {path}")
        if not create:
            raise NotAnArchive(
                f"there is no archive {path}; pressmark crawl makes one, or give another path with --db."
            )
        with translated(path):
            initialize(path)
    db = connect(path, readonly=readonly)
    try:
        _upgrade(path, check(db, path), readonly, db)
    except BaseException:
        db.close()
        raise
    return Archive(path, db, readonly)


def _upgrade(path: Path, version: int, readonly: bool, db: sqlite3.Connection) -> None:
    if version == newest():
        return
    with translated(path):
        if not readonly:
            _migrate(db)
            return
        with contextlib.closing(connect(path)) as other:
            _migrate(other)


def _migrate(db: sqlite3.Connection) -> None:
    if not migrate(db) or db.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is None:
        return
    from storage.indexing import indexers

    db.execute("BEGIN IMMEDIATE")
    for indexer in indexers():
        indexer.rebuild(db)
    db.execute("COMMIT")
