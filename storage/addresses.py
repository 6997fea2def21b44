"""Addresses in the archive: which rows of the frontier a visit concerns, and which article they show."""

from __future__ import annotations

import dataclasses
import sqlite3
from datetime import timedelta

from storage.address import trusted_canonical
from storage.times import to_text
from storage.visit import Visit

TAKEN_DOWN = "taken_down"
FEW = 3  # addresses of one article that are visited as any other
SPARED = timedelta(days=30)


@dataclasses.dataclass(frozen=True, slots=True)
class Urls:
    """The addresses of one visit: asked for, arrived at (where redirected), declared by the page (where elsewhere)."""

    url_id: int
    final_id: int | None = None
    canonical_url: str | None = None
    canonical_id: int | None = None  # None too where the archive does not know that address yet
    taken_down: bool = False


class Addresses:
    """Looks addresses up and binds them to articles, in the writer's transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def of(self, visit: Visit, site_id: int) -> Urls:
        """Give the rows of a visit's addresses; the URL and where it led are written down where they are new."""
        url_id, state = self._row(visit.url, site_id, visit, "pending")
        states = [state]
        final_id = None
        if visit.final_url and visit.final_url != visit.url:
            final_id, state = self._row(visit.final_url, site_id, visit, "alias")
            states.append(state)
        canonical, canonical_id = self._canonical(visit), None
        if canonical is not None and (row := self._find(canonical)) is not None:
            canonical_id = row[0]
            states.append(row[1])
        return Urls(url_id, final_id, canonical, canonical_id, TAKEN_DOWN in states)

    def bind(self, urls: Urls, article_id: int, visit: Visit, site_id: int) -> None:
        """File an article under all addresses of a visit; those bound already stay with their article.

        Where another of them is fetched in its own right, the one visited needs no more visits: it is an alias. (Not
        where that other one has turned out to show another article.)
        """
        ids = [urls.url_id]
        if urls.final_id is not None:
            ids.append(urls.final_id)
        if urls.canonical_url is not None:
            ids.append(urls.canonical_id or self._row(urls.canonical_url, site_id, visit, "alias")[0])
        self.db.executemany("INSERT OR IGNORE INTO article_urls VALUES (?, ?)", [(i, article_id) for i in ids])
        for other in ids[1:]:
            self.db.execute(_ALIAS, (urls.url_id, other, article_id))

    def spare(self, urls: Urls, article_id: int, visit: Visit) -> None:
        """Visit an article's fourth address and further ones much later: some sites make up a new one at each visit."""
        later = to_text(visit.started + SPARED)
        self.db.execute(_SPARE, (later, urls.url_id, article_id, FEW))

    def _canonical(self, visit: Visit) -> str | None:
        here = visit.final_url or visit.url
        declared = visit.canonical_url
        if declared is None and visit.article is not None:
            declared = trusted_canonical(here, visit.article.canonical_url)
        return declared if declared not in (None, here, visit.url) else None

    def _find(self, url: str) -> tuple[int, str] | None:
        row: tuple[int, str] | None = self.db.execute("SELECT id, state FROM frontier WHERE url = ?", (url,)).fetchone()
        return row

    def _row(self, url: str, site_id: int, visit: Visit, state: str) -> tuple[int, str]:
        found = self._find(url)
        if found is not None:
            return found
        sql = "INSERT INTO frontier (url, site_id, state, first_seen) VALUES (?, ?, ?, ?)"
        number = self.db.execute(sql, (url, site_id, state, to_text(visit.started))).lastrowid
        assert number is not None
        return number, state


_SPARE = """UPDATE frontier SET due_at = max(due_at, ?1) WHERE id = ?2 AND due_at IS NOT NULL
 AND (SELECT count(*) FROM article_urls WHERE article_id = ?3) > ?4"""
_ALIAS = """UPDATE frontier SET state = 'alias', due_at = NULL WHERE id = ?1 AND id <> ?2
 AND EXISTS (SELECT 1 FROM article_urls WHERE url_id = ?2 AND article_id = ?3)
 AND EXISTS (SELECT 1 FROM frontier o WHERE o.id = ?2 AND o.state IN ('pending', 'done') AND o.due_at IS NOT NULL)"""
