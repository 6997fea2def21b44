"""The full-text index as a follower of the articles: runs inside the writer's transaction."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from articles.record import Article
from storage.duplicates import Duplicates
from storage.indexing import Change
from storage.reading import load
from storage.search.ids import day_of
from storage.search.terms import Indexed, indexed

_COLUMNS = "body, title, lead, key_points, search_terms"
_INSERT = f"INSERT INTO articles_fts (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
_DELETE = f"INSERT INTO articles_fts (articles_fts, rowid, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?, ?)"
_COUNT = """INSERT INTO facet_counts (kind, value, articles) VALUES (?, ?, ?)
 ON CONFLICT (kind, value) DO UPDATE SET articles = articles + excluded.articles"""
_BATCH = 500
_STEP = 500  # pages of the full-text index that are merged at once


@dataclasses.dataclass(frozen=True, slots=True)
class _Rows:
    """A change, and the index's rows of the article before and after."""

    change: Change
    before: Indexed | None
    after: Indexed | None

    @classmethod
    def of(cls, change: Change) -> Self:
        """Give the rows of a change."""
        before = indexed(change.before) if change.before else None
        return cls(change, before, change.row or (indexed(change.after) if change.after else None))


class SearchIndex:
    """Keeps full-text index, facet counts and clusters of duplicates as the articles are."""

    def __init__(self) -> None:
        self._sites: dict[int, str] = {}
        self._duplicates = Duplicates()

    def put(self, db: sqlite3.Connection, changes: Sequence[Change]) -> None:
        """Follow changes.

        FTS5 comes last, since it writes what it has gathered whenever a statement needs a savepoint; and by rising
        number, since it starts a new segment whenever the order breaks.
        """
        net = [_Rows.of(change) for change in _net(changes)]
        self._count(db, [rows.change for rows in net])
        for rows in net:
            self._compare(db, rows)
        self._duplicates.write(db)
        db.executemany(_DELETE, [_numbered(rows.change, rows.before) for rows in net if rows.before])
        db.executemany(_INSERT, [_numbered(rows.change, rows.after) for rows in net if rows.after])
        if any(rows.after is None for rows in net):
            _forget(db)

    def settle(self, db: sqlite3.Connection) -> bool:
        """Merge a few megabytes of the pieces in which batches were written; True once nothing is left to merge."""
        if db.execute("SELECT count(*) FROM articles_fts_config WHERE k = 'usermerge'").fetchone()[0] == 0:
            db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('usermerge', 2)")
        before = db.total_changes
        db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('merge', ?)", (_STEP,))
        return db.total_changes - before < 2  # as FTS5's documentation says

    def forget(self) -> None:
        """Forget the sites and rows that were written in a transaction which was undone."""
        self._sites.clear()
        self._duplicates.forget()

    def rebuild(self, db: sqlite3.Connection) -> None:
        """Make index, counts and clusters anew from the articles' rows."""
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
        db.execute("DELETE FROM facet_counts")
        self._duplicates.clear(db)
        last = -(2**62)
        while rows := _articles_after(db, last):
            self.put(db, [Change(number, name, site, None, load(db, number)) for number, name, site in rows])
            last = rows[-1][0]

    def check(self, db: sqlite3.Connection) -> list[str]:
        """Say in a line each what is wrong with the index."""
        wrong = _integrity(db)
        for text, sql in _CHECKS:
            if count := db.execute(sql).fetchone()[0]:
                wrong.append(f"{count} {text}")
        return wrong

    def _compare(self, db: sqlite3.Connection, rows: _Rows) -> None:
        """Keep up the clusters of duplicates, where the body is another."""
        change = rows.change
        if change.before and change.after and change.before.body == change.after.body:
            return
        if rows.before:
            self._duplicates.remove(db, change.article_id, rows.before.bands)
        if rows.after:
            self._duplicates.place(db, change.article_id, rows.after.shingles, rows.after.bands)

    def _count(self, db: sqlite3.Connection, changes: Iterable[Change]) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        for change in changes:
            site = self._site(db, change.site_id)
            counts.update(_facets(change.article_id, site, change.after))
            counts.subtract(_facets(change.article_id, site, change.before))
        db.executemany(_COUNT, [(*facet, number) for facet, number in counts.items() if number])
        if any(number < 0 for number in counts.values()):
            db.execute("DELETE FROM facet_counts WHERE articles <= 0")

    def _site(self, db: sqlite3.Connection, site_id: int) -> str:
        if site_id not in self._sites:
            self._sites[site_id] = db.execute("SELECT key FROM sites WHERE id = ?", (site_id,)).fetchone()[0]
        return self._sites[site_id]


def _numbered(change: Change, row: Indexed) -> tuple[int, str, str, str, str, str]:
    return change.article_id, *row.row(change.site_id)


def _net(changes: Sequence[Change]) -> Iterator[Change]:
    """One change for each article, by rising number: from what stood before the batch to what stands behind it."""
    first: dict[int, Change] = {}
    last: dict[int, Change] = {}
    for change in changes:
        first.setdefault(change.article_id, change)
        last[change.article_id] = change
    for number in sorted(first):
        end = last[number]
        yield Change(number, end.public_id, end.site_id, first[number].before, end.after, end.row)


def _facets(article_id: int, site: str, article: Article | None) -> list[tuple[str, str]]:
    if article is None:
        return []
    found = [("site", site), ("day", day_of(article_id).isoformat())]
    found += [("category", article.category)] if article.category else []
    found += [("language", article.language)] if article.language else []
    return found


def _articles_after(db: sqlite3.Connection, number: int) -> list[tuple[int, str, int]]:
    sql = "SELECT id, public_id, site_id FROM articles WHERE id > ? ORDER BY id LIMIT ?"
    return db.execute(sql, (number, _BATCH)).fetchall()


def _forget(db: sqlite3.Connection) -> None:
    """See that nothing is left of taken-down articles and of their earlier readings: write the whole index anew.

    FTS5's own secure-delete leaves the words of what was changed before, and an index that older SQLite cannot read.
    """
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")


def _integrity(db: sqlite3.Connection) -> list[str]:
    """FTS5's own check, which is written as an insertion and so needs a connection that may write."""
    try:
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
    except db.DatabaseError as error:
        return [] if "readonly" in str(error) else [f"full-text index is damaged: {error}"]
    return []


_CHECKS = (
    (
        "articles are missing in the full-text index",
        "SELECT count(*) FROM articles a WHERE NOT EXISTS (SELECT 1 FROM articles_fts_docsize d WHERE d.id = a.id)",
    ),
    (
        "rows of the full-text index have no article",
        "SELECT count(*) FROM articles_fts_docsize d WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = d.id)",
    ),
    (
        "articles are counted wrongly in the facets",
        "SELECT abs((SELECT count(*) FROM articles) - "
        "coalesce((SELECT sum(articles) FROM facet_counts WHERE kind = 'day'), 0))",
    ),
    (
        "near-duplicates name articles that are not there",
        "SELECT count(*) FROM duplicates d WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = d.article_id)",
    ),
)


__all__ = ["Indexed", "SearchIndex"]
