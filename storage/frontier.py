"""The frontier: which URLs are known, which are due, and who is fetching them.

Every function runs in the caller's transaction.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from storage.times import from_text, to_text
from storage.visit import Found, Outcome, Visit

OPEN_STATES = (
    "pending",
    "done",
    "failed",
    "refused",
    "withdrawn",
)  # what may become due; alias and taken_down never do
LEASE = timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Leased:
    """A URL that is ours to fetch until its lease ends, and what the archive knows of it. Times are aware UTC."""

    url: str
    published: datetime | None = None
    first_seen: datetime | None = None
    fetched: datetime | None = None  # the last fetch; None: never
    etag: str | None = None
    last_modified: str | None = None
    attempts: int = 0
    depth: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """What the frontier knew of a URL when a visit was stored; `unchanged` counts visits in a row without a change."""

    published: datetime | None
    first_seen: datetime
    attempts: int
    unchanged: int


@dataclasses.dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a URL after a visit: its state, when it is due again (None: never), failed fetches in a row."""

    state: str
    due: datetime | None = None
    attempts: int = 0


Schedule = Callable[[Visit, Outcome, Known], Next]


def never_again(visit: Visit, outcome: Outcome, known: Known) -> Next:
    """Schedule for archives written without a crawl: every URL is looked at once."""
    states = {"withdrawn": "withdrawn", "refused": "refused", "failed": "failed"}
    return Next(states.get(outcome, "done"))


