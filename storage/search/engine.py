"""Search: the newest first, or by BM25; exact where that can be had in time, else marked as approximate."""

from __future__ import annotations

import dataclasses
import json
import math
import sqlite3
import time
from typing import Any, Literal

from storage.search.ids import day_of, first_id
from storage.search.match import Compiler, Leaf, Match
from storage.search.plan import FIRST_WINDOW, SMALL, Calendar, Walk, costs, too_common
from storage.search.query import Query, QueryError, parse
from storage.search.snippets import Piece, highlighted, snippet

Order = Literal["rank", "date"]
RANKED = 10_000  # most matches that are ranked
SECONDS = 0.025  # for looking through the index, window by window
WEIGHTS = "1.0, 8.0, 4.0, 4.0, 1.5"  # body, title, lead, key points, search terms
STRIDE = 4  # times what was looked through so far, at most, is looked through at once
MOST_AT_ONCE = 1_000
_POOL = 100  # newest matches that are ranked by reading them, where every word is too common
_HEADS = 1_000  # newest matches whose titles are read to find them
_SAME_DAY = 5_000


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """One article found. Dates are UTC, ISO 8601; `title` and `snippet` are pieces, those found marked."""

    id: int
    public_id: str
    site: str
    url: str
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    category: str | None
    language: str | None
    date_published: str | None
    score: float | None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; what was found stands between « and » in `snippet`."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        marked = "".join(f"«{piece.text}»" if piece.found else piece.text for piece in self.snippet)
        return {**values, "title": "".join(piece.text for piece in self.title), "snippet": marked}


@dataclasses.dataclass(frozen=True, slots=True)
class Results:
    """What a search found. `approximate` says what was left out, None where nothing was."""

    hits: tuple[Hit, ...]
    total: int
    total_is_estimate: bool
    approximate: str | None
    seconds: float
    ids: tuple[int, ...] = ()  # of the matches looked at, newest first: what facets are counted of


@dataclasses.dataclass(slots=True)
class _Found:
    """Matching articles, newest first; how many articles were looked through, and whether those were all."""

    ids: list[int]
    looked: int
    complete: bool


