"""Sources: feeds, sitemaps and listings, when each is looked at next and what it yielded.

Every function runs in the caller's transaction.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from storage.times import from_text, to_text


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """A source that robots.txt, a page, a sitemap index or a site file names; `due` None is at once."""

    url: str
    kind: str  # feed, sitemap, news_sitemap, sitemap_index, front, section
    parent_id: int | None = None
    due: datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A source as the archive knows it. `interval` is None before the first look; times are aware UTC."""

    id: int
    url: str
    kind: str
    interval: timedelta | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: bytes | None = None
    checked: datetime | None = None
    changed: datetime | None = None
    failures: int = 0
    checks: int = 0
    urls_new: int = 0
    depth: int = 0  # sources between one that no other source named and this


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """What one look at a source brought, and when to look again. `same` is an answer of 304 or the same bytes."""

    source_id: int
    at: datetime
    due: datetime | None  # None: never again
    interval: timedelta
    kind: str | None = None  # where reading it showed another kind than was thought
    same: bool = False
    seen: int = 0
    new: int = 0
    etag: str | None = None
    last_modified: str | None = None
    digest: bytes | None = None
    failure: str | None = None
    state: str = "active"  # active, retired, failed
    reason: str | None = None


def add(db: sqlite3.Connection, site_id: int, named: Iterable[Named], now: datetime) -> int:
    """Write down sources that are not known yet; gives how many were new."""
    at = to_text(now)
    rows = [(site_id, item.url, item.kind, item.parent_id, to_text(item.due) if item.due else at, at) for item in named]
    before = db.total_changes
    db.executemany(
        "INSERT OR IGNORE INTO sources (site_id, url, kind, parent_id, due_at, first_seen) VALUES (?, ?, ?, ?, ?, ?)",
        rows,
    )
    return db.total_changes - before


def touch(db: sqlite3.Connection, site_id: int, changed: Iterable[tuple[str, datetime]], now: datetime) -> None:
    """Make known sources due that changed after the last look at them, as a sitemap index says by lastmod."""
    rows = [(to_text(now), site_id, url, to_text(when)) for url, when in changed]
    db.executemany(
        "UPDATE sources SET due_at = ?1 WHERE site_id = ?2 AND url = ?3 AND checked_at < ?4"
        " AND (due_at IS NULL OR due_at > ?1)",
        rows,
    )


def due(db: sqlite3.Connection, site_id: int, now: datetime) -> list[Source]:
    """Give a site's due sources: those that bring news most often first, old sitemaps last."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM sources WHERE site_id = ? AND due_at <= ?"
        " ORDER BY kind = 'sitemap', interval_seconds, id",
        (site_id, to_text(now)),
    )
    return [_source(row) for row in rows]


def fed(db: sqlite3.Connection, site_id: int) -> bool:
    """Say whether a feed or sitemap of a site has ever named articles."""
    sql = "SELECT 1 FROM sources WHERE site_id = ? AND urls_seen > 0 AND kind NOT IN ('front', 'section', 'older')"
    return db.execute(f"{sql} LIMIT 1", (site_id,)).fetchone() is not None


_DEPTH = """(WITH RECURSIVE above(id, n) AS (SELECT sources.parent_id, 0 UNION ALL
 SELECT s.parent_id, n + 1 FROM above JOIN sources s ON s.id = above.id WHERE n < 50) SELECT max(n) FROM above)"""
_COLUMNS = (
    "id, url, kind, interval_seconds, etag, last_modified, digest, checked_at, changed_at, failures, checks, urls_new, "
    + _DEPTH
)


def _source(row: tuple[Any, ...]) -> Source:
    number, url, kind, seconds, etag, modified, digest, checked, changed, *counts = row
    interval = timedelta(seconds=seconds) if checked else None
    times = [from_text(text) if text else None for text in (checked, changed)]
    return Source(number, url, kind, interval, etag, modified, digest, times[0], times[1], *counts)


def looked(db: sqlite3.Connection, look: Look) -> None:
    """Write down one look: validators, yield, the next time."""
    db.execute(
        "UPDATE sources SET checked_at = :at, due_at = :due, interval_seconds = :interval, checks = checks + 1,"
        " kind = coalesce(:kind, kind), state = :state, state_reason = :reason, urls_seen = urls_seen + :seen,"
        " urls_new = urls_new + :new, changed_at = iif(:new > 0, :at, changed_at),"
        " failures = iif(:failed, failures + 1, 0), etag = iif(:keep, etag, :etag),"
        " last_modified = iif(:keep, last_modified, :modified), digest = iif(:keep, digest, :digest) WHERE id = :id",
        {
            "id": look.source_id,
            "at": to_text(look.at),
            "due": to_text(look.due) if look.due else None,
            "interval": int(look.interval.total_seconds()),
            "kind": look.kind,
            "state": look.state,
            "reason": look.reason or look.failure,
            "seen": look.seen,
            "new": look.new,
            "failed": look.failure is not None,
            "keep": look.same or look.failure is not None,
            "etag": look.etag,
            "modified": look.last_modified,
            "digest": look.digest,
        },
    )
