"""The desk: all that a crawl does with the archive, as plain calls that one thread, or one process, makes in turn.

Arguments and answers are plain data, so that the crawls of several processes can share one desk over a pipe.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

from crawler import schedule
from crawler.due import after_visit
from crawler.options import Options
from crawler.reread import read
from crawler.sourcing import SourceReading
from crawler.urls import variant_of
from storage import frontier, runs, sources
from storage.archive import Archive
from storage.frontier import Leased
from storage.sources import Look, Named, Source
from storage.visit import Found, Outcome, Visit

RECENT = timedelta(days=45)  # a sitemap whose newest URL is older brings nothing any more
MAX_FAILURES = 6  # in a row, until a source is only looked at again after the longest interval


@dataclasses.dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in the archive: its number, and how many pages earlier runs read and how many articles those gave."""

    id: int
    due: bool = True  # whether there is anything to do
    fed: bool = False  # whether a feed or sitemap of it has named articles
    read: int = 0
    articles: int = 0
    busy_until: datetime | None = None  # when the site may be asked again, by what it answered to earlier runs


@dataclasses.dataclass(frozen=True, slots=True)
class Heard:
    """The answer to one look at a source: its reading, or why there is none; `same` where nothing had changed."""

    source: Source
    reading: SourceReading | None = None
    same: bool = False
    failure: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: bytes | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What the archive made of a visit, and the short word for why there is no new reading."""

    outcome: Outcome
    reason: str | None


class Desk:
    """The archive as the crawl sees it."""

    def __init__(self, archive: Archive, options: Options, *, wait: bool = False) -> None:
        self._archive = archive
        self._options = options
        self._writer = archive.writer(
            wait=wait, schedule=after_visit, reader=read, compression=options.warc_compression
        )
        with self._writer.transaction() as db:
            runs.bury(db)
            frontier.release(db)
            self.run_id = runs.begin(db, "crawl", version("pressmark"), options.to_dict(), _now())

    def ask(self, name: str, args: tuple[Any, ...]) -> Any:
        """Make a call by its name, as the clerks do."""
        return getattr(self, name)(*args)

    def run_number(self) -> int:
        """Give the number of this run."""
        return self.run_id

    def open_site(self, key: str, seeds: Sequence[Named], pages: Sequence[str]) -> SiteRow:
        """Write down a site and where to begin; everything is due at once where a refresh is asked for."""
        now = _now()
        with self._writer.transaction() as db:
            number = frontier.site_id(db, key, now)
            sources.add(db, number, seeds, now)
            frontier.add(db, number, [Found(url) for url in pages], now)
            busy = frontier.busy_until(db, number, now)
            if self._options.refresh:
                frontier.refresh(db, number, now)
            soonest = frontier.next_due(db, number)
            due = soonest is not None and soonest <= now
            read, articles = frontier.history(db, number, self.run_id)
            return SiteRow(number, due, sources.fed(db, number), read, articles, busy)

    def close_site(self, site_id: int) -> tuple[int, datetime | None]:
        """Give how many URLs are still due, and when the site is worth the next crawl."""
        with self._writer.transaction() as db:
            return frontier.left(db, site_id, _now(), self._options.since), frontier.next_due(db, site_id)

    def add_sources(self, site_id: int, named: Sequence[Named]) -> int:
        """Write down further sources; gives how many were new."""
        with self._writer.transaction() as db:
            return sources.add(db, site_id, named, _now())

    def due_sources(self, site_id: int) -> list[Source]:
        """Give the sources that are due, the freshest kinds first."""
        with self._writer.transaction() as db:
            return sources.due(db, site_id, _now())

    def heard(self, site_id: int, heard: Heard) -> int:
        """Write down what a source brought, and when it is looked at again; gives how many URLs were new."""
        now = _now()
        reading = heard.reading
        with self._writer.transaction() as db:
            new = frontier.add(db, site_id, self._plain(db, reading.found), now) if reading else 0
            brought = new + (self._name(db, site_id, reading) if reading else 0)
            sources.looked(db, _look(heard, brought, now))
        return new

    def _plain(self, db: Any, found: Iterable[Found]) -> list[Found]:
        """Leave out the AMP and mobile variants of URLs that are known by their plain address."""
        rows = list(found)
        here = {item.url for item in rows}
        return [
            item
            for item in rows
            if (plain := variant_of(item.url)) is None or not (plain in here or frontier.is_known(db, plain))
        ]

    def _name(self, db: Any, site_id: int, reading: SourceReading) -> int:
        now = _now()
        new = sources.add(db, site_id, [named for named, _ in reading.named], now)
        changed = [(named.url, at) for named, at in reading.named if at is not None]
        sources.touch(db, site_id, changed, now)
        return new

    def lease(self, site_id: int, count: int) -> list[Leased]:
        """Lease due URLs, newest first."""
        owner = f"run {self.run_id}"
        with self._writer.transaction() as db:
            return frontier.lease(db, site_id, owner, _now(), count, since=self._options.since)

    def soonest(self, site_id: int) -> datetime | None:
        """Give when the next try of a URL in trouble is due."""
        with self._writer.transaction() as db:
            return frontier.soonest(db, site_id, self._options.since)

    def store(self, visits: Sequence[Visit]) -> list[Verdict]:
        """Store visits in one transaction; gives what became of each, in order."""
        return [Verdict(stored.outcome, stored.reason) for stored in self._writer.store(visits)]

    def finish(self, outcome: str, report: dict[str, Any]) -> None:
        """Write down how the run ended, and give back its leases."""
        with self._writer.transaction() as db:
            frontier.release(db)
            runs.finish(db, self.run_id, outcome, report, _now())

    def close(self) -> None:
        """Close the writer and the archive."""
        self._writer.close()
        self._archive.close()


def _look(heard: Heard, new: int, now: datetime) -> Look:
    """Decide when a source is looked at again. Pure."""
    source, reading = heard.source, heard.reading
    bounds = schedule.Bounds()
    if heard.failure:
        failures = source.failures + 1
        interval = min((source.interval or bounds.first) * 2**failures, bounds.longest)
        state = "failed" if failures >= MAX_FAILURES else "active"
        return Look(source.id, now, now + interval, interval, failure=heard.failure, state=state)
    if source.kind == "older":  # what it lists does not change any more
        return Look(
            source.id, now, None, bounds.longest, same=heard.same, seen=_seen(reading), new=new, state="retired"
        )
    asked = reading.ttl if reading else None
    interval = schedule.next_interval(source.interval, new, bounds, asked=asked)
    old = reading is not None and reading.kind == "sitemap" and reading.newest and now - reading.newest > RECENT
    if old or schedule.retired(interval, 0 if new else source.checks):
        interval, state = bounds.longest, "retired"
    else:
        state = "active"
    return Look(
        source.id,
        now,
        now + interval,
        interval,
        kind=reading.kind if reading else None,
        same=heard.same,
        seen=_seen(reading),
        new=new,
        etag=heard.etag,
        last_modified=heard.last_modified,
        digest=heard.digest,
        state=state,
        reason="nothing recent" if state == "retired" else None,
    )


def _seen(reading: SourceReading | None) -> int:
    return len(reading.found) if reading else 0


def _now() -> datetime:
    return datetime.now(UTC)
