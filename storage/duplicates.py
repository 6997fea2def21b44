"""Near-duplicates: the same text under several addresses, found by index as articles arrive, kept as clusters."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from storage.bands import Bands
from storage.search.shingles import Hashes, resemblance, shingles

ALIKE = 0.6  # resemblance from which two texts are the same (bench/duplicates.py measures it)
_COMPARED = 8  # candidates whose texts are compared
_MEMBERS = 200  # of a cluster, of which the nearest is sought


class Duplicates:
    """Finds and keeps clusters, in the writer's transaction."""

    def __init__(self) -> None:
        self._bands = Bands()

    def place(self, db: sqlite3.Connection, article_id: int, hashes: Hashes, keys: Sequence[int]) -> None:
        """Put an article, by its shingles and their bands, into the index, and into a cluster where it is alike."""
        if not keys:
            return
        alike = _alike(db, hashes, self._bands.sharing(db, article_id, keys, _COMPARED))
        self._bands.add(db, article_id, keys)
        if alike:
            _join(db, article_id, alike)

    def remove(self, db: sqlite3.Connection, article_id: int, keys: Sequence[int]) -> None:
        """Take an article out of the band index and out of its cluster; the others close up."""
        self._bands.remove(db, article_id, keys)
        row = db.execute("SELECT cluster_id FROM duplicates WHERE article_id = ?", (article_id,)).fetchone()
        if row is not None:
            _leave(db, article_id, row[0])

    def write(self, db: sqlite3.Connection) -> None:
        """End a batch: write what was placed into the band index."""
        self._bands.write(db)

    def clear(self, db: sqlite3.Connection) -> None:
        """Empty the index and undo the clusters."""
        db.execute("DELETE FROM duplicates")
        self._bands.clear(db)

    def forget(self) -> None:
        """Forget what was read and placed in a transaction that was undone."""
        self._bands.forget()


def _alike(db: sqlite3.Connection, hashes: Hashes, candidates: Iterable[int]) -> list[tuple[float, int]]:
    """Distance and number of the candidates whose text is the same, the nearest first."""
    found = []
    for number in candidates:
        row = db.execute("SELECT body FROM articles WHERE id = ?", (number,)).fetchone()
        if row is not None and (alike := resemblance(hashes, shingles(row[0]))) >= ALIKE:
            found.append((round(1 - alike, 4), number))
    return sorted(found)


def _join(db: sqlite3.Connection, article_id: int, alike: list[tuple[float, int]]) -> None:
    """Put an article with those alike into one cluster, which is called after its lowest number."""
    distance, nearest = alike[0]
    members = {article_id, *(number for _, number in alike)}
    clusters = {
        row[0]
        for number in members
        for row in db.execute("SELECT cluster_id FROM duplicates WHERE article_id = ?", (number,))
    }
    cluster = min(members | clusters)
    sql = "INSERT OR REPLACE INTO duplicates (article_id, cluster_id, nearest_id, distance) VALUES (?, ?, ?, ?)"
    db.execute(sql, (article_id, cluster, nearest, distance))
    sql = "INSERT OR IGNORE INTO duplicates (article_id, cluster_id, nearest_id, distance) VALUES (?, ?, ?, ?)"
    db.executemany(sql, [(number, cluster, article_id, far) for far, number in alike])
    closer = "UPDATE duplicates SET nearest_id = ?, distance = ? WHERE article_id = ? AND distance > ?"
    db.executemany(closer, [(article_id, far, number, far) for far, number in alike])
    for old in clusters - {cluster}:
        db.execute("UPDATE duplicates SET cluster_id = ? WHERE cluster_id = ?", (cluster, old))


def _leave(db: sqlite3.Connection, article_id: int, cluster: int) -> None:
    db.execute("DELETE FROM duplicates WHERE article_id = ?", (article_id,))
    rest = [
        row[0]
        for row in db.execute("SELECT article_id FROM duplicates WHERE cluster_id = ? ORDER BY article_id", (cluster,))
    ]
    if len(rest) < 2:
        db.execute("DELETE FROM duplicates WHERE cluster_id = ?", (cluster,))
        return
    db.execute("UPDATE duplicates SET cluster_id = ? WHERE cluster_id = ?", (rest[0], cluster))
    sql = "SELECT article_id FROM duplicates WHERE nearest_id = ?"
    for (orphan,) in db.execute(sql, (article_id,)).fetchall():
        _find_nearest(db, orphan, rest)


def _find_nearest(db: sqlite3.Connection, article_id: int, members: list[int]) -> None:
    texts = {
        number: shingles(db.execute("SELECT body FROM articles WHERE id = ?", (number,)).fetchone()[0])
        for number in {article_id, *members[:_MEMBERS]}
    }
    own = texts.pop(article_id)
    alike, nearest = max((resemblance(own, hashes), number) for number, hashes in texts.items())
    sql = "UPDATE duplicates SET nearest_id = ?, distance = ? WHERE article_id = ?"
    db.execute(sql, (nearest, round(1 - alike, 4), article_id))
