"""Citations: what they say, and that crawled text cannot break out of a field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import cli
from storage import Archive
from storage.cite import bibtex, csl_json, ris, source
from storage.writer import Writer
from tests.storage.conftest import make_article, make_visit

NASTY = "100% {sure}\r\nER  - \\end{document} & $x_1$ # ~^"


@pytest.fixture
def number(writer: Writer) -> int:
    article = make_article(title=NASTY, url="https://lindow.example/a%20b?q={1}")
    [stored] = writer.store([make_visit(article, url="https://lindow.example/1")])
    assert stored.article_id is not None
    return stored.article_id


def test_the_snapshot_is_cited_with_time_and_digest(archive: Archive, number: int) -> None:
    cited = source(archive.db, number)
    [(digest,)] = archive.db.execute("SELECT lower(hex(digest)) FROM snapshots").fetchall()
    for text in (bibtex(cited), ris(cited), csl_json(cited)):
        assert digest in text
        assert "2026-03-01T12:00:00Z" in text
        assert cited.public_id in text


def test_bibtex_is_escaped_and_balanced(archive: Archive, number: int) -> None:
    text = bibtex(source(archive.db, number))
    title = next(line for line in text.splitlines() if line.startswith("  title"))
    assert r"100\% \{sure\} ER - \textbackslash{}end\{document\} \& \$x\_1\$ \#" in title
    bare = text.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")
    assert "author = {{Ada Kvist} and {Olena Moroz}}" in text


def test_a_line_of_ris_stays_a_line(archive: Archive, number: int) -> None:
    lines = ris(source(archive.db, number)).splitlines()
    assert [line[:2] for line in lines].count("ER") == 1
    assert lines[-1] == "ER  - "
    assert all(line[2:6] == "  - " for line in lines)


def test_csl_is_json(archive: Archive, number: int) -> None:
    [item] = json.loads(csl_json(source(archive.db, number)))
    assert item["type"] == "article-newspaper"
    assert item["issued"] == {"date-parts": [[2026, 3, 1]]}
    assert item["author"] == [{"literal": "Ada Kvist"}, {"literal": "Olena Moroz"}]


def test_the_commands(archive: Archive, number: int, path: Path, tmp_path: Path) -> None:
    run = CliRunner()
    found = run.invoke(cli, ["search", "sure", "--db", str(path), "--json"])
    [hit] = json.loads(found.output)["hits"]
    cited = run.invoke(cli, ["cite", hit["public_id"], "--db", str(path), "--format", "ris"])
    assert cited.exit_code == 0
    assert f"ID  - {hit['public_id']}" in cited.output
    out = run.invoke(cli, ["export", str(tmp_path / "a.csv"), "--db", str(path), "--query", "harbour -ferry"])
    assert (out.exit_code, (tmp_path / "a.csv").exists()) == (0, False)
    out = run.invoke(cli, ["export", str(tmp_path / "a.csv"), "--db", str(path), "--where", "words > 3"])
    assert (out.exit_code, (tmp_path / "a.csv").exists()) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["search", '"sure'], "quotation mark"),
        (["search", "site:nowhere x"], "its sites are"),
        (["export", "a.xyz"], "--format"),
        (["export", "-", "--format", "parquet"], "standard output"),
        (["export", "no/such/a.csv"], "make it first"),
        (["export", "a.csv", "--where", "x y z"], "not SQL"),
        (["cite", "pm-nothing"], "has no article"),
    ],
)
def test_trouble_is_one_line(
    archive: Archive, number: int, path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(path.parent)
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.exception is not None
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)
