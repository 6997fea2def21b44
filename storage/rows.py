"""Rows: an article's reading written to its tables. Everything runs in the writer's transaction."""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
import zlib
from typing import Any

from articles.record import Article
from storage.normal import utc, zone
from storage.reading import from_json, pack_html, pack_sections, raw_date, to_json

Parts = tuple[list[tuple[Any, ...]], ...]  # the rows of each table in PARTS, in the tables' columns' order

_COLUMNS = (
    "title",
    "lead",
    "key_points",
    "category",
    "category_path",
    "date_published",
    "date_published_zone",
    "date_published_raw",
    "date_modified",
    "date_modified_zone",
    "date_modified_raw",
    "language",
    "access",
    "page_kind",
    "updates",
    "structure",
    "words",
    "body",
    "body_html",
    "checksum",
    "provenance_id",
)
_INSERT = (
    f"INSERT INTO articles (id, public_id, site_id, url, first_seen, last_seen, {', '.join(_COLUMNS)})"
    f" VALUES ({', '.join('?' * (len(_COLUMNS) + 6))})"
)
_UPDATE = f"UPDATE articles SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE id = ?"
PARTS = ("related_links", "images", "article_authors", "article_tags", "problems")
_NAMES = {"article_authors": "authors", "article_tags": "tags"}  # where a table's rows are numbers of names
_MOST_NAMES = 100_000  # names kept in memory; forgotten all at once beyond


class Rows:
    """Writes readings; remembers the numbers of the names it has seen, until `forget`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._numbers: dict[tuple[str, str], int] = {}

    def forget(self) -> None:
        """Forget the numbers: after a rollback they may be given to others."""
        self._numbers.clear()

    def insert(self, article: Article, identity: tuple[int, str, int, str], seen: str) -> None:
        """Write a new article; `identity` is its number, public id, site's number and address."""
        parts = _parts(article)
        self.db.execute(_INSERT, (*identity, seen, seen, *self._values(article, parts)))
        self._insert_parts(identity[0], parts)

    def update(self, article_id: int, article: Article) -> None:
        """Write another reading over the present one."""
        parts = _parts(article)
        self.db.execute(_UPDATE, (*self._values(article, parts), article_id))
        self.delete_parts(article_id)
        self._insert_parts(article_id, parts)

    def delete_parts(self, article_id: int) -> None:
        """Delete what stands in the tables beside the article's row."""
        for table in PARTS:
            self.db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))

    def _values(self, article: Article, parts: Parts) -> tuple[Any, ...]:
        provenance = _json(dict(article.provenance))
        values = (
            article.title,
            article.lead,
            "\n".join(article.key_points) or None,
            article.category,
            _json(article.category_path),
            utc(article.date_published),
            zone(article.date_published),
            raw_date(article.date_published, article.date_published_raw),
            utc(article.date_modified),
            zone(article.date_modified),
            raw_date(article.date_modified, article.date_modified_raw),
            article.language,
            article.access,
            article.page_kind,
            _json(article.to_dict()["updates"]) if article.updates else None,
            pack_sections(article.sections, article.body),
            len(article.body.split()),
            article.body,
            pack_html(article.body_html, article.body),
        )
        number = self._number("provenances", "provenance", provenance) if provenance else None
        return (*values, checksum(values, provenance, parts), number)

    def _insert_parts(self, number: int, parts: Parts) -> None:
        """Write the rows beside the article's own; names become numbers."""
        for table, rows in zip(PARTS, parts, strict=True):
            names = _NAMES.get(table)
            if names:
                rows = [(self._number(names, "name", row[0]),) for row in rows]
            if rows:
                marks = ", ".join("?" * (len(rows[0]) + 2))
                numbered = [(number, position, *row) for position, row in enumerate(rows)]
                self.db.executemany(f"INSERT INTO {table} VALUES ({marks})", numbered)

    def _number(self, table: str, column: str, name: str) -> int:
        """Give the number of a name in a table of names; a new name is written down."""
        found = self._numbers.get((table, name))
        if found is None:
            row = self.db.execute(f"SELECT id FROM {table} WHERE {column} = ?", (name,)).fetchone()
            if row is None:
                row = (self.db.execute(f"INSERT INTO {table} ({column}) VALUES (?)", (name,)).lastrowid,)
            if len(self._numbers) >= _MOST_NAMES:
                self._numbers.clear()
            found = self._numbers[table, name] = row[0]
        return found


