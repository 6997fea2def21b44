"""What stands on the pages: read from the archive as plain data, for the templates to escape."""

from __future__ import annotations

import json
import sqlite3
from typing import Any
from urllib.parse import urlencode, urlsplit

from storage.cite import STYLES, source
from storage.face.chart import bars
from storage.reading import load
from storage.search.engine import Searcher
from storage.search.facets import facets
from storage.search.query import QueryError, parse

PAGE = 20
DEEPEST = 50  # pages of results
_LATEST = """SELECT a.public_id, coalesce(a.title, a.url) AS title, s.key AS site, a.category, a.lead,
 substr(coalesce(a.date_published, a.first_seen), 1, 16) AS at
 FROM articles a JOIN sites s ON s.id = a.site_id ORDER BY a.id DESC LIMIT 15"""
_REVISIONS = """SELECT seen_first, seen_last, outcome, reason, changed, reading IS NULL AS current
 FROM revisions WHERE article_id = ? ORDER BY id"""
_TWINS = """SELECT a.public_id, coalesce(a.title, a.url) AS title, s.key AS site, a.date_published, d.distance
 FROM duplicates o JOIN duplicates d ON d.cluster_id = o.cluster_id AND d.article_id <> o.article_id
 JOIN articles a ON a.id = d.article_id JOIN sites s ON s.id = a.site_id
 WHERE o.article_id = ? ORDER BY a.date_published LIMIT 50"""


def front(db: sqlite3.Connection) -> dict[str, Any]:
    """The front page: totals, coverage, the latest articles, the largest sites, sections and languages."""
    days = db.execute("SELECT value, articles FROM facet_counts WHERE kind = 'day' ORDER BY value").fetchall()
    counts = facets(db)
    return {
        "articles": sum(number for _, number in days),
        "span": (days[0][0], days[-1][0]) if days else None,
        "bars": bars(days),
        "facets": {kind: counts[kind][:12] for kind in ("site", "category", "language")},
        "sites": len(counts["site"]),
        "latest": _dicts(db, _LATEST),
        "clusters": db.execute("SELECT count(DISTINCT cluster_id) FROM duplicates").fetchone()[0],
    }


def found(db: sqlite3.Connection, query: str, by: str, page: int) -> dict[str, Any]:
    """The page of results; a query that cannot be understood gives a hint in place of results."""
    page = max(1, min(page, DEEPEST))
    context: dict[str, Any] = {"q": query, "by": by, "page": page, "results": None, "hint": None, "facets": {}}
    if not query.strip():
        return context
    order = "date" if by == "date" else "rank"
    try:
        results = Searcher(db).search(query, by=order, limit=PAGE, offset=(page - 1) * PAGE)  # type: ignore[arg-type]
    except QueryError as error:
        return context | {"hint": str(error)}
    more = page < DEEPEST and results.total > page * PAGE
    context |= {"results": results, "facets": _narrowing(db, query, list(results.ids)), "link": _link(query, by)}
    return context | {"next": page + 1 if more else None, "before": page - 1 if page > 1 else None}


def _narrowing(db: sqlite3.Connection, query: str, ids: list[int]) -> dict[str, list[tuple[str, int, str]]]:
    """Facets of the matches, each value with the query that narrows to it."""
    if not ids:
        return {}
    fields = {"site": "site", "category": "category", "month": "on"}
    found: dict[str, list[tuple[str, int, str]]] = {}
    for kind, values in facets(db, ids).items():
        shown = [(v, n, _narrowed(query, fields[kind], v)) for v, n in values[:12]]
        found[kind] = [item for item in shown if item[2]]
    return found


def _narrowed(query: str, field: str, value: str) -> str:
    """A query with one more condition; empty where the value cannot be written in a query."""
    if '"' in value:
        return ""
    written = f'{field}:"{value}"' if " " in value or "(" in value or ")" in value else f"{field}:{value}"
    narrowed = f"({query}) {written}" if " OR " in query or "|" in query else f"{query} {written}"
    try:
        parse(narrowed)
    except QueryError:
        return ""
    return narrowed


def _link(query: str, by: str) -> str:
    return "/search?" + urlencode({"q": query, "by": by})


def article(db: sqlite3.Connection, public_id: str) -> dict[str, Any] | None:
    """The page of one article, None where there is none."""
    row = db.execute("SELECT id, withdrawn_at, words FROM articles WHERE public_id = ?", (public_id,)).fetchone()
    if row is None:
        return None
    number, withdrawn, words = row
    cited = source(db, number)
    revisions = _dicts(db, _REVISIONS, number)
    for revision in revisions:
        revision["changed"] = ", ".join(json.loads(revision["changed"])) if revision["changed"] else ""
    return {
        "id": number,
        "public_id": public_id,
        "record": load(db, number),
        "site_key": cited.site,
        "cited": cited,
        "citations": {name: style(cited) for name, style in STYLES.items()},
        "withdrawn": withdrawn,
        "words": words,
        "revisions": revisions,
        "twins": _dicts(db, _TWINS, number),
        "web": web_address,
    }


def web_address(url: str | None) -> str | None:
    """An address that may be linked to: http and https only.

    >>> web_address("https://example.org/"), web_address("javascript:alert(1)")
    ('https://example.org/', None)
    """
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def _dicts(db: sqlite3.Connection, sql: str, *values: Any) -> list[dict[str, Any]]:
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
