"""A URL's whole story, as the archive knows it: where it was found, each fetch, its snapshots, its article."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

Row = dict[str, Any]


def story(db: sqlite3.Connection, url: str) -> Row | None:
    """Give what is known of a normalized URL, None where the archive has never heard of it.

    Beside the frontier's columns it has site, source_url, source_kind, fetches (oldest first), article and, where there
    is one, its revisions and aliases.
    """
    found = _rows(
        db,
        "SELECT f.id, f.url, s.key AS site, f.state, f.reason, f.due_at, f.attempts, f.depth, f.first_seen,"
        " f.published, f.fetched_at, f.etag, f.last_modified, f.lease_owner, f.lease_until, o.url AS source_url,"
        " o.kind AS source_kind, o.state AS source_state FROM frontier f JOIN sites s ON s.id = f.site_id"
        " LEFT JOIN sources o ON o.id = f.source_id WHERE f.url = ?",
        url,
    )
    if not found:
        return None
    told = found[0]
    number = told.pop("id")
    told["fetches"] = _fetches(db, number)
    told["article"] = next(iter(_rows(db, _ARTICLE, number)), None)
    if told["article"]:
        told["aliases"] = [row["url"] for row in _rows(db, _ALIASES, told["article"]["id"]) if row["url"] != url]
        told["revisions"] = _rows(db, _REVISIONS, told["article"]["id"])
    return told


_ARTICLE = (
    "SELECT a.id, a.public_id, a.url, a.title, a.date_published, a.words, a.first_seen, a.last_seen, a.withdrawn_at"
    " FROM article_urls u JOIN articles a ON a.id = u.article_id WHERE u.url_id = ?"
)
_ALIASES = "SELECT f.url FROM article_urls u JOIN frontier f ON f.id = u.url_id WHERE u.article_id = ? ORDER BY f.id"
_REVISIONS = (
    "SELECT id, outcome, reason, seen_first, seen_last, changed FROM revisions WHERE article_id = ? ORDER BY id"
)
_FETCHES = (
    "SELECT h.id, h.run_id, h.started, h.elapsed, h.status, h.outcome, h.reason, h.detail, h.bytes, h.ip, h.signals,"
    " t.url AS final_url, s.id AS snapshot_id, w.filename AS warc, s.offset, s.revisit_of FROM fetches h"
    " LEFT JOIN frontier t ON t.id = h.final_url_id LEFT JOIN snapshots s ON s.fetch_id = h.id"
    " LEFT JOIN warcs w ON w.id = s.warc_id WHERE h.url_id = ? ORDER BY h.id"
)


def _fetches(db: sqlite3.Connection, number: int) -> list[Row]:
    rows = _rows(db, _FETCHES, number)
    for row in rows:
        row["signals"] = json.loads(row["signals"]) if row["signals"] else {}
    return rows


def _rows(db: sqlite3.Connection, sql: str, value: object) -> list[Row]:
    cursor = db.execute(sql, (value,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
