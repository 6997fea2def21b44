"""One run in one process: all its sites at the same time, on Scrapy's engine, until they are done or it is stopped."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import scrapy
from scrapy import Request, signals
from scrapy.http import Response

from crawler.board import Board
from crawler.clerk import Ask, Clerk
from crawler.desk import Desk
from crawler.fetcher import Fetcher
from crawler.host import Stopped
from crawler.options import Options, from_settings, resolve, site_target
from crawler.site import Site
from crawler.sitecrawl import Budget, SiteCrawl
from crawler.tally import Tally
from storage.archive import open_archive
from storage.errors import ArchiveError

logger = logging.getLogger(__name__)


@dataclasses.dataclass(slots=True)
class Job:
    """What a process has to crawl, the desk it asks (`near`: in this process), and what comes of it."""

    options: Options
    ask: Ask
    board: Board
    near: bool = True
    tallies: list[Tally] = dataclasses.field(default_factory=list)
    interrupted: bool = False
    error: BaseException | None = None


class Crawl:
    """Runs a job's sites on a downloader."""

    def __init__(self, job: Job, download: Callable[[Request], Awaitable[Response]]) -> None:
        self.job = job
        self.stop = asyncio.Event()
        self.clerk = Clerk(job.ask, self._archive_failed, near=job.near)
        self.fetcher = Fetcher(download, job.options, self.stop)
        self.sites = [SiteCrawl(t, job.options, self.fetcher, self.clerk, self.stop) for t in job.options.targets]
        job.tallies[:] = [site.tally for site in self.sites]

    async def run(self) -> None:
        """Crawl all sites; returns when they are done, or when what was in flight at a stop is stored."""
        budget = Budget(self.job.options.limit)
        try:
            if self.job.options.seconds is not None:
                asyncio.get_running_loop().call_later(self.job.options.seconds, self._time_is_up)
            run_id: int = await self.clerk.call("run_number")
            board = asyncio.create_task(self.job.board.follow(self.job.tallies))
            try:
                await asyncio.gather(*(self._site(site, run_id, budget) for site in self.sites))
            finally:
                board.cancel()
                await asyncio.wait([board])
                await self.clerk.close()
        except BaseException as error:  # the archive's own trouble, told by the command line
            self.job.error = self.job.error or error
            self.stop.set()
            raise

    async def _site(self, site: SiteCrawl, run_id: int, budget: Budget) -> None:
        """Crawl one site; a defect of ours costs that site alone, and is told."""
        try:
            await site.run(run_id, budget)
        except Exception as error:
            if self.job.error is not None:
                return
            logger.exception("crawl of %s broke off", site.target.key)
            site.tally.trouble.append(f"broke off: {type(error).__name__}: {error}"[:300])
            site.tally.done = True

    def _time_is_up(self) -> None:
        for site in self.sites:
            site.timed_out = not site.tally.done
        self.stop.set()

    def _archive_failed(self, error: BaseException) -> None:
        self.job.error = self.job.error or error
        self.stop.set()


async def crawl_spider(spider: Site) -> None:
    """Run a spider's job: the one it was made with, else one made from its attributes (scrapy crawl).

    A stop of Scrapy's engine (Ctrl-C) lets what is in flight come to its end.
    """
    given: Job | None = getattr(spider, "job", None)
    own = given is None
    job = given or own_job(spider)
    engine = spider.crawler.engine
    assert engine is not None  # it runs this

    async def download(request: Request) -> Response:
        """Ask for nothing once the engine closes: it has counted what is in flight, and breaks on what comes later."""
        if engine._slot is None or engine._slot.closing is not None:
            crawl.stop.set()
            raise Stopped
        return await engine.download_async(request)

    crawl = Crawl(job, download)
    running = asyncio.ensure_future(crawl.run())

    async def ended() -> None:
        crawl.stop.set()
        await asyncio.wait([running])
        if own:
            finish(job)

    spider.crawler.signals.connect(ended, signals.spider_closed, weak=False)
    try:
        await asyncio.shield(running)
    except ArchiveError:
        if own:  # else the command line says it, in one line
            raise
    except asyncio.CancelledError:
        job.interrupted = True
        crawl.stop.set()
        raise


def own_job(spider: Site) -> Job:
    """Make the job of a spider that was started by Scrapy's own command: -a url=… -a db=… -a limit=…"""
    settings = spider.settings
    targets = resolve(spider.url.split()) if spider.url else (site_target(type(spider)),)
    if not targets[0].seeds:
        raise scrapy.exceptions.CloseSpider(
            f"say what to crawl: scrapy crawl {spider.name} -a url=https://example.org/"
        )
    limit = getattr(spider, "limit", None)
    options = from_settings(settings, targets, db=Path(spider.db), limit=int(limit) if limit else None)
    desk = Desk(open_archive(options.db, create=True), options)
    return Job(options, desk.ask, Board.for_log())


def finish(job: Job) -> dict[str, Any]:
    """Write the run's end into the archive, and give its report."""
    report = {"sites": [tally.to_dict() for tally in job.tallies]}
    if job.error is None:
        outcome = "interrupted" if job.interrupted else "finished"
        job.ask("finish", (outcome, report))
    job.ask("close", ())
    return report
