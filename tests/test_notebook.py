"""The notebook of docs/ is executed, cell by cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storage import open_archive
from tests.storage.conftest import make_article, make_visit
from tests.storage.search.conftest import LONG

NOTEBOOK = Path(__file__).parent.parent / "docs" / "research.ipynb"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    with open_archive(path, create=True) as archive, archive.writer() as writer:
        archive.db.execute("INSERT INTO runs (kind, started, version) VALUES ('crawl', '2026-03-01T12:00:00Z', '0')")
        for site in ("lindow.example", "other.example"):
            article = make_article(f"https://{site}/1", title="Гавань і harbour", body=f"The harbour. {LONG}")
            writer.store([make_visit(article, site=site)])
    return path


def test_the_notebook_runs(archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(archive.parent)
    names: dict[str, Any] = {}
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            exec(compile("".join(cell["source"]), f"{NOTEBOOK.name}:{cell['id']}", "exec"), names)
    printed = capsys.readouterr().out
    assert "2 articles, 1 distinct texts" in printed
    assert "sha256:" in names["citation"]
    assert (archive.parent / "harbour.csv").read_text("utf-8").count("https://") == 2
