"""Runs: one row for each execution that writes. Every function runs in the caller's transaction."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import sqlite3
from datetime import datetime
from typing import Any

from storage.times import from_text, to_text


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """A run as the archive knows it."""

    id: int
    kind: str
    started: datetime
    pid: int | None
    host: str | None


def begin(db: sqlite3.Connection, kind: str, version: str, arguments: dict[str, Any], now: datetime) -> int:
    """Write down that a run begins, and give its number."""
    cursor = db.execute(
        "INSERT INTO runs (kind, started, version, host, pid, arguments) VALUES (?, ?, ?, ?, ?, ?)",
        (kind, to_text(now), version, platform.node(), os.getpid(), json.dumps(arguments, ensure_ascii=False)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def finish(db: sqlite3.Connection, run_id: int, outcome: str, report: dict[str, Any], now: datetime) -> None:
    """Write down how a run ended: finished, interrupted or failed."""
    db.execute(
        "UPDATE runs SET finished = ?, outcome = ?, report = ? WHERE id = ?",
        (to_text(now), outcome, json.dumps(report, ensure_ascii=False), run_id),
    )


def bury(db: sqlite3.Connection) -> int:
    """Mark runs that never ended as killed; only for who knows that no other run is going on. Gives how many."""
    return db.execute("UPDATE runs SET outcome = 'killed' WHERE kind = 'crawl' AND outcome IS NULL").rowcount


def last(db: sqlite3.Connection, kind: str = "crawl") -> Run | None:
    """Give the latest run of a kind."""
    row = db.execute(
        "SELECT id, kind, started, pid, host FROM runs WHERE kind = ? ORDER BY id DESC LIMIT 1", (kind,)
    ).fetchone()
    return Run(row[0], row[1], from_text(row[2]), row[3], row[4]) if row else None
