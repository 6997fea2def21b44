"""A crawl in one process or several: sites are shared out, one process keeps the archive.

The children fetch and read; what they hand over and ask for goes through a pipe to the parent, which alone has the
archive open. A child that loses its parent ends; a parent that loses a child tells so, and its leases come back.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from rich.live import Live
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from crawler.board import MINUTE, Board
from crawler.browser import use_browser
from crawler.clerk import Ask
from crawler.desk import Desk
from crawler.memory import one_heap, rare_collections
from crawler.options import Options, Target
from crawler.run import Job
from crawler.site import Site
from crawler.tally import Tally

logger = logging.getLogger(__name__)
_BEFORE_IT_BEGAN = (-signal.SIGTERM, -getattr(signal, "SIGHUP", signal.SIGTERM))  # exit codes of a child told to stop
PUSH = 0.5  # seconds between two tallies sent to the parent


def settings_for(options: Options, log_level: str) -> Settings:
    """Give Scrapy's settings for a crawl from our command line."""
    settings = get_project_settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("PRESSMARK_ALLOW_PRIVATE", options.allow_private, priority="cmdline")
    settings.set("LOG_LEVEL", log_level, priority="cmdline")
    if any(target.site.browser for target in options.targets):
        use_browser(settings)
    return settings


def crawl_here(job: Job, log_level: str) -> None:
    """Run a job in this process, until its end or a signal."""
    one_heap()
    process = AsyncCrawlerProcess(settings_for(job.options, log_level))
    process.crawl(_spider(), job=job)
    rare_collections()
    process.start()


def heed_hangup() -> None:
    """Take a terminal that goes away (SIGHUP) for SIGTERM; where it is ignored, as under nohup, it stays so."""
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def _spider() -> type[Site]:
    return type("Crawl", (Site,), {"name": "pressmark", "job": None})


def share(targets: tuple[Target, ...], processes: int) -> list[tuple[Target, ...]]:
    """Share sites out, in turn; a site is never split, for politeness is per host.

    >>> [len(part) for part in share((Target("a", ()), Target("b", ()), Target("c", ())), 2)]
    [2, 1]
    """
    parts = [targets[number::processes] for number in range(min(processes, len(targets)))]
    return [part for part in parts if part]


@dataclasses.dataclass(slots=True)
class _Child:
    process: multiprocessing.process.BaseProcess
    pipe: Connection
    tallies: list[Tally]


class Shards:
    """The parent's side: starts the children, answers what they ask of the desk, and shows how far they are."""

    def __init__(self, job: Job, desk: Desk, processes: int, log_level: str) -> None:
        self.job, self.desk, self.log_level = job, desk, log_level
        self._children = [self._start(part) for part in share(job.options.targets, processes)]
        self._signals = 0

    def _start(self, part: tuple[Target, ...]) -> _Child:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        options = dataclasses.replace(self.job.options, targets=part)
        process = context.Process(target=_child, args=(options, there, self.log_level), daemon=True)
        process.start()
        there.close()
        return _Child(process, here, [Tally(target.key) for target in part])

    def run(self) -> None:
        """Serve the children until the last one has ended."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            if self.job.board.console is None:
                self._serve(None)
            else:
                with Live(console=self.job.board.console, auto_refresh=False, transient=True) as live:
                    self._serve(live)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        self.job.tallies[:] = [tally for child in self._children for tally in child.tallies]

    def _serve(self, live: Live | None) -> None:
        open_pipes = {child.pipe: child for child in self._children}
        shown = time.monotonic()
        while open_pipes:
            for pipe in wait(list(open_pipes), timeout=PUSH):
                assert isinstance(pipe, Connection)
                if not self._answer(open_pipes[pipe]):
                    self._gone(open_pipes.pop(pipe))
            now = time.monotonic()
            if live is not None and now - shown > PUSH:
                live.update(self.job.board.table(self._tallies()), refresh=True)
                shown = now
            elif live is None and now - shown > MINUTE:
                logger.info("%s", self.job.board.line(self._tallies()))
                shown = now

    def _tallies(self) -> list[Tally]:
        return [tally for child in self._children for tally in child.tallies]

    def _answer(self, child: _Child) -> bool:
        """Answer one call; gives False when the child has closed its end."""
        try:
            name, args = child.pipe.recv()
        except (EOFError, ConnectionError):
            return False
        answer: tuple[bool, Any] = (True, None)
        try:
            if name == "tallies":
                child.tallies = args[0]
            else:
                answer = (True, self.desk.ask(name, args))
        except Exception as error:  # noqa: BLE001 - sent to the child that asked, which ends with it
            self.job.error = self.job.error or error
            answer = (False, error)
        child.pipe.send(answer)
        return True

    def _gone(self, child: _Child) -> None:
        child.process.join()
        told = self._signals > 1 or (self._signals and child.process.exitcode in _BEFORE_IT_BEGAN)
        if child.process.exitcode and not told:
            for tally in child.tallies:
                tally.trouble.append(f"its process ended with {child.process.exitcode}")
                tally.done = True

    def _stop(self, number: int, frame: Any) -> None:
        """Tell the children: once to finish what is in flight, twice to end at once."""
        self._signals += 1
        self.job.interrupted = True
        for child in self._children:
            if child.process.is_alive() and child.process.pid:
                os.kill(child.process.pid, signal.SIGTERM if self._signals == 1 else signal.SIGKILL)


class _Reporter(Board):
    """A child's board: sends the tallies to the parent, which shows them."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask

    async def follow(self, tallies: Sequence[Tally]) -> None:
        while True:
            await asyncio.sleep(PUSH)
            await asyncio.to_thread(self._ask, "tallies", (list(tallies),))


def _child(options: Options, pipe: Connection, log_level: str) -> None:
    """Crawl a part of the sites in a process of its own."""
    for number in {signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)}:
        signal.signal(number, signal.SIG_IGN)  # the parent says when to stop
    one_at_a_time = threading.Lock()

    def ask(name: str, args: tuple[Any, ...]) -> Any:
        try:
            with one_at_a_time:
                pipe.send((name, args))
                done, answer = pipe.recv()
        except (EOFError, ConnectionError):
            os._exit(1)  # the parent is gone: nobody is left to hand anything to, and the leases come back
        if not done:
            raise answer
        return answer

    job = Job(options, ask, _Reporter(ask), near=False)
    crawl_here(job, log_level)
    if job.error is None:
        ask("tallies", (job.tallies,))
    pipe.close()
    raise SystemExit(0 if job.error is None else 1)
