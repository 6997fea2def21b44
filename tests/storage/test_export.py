"""Exports: each format is read back by what reads it elsewhere; nothing hostile comes through."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from storage import Archive
from storage.export import FORMATS, ExportError, Selection, SelectionError, export
from storage.export.tables import defused
from tests.storage.conftest import make_article, make_visit

HOSTILE = '=HYPERLINK("http://evil.example","x")'
BODY = 'First, "quoted"; paragraph.\n\nSecond paragraph,\nwith a break.'


@pytest.fixture
def stored(archive: Archive) -> Archive:
    visits = [
        make_visit(make_article(f"https://{site}/{n}", title=title, body=BODY, language=lang), site=site)
        for n, (site, title, lang) in enumerate(
            (
                ("lindow.example", HOSTILE, "en"),
                ("lindow.example", "../../etc/passwd", "en"),
                ("other.example", "Вибори в Україні", "uk"),
            )
        )
    ]
    with archive.writer() as writer:
        writer.store(visits)
    return archive


def every(archive: Archive) -> list[int]:
    return Selection().ids(archive.db)


def test_csv_is_read_back_with_formulas_defused(stored: Archive, tmp_path: Path) -> None:
    export(stored.db, every(stored), tmp_path / "a.csv", "csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == ["'" + HOSTILE, "../../etc/passwd", "Вибори в Україні"]
    assert rows[0]["body"] == BODY
    assert rows[0]["authors"] == "Ada Kvist; Olena Moroz"
    assert rows[0]["date_published_zone"] == "+00:00"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_every_beginning_of_a_formula_is_defused(cell: str) -> None:
    assert defused(cell) == "'" + cell


def test_json_lines_hold_the_whole_record(stored: Archive, tmp_path: Path) -> None:
    export(stored.db, every(stored), tmp_path / "a.jsonl", "jsonl")
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    assert [line["title"] for line in lines] == [HOSTILE, "../../etc/passwd", "Вибори в Україні"]
    assert lines[0]["body"] == BODY
    assert lines[0]["related_links"] == [
        {"url": "https://lindow.example/news/0", "title": "Herring is late", "category": "Sea", "date_published": None}
    ]
    assert lines[0]["public_id"].startswith("pm-")
    assert lines[2]["site_key"] == "other.example"


def test_json_ld_is_schema_org(stored: Archive, tmp_path: Path) -> None:
    export(stored.db, every(stored), tmp_path / "a.jsonld", "jsonld")
    document = json.loads((tmp_path / "a.jsonld").read_text("utf-8"))
    first = document["@graph"][0]
    assert document["@context"] == "https://schema.org"
    assert (first["@type"], first["headline"], first["articleBody"]) == ("NewsArticle", HOSTILE, BODY)
    assert first["author"] == [{"@type": "Person", "name": "Ada Kvist"}, {"@type": "Person", "name": "Olena Moroz"}]


def test_parquet_is_typed(stored: Archive, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(stored.db, every(stored), tmp_path / "a.parquet", "parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    row = table.to_pylist()[0]
    assert row["title"] == HOSTILE
    assert row["authors"] == ["Ada Kvist", "Olena Moroz"]
    assert row["date_published"].isoformat() == "2026-03-01T10:00:00+00:00"
    assert table.schema.field("title").metadata[b"description"] == b"Headline"


def test_texts_are_named_by_the_archive_alone(stored: Archive, tmp_path: Path) -> None:
    export(stored.db, every(stored), tmp_path / "corpus", "text")
    with (tmp_path / "corpus" / "metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    for row in rows:
        assert row["file"] == f"texts/{row['public_id']}.txt"
        assert BODY in (tmp_path / "corpus" / row["file"]).read_text("utf-8")
    assert {path.name for path in tmp_path.iterdir()} <= {"corpus", "news.db", "news.db-wal", "news.db-shm",
                                                          "news.db.warc", "news.db.lock"}  # fmt: skip


def test_a_data_package_describes_its_files(stored: Archive, tmp_path: Path) -> None:
    export(stored.db, every(stored), tmp_path / "package", "datapackage")
    package = json.loads((tmp_path / "package" / "datapackage.json").read_text("utf-8"))
    assert [resource["name"] for resource in package["resources"]] == [
        "articles",
        "article-authors",
        "article-tags",
        "related-links",
    ]
    for resource in package["resources"]:
        data = (tmp_path / "package" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(rows[0])
        assert all(field["description"] for field in fields)


@pytest.mark.parametrize(
    ("selection", "titles"),
    [
        (Selection(site="other.example"), ["Вибори в Україні"]),
        (Selection(query="Україна"), ["Вибори в Україні"]),
        (Selection(where="language = 'uk'"), ["Вибори в Україні"]),
        (Selection(where="language = 'en' -- a comment", site="lindow.example"), [HOSTILE, "../../etc/passwd"]),
        (Selection(since=date(2026, 3, 2)), []),
        (Selection(until=date(2026, 3, 1), query="title:Україна"), ["Вибори в Україні"]),
    ],
)
def test_a_selection(stored: Archive, selection: Selection, titles: list[str]) -> None:
    rows = stored.db.execute("SELECT id, title FROM articles").fetchall()
    names: dict[Any, str] = dict(rows)
    assert [names[number] for number in selection.ids(stored.db)] == titles


@pytest.mark.parametrize(
    "selection", [Selection(where="nonsense("), Selection(where="1); DELETE FROM articles; --"), Selection(site="x")]
)
def test_a_wrong_selection_is_told(stored: Archive, selection: Selection) -> None:
    with pytest.raises(SelectionError):
        selection.ids(stored.db)
    assert len(every(stored)) == 3


def test_an_export_overwrites_nothing_and_leaves_nothing_half(
    stored: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "a.csv"
    with pytest.raises(ExportError, match="no folder"):
        export(stored.db, every(stored), target, "csv")
    target.parent.mkdir()

    def fail() -> None:
        raise OSError(28, "No space left on device")

    for form in FORMATS:
        with pytest.raises(ExportError, match="No space left"):
            export(stored.db, every(stored), target, form, fail)
        assert list(target.parent.iterdir()) == []
    target.write_text("mine")
    with pytest.raises(ExportError, match="there already"):
        export(stored.db, every(stored), target, "csv")
    assert target.read_text() == "mine"
