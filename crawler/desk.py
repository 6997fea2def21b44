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
from storage.usual import Usual, usual
from storage.visit import Found, Outcome, Visit

RECENT = timedelta(days=45)  # a sitemap whose newest URL is older brings nothing any more
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
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
class Brought:
    """What a look at a source brought: how many new URLs were written down, and how many there was no room for."""

    new: int = 0
    left_out: int = 0


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
        self._began = _now()
        with self._writer.transaction() as db:
            runs.bury(db)
            frontier.release(db)
            self.run_id = runs.begin(db, "crawl", version("pressmark"), options.to_dict(), self._began)

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

    def usual(self, site_id: int) -> Usual:
        """Say what the site's articles of earlier runs had."""
        with self._writer.transaction() as db:
            return usual(db, site_id, self._began)

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

    def heard(self, site_id: int, heard: Heard, room: int) -> Brought:
        """Write down what a source brought, at most `room` new URLs, and when it is looked at again."""
        now = _now()
        reading = heard.reading
        if reading is None:
            with self._writer.transaction() as db:
                sources.looked(db, _look(heard, 0, now))
            return Brought()
        with self._writer.transaction() as db:
            found, left_out = self._within(db, self._plain(db, reading.found), room)
            named = [(name, at) for name, at in reading.named if not self._is_past(at)]
            new = frontier.add(db, site_id, found, now)
            brought = new + self._name(db, site_id, named)
            sources.looked(db, _look(heard, brought, now, whole=not left_out and len(named) == len(reading.named)))
        return Brought(new, left_out)

    def _plain(self, db: Any, found: Iterable[Found]) -> list[Found]:
        """Leave out the AMP and mobile variants of URLs that are known by their plain address."""
        rows = list(found)
        here = {item.url for item in rows}
        return [
            item
            for item in rows
            if (plain := variant_of(item.url)) is None or not (plain in here or frontier.is_known(db, plain))
        ]

    def _within(self, db: Any, found: list[Found], room: int) -> tuple[list[Found], int]:
        """Keep to the number of new URLs that there is room for, the newest; gives how many were left out."""
        if len(found) <= room:
            return found, 0
        known = {item.url for item in found if frontier.is_known(db, item.url)}
        fresh = [item for item in found if item.url not in known]
        fresh.sort(key=lambda item: _published(item) or _LONG_AGO, reverse=True)
        left_out = {item.url for item in fresh[max(room, 0) :]}
        return [item for item in found if item.url not in left_out], len(left_out)

    def _is_past(self, changed: datetime | None) -> bool:
        """Say whether a sitemap has last changed before the time that the crawl goes back to."""
        since = self._options.since
        return (
            since is not None and changed is not None and _aware(changed) < since - schedule.DAY
        )  # whose midnight a date means, nobody says

    def _name(self, db: Any, site_id: int, named: Sequence[tuple[Named, datetime | None]]) -> int:
        now = _now()
        new = sources.add(db, site_id, [name for name, _ in named], now)
        changed = [(name.url, at) for name, at in named if at is not None]
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


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _published(item: Found) -> datetime | None:
    return _aware(item.published) if item.published else None


def _look(heard: Heard, new: int, now: datetime, *, whole: bool = True) -> Look:
    """Decide when a source is looked at again; one not taken up as a whole is read anew, changed or not. Pure."""
    if not whole:
        heard = dataclasses.replace(heard, etag=None, last_modified=None, digest=None)
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
    newest = reading.newest if reading is not None and reading.kind == "sitemap" else None
    old = newest is not None and now - newest > RECENT
    if not whole:
        interval, state = min(interval, bounds.first), "active"
    elif old or schedule.retired(interval, 0 if new else source.checks):
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
