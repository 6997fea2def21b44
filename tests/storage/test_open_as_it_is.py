"""Other programs open the archive as it is; those that are not installed are passed over."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

import pressmark
from storage import Archive
from tests.storage.conftest import make_article, make_visit


@pytest.fixture
def stored(archive: Archive, path: Path) -> Path:
    """An archive of three articles, closed: two copies of SQLite in one process undo each other's locks."""
    with archive.writer() as writer:
        writer.store([make_visit(make_article(f"https://lindow.example/{n}", title=f"Harbour {n}")) for n in range(3)])
    archive.close()
    return path


def test_sqlite_utils(stored: Path) -> None:
    sqlite_utils = pytest.importorskip("sqlite_utils")
    database = sqlite_utils.Database(str(stored))
    assert database["articles"].count == 3
    assert database["articles"].detect_fts() == "articles_fts"
    assert len(list(database["articles"].search("harbour"))) == 3
    assert "articles_flat" in database.view_names()
    database.conn.close()


def test_pandas(stored: Path) -> None:
    pandas = pytest.importorskip("pandas")
    with contextlib.closing(sqlite3.connect(f"file:{stored}?mode=ro", uri=True)) as plain:
        table = pandas.read_sql("SELECT * FROM articles_flat", plain, parse_dates=["date_published"])
    assert list(table["title"]) == ["Harbour 0", "Harbour 1", "Harbour 2"]
    assert table["date_published"].dt.year.tolist() == [2026] * 3


def test_duckdb(stored: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        try:
            connection.execute("LOAD sqlite")
        except duckdb.Error:
            pytest.skip("DuckDB's sqlite extension is not installed")
        connection.execute(f"ATTACH '{stored}' AS news (TYPE sqlite, READ_ONLY)")
        sql = "SELECT s.key, count(*) FROM news.articles a JOIN news.sites s ON s.id = a.site_id GROUP BY 1"
        assert connection.execute(sql).fetchall() == [("lindow.example", 3)]


def test_datasette_without_our_plugin(stored: Path) -> None:
    app = pytest.importorskip("datasette.app")

    async def ask() -> tuple[int, int, str | None]:
        datasette = app.Datasette([str(stored)])
        await datasette.invoke_startup()
        rows = await datasette.client.get("/news/articles.json?_search=harbour&_shape=array&_col=title")
        found = await datasette.get_database("news").fts_table("articles")
        return rows.status_code, len(rows.json()), found

    assert asyncio.run(ask()) == (200, 3, "articles_fts")


def test_the_python_api(stored: Path) -> None:
    with pressmark.open(stored) as archive:
        assert len(archive) == 3
        [hit] = archive.search('title:"harbour 1"')
        assert archive[hit.public_id].title == archive[hit.url].title == archive[hit.id].title == "Harbour 1"
        assert [row["title"] for row in archive.rows(where="title LIKE '%2'")] == ["Harbour 2"]
        assert [article.title for article in archive.articles()] == ["Harbour 0", "Harbour 1", "Harbour 2"]
        assert archive.facets("harbour")["site"] == [("lindow.example", 3)]
        assert archive.cite(hit.id, "ris").startswith("TY  - NEWS")
        assert [row["articles"] for row in archive.duplicates()] == [3]
        with pytest.raises(pressmark.QueryError):
            archive.search("(")
        with pytest.raises(pressmark.NotFound):
            archive["pm-nothing"]
        with pytest.raises(archive.db.OperationalError):
            archive.db.execute("DELETE FROM articles")


def test_the_python_api_gives_data_frames(stored: Path) -> None:
    pytest.importorskip("pandas")
    with pressmark.open(stored) as archive:
        table = archive.frame("harbour")
        assert str(table["date_published"].dt.tz) == "UTC"
        assert len(table) == 3
        assert list(archive.frame(where="0").columns) == list(table.columns)
