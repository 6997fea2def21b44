"""The band index of near-duplicates: articles by the bands of their MinHash values, written in large sorted parts.

Bands are hashes, so each row of one article belongs on another page of `duplicate_bands`: in an archive of a million a
batch of a hundred articles would write twelve hundred pages. Rows are therefore gathered in `duplicate_recent`, a
short row for each batch, with a copy in memory; once there are `GENERATION` of them they move to `duplicate_bands` in
the order of their bands, a few with each batch, so that every page is written once for many rows (O'Neil et al., "The
log-structured merge-tree", 1996).
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

GENERATION = 300_000  # rows that are gathered before they move: twelve bytes of memory each, and half of them again
_LOOKED_AT = 200  # rows of one band, or of the large table, that are looked at for one article


class _Rows(NamedTuple):
    """Rows of the index by rising band."""

    bands: npt.NDArray[np.int32]
    articles: npt.NDArray[np.int64]

    @classmethod
    def of(cls, parts: Iterable[tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]]) -> Self:
        """Sort rows together; each part gives bands and articles of the same length."""
        bands, articles = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        order = np.argsort(bands, kind="stable")
        return cls(bands[order], articles[order])

    def part(self, choice: slice | npt.NDArray[np.bool_]) -> Self:
        """Give some of the rows, in their order."""
        return type(self)(self.bands[choice], self.articles[choice])

    def sharing(self, keys: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield band and article of the rows with one of those bands."""
        wanted = np.array(keys, np.int32)
        first, end = self.bands.searchsorted(wanted), self.bands.searchsorted(wanted, "right")
        for place in np.flatnonzero(first < end).tolist():
            for article in self.articles[first[place] : end[place]][:_LOOKED_AT].tolist():
                yield keys[place], article


_NONE = _Rows(np.empty(0, np.int32), np.empty(0, np.int64))