class Searcher:
    """Searches one archive through one connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._calendar: tuple[tuple[int, int], Calendar] | None = None

    def search(
        self, query: str | Query, *, by: Order = "rank", limit: int = 20, offset: int = 0, exact: bool = False
    ) -> Results:
        """Search; with `exact`, all matches are ranked however long it takes.

        Raises:
            QueryError: if the query cannot be understood; says how to write it
        """
        started = time.perf_counter()
        limit, offset = max(0, min(limit, MOST_AT_ONCE)), max(0, offset)
        match = Compiler(self.db).compile(parse(query) if isinstance(query, str) else query)
        if all(leaf.filter for leaf in match.leaves()):
            by = "date"  # filters alone give nothing to rank by
        calendar = self._days()
        walk = calendar.walk(match.lowest, match.highest)
        found = self._look(match, walk, needed=offset + limit if by == "date" else 0, exact=exact)
        if by == "date":
            page, why = self._newest(match, found, offset, limit), _short(found, offset + limit)
        else:
            page, why = self._ranked(match, calendar, found, (offset, limit, exact))
        total = len(found.ids) if found.complete else max(len(found.ids), _estimate(found, walk.articles))
        hits = self._hits(page, match)
        spent = time.perf_counter() - started
        return Results(hits, total, not found.complete, why, spent, tuple(found.ids[:RANKED]))

    def matching(self, query: str | Query) -> list[int]:
        """All articles that match, newest first, without limit."""
        match = Compiler(self.db).compile(parse(query) if isinstance(query, str) else query)
        sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC"
        return [number for (number,) in self.db.execute(sql, (match.expression(), match.lowest, match.highest))]

    def _days(self) -> Calendar:
        """The calendar, read again where the archive has changed."""
        version = self.db.execute("PRAGMA data_version").fetchone()[0], self.db.total_changes
        if self._calendar is None or self._calendar[0] != version:
            self._calendar = version, Calendar(self.db)
        return self._calendar[1]

    def _look(self, match: Match, walk: Walk, *, needed: int, exact: bool) -> _Found:
        """Gather matches window by window, until there are enough or the time is up."""
        started = time.perf_counter()
        found = _Found([], 0, True)
        sql = """SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?
                 ORDER BY rowid DESC LIMIT ?"""
        most = max(RANKED, needed)
        size = FIRST_WINDOW if walk.articles > SMALL and not exact else walk.articles + 1
        while window := walk.take(size):
            room = -1 if exact else most - len(found.ids) + 1
            rows = self.db.execute(sql, (match.expression(), window.lowest, window.highest, room)).fetchall()
            found.ids += [row[0] for row in rows]
            found.looked += window.articles
            if not exact and len(found.ids) > most:
                del found.ids[most:]
                found.looked = walk.since(found.ids[-1])
                found.complete = False
                return found
            spent = time.perf_counter() - started
            left = SECONDS - spent
            if not exact and left <= (0 if len(found.ids) >= needed else -SECONDS):
                found.complete = walk.top < walk.lowest
                break
            reach = min(int(found.looked / spent * left), STRIDE * found.looked)  # what comes first need not be typical
            size = max(FIRST_WINDOW, reach) if left > 0 else size * 2
        return found

    def _newest(self, match: Match, found: _Found, offset: int, limit: int) -> list[tuple[int, float | None]]:
        """A page by date. Numbers tell the day; within the days of the page, the time of publication decides."""
        ids = found.ids[: offset + limit]
        if not ids:
            return []
        last = first_id(day_of(ids[-1]))
        rest = [number for number in found.ids[offset + limit : offset + limit + _SAME_DAY] if number >= last]
        times = dict(self._columns("id, coalesce(date_published, first_seen)", ids[offset:] + rest))
        first_day = day_of(ids[offset]) if offset < len(ids) else None
        before = [number for number in ids[:offset] if day_of(number) == first_day]
        times.update(self._columns("id, coalesce(date_published, first_seen)", before))
        order = sorted(times, key=lambda number: (day_of(number), times[number], number), reverse=True)
        return [(number, None) for number in order[len(before) : len(before) + limit]]

    def _columns(self, columns: str, ids: list[int]) -> list[Any]:
        sql = f"SELECT {columns} FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        return self.db.execute(sql, (json.dumps(ids),)).fetchall()

    def _ranked(
        self, match: Match, calendar: Calendar, found: _Found, page: tuple[int, int, bool]
    ) -> tuple[list[tuple[int, float | None]], str | None]:
        offset, limit, exact = page
        if not found.ids:
            return [], _short(found, 1)
        dropped: set[Leaf] = set()
        hopeless = False
        if calendar.articles > SMALL and not exact:
            dropped, hopeless = too_common(costs(self.db, calendar, match))
        back = f"the newest {len(found.ids):,} matches, back to {day_of(found.ids[-1])}"
        why = None if found.complete else f"ranked among {back}; narrow the search or ask for exact ranking"
        if hopeless:
            read = self._read(match, found)
            if len(read) < len(found.ids) or not found.complete:
                why = f"every word is very common: ranked among {len(read)} of the newest matches; add a rarer word"
            return read[offset : offset + limit], why
        rows = self._bm25(match, found, dropped, offset + limit)[offset:]
        if dropped and why is None:
            why = "very common words do not count in the ranking; ask for exact ranking to count them"
        return rows, why

    def _bm25(self, match: Match, found: _Found, dropped: set[Leaf], limit: int) -> list[tuple[int, float | None]]:
        lowest, highest = min(found.ids[-1], match.highest), match.highest
        within = "AND +articles_fts.rowid IN (SELECT value FROM json_each(?5))" if dropped else ""
        sql = f"""SELECT rowid, -bm25(articles_fts, {WEIGHTS}) AS score FROM articles_fts WHERE articles_fts MATCH ?1
                  AND rowid BETWEEN ?2 AND ?3 {within} ORDER BY score DESC, rowid DESC LIMIT ?4"""
        values = [match.expression(dropped), lowest, highest, limit]
        return self.db.execute(sql, [*values, json.dumps(found.ids)] if dropped else values).fetchall()

    def _read(self, match: Match, found: _Found) -> list[tuple[int, float | None]]:
        """Rank the newest matches by reading them: those with the words in the title, and some of the others."""
        ids, sought = found.ids, _sought(match)
        if len(ids) > 2 * _POOL:
            heads = self._columns("id, title, lead", ids[:_HEADS])
            titled = {
                number for number, *texts in heads if any(_counted(text, word) for text in texts for word in sought)
            }
            ids = list(dict.fromkeys([number for number in ids if number in titled][:_POOL] + ids[:_POOL]))
        return _scored(self._columns("id, title, lead, key_points, body", ids), sought)

    def _hits(self, page: list[tuple[int, float | None]], match: Match) -> tuple[Hit, ...]:
        columns = "id, public_id, site_id, url, title, lead, key_points, category, language, date_published, body"
        rows = {row[0]: row for row in self._columns(columns, [number for number, _ in page])}
        sites = dict(self.db.execute("SELECT id, key FROM sites").fetchall()) if rows else {}
        return tuple(_hit(rows[number], sites, score, match) for number, score in page if number in rows)


def _hit(row: Any, sites: dict[int, str], score: float | None, match: Match) -> Hit:
    number, public_id, site_id, url, title, lead, points, category, language, published, body = row
    head = highlighted(title or url, language, match.marked)
    shown = any(piece.found for piece in head)  # often by the title alone, most of all by rank
    text = snippet((lead, points, body), language, match.marked, thorough=not shown)
    return Hit(number, public_id, sites[site_id], url, head, text, category, language, published, score)


def _estimate(found: _Found, everything: int) -> int:
    return round(len(found.ids) * everything / max(1, found.looked))


def _short(found: _Found, needed: int) -> str | None:
    """Why a page by date may lack articles."""
    if found.complete or len(found.ids) >= needed:
        return None
    return f"only the newest {found.looked:,} articles were looked through; narrow the search or ask for all of it"


def _sought(match: Match) -> list[str]:
    return [*match.marked.words, *(" ".join(phrase) for phrase in match.marked.phrases)]


def _scored(rows: list[Any], sought: list[str]) -> list[tuple[int, float | None]]:
    """BM25 of texts that were read, by the words as they stand in the query; all words weigh the same."""
    counted: list[tuple[int, float, int]] = []
    for number, *texts in rows:
        weighed = list(zip(texts, (8, 4, 4, 1), strict=True))
        counts = (sum(weight * _counted(text, word) for text, weight in weighed) for word in sought)
        length = sum(len(text or "") for text in texts)
        counted.append((number, sum(map(math.log1p, counts)), length))
    mean = sum(length for _, _, length in counted) / max(1, len(counted)) or 1.0
    scores = [(score / (0.25 + 0.75 * (length + 1) / mean), number) for number, score, length in counted]
    return [(number, score) for score, number in sorted(scores, reverse=True)]


def _counted(text: str | None, word: str) -> int:
    """How often a word stands in a text as a whole word; a pattern that begins at a word's edge takes tenfold time.

    >>> _counted("Art, party, ART", "art"), _counted("start", "art"), _counted(None, "art")
    (2, 0, 0)
    """
    text, count = (text or "").casefold(), 0
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        count += not (_in_word(text[at - 1 : at]) or _in_word(text[end : end + 1]))
        at = text.find(word, end)
    return count


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


__all__ = ["Hit", "Order", "QueryError", "Results", "Searcher"]
