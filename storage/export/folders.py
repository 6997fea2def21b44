"""Folders: one text file per article with a table beside it, and the Frictionless data package."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.export.selection import flat_columns, flat_rows
from storage.export.tables import NUMBERS, TIMES, Tick, write_csv, write_rows

_PUBLIC_ID = re.compile(r"[a-z0-9-]{1,64}")
_PARTS = {
    "article_authors": (
        "SELECT a.public_id, l.position, n.name FROM article_authors l JOIN authors n ON n.id = l.author_id"
        " JOIN articles a ON a.id = l.article_id WHERE l.article_id = ? ORDER BY l.position",
        ("public_id", "position", "name"),
    ),
    "article_tags": (
        "SELECT a.public_id, l.position, n.name FROM article_tags l JOIN tags n ON n.id = l.tag_id"
        " JOIN articles a ON a.id = l.article_id WHERE l.article_id = ? ORDER BY l.position",
        ("public_id", "position", "name"),
    ),
    "related_links": (
        "SELECT a.public_id, l.position, l.url, l.title, l.category, l.date_published FROM related_links l"
        " JOIN articles a ON a.id = l.article_id WHERE l.article_id = ? ORDER BY l.position",
        ("public_id", "position", "url", "title", "category", "date_published"),
    ),
}
_MEANINGS = {
    "public_id": "Name of the article",
    "position": "Place on the page, from 0",
    "name": "As shown",
    "url": "Where it leads",
    "title": "As the card shows it",
    "category": "As the card shows it",
    "date_published": "As precise as the card is, ISO 8601",
}


def write_texts(db: sqlite3.Connection, ids: list[int], folder: Path, tick: Tick) -> None:
    """Write texts/<public id>.txt (title, lead, key points, body) and metadata.csv, whose column `file` names them."""
    texts = folder / "texts"
    texts.mkdir(parents=True)
    names = [name for name, _ in flat_columns(db) if name not in ("lead", "key_points", "body")]

    def rows() -> Iterator[list[Any]]:
        for row in flat_rows(db, ids):
            name = _file_name(row["public_id"])
            (texts / name).write_text(_text(row), "utf-8")
            yield [f"texts/{name}", *(row[column] for column in names)]

    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as out:
        write_rows(out, ["file", *names], rows(), tick)


def _file_name(public_id: str) -> str:
    """A file's name is made of the archive's own id, never of crawled text."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return hashlib.sha256(public_id.encode()).hexdigest()[:32] + ".txt"
    return f"{public_id}.txt"


def _text(row: dict[str, Any]) -> str:
    return "\n\n".join(part for part in (row["title"], row["lead"], row["key_points"], row["body"]) if part) + "\n"


def write_package(db: sqlite3.Connection, ids: list[int], folder: Path, tick: Tick) -> None:
    """Write CSV tables and datapackage.json, which describes each of their columns.

    Source: https://specs.frictionlessdata.io/tabular-data-package/
    """
    folder.mkdir(parents=True)
    tables = [_table(folder, "articles", lambda out: write_csv(db, ids, out, tick))]
    tables[0]["schema"] = {"fields": _flat_fields(db), "primaryKey": "public_id"}
    for name, (sql, columns) in _PARTS.items():
        tables.append(_table(folder, name, functools.partial(_write_part, db, ids, (sql, columns))))
        tables[-1]["schema"] = _part_schema(columns)
    package = {
        "profile": "tabular-data-package",
        "name": "pressmark-export",
        "title": "News articles exported from a Pressmark archive",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "description": "Cells that a spreadsheet could take for a formula begin with an apostrophe.",
        "resources": tables,
    }
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _write_part(db: sqlite3.Connection, ids: list[int], part: tuple[str, tuple[str, ...]], out: Any) -> None:
    sql, columns = part
    write_rows(out, list(columns), (row for number in ids for row in db.execute(sql, (number,))), lambda: None)


def _table(folder: Path, name: str, write: Callable[[Any], None]) -> dict[str, Any]:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        write(out)
    with path.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    return {
        "name": name.replace("_", "-"),
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }


def _flat_fields(db: sqlite3.Connection) -> list[dict[str, str]]:
    return [{"name": name, "type": _kind(name), "description": text} for name, text in flat_columns(db)]


def _kind(name: str) -> str:
    return "datetime" if name in TIMES else "integer" if name in NUMBERS else "string"


def _part_schema(columns: tuple[str, ...]) -> dict[str, Any]:
    kinds = {"position": "integer"}
    fields = [{"name": name, "type": kinds.get(name, "string"), "description": _MEANINGS[name]} for name in columns]
    key = {"fields": "public_id", "reference": {"resource": "articles", "fields": "public_id"}}
    return {"fields": fields, "primaryKey": ["public_id", "position"], "foreignKeys": [key]}