class Bands:
    """The band index, in the writer's transaction. `write` ends a batch; `forget` follows on a transaction undone."""

    def __init__(self, generation: int | None = None) -> None:
        self._generation = generation or GENERATION
        self.forget()

    def forget(self) -> None:
        """Read the gathered rows anew at the next call; what was added is gone with its transaction."""
        self._loaded = False
        self._batch: defaultdict[int, list[int]] = defaultdict(list)  # not yet written: band -> articles
        self._added: dict[int, list[int]] = {}  # the same: article -> bands
        self._young: list[_Rows] = []  # in duplicate_recent, the larger ones first
        self._old = _NONE  # rows of the generation that moves
        self._last: int | None = None  # the last of its rows in duplicate_recent
        self._moving: set[int] = set()  # its articles, also those that have moved already

    def sharing(self, db: sqlite3.Connection, article_id: int, keys: Sequence[int], most: int) -> list[int]:
        """Other articles that share a band, those that share most first."""
        self._load(db)
        marks = ", ".join("?" * len(keys))
        sql = f"SELECT band, article_id FROM duplicate_bands WHERE band IN ({marks}) AND article_id <> ? LIMIT ?"
        found = set(db.execute(sql, (*keys, article_id, _LOOKED_AT)))
        found.update((key, number) for key in keys for number in self._batch.get(key, ())[-_LOOKED_AT:])
        for rows in (*self._young, self._old):
            found.update(rows.sharing(keys))
        shared = Counter(number for _, number in found if number != article_id)
        return sorted(shared, key=lambda number: (-shared[number], number))[:most]

    def add(self, db: sqlite3.Connection, article_id: int, keys: Sequence[int]) -> None:
        """Put an article into the index, which is written by `write`."""
        self._load(db)
        self._added[article_id] = list(keys)
        for key in keys:
            self._batch[key].append(article_id)

    def remove(self, db: sqlite3.Connection, article_id: int, keys: Sequence[int]) -> None:
        """Take an article that was written out of the index."""
        self._load(db)
        sql = "DELETE FROM duplicate_bands WHERE band = ? AND article_id = ?"
        db.executemany(sql, [(key, article_id) for key in keys])
        recent = (*self._young, self._old)
        kept = [rows.articles != article_id for rows in recent]
        if article_id not in self._moving and all(choice.all() for choice in kept):
            return
        *self._young, self._old = (rows.part(choice) for rows, choice in zip(recent, kept, strict=True))
        for number, articles, bands in _recent(db):
            if article_id in articles:
                choice = articles != article_id
                _put(db, number, articles[choice], bands[choice])

    def write(self, db: sqlite3.Connection) -> None:
        """Write what a batch has added, and move some rows of a full generation to their place."""
        self._load(db)
        if not self._added:
            return
        articles, bands = np.array(list(self._added), np.int64), np.array(list(self._added.values()), np.int32)
        _put(db, None, articles, bands)
        self._batch.clear()
        self._added.clear()
        self._young.append(_Rows.of([_flat(articles, bands)]))
        while len(self._young) > 1 and len(self._young[-2].bands) <= len(self._young[-1].bands):
            self._young[-2:] = [_Rows.of(self._young[-2:])]
        if self._last is None and sum(len(rows.bands) for rows in self._young) >= self._generation:
            self._last = db.execute("SELECT max(id) FROM duplicate_recent").fetchone()[0]
            self._old, self._young = _Rows.of(self._young), []
            self._moving = set(self._old.articles.tolist())
        if self._last is not None:
            self._move(db, 2 * bands.size)

    def clear(self, db: sqlite3.Connection) -> None:
        """Empty the index."""
        db.execute("DELETE FROM duplicate_bands")
        db.execute("DELETE FROM duplicate_recent")
        self.forget()

    def _load(self, db: sqlite3.Connection) -> None:
        if self._loaded:
            return
        row = db.execute("SELECT id, moved_below FROM duplicate_recent WHERE moved_below IS NOT NULL").fetchone()
        self._last, moved = row or (None, 0)
        young: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]] = []
        old: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]] = []
        for number, articles, bands in _recent(db):
            (old if self._last is not None and number <= self._last else young).append(_flat(articles, bands))
        if young:
            self._young = [_Rows.of(young)]
        if old:
            rows = _Rows.of(old)
            self._moving = set(rows.articles.tolist())
            self._old = rows.part(rows.bands >= moved)
        self._loaded = True

    def _move(self, db: sqlite3.Connection, count: int) -> None:
        """Bring the next rows of the old generation to their place."""
        rows, self._old = self._old.part(slice(count)), self._old.part(slice(count, None))
        pairs = zip(rows.bands.tolist(), rows.articles.tolist(), strict=True)
        db.executemany("INSERT OR IGNORE INTO duplicate_bands VALUES (?, ?)", pairs)
        if len(self._old.bands):
            sql = "UPDATE duplicate_recent SET moved_below = ? WHERE id = ?"
            db.execute(sql, (int(self._old.bands[0]), self._last))
        else:
            db.execute("DELETE FROM duplicate_recent WHERE id <= ?", (self._last,))
            self._last, self._moving = None, set()


def _recent(db: sqlite3.Connection) -> Iterator[tuple[int, npt.NDArray[np.int64], npt.NDArray[np.int32]]]:
    """Yield the gathered rows: number, articles, and a line of bands for each article."""
    for number, articles, bands in db.execute("SELECT id, articles, bands FROM duplicate_recent").fetchall():
        numbers = np.frombuffer(articles, "<i8").astype(np.int64, copy=False)
        lines = np.frombuffer(bands, "<i4").astype(np.int32, copy=False)
        yield number, numbers, lines.reshape(len(numbers), -1) if len(numbers) else lines.reshape(0, 1)


def _put(
    db: sqlite3.Connection, number: int | None, articles: npt.NDArray[np.int64], bands: npt.NDArray[np.int32]
) -> None:
    values = (articles.astype("<i8").tobytes(), bands.astype("<i4").tobytes())
    if number is None:
        db.execute("INSERT INTO duplicate_recent (articles, bands) VALUES (?, ?)", values)
    else:
        db.execute("UPDATE duplicate_recent SET articles = ?, bands = ? WHERE id = ?", (*values, number))


def _flat(
    articles: npt.NDArray[np.int64], bands: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    return bands.reshape(-1), np.repeat(articles, bands.shape[1])
