"""Articles prepared by further processes: the archive is the same, whatever becomes of those."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import Archive, open_archive, runs
from storage.preparing import CHUNK, prepare
from storage.verify import verify
from storage.visit import Visit
from storage.writer import Writer
from tests.storage.conftest import NOON, make_article, make_visit

TABLES = ("articles", "revisions", "duplicates", "duplicate_recent", "facet_counts", "images", "articles_fts_data")
ends_can_be_waited_for = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs files of processes")
GONE = 20  # seconds that a process may take to end


def batch(count: int, first: int = 0) -> list[Visit]:
    """Articles, most of them reprints; one cannot be stored as it is, one was changed, and one visit has none."""
    visits = []
    for number in range(first, first + count):
        body = " ".join(f"word{number // 5}x{place}" for place in range(120))
        url = f"https://lindow.example/news/{number}"
        visits.append(make_visit(make_article(url, title=f"No {number}", body=body, language="uk")))
    visits[3] = make_visit(make_article("https://lindow.example/news/odd", title="A\x00B \ud800", body="No half\ud83d"))
    visits[4] = make_visit(make_article("https://lindow.example/news/edited", body=f"Edition {first}. " * 40))
    visits[5] = make_visit(None, url="https://lindow.example/none", reason="not_article")
    return visits


def rows(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    return {name: archive.db.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}


def filled(path: Path, jobs: int, between: Callable[[Writer], None] = lambda _: None) -> Archive:
    archive = open_archive(path, create=True)
    archive.db.execute("BEGIN")
    runs.begin(archive.db, "crawl", "0", {}, NOON)
    archive.db.execute("COMMIT")
    with archive.writer(jobs=jobs) as writer:
        for start, stored in zip((0, 60, 120), writer.store_all(batch(60, n) for n in (0, 60, 120)), strict=True):
            assert [item.visit.url for item in stored] == [visit.url for visit in batch(60, start)]
            between(writer)
    return archive


def helpers(writer: Writer) -> list[int]:
    """The numbers of the processes that prepare."""
    pool = writer._preparer._pool
    return list(pool._processes) if pool else []


def end(pid: int) -> int:
    """Give a file that can be read once a process has ended."""
    return os.pidfd_open(pid)


def wait_for(ends: list[int]) -> None:
    """Wait until processes have ended."""
    for file in ends:
        assert select.select([file], [], [], GONE)[0], "a process lives on"
        os.close(file)


def test_the_archive_is_the_same_as_without(tmp_path: Path) -> None:
    with filled(tmp_path / "one.db", 1) as one, filled(tmp_path / "three.db", 3) as three:
        assert rows(one) == rows(three)
        assert three.db.execute("SELECT count(*) FROM articles").fetchone() == (173,)
        assert (
            three.db.execute("SELECT outcome FROM revisions WHERE changed IS NOT NULL").fetchall() == [("changed",)] * 2
        )
        assert [str(fault) for fault in verify(three)] == []


@ends_can_be_waited_for
def test_processes_that_are_killed_cost_no_article(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ends: list[int] = []

    def kill(writer: Writer) -> None:
        if ends:
            return
        ends.extend(end(number) for number in helpers(writer))
        for file in ends:
            signal.pidfd_send_signal(file, signal.SIGKILL)
        wait_for(ends)

    with filled(tmp_path / "one.db", 1) as one, filled(tmp_path / "two.db", 2, kill) as two:
        assert rows(one) == rows(two)
    assert [record.message.rpartition("; ")[2] for record in caplog.records] == ["going on without it"]


@ends_can_be_waited_for
def test_a_writer_that_is_closed_or_killed_leaves_no_process(tmp_path: Path) -> None:
    ends: list[int] = []
    filled(tmp_path / "two.db", 2, lambda writer: ends.extend(map(end, helpers(writer)))).close()
    assert ends
    wait_for(ends)
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from tests.storage.test_preparing import filled, helpers

        def wait(writer):
            print(*helpers(writer), flush=True)
            sys.stdin.read()

        if __name__ == "__main__":
            filled(Path(sys.argv[1]), 2, wait)
        """
    )
    (tmp_path / "killed.py").write_text(script)
    command = [sys.executable, str(tmp_path / "killed.py"), str(tmp_path / "killed.db")]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        ends = [end(int(number)) for number in process.stdout.readline().split()]
        assert ends
        process.kill()
        wait_for(ends)


def test_batches_are_stored_when_asked_for(archive: Archive) -> None:
    with archive.writer(jobs=2) as writer:
        answers = writer.store_all(batch(40, start) for start in (0, 40, 80))
        assert archive.db.execute("SELECT count(*) FROM fetches").fetchone() == (0,)
        next(answers)
        assert archive.db.execute("SELECT count(*) FROM fetches").fetchone() == (40,)
        answers.close()
        assert len(writer.store(batch(40, 120))) == 40
        assert list(writer.store_all([])) == []
        assert archive.db.execute("SELECT count(*) FROM fetches").fetchone() == (80,)


def test_few_are_prepared_where_they_are_stored(archive: Archive) -> None:
    with archive.writer(jobs=2) as writer:
        writer.store(batch(CHUNK))
        assert helpers(writer) == []
        assert archive.db.execute("SELECT count(*) FROM articles").fetchone() == (CHUNK - 1,)


def test_what_is_prepared_is_what_is_stored() -> None:
    odd = make_article(title="A\x00B")
    assert prepare(odd).article.title == "AB"
    assert prepare(make_article(title="Harbour dredged")).row.title == "harbour dredged"