def _parts(article: Article) -> Parts:
    """The rows of the tables in `PARTS`, names not yet numbers."""
    return (
        [(link.url, link.title, link.category, link.date_published) for link in article.related_links],
        [(image.url, image.caption, image.credit) for image in article.images],
        [(name,) for name in article.authors],
        [(name,) for name in article.tags],
        [(problem.field, problem.reason) for problem in article.problems],
    )


def checksum(values: tuple[Any, ...], provenance: str | None, parts: Parts) -> int:
    """CRC-32 of what a reading consists of, as the tables hold it; key points are counted twice, as they once stood."""
    points = [(point,) for point in (values[_POINTS] or "").split("\n") if point]
    return zlib.crc32(repr((values, provenance, (points, *parts))).encode("utf-8", "surrogatepass"))


_POINTS = _COLUMNS.index("key_points")


def is_as_written(db: sqlite3.Connection, article_id: int) -> bool:
    """Say whether an article's rows are those that were written, as far as a checksum was written with them."""
    *values, provenance, written = db.execute(_CHECKED, (article_id,)).fetchone()
    parts = tuple(db.execute(sql, (article_id,)).fetchall() for sql in _CHECKED_PARTS)
    return written is None or checksum(tuple(values), provenance, parts) == written


_CHECKED = f"""SELECT {", ".join(name for name in _COLUMNS if name not in ("provenance_id", "checksum"))},
 p.provenance, checksum FROM articles a LEFT JOIN provenances p ON p.id = a.provenance_id WHERE a.id = ?"""
_CHECKED_PARTS = (
    "SELECT url, title, category, date_published FROM related_links WHERE article_id = ? ORDER BY position",
    "SELECT url, caption, credit FROM images WHERE article_id = ? ORDER BY position",
    "SELECT name FROM article_authors l JOIN authors n ON n.id = l.author_id WHERE article_id = ? ORDER BY position",
    "SELECT name FROM article_tags l JOIN tags n ON n.id = l.tag_id WHERE article_id = ? ORDER BY position",
    "SELECT field, reason FROM problems WHERE article_id = ? ORDER BY position",
)


def _json(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None


def storable(article: Article) -> Article:
    """Give a reading that SQLite can hold: without NUL and halves of surrogate pairs, which hostile pages have.

    >>> storable(Article(url="https://example.org/a", title="a\\x00b\\ud800")).title
    'ab?'
    >>> print(storable(Article(url="https://example.org/a", title="a\\x00b", lead="\\\\u0000")).lead)
    \\u0000
    >>> storable(Article(url="https://example.org/a", key_points=("\\x00", "One"))).key_points
    ('One',)
    """
    parts = (article.title, article.lead, article.body, article.category, article.language, *article.key_points)
    more = (*article.authors, *article.tags, *article.category_path, article.body_html, article.date_published_raw)
    links = [text for link in article.related_links for text in (link.url, link.title, link.category)]
    images = [text for image in article.images for text in (image.url, image.caption, image.credit)]
    dated = [text for update in article.updates for text in (update.heading, update.body)]
    wrong = [text for problem in article.problems for text in (problem.field, problem.reason)]
    others = (*dated, *wrong, article.url, article.canonical_url, article.site, article.date_modified_raw)
    text = "\n".join(filter(None, (*parts, *more, *links, *images, *others)))
    if "\x00" in text or not _encodable(text):
        packed = to_json(article).encode("utf-8", "replace").decode("utf-8")
        article = from_json(_NUL.sub(r"\1", packed))
    if any(
        point != " ".join(point.split()) or not point for point in article.key_points
    ):  # so by a site's rule, or now
        points = (" ".join(point.split()) for point in article.key_points)
        article = dataclasses.replace(article, key_points=tuple(filter(None, points)))
    return article


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")  # as JSON escapes it: a page may also speak of \\u0000


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
