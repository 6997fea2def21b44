"""An archive to write to, and made-up visits."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from articles.record import Article, Image, Problem, RelatedLink, Section
from storage import Archive, open_archive, runs
from storage.visit import Visit
from storage.writer import Writer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = (
    "The harbour of Lindow will be dredged from the spring on, the council decided on Monday.",
    "Ferries keep to their timetable, with two exceptions on the first weekend of April.",
    "Work is to cost eleven million and to last until the herring comes back in autumn.",
)


def make_article(url: str = "https://lindow.example/news/1", **fields: Any) -> Article:
    body = fields.pop("body", "\n\n".join(TEXT))
    values: dict[str, Any] = {
        "url": url,
        "title": "Harbour to be dredged",
        "lead": "Eleven million for deeper water.",
        "body": body,
        "sections": (Section(None, tuple(body.split("\n\n"))),) if body else (),
        "body_html": "".join(f"<p>{block}</p>" for block in body.split("\n\n")),
        "key_points": ("Work begins in spring", "Ferries keep running"),
        "category": "Town",
        "category_path": ("News", "Town"),
        "authors": ("Ada Kvist", "Olena Moroz"),
        "tags": ("harbour", "council"),
        "date_published": NOON - timedelta(hours=2),
        "date_published_raw": "1 March 2026, 10:00",
        "language": "en",
        "related_links": (RelatedLink("https://lindow.example/news/0", "Herring is late", "Sea", None),),
        "images": (Image("https://lindow.example/1.png", "The mole", "A. Kvist"),),
        "is_article": True,
        "page_kind": "article",
        "provenance": {"title": "h1", "body": "structure"},
        "problems": (Problem("date_modified", "in the future"),),
    }
    return Article(**(values | fields))


def make_visit(article: Article | None = None, **fields: Any) -> Visit:
    url = fields.pop("url", article.url if article else "https://lindow.example/news/1")
    page = f"<html><h1>{article.title if article else ''}</h1>{article.body_html if article else ''}</html>"
    values: dict[str, Any] = {
        "url": url,
        "site": "lindow.example",
        "run_id": 1,
        "started": NOON,
        "elapsed": 0.25,
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("ETag", '"1"')),
        "body": gzip.compress(page.encode("utf-8", "replace"), mtime=0),
        "ip": "127.0.0.1",
        "article": article,
        "extractor_version": "1",
    }
    return Visit(**(values | fields))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with open_archive(path, create=True) as opened:
        opened.db.execute("BEGIN")
        runs.begin(opened.db, "crawl", "0", {}, NOON)
        opened.db.execute("COMMIT")
        yield opened


@pytest.fixture
def writer(archive: Archive) -> Iterator[Writer]:
    with archive.writer() as opened:
        yield opened


@pytest.fixture
def rows(archive: Archive) -> Callable[..., list[tuple[Any, ...]]]:
    def query(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = archive.db.execute(sql, parameters).fetchall()
        return found

    return query