def add(db: sqlite3.Connection, site_id: int, found: Iterable[Found], now: datetime) -> int:
    """Add URLs that are not known yet, due at once; a known one gets the date it lacked. Gives how many were new."""
    before = db.total_changes
    rows = [_row(item, site_id, to_text(now)) for item in found]
    sql = (
        "INSERT OR IGNORE INTO frontier (url, site_id, source_id, published, depth, due_at, first_seen)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    db.executemany(sql, rows)
    new = db.total_changes - before
    if new < len(rows):
        db.executemany(
            "UPDATE frontier SET published = ?2 WHERE url = ?1 AND published IS NULL",
            [(row[0], row[3]) for row in rows if row[3]],
        )
    return new


def _row(item: Found, site_id: int, now: str) -> tuple[object, ...]:
    published = to_text(item.published) if item.published else None
    return (item.url, site_id, item.source_id, published, item.depth, now, now)


def is_known(db: sqlite3.Connection, url: str) -> bool:
    """Say whether the frontier has a URL."""
    return db.execute("SELECT 1 FROM frontier WHERE url = ?", (url,)).fetchone() is not None


def lease(
    db: sqlite3.Connection, site_id: int, owner: str, now: datetime, count: int, *, since: datetime | None = None
) -> list[Leased]:
    """Lease up to `count` due URLs of a site: those never fetched, newest first, then revisits, longest due first.

    Those that are known to have been published before `since` stay where they are.
    """
    at = to_text(now)
    free = "(lease_until IS NULL OR (lease_until < ?2 AND lease_owner <> ?3))"
    free += " AND (?5 IS NULL OR published IS NULL OR published >= ?5)"
    oldest = to_text(since) if since else None
    rows = db.execute(
        f"{_SELECT} WHERE site_id = ?1 AND state = 'pending' AND due_at <= ?2 AND {free}"
        " ORDER BY priority DESC, published DESC, id LIMIT ?4",
        (site_id, at, owner, count, oldest),
    ).fetchall()
    if len(rows) < count:
        rows += db.execute(
            f"{_SELECT} WHERE site_id = ?1 AND state <> 'pending' AND due_at <= ?2 AND {free} ORDER BY due_at LIMIT ?4",
            (site_id, at, owner, count - len(rows), oldest),
        ).fetchall()
    until = to_text(now + LEASE)
    db.executemany(
        "UPDATE frontier SET lease_owner = ?, lease_until = ? WHERE id = ?", [(owner, until, row[0]) for row in rows]
    )
    return [_leased(row) for row in rows]


_SELECT = "SELECT id, url, published, first_seen, fetched_at, etag, last_modified, attempts, depth FROM frontier"


def _leased(row: tuple[Any, ...]) -> Leased:
    _, url, published, first_seen, fetched, *others = row
    return Leased(url, _time(published), _time(first_seen), _time(fetched), *others)


def _time(text: str | None) -> datetime | None:
    return from_text(text) if text else None


def release(db: sqlite3.Connection, owner: str | None = None) -> int:
    """Give back the leases of one owner; of everybody (None) where it is known that nobody else is crawling."""
    where = "" if owner is None else " AND lease_owner = ?"
    sql = f"UPDATE frontier SET lease_owner = NULL, lease_until = NULL WHERE lease_until IS NOT NULL{where}"
    return db.execute(sql, () if owner is None else (owner,)).rowcount


def settle(db: sqlite3.Connection, url_id: int, visit: Visit, outcome: Outcome, schedule: Schedule) -> Next:
    """Write what a visit means for its URL: state, validators, when it is due again; ends the lease."""
    published, first_seen, attempts = db.execute(
        "SELECT published, first_seen, attempts FROM frontier WHERE id = ?", (url_id,)
    ).fetchone()
    date = visit.article.date_published if visit.article else None
    known = Known(
        published=_aware(date) or (_time(published)),
        first_seen=from_text(first_seen),
        attempts=attempts,
        unchanged=_unchanged(db, url_id) if outcome == "same" else 0,
    )
    following = schedule(visit, outcome, known)
    etag, modified = _validator(visit, "etag"), _validator(visit, "last-modified")
    keeps = visit.status == 200 and (outcome in ("new", "changed", "same") or _stays_refused(visit, outcome))
    unmoved = visit.status == 304 and outcome == "refused"  # still what it was refused for
    db.execute(
        "UPDATE frontier SET state = ?2, due_at = ?3, attempts = ?4, reason = iif(?11, reason, ?5), fetched_at = ?6,"
        " lease_owner = NULL, lease_until = NULL, published = coalesce(published, ?7), etag = iif(?8, ?9, etag),"
        " last_modified = iif(?8, ?10, last_modified) WHERE id = ?1",
        (
            url_id,
            following.state,
            to_text(following.due) if following.due else None,
            following.attempts,
            visit.reason,
            to_text(visit.started),
            to_text(known.published) if known.published else None,
            keeps,
            etag,
            modified,
            unmoved,
        ),
    )
    return following


def _stays_refused(visit: Visit, outcome: Outcome) -> bool:
    """Say whether a page without an article will have none as long as its bytes are the same."""
    return outcome == "refused" and visit.reason != "wall"


def _aware(when: datetime | None) -> datetime | None:
    """Give a date of a page only where it is a moment (it has a zone)."""
    return when if when is not None and when.tzinfo else None


def _unchanged(db: sqlite3.Connection, url_id: int) -> int:
    rows = db.execute("SELECT outcome FROM fetches WHERE url_id = ? ORDER BY id DESC LIMIT 5", (url_id,)).fetchall()
    return next((count for count, (outcome,) in enumerate(rows) if outcome != "same"), len(rows))


def _validator(visit: Visit, name: str) -> str | None:
    return next((value for key, value in visit.headers if key.lower() == name), None)


def soonest(db: sqlite3.Connection, site_id: int, since: datetime | None = None) -> datetime | None:
    """Give when the first URL of a site that is waiting to be tried again is due, None where none waits."""
    row = db.execute(
        "SELECT min(due_at) FROM frontier WHERE site_id = ?1 AND state = 'pending' AND lease_until IS NULL"
        " AND (?2 IS NULL OR published IS NULL OR published >= ?2)",
        (site_id, to_text(since) if since else None),
    ).fetchone()
    return _time(row[0])


def next_due(db: sqlite3.Connection, site_id: int) -> datetime | None:
    """Give when the site's next URL or source is due, None where nothing ever is."""
    row = db.execute(
        "SELECT min(due) FROM (SELECT min(due_at) AS due FROM frontier WHERE site_id = ?1 AND due_at IS NOT NULL"
        " UNION ALL SELECT min(due_at) FROM sources WHERE site_id = ?1)",
        (site_id,),
    ).fetchone()
    return _time(row[0])


def left(db: sqlite3.Connection, site_id: int, now: datetime, since: datetime | None = None) -> int:
    """Count the URLs of a site that are due and not fetched."""
    row = db.execute(
        "SELECT count(*) FROM frontier WHERE site_id = ?1 AND due_at <= ?2"
        " AND (?3 IS NULL OR published IS NULL OR published >= ?3)",
        (site_id, to_text(now), to_text(since) if since else None),
    ).fetchone()
    return int(row[0])


def refresh(db: sqlite3.Connection, site_id: int, now: datetime) -> int:
    """Make all of a site's URLs and sources due now, whatever their schedule says; gives how many URLs.

    An article's further pages are not among them: they are fetched with its first one.
    """
    at = to_text(now)
    db.execute("UPDATE sources SET due_at = ?2 WHERE site_id = ?1", (site_id, at))
    marks = ", ".join("?" * len(OPEN_STATES))
    sql = f"UPDATE frontier SET due_at = ? WHERE site_id = ? AND state IN ({marks}) AND reason IS NOT 'further_page'"
    return db.execute(sql, (at, site_id, *OPEN_STATES)).rowcount


def busy_until(db: sqlite3.Connection, site_id: int, now: datetime) -> datetime | None:
    """Give until when a site asked to be left alone (429, 503) in answers of earlier runs, None where it did not."""
    row = db.execute(
        "SELECT max(u.due_at) FROM frontier u WHERE u.site_id = ? AND u.due_at > ? AND u.state = 'pending'"
        " AND (SELECT status FROM fetches WHERE url_id = u.id ORDER BY id DESC LIMIT 1) IN (429, 503)",
        (site_id, to_text(now)),
    ).fetchone()
    return _time(row[0])


def history(db: sqlite3.Connection, site_id: int, run_id: int) -> tuple[int, int]:
    """Give how many pages of a site earlier runs have read, and how many of those gave an article."""
    row = db.execute(
        "SELECT count(*), count(*) FILTER (WHERE f.article_id IS NOT NULL)"
        " FROM frontier u JOIN fetches f ON f.url_id = u.id"
        " WHERE u.site_id = ? AND f.run_id < ? AND f.status IN (200, 203)",
        (site_id, run_id),
    ).fetchone()
    return int(row[0]), int(row[1])


def site_id(db: sqlite3.Connection, key: str, now: datetime) -> int:
    """Give a site's number; a new site is written down."""
    db.execute("INSERT OR IGNORE INTO sites (key, first_seen) VALUES (?, ?)", (key, to_text(now)))
    found: int = db.execute("SELECT id FROM sites WHERE key = ?", (key,)).fetchone()[0]
    return found
