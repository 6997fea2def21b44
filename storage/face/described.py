"""Datasette's metadata for an archive, made of the documentation that the archive carries."""

from __future__ import annotations

import sqlite3
from typing import Any

from storage.documentation import documentation

FACETS = {
    "articles": ["category", "language", "access", "page_kind"],
    "fetches": ["outcome", "reason", "status"],
    "frontier": ["state", "reason"],
    "sources": ["kind", "state"],
    "revisions": ["outcome"],
    "duplicates": ["cluster_id"],
}
SORTED = {"articles": "id", "fetches": "id", "revisions": "id", "runs": "id", "snapshots": "id", "tombstones": "id"}
LABELS = {"sites": "key", "articles": "title", "authors": "name", "tags": "name", "frontier": "url", "sources": "url"}
UNITS = {"fetches": {"elapsed": "s", "bytes": "B"}, "snapshots": {"length": "B"}, "sources": {"interval_seconds": "s"}}
HIDDEN = ("documentation", "duplicate_bands", "duplicate_recent", "facet_counts")
SEARCHED = {"fts_table": "articles_fts", "fts_pk": "id", "searchmode": "escaped"}

QUERIES: dict[str, dict[str, str]] = {
    "search": {
        "title": "Search by the query language",
        "sql": "SELECT a.public_id, substr(a.date_published, 1, 10) AS day, s.key AS site, a.title,\n"
        "  pressmark_snippet(a.body, a.language, :q) AS found\nFROM articles a JOIN sites s ON s.id = a.site_id\n"
        "WHERE a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH pressmark_match(:q)\n"
        "  ORDER BY rowid DESC LIMIT 200)\nORDER BY a.id DESC",
        "description": 'The newest 200 articles that a query finds, for instance: title:вибори OR "power cut"',
    },
    "coverage_by_month": {
        "title": "Articles by month and site",
        "sql": "SELECT substr(a.date_published, 1, 7) AS month, s.key AS site, count(*) AS articles\n"
        "FROM articles a JOIN sites s ON s.id = a.site_id WHERE s.key LIKE :site || '%'\n"
        "GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC",
        "description": "How many articles each site published; begin a site's name to narrow it.",
    },
    "most_revised": {
        "title": "Articles that changed most often",
        "sql": "SELECT a.public_id, s.key AS site, a.title, count(*) AS revisions, max(r.seen_first) AS last_change\n"
        "FROM revisions r JOIN articles a ON a.id = r.article_id JOIN sites s ON s.id = a.site_id\n"
        "GROUP BY a.id HAVING count(*) > 1 ORDER BY 4 DESC, 5 DESC LIMIT 200",
        "description": "Readings of one article that differ.",
    },
    "reprints": {
        "title": "Texts that stand on several sites",
        "sql": "SELECT first_article AS public_id, title, first_site, articles, sites, distance\n"
        "FROM duplicate_clusters WHERE sites > 1 ORDER BY sites DESC, articles DESC LIMIT 200",
        "description": "Near-duplicates, with the site that published first.",
    },
    "not_archived": {
        "title": "Why pages were not archived",
        "sql": "SELECT s.key AS site, f.outcome, coalesce(f.reason, '') AS reason, count(*) AS fetches\n"
        "FROM fetches f JOIN frontier u ON u.id = f.url_id JOIN sites s ON s.id = u.site_id\n"
        "WHERE f.outcome IN ('refused', 'failed', 'worse') GROUP BY 1, 2, 3 ORDER BY 4 DESC",
        "description": "Fetches without an article, by site and reason.",
    },
}


def metadata(db: sqlite3.Connection, name: str) -> dict[str, Any]:
    """Titles, descriptions, labels, units, facets, order and canned queries for the database called `name`."""
    tables = {table: _table(table, columns) for table, columns in documentation(db).items()}
    return {
        "title": name,
        "databases": {name: {"tables": tables, "queries": QUERIES, "description": "A Pressmark archive of news."}},
        "extra_css_urls": ["/-/pressmark/face.css"],
    }


def _table(table: str, columns: dict[str, str]) -> dict[str, Any]:
    described = {column: text for column, text in columns.items() if column}
    found: dict[str, Any] = {"description": columns.get("", ""), "columns": described}
    if table in ("articles", "articles_flat"):
        found |= SEARCHED
    if table in FACETS:
        found["facets"] = FACETS[table]
    if table in SORTED:
        found["sort_desc"] = SORTED[table]
    if table in LABELS:
        found["label_column"] = LABELS[table]
    if table in UNITS:
        found["units"] = UNITS[table]
    if table in HIDDEN:
        found["hidden"] = True
    return found
