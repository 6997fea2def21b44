"""The crawl as a program: killed, interrupted, started twice, shared out over processes, asked why."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import kill
from storage.archive import open_archive
from tests.crawler.web import Reply, Web, article

PROGRAM = [sys.executable, "-c", "from crawler.cli import main; main()"]


def crawl(*args: str | Path, expect: int = 0) -> dict[str, Any]:
    """Run pressmark crawl to its end, and give its report."""
    command = [*PROGRAM, "crawl", *map(str, args), "--allow-private", "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=100)
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def rows(db: Path, sql: str) -> list[tuple[Any, ...]]:
    with open_archive(db, readonly=True) as archive:
        return archive.db.execute(sql).fetchall()


def slow(web: Web, path: str, seconds: float) -> None:
    """Let the answer to a page take its time."""
    page = web.pages[path]
    assert isinstance(page, Reply)
    web.add(path, page.body, pause=seconds)


def wait_for(web: Web, path: str, process: subprocess.Popen[Any]) -> None:
    """Wait until a page is asked for."""
    while path not in web.paths():
        assert process.poll() is None, "the crawl ended before it asked for the page"
        with web.news:
            web.news.wait(0.2)


def test_killed_again_and_again_it_loses_and_doubles_nothing(tmp_path: Path) -> None:
    args = argparse.Namespace(pages=25, kills=3, seed=7, delay=0.3)  # the last run has no delay
    with Web() as web:
        assert kill.murder(web, tmp_path / "news.db", args) == 3
        assert kill.judge(web, tmp_path / "news.db", 25) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_interrupted_it_finishes_what_is_in_flight_and_goes_on_later(
    web: Web, tmp_path: Path, number: signal.Signals
) -> None:
    paths = web.articles(12)
    db = tmp_path / "news.db"
    slow(web, paths[3], 1.0)
    command = [*PROGRAM, "crawl", web.url, "--allow-private", "--delay", "0.01", "--db", str(db), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        wait_for(web, paths[3], process)
        process.send_signal(number)
        report = json.loads(process.communicate(timeout=60)[0])
    assert process.returncode == 130
    assert report["total"]["fetched"] == web.paths().count(paths[3]) + 3  # the slow one is stored, too
    assert rows(db, "SELECT count(*) FROM frontier WHERE lease_until IS NOT NULL") == [(0,)]
    assert rows(db, "SELECT outcome FROM runs") == [("interrupted",)]
    crawl(web.url, "--delay", "0", "--db", db)
    assert rows(db, "SELECT count(*) FROM articles") == [(12,)]
    assert all(web.paths().count(path) == 1 for path in paths)


def test_a_terminal_that_goes_away_stops_all_processes_in_good_order(tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    with Web() as one, Web() as two:
        paths = one.articles(6)
        slow(one, paths[3], 1.0)
        two.articles(1)
        command = [*PROGRAM, "crawl", one.url, two.url, "--allow-private", "--processes", "2", "--delay", "0.01"]
        with subprocess.Popen(
            [*command, "--db", str(db), "--json"], stdout=subprocess.PIPE, text=True, start_new_session=True
        ) as process:
            wait_for(one, paths[3], process)
            os.killpg(process.pid, signal.SIGHUP)
            report = json.loads(process.communicate(timeout=60)[0])
        assert process.returncode == 130
        assert [site["trouble"] for site in report["sites"]] == [[], []]
        assert rows(db, "SELECT count(*) FROM frontier WHERE lease_until IS NOT NULL") == [(0,)]
        assert rows(db, f"SELECT count(*) FROM articles WHERE url = '{one.url}{paths[3]}'") == [(1,)]


# An engine that closes a while before the crawl hears of it, which else is the matter of a moment.
SLOW_TO_CLOSE = """
from scrapy.core.engine import ExecutionEngine, _Slot
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.task import deferLater

close, stop = _Slot.close, ExecutionEngine.stop_async

async def slowly(self):
    from twisted.internet import reactor
    await close(self)
    await maybe_deferred_to_future(deferLater(reactor, 1.5, lambda: None))

async def untold(self):
    self._start_request_processing_awaitable = None
    await stop(self)

