"""Exports: any selection of articles, streamed, into files that other programs read."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from storage.errors import ArchiveError
from storage.export.folders import write_package, write_texts
from storage.export.records import write_jsonl, write_jsonld
from storage.export.selection import Selection, SelectionError
from storage.export.tables import MissingExtra, Tick, write_csv, write_parquet

STREAMS: dict[str, Callable[[sqlite3.Connection, list[int], IO[str], Tick], None]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "jsonld": write_jsonld,
}
FILES: dict[str, Callable[[sqlite3.Connection, list[int], Path, Tick], None]] = {"parquet": write_parquet}
FOLDERS: dict[str, Callable[[sqlite3.Connection, list[int], Path, Tick], None]] = {
    "text": write_texts,
    "datapackage": write_package,
}
FORMATS = (*STREAMS, *FILES, *FOLDERS)
ENDINGS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonld": "jsonld", ".parquet": "parquet"}


class ExportError(ArchiveError):
    """The place to export to is taken, or cannot be written."""


def export(db: sqlite3.Connection, ids: list[int], target: Path, form: str, tick: Tick = lambda: None) -> None:
    """Write articles to a file or folder; it appears when it is whole, or not at all.

    Raises:
        ExportError: if something stands there already, or it cannot be written
        MissingExtra: if the format needs a library that is not installed
    """
    if target.exists():
        raise ExportError(f"{target} is there already; give another name, or delete it.")
    if not target.parent.is_dir():
        raise ExportError(f"there is no folder {target.parent}; make it first.")
    try:
        _export(db, ids, target, form, tick)
    except OSError as error:
        raise ExportError(f"{target} cannot be written: {error.strerror or error}.") from error


def _export(db: sqlite3.Connection, ids: list[int], target: Path, form: str, tick: Tick) -> None:
    work = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}-", dir=target.parent))
    try:
        part: Any = work / "part"
        if form in FOLDERS:
            FOLDERS[form](db, ids, part, tick)
        elif form in FILES:
            FILES[form](db, ids, part, tick)
        else:
            with part.open("w", encoding="utf-8", newline="") as out:
                STREAMS[form](db, ids, out, tick)
        os.replace(part, target)
    finally:
        shutil.rmtree(work)


__all__ = [
    "ENDINGS",
    "FORMATS",
    "STREAMS",
    "ExportError",
    "MissingExtra",
    "Selection",
    "SelectionError",
    "export",
]
