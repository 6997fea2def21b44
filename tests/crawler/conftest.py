"""A web on loopback, and a crawler that crawls it into an archive of its own."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.board import Board
from crawler.desk import Desk
from crawler.download import DownloadHandler
from crawler.options import Options, resolve
from crawler.run import Crawl, Job, finish
from crawler.tally import Tally
from storage.archive import open_archive
from tests.crawler.web import Web


@dataclasses.dataclass
class Crawler:
    """Crawls a test's web into an archive of its own, in this process, by the downloader that Scrapy is given."""

    db: Path

    def __call__(self, *urls: str, **options: Any) -> list[Tally]:
        """Crawl, and give what happened to each site. Delays are none unless asked for."""
        polite = {"delay": 0.0, "allow_private": True, "longest_wait": 20.0}
        wanted = Options(resolve(urls), db=self.db, **polite | options)
        with open_archive(self.db, create=True) as archive:
            desk = Desk(archive, wanted)
            job = Job(wanted, desk.ask, Board())
            try:
                asyncio.run(_crawl(job))
            finally:
                finish(job)
        return job.tallies

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the archive."""
        with open_archive(self.db, readonly=True) as archive:
            return archive.db.execute(sql, values).fetchall()


async def _crawl(job: Job) -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.set("PRESSMARK_ALLOW_PRIVATE", job.options.allow_private)
    settings.set("DOWNLOAD_TIMEOUT", 5)
    settings.set("DOWNLOAD_MAXSIZE", 2_000_000)
    handler = DownloadHandler(SimpleNamespace(settings=settings))  # type: ignore[arg-type]
    try:
        await Crawl(job, handler.download_request).run()
    finally:
        await handler.close()


@pytest.fixture
def crawl(tmp_path: Path) -> Crawler:
    """A crawl into an empty archive."""
    return Crawler(tmp_path / "news.db")


@pytest.fixture
def web() -> Iterator[Web]:
    """A host on a free loopback port."""
    with Web() as host:
        yield host