_Slot.close, ExecutionEngine.stop_async = slowly, untold
from crawler.cli import main
main()
"""


def test_nothing_is_asked_for_while_the_engine_closes(web: Web, tmp_path: Path) -> None:
    web.articles(9)
    command = [sys.executable, "-c", SLOW_TO_CLOSE, "crawl", web.url, "--allow-private", "--delay", "0.3", "--json"]
    with subprocess.Popen([*command, "--db", str(tmp_path / "news.db")], stdout=subprocess.PIPE, text=True) as process:
        wait_for(web, "/robots.txt", process)
        process.send_signal(signal.SIGTERM)
        report = json.loads(process.communicate(timeout=60)[0])
    assert not any("broke off" in trouble for site in report["sites"] for trouble in site["trouble"])
    assert report["sites"][0]["fetched"] == 0


def test_under_nohup_a_crawl_goes_on_when_the_terminal_goes(web: Web, tmp_path: Path) -> None:
    paths = web.articles(3)
    slow(web, paths[1], 1.0)
    command = [*PROGRAM, "crawl", web.url, "--allow-private", "--delay", "0", "--db", str(tmp_path / "news.db")]
    ignoring = ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *command, "--quiet"]
    with subprocess.Popen(ignoring) as process:
        wait_for(web, paths[1], process)
        process.send_signal(signal.SIGHUP)
        assert process.wait(60) == 0
    assert rows(tmp_path / "news.db", "SELECT count(*) FROM articles") == [(3,)]


def test_a_second_crawl_says_who_runs_or_waits(web: Web, tmp_path: Path) -> None:
    paths = web.articles(3)
    db = tmp_path / "news.db"
    slow(web, paths[2], 4.0)
    first = [*PROGRAM, "crawl", web.url, "--allow-private", "--delay", "0", "--db", str(db), "--quiet"]
    with subprocess.Popen(first) as process:
        wait_for(web, paths[2], process)
        error = crawl(web.url, "--db", db, expect=5)["error"]
        assert f"process {process.pid}" in error
        report = crawl(web.url, "--db", db, "--wait")
        assert process.wait(30) == 0
    assert report["total"]["fetched"] == 0  # nothing was left for the one that waited


def test_sites_are_shared_over_processes_and_one_keeps_the_archive(tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    with Web() as one, Web() as two:
        one.articles(6)
        two.articles(5)
        report = crawl(one.url, two.url, "--processes", "2", "--delay", "0", "--db", db)
    assert report["total"]["new"] == 11
    assert {site["site"]: site["new"] for site in report["sites"]} == {one.url[7:]: 6, two.url[7:]: 5}
    assert rows(db, "SELECT count(DISTINCT url) FROM articles") == [(11,)]
    assert rows(db, "SELECT outcome FROM runs") == [("finished",)]


def test_why_tells_the_whole_story(web: Web, tmp_path: Path) -> None:
    [path] = web.articles(1)
    db = tmp_path / "news.db"
    web.add(path, article("Story 0 of the town"), headers=(("X-Robots-Tag", "noai"),))
    crawl(web.url, "--delay", "0", "--db", db)
    done = subprocess.run(
        [*PROGRAM, "why", web.url + path, "--db", str(db)], check=True, capture_output=True, text=True
    )
    for said in ("sitemap", "run 1: 200", "-> new", "noai", "snapshot 1", "Story 0 of the town"):
        assert said in done.stdout
    unknown = [*PROGRAM, "why", f"{web.url}/nowhere", "--db", str(db)]
    done = subprocess.run(unknown, check=False, capture_output=True, text=True)
    assert (done.returncode, "never heard of" in done.stderr) == (4, True)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["nosuchsite"], 2, "neither an http(s) address nor a site file"),
        (["https://ann:secret@example.org/"], 2, "The address of example.org names a user"),
        (["http://127.0.0.1:9/", "--limit", "0"], 2, "--limit"),
        (["http://127.0.0.1:9/", "--db", "README.md"], 3, "not an SQLite database"),
    ],
)
def test_bad_input_is_one_clear_line(args: list[str], code: int, said: str) -> None:
    done = subprocess.run([*PROGRAM, "crawl", *args], check=False, capture_output=True, text=True)
    assert done.returncode == code
    assert said in done.stderr


def test_scrapy_lists_and_crawls(web: Web, tmp_path: Path) -> None:
    paths = web.articles(2)
    db = tmp_path / "news.db"
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], check=True, capture_output=True, text=True)
    assert {"news", "online_ua"} <= set(listed.stdout.split())
    options = ["-s", "PRESSMARK_ALLOW_PRIVATE=1", "-s", "PRESSMARK_DELAY=0"]
    command = [*scrapy, "crawl", "news", "-a", f"url={web.url}", "-a", f"db={db}", *options]
    subprocess.run(command, check=True, capture_output=True, timeout=60, env={**os.environ, "PYTHONWARNINGS": "error"})
    assert rows(db, "SELECT count(*) FROM articles") == [(len(paths),)]
    assert rows(db, "SELECT outcome FROM runs") == [("finished",)]


def test_an_archive_that_is_removed_meanwhile_is_told_at_once(web: Web, tmp_path: Path) -> None:
    paths = web.articles(6)
    slow(web, paths[-1], 2.0)
    db = tmp_path / "news.db"
    command = [*PROGRAM, "crawl", web.url, "--db", str(db), "--allow-private", "--delay", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for(web, paths[-1], process)
        for path in tmp_path.glob("news.db*"):
            if path.is_file():
                path.unlink()
        _, error = process.communicate(timeout=60)
    assert process.returncode == 3
    assert error == f"Error: {db} was moved or removed while it was written; put it back and run again.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_output_that_cannot_be_written_is_an_error_of_one_line(web: Web, tmp_path: Path, form: list[str]) -> None:
    web.articles(2)
    db = tmp_path / "news.db"
    command = [*PROGRAM, "crawl", web.url, "--db", str(db), "--allow-private", "--delay", "0", *form]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "Error: the output cannot be used: No space left on device\n")
    assert rows(db, "SELECT count(*) FROM articles") == [(2,)]


def test_a_run_of_several_processes_has_its_time_too(web: Web, tmp_path: Path) -> None:
    web.articles(40)
    with Web() as other:
        other.articles(3)
        report = crawl(
            web.url, other.url, "--db", tmp_path / "news.db", "--delay", "0.3", "--processes", "2", "--for", "4s"
        )
    ends = {site["site"]: (site["new"], site["left"], site["notes"]) for site in report["sites"]}
    assert ends[other.url.removeprefix("http://")] == (3, 0, [])
    new, left, notes = ends[web.url.removeprefix("http://")]
    assert (new + left, notes) == (40, ["its time is over"])
    assert left


@pytest.mark.parametrize("text", ["soon", "0", "-5m", "5 days", "1e9"])
def test_what_is_no_time_is_said_so(tmp_path: Path, text: str) -> None:
    error = crawl("http://127.0.0.1:1/", "--db", tmp_path / "news.db", f"--for={text}", expect=2)["error"]
    assert "is no span of time; write it as 90s, 50m or 2h." in error
