"""Pressmark's Python API: open an archive, search it, read its articles, take them to pandas.

>>> import pressmark                                          # doctest: +SKIP
>>> with pressmark.open("news.db") as archive:                # doctest: +SKIP
...     for hit in archive.search("title:вибори after:2024"):
...         print(hit.date_published, hit.site, hit.url)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from articles.record import Article
from storage.archive import open_archive
from storage.cite import STYLES, source
from storage.errors import ArchiveError, NotFound
from storage.export import Selection, export
from storage.export.selection import flat_rows
from storage.reading import load
from storage.search.engine import Hit, Results, Searcher
from storage.search.facets import facets
from storage.search.functions import register
from storage.search.query import QueryError

if TYPE_CHECKING:
    import pandas

Row = dict[str, Any]


def open(path: str | Path) -> Archive:
    """Open an archive for reading; it can be read while a crawl writes to it.

    Raises:
        ArchiveError: if the file is not an archive, or one of a newer Pressmark; the message says what to do
    """
    return Archive(Path(path))


class Archive:
    """An archive, read only. Everything that gives many gives an iterator, and reads as it goes."""

    def __init__(self, path: Path) -> None:
        self._archive = open_archive(path, readonly=True)
        self.db: sqlite3.Connection = self._archive.db
        register(self.db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def __len__(self) -> int:
        """How many articles there are."""
        number: int = self.db.execute("SELECT count(*) FROM articles").fetchone()[0]
        return number

    def __getitem__(self, name: str | int) -> Article:
        """The current reading of an article, by public id, number or address; raises `NotFound`."""
        return load(self.db, self._archive.find(str(name)))

    def search(
        self, query: str, *, by: Literal["rank", "date"] = "rank", limit: int = 20, offset: int = 0, exact: bool = False
    ) -> Iterator[Hit]:
        """Search; see docs/search.md for what a query may say. Raises `QueryError`, which says how to write it."""
        return iter(self.results(query, by=by, limit=limit, offset=offset, exact=exact).hits)

    def results(
        self, query: str, *, by: Literal["rank", "date"] = "rank", limit: int = 20, offset: int = 0, exact: bool = False
    ) -> Results:
        """Search, with the number of matches and whether number and order are approximate."""
        return Searcher(self.db).search(query, by=by, limit=limit, offset=offset, exact=exact)

    def facets(self, query: str | None = None) -> dict[str, list[tuple[str, int]]]:
        """How many articles of each site, category, language and month there are, of all or of a search's."""
        return facets(self.db, self.results(query, by="date").ids if query else None)

    def rows(
        self,
        query: str | None = None,
        *,
        site: str | None = None,
        since: date | None = None,
        until: date | None = None,
        where: str | None = None,
    ) -> Iterator[Row]:
        """Articles as rows of the view `articles_flat`, oldest first; `where` is SQL on its columns."""
        return flat_rows(self.db, Selection(query, site, since, until, where).ids(self.db))

    def articles(self, selection: Selection | None = None) -> Iterator[Article]:
        """Articles as records with all their parts, oldest first."""
        for number in (selection or Selection()).ids(self.db):
            yield load(self.db, number)

    def frame(self, query: str | None = None, **selected: Any) -> pandas.DataFrame:
        """The same as `rows`, as a DataFrame with times as timestamps; needs pandas (pressmark[research])."""
        import pandas

        rows = list(self.rows(query, **selected))
        columns = [name for (name,) in self.db.execute("SELECT name FROM pragma_table_info('articles_flat')")]
        table = pandas.DataFrame(rows, columns=columns)
        for name in ("date_published", "date_modified", "first_seen", "last_seen", "withdrawn_at"):
            table[name] = pandas.to_datetime(table[name], utc=True, format="ISO8601")
        return table

    def sql(self, statement: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> Iterator[Row]:
        """The rows of an SQL query; the functions of docs/search.md can be used in it."""
        cursor = self.db.execute(statement, values)
        names = [column[0] for column in cursor.description or ()]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def duplicates(self) -> Iterator[Row]:
        """Clusters of near-duplicates, largest first."""
        return self.sql("SELECT * FROM duplicate_clusters")

    def cite(self, name: str | int, style: Literal["bibtex", "ris", "csl-json"] = "bibtex") -> str:
        """A citation of an article, with the time and the digest of its snapshot."""
        return STYLES[style](source(self.db, self._archive.find(str(name))))

    def export(self, target: str | Path, form: str, selection: Selection | None = None) -> int:
        """Write a selection to a file or folder (csv, jsonl, jsonld, parquet, text, datapackage); how many it was."""
        ids = (selection or Selection()).ids(self.db)
        export(self.db, ids, Path(target), form)
        return len(ids)


__all__ = ["Archive", "ArchiveError", "Article", "Hit", "NotFound", "QueryError", "Results", "Selection", "open"]
