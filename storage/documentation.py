"""The schema's documentation, read from the comments in the migrations into the table `documentation`."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

HEADING = "## Tables and views\n"
_CREATE = re.compile(r"CREATE (?:VIRTUAL )?(?:TABLE|VIEW)(?: IF NOT EXISTS)? (\w+)")
_ADD = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (\w+)[^;]*;\s*--\s*(.+)")
_COLUMN = re.compile(r"^\s+(?:.*\bAS\s+)?(?:\w+\.)?(\w+)\b.*?\s--\s(.+)$")
_ALIAS = re.compile(r"\bAS (\w+),?\s*--\s")


def described(script: str) -> Iterator[tuple[str, str, str]]:
    """Yield (table, column, description) of a migration's comments; the column is empty for a table.

    >>> list(described("-- Pets.\\nCREATE TABLE pets (\\n  name TEXT, -- What it hears to\\n);"))
    [('pets', '', 'Pets.'), ('pets', 'name', 'What it hears to')]
    """
    table, above = "", ""
    for line in script.splitlines():
        if line.startswith("--"):
            above = line.removeprefix("--").strip()
        elif created := _CREATE.match(line):
            table = created[1]
            yield table, "", above
        elif added := _ADD.match(line):
            yield added[1], added[2], added[3].strip()
        elif line.startswith("  ") and (column := _COLUMN.match(line)):
            alias = _ALIAS.search(line)
            yield table, alias[1] if alias else column[1], column[2].strip()


def document(db: sqlite3.Connection, script: str) -> None:
    """Write a migration's descriptions into the archive, in the caller's transaction."""
    db.executemany("INSERT OR REPLACE INTO documentation VALUES (?, ?, ?)", described(script))


def documentation(db: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """Table or view -> column -> description; the table's own is under the empty name."""
    found: dict[str, dict[str, str]] = {}
    for table, column, text in db.execute("SELECT table_name, column_name, description FROM documentation"):
        found.setdefault(table, {})[column] = text
    return found


def undocumented(db: sqlite3.Connection) -> list[str]:
    """Tables, views and columns (as table.column) that the archive does not explain; shadow tables need not."""
    known = documentation(db)
    shadows = {row[1] for row in db.execute("PRAGMA table_list") if row[2] == "shadow"}
    missing: list[str] = []
    rows = db.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")
    for (table,) in rows.fetchall():
        if table in shadows:
            continue
        columns = [row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", (table,))]
        missing += [f"{table}.{name}" for name in columns if name not in known.get(table, {})]
        missing += [table] if "" not in known.get(table, {}) else []
    return missing


def as_markdown(db: sqlite3.Connection) -> str:
    """Give the documentation as Markdown: a heading for each table and view, its columns in a table."""
    known = documentation(db)
    parts: list[str] = []
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY type, name"):
        if name in known:
            columns = [row[0] for row in db.execute("SELECT name FROM pragma_table_xinfo(?)", (name,))]
            rows = [f"| `{column}` | {known[name][column]} |" for column in columns if column in known[name]]
            parts.append("\n".join([f"### {name}", "", known[name][""], "", "| column | |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


def main() -> None:
    """Write the part on tables and views of docs/archive.md anew, from the schema of a new archive."""
    from storage.archive import open_archive

    page = Path("docs/archive.md")
    with tempfile.TemporaryDirectory() as folder, open_archive(Path(folder) / "new.db", create=True) as archive:
        tables = as_markdown(archive.db)
    before = page.read_text("utf-8").partition(HEADING)[0]
    page.write_text(f"{before}{HEADING}\n{tables}", "utf-8")
