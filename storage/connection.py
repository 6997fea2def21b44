"""Connections: the SQLite driver, its settings, and what its errors mean."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from storage.errors import ArchiveDamaged, ArchiveError, ArchiveFull, ArchiveLocked, ArchiveTooNew, NotAnArchive
from storage.migrations import newest

if TYPE_CHECKING:
    import sqlite3
else:
    try:  # newer than the linked SQLite, which may have the WAL-reset bug that 3.51.3 mended
        import pysqlite3.dbapi2 as sqlite3
    except ImportError:
        import sqlite3

# The driver asks each value that is neither text nor a number for an adapter, and takes two microseconds to find that
# there is none; these give the value back as it is.
sqlite3.register_adapter(type(None), cast("Callable[[None], None]", {}.get))
sqlite3.register_adapter(bytes, bytes)

DatabaseError = sqlite3.DatabaseError
APPLICATION_ID = 0x50726D6B  # "Prmk"
BUSY_SECONDS = 30.0
GIVING_WAY = 10  # of the priorities 0 to 19: about a tenth of the time of a process that does not
WAL_LIMIT = 48 * 2**20  # bytes; the writer waits for readers to let go of the log beyond it
_EACH = ("foreign_keys = ON", "temp_store = MEMORY")
_READING = (f"cache_size = {-64 * 1024}",)  # in KiB
_WRITING = (f"cache_size = {-16 * 1024}", "synchronous = FULL", f"journal_size_limit = {WAL_LIMIT}")


def connect(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """Open a connection with our settings; transactions are begun and ended by hand."""
    uri = f"file:{quote(str(path.absolute()))}?mode={_mode(path, readonly)}"
    try:
        db = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise NotAnArchive(f"{path} cannot be opened: {error}; give the path of an archive.") from error
    try:
        with translated(path):
            for pragma in (*_EACH, *(_READING if readonly else _WRITING)):
                db.execute(f"PRAGMA {pragma}")
    except UnicodeDecodeError as error:  # in the driver's own message about a broken schema
        db.close()
        raise _damaged(path, "its schema cannot be read") from error
    except BaseException:
        db.close()
        raise
    return db


def give_way() -> None:
    """Let the writer go first: lower this process's priority. For commands that read an archive for long.

    Readers never block the writer, but where they are more than the cores they would take its time.
    """
    if hasattr(os, "nice") and os.nice(0) == 0:  # where nobody has set it
        os.nice(GIVING_WAY)


def _mode(path: Path, readonly: bool) -> str:
    """Give the URI's mode; where nothing may be written, not even a log, nothing is going to change."""
    if not readonly:
        return "rw"
    still = not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()
    return "ro&immutable=1" if still else "ro"


def initialize(path: Path) -> None:
    """Make an empty database that is marked as ours; an existing file is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(str(path), isolation_level=None, timeout=BUSY_SECONDS)
    with contextlib.closing(db), translated(path):
        if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute("PRAGMA journal_mode = WAL")


def check(db: sqlite3.Connection, path: Path) -> int:
    """Give the archive's schema version, or raise `NotAnArchive` or `ArchiveTooNew`."""
    with translated(path):
        application = db.execute("PRAGMA application_id").fetchone()[0]
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        raise NotAnArchive(f"{path} is a database of another program; give another path with --db.")
    if version > newest():
        raise ArchiveTooNew(
            f"{path} has schema {version}, this Pressmark knows up to {newest()}; upgrade Pressmark to open it."
        )
    return version


def same_file(path: Path | str, known: os.stat_result) -> bool:
    """Say whether a path still leads to the file that it led to: what is written to a removed one is lost."""
    try:
        return os.path.samestat(os.stat(path), known)
    except FileNotFoundError:
        return False


def wal_bytes(path: Path) -> int:
    """Give the present length of the write-ahead log."""
    with contextlib.suppress(FileNotFoundError):
        return os.stat(f"{path}-wal").st_size
    return 0


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's and the disk's errors into the archive's own, in one line that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _meaning(error, path) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise _full(path) from error
        what = error.filename or path
        raise ArchiveError(f"{what} cannot be used: {error.strerror or error}; see to it and run again.") from error


def _meaning(error: sqlite3.DatabaseError, path: Path) -> ArchiveError | sqlite3.DatabaseError:
    text = str(error)
    if "full" in text or "disk I/O" in text:  # SQLite says "disk I/O error" where a file may not grow
        return _full(path)
    if "locked" in text or "busy" in text:
        return ArchiveLocked(f"{path} is locked by another program; close it and try again.")
    if "not a database" in text:
        return NotAnArchive(f"{path} is not an SQLite database; give another path with --db.")
    if "malformed" in text or "corrupt" in text:
        return _damaged(path, text)
    if "readonly" in text or "unable to open" in text:
        return ArchiveError(f"{path} may not be written to; check its permissions and those of its folder.")
    return error


def _damaged(path: Path, text: str) -> ArchiveDamaged:
    return ArchiveDamaged(f"{path} is damaged ({text}); run: pressmark repair --db {path}")


def _full(path: Path) -> ArchiveFull:
    return ArchiveFull(f"{path} cannot grow: the disk is full or at its limit; free some space and run again.")
