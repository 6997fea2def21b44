"""pressmark crawl: crawl sites into an archive."""

from __future__ import annotations

import json
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import click
from rich.console import Console

from crawler import report
from crawler.board import Board
from crawler.browser import NoBrowser
from crawler.cli import BUSY, FAILED, INTERRUPTED, USAGE, Trouble
from crawler.desk import Desk
from crawler.options import NotASite, Options, from_settings, resolve
from crawler.run import Job, finish
from crawler.shards import Shards, crawl_here, heed_hangup, settings_for
from storage.archive import open_archive
from storage.errors import ArchiveLocked

HELP = """Crawl news sites into an archive.

    SITES are addresses (https://example.org/) or names of site files (online_ua). Sources are found by robots.txt and
    by the front page; only what is due is fetched. Stop it with Ctrl-C: what is in flight is finished and stored.

    \b
    Example: pressmark crawl https://example.org/ --db news.db --contact news-archive@example.edu
    """


class Duration(click.ParamType[float]):
    """A span of time: a number of seconds, or with a unit: 90s, 50m, 2h."""

    name = "TIME"
    _units: ClassVar[dict[str, float]] = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Give the seconds.

        >>> Duration().convert("50m", None, None)
        3000.0
        """
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([smh]?)", str(value).strip().lower())
        if match is None or not float(match[1]):
            self.fail(f"{value!r} is no span of time; write it as 90s, 50m or 2h.", param, ctx)
        return float(match[1]) * self._units[match[2]]


@click.command(help=HELP)
@click.argument("sites", nargs=-1, required=True)
@click.option("--db", type=click.Path(path_type=Path), default=Path("news.db"), show_default=True, help="The archive.")
@click.option("--limit", type=click.IntRange(1), help="Fetch at most so many pages in this run.")
@click.option("--for", "seconds", type=Duration(), help="End by itself after so long, as 50m: the rest is left.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Leave what is older.")
@click.option("--refresh", is_flag=True, help="Look at every known source and page now, due or not.")
@click.option("--contact", help="Your address or web page, named to the sites in the User-Agent.")
@click.option("--delay", type=click.FloatRange(0), help="Seconds between two requests to a host.  [default: 1]")
@click.option("--host-connections", type=click.IntRange(1), help="Requests to one host at a time.  [default: 1]")
@click.option("--concurrency", type=click.IntRange(1), help="Requests at a time in all.  [default: 16]")
@click.option(
    "--processes", type=click.IntRange(1), default=1, show_default=True, help="Processes to share sites over."
)
@click.option("--allow-private", is_flag=True, help="Allow addresses of this machine and of private networks.")
@click.option("--ignore-tdm", is_flag=True, help="Keep pages that reserve text and data mining (you have the right).")
@click.option("--obey-ai", is_flag=True, help="Keep no text of pages that opt out of AI training.")
@click.option("--wait", is_flag=True, help="Wait while another crawl writes to the archive.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", is_flag=True, help="No progress, no report; errors only.")
def crawl(sites: tuple[str, ...], db: Path, **given: Any) -> int:
    options = _options(sites, db, given)
    desk = _desk(options, given["wait"])
    quiet, as_json = given["quiet"], given["as_json"]
    progress = Console(stderr=True)
    shown = progress.is_terminal and not quiet
    job = Job(options, desk.ask, Board(progress if shown else None))
    began = time.monotonic()
    level = "ERROR" if shown or quiet else "WARNING"
    heed_hangup()
    try:
        if given["processes"] > 1 and len(options.targets) > 1:
            Shards(job, desk, given["processes"], level).run()
        else:
            crawl_here(job, level)
    finally:
        run = finish(job)
    if job.error is not None:
        raise job.error
    _tell(job, run, time.monotonic() - began, as_json=as_json, quiet=quiet)
    return INTERRUPTED if job.interrupted else report.exit_code(job.tallies)


def _options(sites: tuple[str, ...], db: Path, given: dict[str, Any]) -> Options:
    try:
        targets = resolve(sites)
    except NotASite as error:
        raise Trouble(str(error), USAGE) from error
    since: datetime | None = given["since"]
    try:
        settings = settings_for(Options(targets), "WARNING")
    except NoBrowser as error:
        raise Trouble(f"{error}.", FAILED) from error
    return from_settings(
        settings,
        targets,
        db=db,
        limit=given["limit"],
        seconds=given["seconds"],
        since=since.replace(tzinfo=UTC) if since else None,
        refresh=given["refresh"],
        contact=given["contact"],
        delay=given["delay"],
        host_connections=given["host_connections"],
        connections=given["concurrency"],
        allow_private=given["allow_private"] or None,
        obey_tdm=False if given["ignore_tdm"] else None,
        obey_ai=given["obey_ai"] or None,
    )


def _desk(options: Options, wait: bool) -> Desk:
    try:
        return Desk(open_archive(options.db, create=True), options, wait=wait)
    except ArchiveLocked as error:
        raise Trouble(f"{error} (--wait waits by itself)", BUSY) from error


def _tell(job: Job, run: dict[str, Any], seconds: float, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        head = {"run": run.get("run"), "db": str(job.options.db), "seconds": round(seconds, 2)}
        json.dump(report.as_json(job.tallies, head), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    elif not quiet:
        report.show(_wide(), job.tallies, job.options.db, seconds)


def _wide() -> Console:
    """Give the console for the report; where it is no terminal, lines are as long as they need."""
    console = Console()
    return console if console.is_terminal else Console(width=160)
