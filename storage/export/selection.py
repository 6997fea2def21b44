"""Which articles: a selection that exports, the Python API and the command line share, read as a stream."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from storage.errors import ArchiveError
from storage.search.engine import Searcher
from storage.search.query import parse

_CHUNK = 200  # articles read at once


class SelectionError(ArchiveError):
    """A selection cannot be read: the SQL of `where` is wrong, or a site is not there."""


@dataclasses.dataclass(frozen=True, slots=True)
class Selection:
    """Articles that fulfil everything given; without anything, all of them.

    `query` is a search (docs/search.md), `site` a key, `since` and `until` days of publication (of the first sighting,
    where the page gives no date), both included; `where` an SQL condition on the columns of `articles_flat`.
    """

    query: str | None = None
    site: str | None = None
    since: date | None = None
    until: date | None = None
    where: str | None = None

    def ids(self, db: sqlite3.Connection) -> list[int]:
        """The numbers of the selected articles, oldest first.

        Raises:
            SelectionError: if `where` is no SQL condition, or there is no such site
            QueryError: if `query` cannot be understood
        """
        condition, values = self._condition(db)
        try:
            found = [number for (number,) in db.execute(f"SELECT id FROM {condition} ORDER BY id", values)]
        except (db.Error, db.Warning) as error:  # a warning is several statements in one
            raise SelectionError(f"the condition {self.where!r} is not SQL on articles_flat: {error}.") from error
        if self.query:
            matching = set(Searcher(db).matching(parse(self.query)))
            found = [number for number in found if number in matching]
        return found

    def _condition(self, db: sqlite3.Connection) -> tuple[str, list[Any]]:
        parts, values = ["1"], list[Any]()
        if self.site:
            if db.execute("SELECT 1 FROM sites WHERE key = ?", (self.site,)).fetchone() is None:
                raise SelectionError(f"there is no site {self.site!r} in this archive; pressmark export --help.")
            parts.append("site = ?" if self.where else "site_id = (SELECT id FROM sites WHERE key = ?)")
            values.append(self.site)
        if self.since:
            parts.append("coalesce(date_published, first_seen) >= ?")
            values.append(self.since.isoformat())
        if self.until:
            parts.append("coalesce(date_published, first_seen) < ?")
            values.append((self.until + timedelta(days=1)).isoformat())
        if self.where:
            parts.append(f"(\n{self.where}\n)")
        return f"{'articles_flat' if self.where else 'articles'} WHERE {' AND '.join(parts)}", values


def flat_rows(db: sqlite3.Connection, ids: list[int]) -> Iterator[dict[str, Any]]:
    """The rows of `articles_flat` of some articles, in order, read a few at a time."""
    sql = "SELECT * FROM articles_flat WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    for start in range(0, len(ids), _CHUNK):
        cursor = db.execute(sql, (json.dumps(ids[start : start + _CHUNK]),))
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def flat_columns(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Name and description of the columns of `articles_flat`, in order."""
    sql = """SELECT c.name, coalesce(d.description, '') FROM pragma_table_info('articles_flat') c
             LEFT JOIN documentation d ON d.table_name = 'articles_flat' AND d.column_name = c.name ORDER BY c.cid"""
    return [(name, text) for name, text in db.execute(sql)]
