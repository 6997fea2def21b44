"""Tables: CSV, with formulas defused, and Parquet."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from storage.errors import ArchiveError
from storage.export.selection import flat_columns, flat_rows

Tick = Callable[[], None]
TIMES = ("date_published", "date_modified", "first_seen", "last_seen", "withdrawn_at")
NUMBERS = ("id", "words", "revisions")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ZONE = re.compile(r"[+-]\d\d:\d\d")
_BATCH = 1_000


class MissingExtra(ArchiveError):
    """An optional library is not installed."""


def defused(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: an apostrophe is put before.

    Source: OWASP, CSV Injection.

    >>> defused('=HYPERLINK("http://evil")'), defused("-5 degrees"), defused(-5), defused(None)
    ('\\'=HYPERLINK("http://evil")', "'-5 degrees", -5, None)
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) and not _ZONE.fullmatch(value):
        return "'" + value
    return value


def write_csv(db: sqlite3.Connection, ids: list[int], out: IO[str], tick: Tick) -> None:
    """Write the rows of `articles_flat` as CSV (RFC 4180, UTF-8)."""
    names = [name for name, _ in flat_columns(db)]
    write_rows(out, names, ([row[name] for name in names] for row in flat_rows(db, ids)), tick)


def write_rows(out: IO[str], names: list[str], rows: Iterable[Iterable[Any]], tick: Tick) -> None:
    """Write any rows as CSV, every cell defused."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([defused(value) for value in row])
        tick()


def write_parquet(db: sqlite3.Connection, ids: list[int], path: Path, tick: Tick) -> None:
    """Write the rows of `articles_flat` as Parquet: times as timestamps in UTC, authors and tags as lists.

    Raises:
        MissingExtra: if pyarrow is not installed
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("Parquet needs pyarrow: pip install 'pressmark[research]'.") from error
    described = flat_columns(db)
    schema = pa.schema([pa.field(name, _type(pa, name), metadata={"description": text}) for name, text in described])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(map(_typed, flat_rows(db, ids))):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            for _ in batch:
                tick()


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _type(pa: Any, name: str) -> Any:
    if name in TIMES:
        return pa.timestamp("us", tz="UTC")
    if name in NUMBERS:
        return pa.int64()
    return pa.list_(pa.string()) if name in ("authors", "tags", "key_points") else pa.string()


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    for name in TIMES:
        row[name] = datetime.fromisoformat(row[name]) if row[name] else None
    for name, mark in (("authors", "; "), ("tags", "; "), ("key_points", "\n")):
        row[name] = row[name].split(mark) if row[name] else []
    return row
