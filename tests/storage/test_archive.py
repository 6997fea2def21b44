"""Opening archives: new, old, newer, broken, not ours, locked, full."""

from __future__ import annotations

import contextlib
import itertools
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from storage import Archive, open_archive
from storage.connection import APPLICATION_ID, connect
from storage.documentation import document, documentation, undocumented
from storage.errors import ArchiveError, ArchiveFull, ArchiveLocked, ArchiveTooNew, NotAnArchive
from storage.lock import WriterLock
from storage.migrations import newest, scripts, statements
from storage.reading import load
from storage.verify import verify
from storage.visit import Visit
from storage.writer import Writer
from tests.storage.conftest import make_article, make_visit

DOCS = Path(__file__).parents[2] / "docs" / "archive.md"
OLD = Path(__file__).parent / "archives"


def test_what_is_not_there_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive, match="there is no archive"):
        open_archive(tmp_path / "news.db")
    assert list(tmp_path.iterdir()) == []
    open_archive(tmp_path / "new folder" / "news.db", create=True).close()
    open_archive(tmp_path / "new folder" / "news.db").close()


def test_a_text_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("Milk, bread, and something for the cat. " * 50)
    before = path.read_bytes()
    with pytest.raises(NotAnArchive, match="is not an SQLite database"):
        open_archive(path, create=True)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE articles (id)")
    other.close()
    before = path.read_bytes()
    for create in (False, True):
        with pytest.raises(NotAnArchive, match="another program"):
            open_archive(path, create=create)
    assert path.read_bytes() == before


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive, match="is a folder"):
        open_archive(tmp_path, create=True)


def test_an_archive_newer_than_the_program_is_refused(path: Path, archive: Archive) -> None:
    archive.db.execute(f"PRAGMA user_version = {newest() + 1}")
    archive.close()
    with pytest.raises(ArchiveTooNew, match="upgrade Pressmark"):
        open_archive(path)


