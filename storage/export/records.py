"""Whole records: JSON Lines as `articles.Article` has them, and schema.org JSON-LD."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import IO, Any

from articles.record import Article
from storage.export.tables import Tick
from storage.reading import load

_IDENTITY = """SELECT a.public_id, s.key, a.first_seen, a.last_seen, a.withdrawn_at, d.cluster_id
 FROM articles a JOIN sites s ON s.id = a.site_id LEFT JOIN duplicates d ON d.article_id = a.id WHERE a.id = ?"""
_NAMES = ("public_id", "site_key", "first_seen", "last_seen", "withdrawn_at", "duplicate_cluster")


def records(db: sqlite3.Connection, ids: list[int]) -> Iterator[tuple[dict[str, Any], Article]]:
    """What the archive knows of articles, and their records, one at a time."""
    for number in ids:
        row = db.execute(_IDENTITY, (number,)).fetchone()
        if row is None:
            continue  # taken down since the selection was made
        yield {"id": number, **dict(zip(_NAMES, row, strict=True))}, load(db, number)


def write_jsonl(db: sqlite3.Connection, ids: list[int], out: IO[str], tick: Tick) -> None:
    """Write one JSON object a line: the archive's knowledge, then the record."""
    for facts, article in records(db, ids):
        out.write(json.dumps(facts | article.to_dict(), ensure_ascii=False) + "\n")
        tick()


def write_jsonld(db: sqlite3.Connection, ids: list[int], out: IO[str], tick: Tick) -> None:
    """Write one JSON-LD document with a schema.org NewsArticle for each article."""
    out.write('{"@context": "https://schema.org", "@graph": [')
    for number, (facts, article) in enumerate(records(db, ids)):
        out.write((",\n" if number else "\n") + json.dumps(news_article(facts, article), ensure_ascii=False))
        tick()
    out.write("\n]}\n")


def news_article(facts: dict[str, Any], article: Article) -> dict[str, Any]:
    """An article in schema.org's words, without what is absent.

    >>> news_article({"public_id": "pm-1"}, Article(url="https://example.org/1", title="A"))["headline"]
    'A'
    """
    values: dict[str, Any] = {
        "@type": "LiveBlogPosting" if article.page_kind == "live" else "NewsArticle",
        "@id": article.url,
        "identifier": facts["public_id"],
        "url": article.url,
        "headline": article.title,
        "description": article.lead,
        "articleBody": article.body,
        "articleSection": list(article.category_path) or article.category,
        "keywords": list(article.tags),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "Organization", "name": article.site} if article.site else None,
        "datePublished": article.date_published.isoformat() if article.date_published else None,
        "dateModified": article.date_modified.isoformat() if article.date_modified else None,
        "inLanguage": article.language,
        "isAccessibleForFree": article.access == "free",
        "image": [_image(item.url, item.caption, item.credit) for item in article.images],
        "relatedLink": [link.url for link in article.related_links],
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _image(url: str, caption: str | None, credit: str | None) -> dict[str, str]:
    given = {"@type": "ImageObject", "url": url, "caption": caption, "creditText": credit}
    return {name: value for name, value in given.items() if value}
