"""Migrations: numbered SQL files, applied in order; `user_version` is the number of the last one.

A released file is never edited: what comes later is a further file. One with a line "-- @rebuild" has the indexes made
anew from the articles once the schema is the newest.
"""

from __future__ import annotations

import functools
import importlib.resources
import sqlite3

from storage.documentation import document


@functools.cache
def scripts() -> tuple[str, ...]:
    """The SQL of all migrations in order; the first has number 1."""
    folder = importlib.resources.files(__name__)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple((folder / name).read_text("utf-8") for name in names)


def newest() -> int:
    """The schema version that this program writes."""
    return len(scripts())


def migrate(db: sqlite3.Connection) -> bool:
    """Bring a database up to the newest version, each step in a transaction of its own.

    Says whether the indexes must be made anew.
    """
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    missing = scripts()[version:]
    for number, script in enumerate(missing, start=version + 1):
        _apply(db, script, number)
    return any("-- @rebuild" in script.splitlines() for script in missing)


def _apply(db: sqlite3.Connection, script: str, number: int) -> None:
    db.execute("BEGIN IMMEDIATE")
    if db.execute("PRAGMA user_version").fetchone()[0] >= number:  # another process was quicker
        db.execute("ROLLBACK")
        return
    try:
        for statement in statements(script):
            db.execute(statement)
        document(db, script)
        db.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def statements(script: str) -> list[str]:
    """Part a script at its statements' ends, comments kept.

    >>> statements("-- one; two\\nCREATE TABLE a (b); -- c\\nDROP TABLE a;")
    ['-- one; two\\nCREATE TABLE a (b);', ' -- c\\nDROP TABLE a;']
    """
    found: list[str] = []
    start = 0
    for position, char in enumerate(script):
        if char == ";" and sqlite3.complete_statement(script[start : position + 1]):
            found.append(script[start : position + 1].lstrip("\n"))
            start = position + 1
    return found