class BandsOnce:
    """The band index as it was before version 5: each row at its place at once."""

    def clear(self, db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM duplicate_bands")

    def sharing(self, db: sqlite3.Connection, article_id: int, keys: Sequence[int], most: int) -> list[int]:
        sql = f"SELECT DISTINCT article_id FROM duplicate_bands WHERE band IN ({', '.join('?' * len(keys))})"
        return [number for (number,) in db.execute(sql, keys) if number != article_id][:most]

    def add(self, db: sqlite3.Connection, article_id: int, keys: Sequence[int]) -> None:
        db.executemany("INSERT INTO duplicate_bands VALUES (?, ?)", [(key, article_id) for key in keys])

    def write(self, db: sqlite3.Connection) -> None:
        pass


def older(path: Path, version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the archive of a program with so many migrations, which was begun with the first one."""
    first(path)
    known = scripts()[:version]
    with monkeypatch.context() as then:
        then.setattr("storage.migrations.scripts", lambda: known)
        if version < 5:
            then.setattr("storage.duplicates.Bands", BandsOnce)
        open_archive(path).close()


def first(path: Path) -> None:
    """Make the archive of the first schema, with rows in it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in statements(scripts()[0]):
        db.execute(statement)
    document(db, scripts()[0])
    for statement in statements((OLD / "rows-1.sql").read_text()):
        db.execute(statement)
    db.execute("PRAGMA user_version = 1")
    db.close()


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("version", range(1, newest()))
def test_older_archives_are_brought_up_to_date(
    path: Path, version: int, readonly: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    older(path, version, monkeypatch)
    with open_archive(path, readonly=readonly) as archive:
        assert archive.db.execute("PRAGMA user_version").fetchone() == (newest(),)
        article = load(archive.db, 1344339968)
        assert (article.title, article.authors) == ("Ferry runs again", ("Ada Kvist",))
        assert undocumented(archive.db) == []
    with open_archive(path) as archive, archive.writer() as writer:
        again = make_article("https://lindow.example/news/8", title="Ferry stops", body="It has stopped, say its crew.")
        assert [item.outcome for item in writer.store([make_visit(again)])] == ["changed"]
        assert [str(fault) for fault in verify(archive)] == []


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_archive(path, create=True).close()
    broken = (*scripts(), "-- New.\nCREATE TABLE extra (\n  id INTEGER -- Number\n);\nCREATE TABLE sites (id);\n")
    monkeypatch.setattr("storage.migrations.scripts", lambda: broken)
    with pytest.raises(Exception, match="sites already exists"):
        open_archive(path)
    monkeypatch.undo()
    with open_archive(path) as archive:
        assert archive.db.execute("SELECT name FROM sqlite_schema WHERE name = 'extra'").fetchall() == []


def test_every_table_and_column_is_documented_in_the_archive_and_in_docs(archive: Archive) -> None:
    assert undocumented(archive.db) == []
    text = DOCS.read_text("utf-8")
    for table, columns in documentation(archive.db).items():
        part = text.partition(f"### {table}\n")[2].partition("\n### ")[0]
        assert columns[""] in part, f"docs/archive.md does not explain {table}: run make manual"
        for column, meaning in columns.items():
            assert not column or f"| `{column}` | {meaning} |" in part, f"docs/archive.md lacks {table}.{column}"


def test_a_read_only_archive_is_not_written_to(path: Path, archive: Archive) -> None:
    with open_archive(path, readonly=True) as reader:
        with pytest.raises(ArchiveError, match="reading only"):
            reader.writer()
        with pytest.raises(Exception, match="readonly"):
            reader.db.execute("DELETE FROM sites")


def test_a_database_locked_by_another_program_is_named(
    path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.db.execute("PRAGMA busy_timeout = 50")
    other = connect(path)
    other.execute("BEGIN IMMEDIATE")
    with archive.writer() as writer:
        with pytest.raises(ArchiveLocked, match="locked by another program"):
            writer.store([make_visit(make_article())])
        other.execute("ROLLBACK")
        other.close()
        assert [item.outcome for item in writer.store([make_visit(make_article())])] == ["new"]


def test_the_lock_is_free_when_its_holder_is_killed(path: Path, archive: Archive) -> None:
    code = f"""
import sys, time
from pathlib import Path
from storage.lock import WriterLock
lock = WriterLock(Path({str(path)!r}))
lock.acquire()
print("locked", flush=True)
sys.stdin.read()
"""
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"locked\n"
    with pytest.raises(ArchiveLocked, match=f"by process {holder.pid} on"):
        archive.writer()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    if holder.stdin:
        holder.stdin.close()
    lock = WriterLock(path)
    lock.acquire()
    lock.release()


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file of this process may grow beyond a megabyte: what a full disk looks like."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def fill(writer: Writer, batches: list[list[Visit]]) -> int:
    """Store batches until the disk is full; gives how many visits were acknowledged."""
    stored = 0
    with pytest.raises(ArchiveFull, match="disk is full or at its limit"):  # noqa: PT012 - any of them may be the last
        for batch in batches:
            stored += len(writer.store(batch))
    return stored


@pytest.mark.parametrize("kind", ["database", "warc"])
def test_a_full_disk_leaves_whole_batches(archive: Archive, kind: str, small_files: None) -> None:
    body = {"database": b"x", "warc": bytes(range(256)) * 200}[kind]
    text = "\n\n".join(f"Paragraph {n} of a long report on the harbour." for n in range(60))
    batches = [[make_article(f"https://lindow.example/{n}", body=text) for n in range(i, i + 5)] for i in range(200)]
    with contextlib.closing(archive.writer()) as writer:  # no last merging of indexes: the disk is full
        stored = fill(writer, [[make_visit(a, body=body + a.url.encode()) for a in batch] for batch in batches[::5]])
        assert stored >= 5
        assert archive.db.execute("SELECT count(*) FROM articles").fetchone() == (stored,)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert [str(fault) for fault in verify(archive)] == []
    with archive.writer() as writer:
        assert [item.outcome for item in writer.store([make_visit(make_article())])] == ["new"]
    assert [str(fault) for fault in verify(archive)] == []


def relay(path: Path, stop: threading.Event, begun: threading.Event) -> None:
    """Read without a gap: two readers, of whom one begins before the other ends."""
    readers = [open_archive(path, readonly=True) for _ in range(2)]
    for number in itertools.count():
        one, other = readers[number % 2], readers[1 - number % 2]
        one.db.execute("BEGIN")
        one.db.execute("SELECT count(*) FROM articles").fetchone()
        if other.db.in_transaction:
            other.db.execute("COMMIT")
        begun.set()
        if stop.is_set():
            break
    for reader in readers:
        reader.close()


def test_readers_do_not_make_the_log_grow(path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.writer.WAL_LIMIT", 400_000)
    text = "\n\n".join(f"Paragraph {n} of a long report on the harbour." for n in range(60))
    stop, begun = threading.Event(), threading.Event()
    reading = threading.Thread(target=relay, args=(path, stop, begun))
    reading.start()
    begun.wait()
    longest = 0
    try:
        with archive.writer() as writer:
            for number in range(100):
                article = make_article(f"https://lindow.example/{number}", title=f"No {number}", body=text)
                writer.store([make_visit(article)])
                longest = max(longest, Path(f"{path}-wal").stat().st_size)
    finally:
        stop.set()
        reading.join()
    assert archive.db.execute("SELECT count(*) FROM articles").fetchone() == (100,)
    assert longest < 1_500_000
