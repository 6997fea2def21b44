"""A writer killed at any moment loses nothing that it acknowledged."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from storage import open_archive, runs
from storage.verify import verify
from tests.storage.conftest import NOON

KILLS = 6
WRITER = textwrap.dedent(
    """
    import random, sys
    from storage import open_archive
    from tests.storage.conftest import make_article, make_visit

    path, first = sys.argv[1], int(sys.argv[2])
    with open_archive(path) as archive, archive.writer() as writer:
        print("ready", flush=True)
        for batch in range(1000):
            numbers = range(first + batch * 7, first + batch * 7 + 7)
            named = [(f"https://lindow.example/{n}", f"No {n}", f"Text {n}. " * 90) for n in numbers]
            articles = [make_article(url, title=title, body=body) for url, title, body in named]
            stored = writer.store([make_visit(article) for article in articles])
            print(*[item.visit.url for item in stored], flush=True)
    """
)


def write_and_kill(path: Path, first: int, after: int) -> list[str]:
    """Write until so many batches are acknowledged, kill the writer at its work; gives what it acknowledged."""
    command = [sys.executable, "-c", WRITER, str(path), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        lines = [process.stdout.readline() for _ in range(after)]
        process.kill()
        lines += process.stdout.readlines()
    return [url for line in lines if line.endswith("\n") for url in line.split()]


def test_nothing_acknowledged_is_lost(path: Path) -> None:
    survive(path, KILLS, seed=1)


def survive(path: Path, kills: int, seed: int) -> int:
    """Write and be killed so many times; gives how many articles were acknowledged, all of which are there."""
    with open_archive(path, create=True) as archive:
        archive.db.execute("BEGIN")
        runs.begin(archive.db, "crawl", "0", {}, NOON)
        archive.db.execute("COMMIT")
    chance = random.Random(seed)
    acknowledged: list[str] = []
    for kill in range(kills):
        acknowledged += write_and_kill(path, 100_000 * kill, chance.randrange(0, 12))
    assert len(acknowledged) > 7 * kills
    with open_archive(path) as archive:
        with archive.writer() as writer:
            writer.store([])  # what the last kill left behind is cut off when the next writer begins
        assert [str(fault) for fault in verify(archive)] == []
        rows = archive.db.execute("SELECT url, count(*) FROM articles GROUP BY url").fetchall()
        for file in archive.folder.iterdir():
            whole(file)
    assert set(acknowledged) <= {url for url, _ in rows}
    assert {count for _, count in rows} == {1}
    return len(acknowledged)


def whole(path: Path) -> None:
    """Read a WARC file with another program, which checks its digests; raises where it is not in order."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()
