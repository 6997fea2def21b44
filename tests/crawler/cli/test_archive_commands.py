"""The commands on an archive, as a person or a script calls them."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.cli import ARCHIVE, BUSY, FAILED, USAGE, cli, main
from crawler.cli.takedown import takedown
from storage import open_archive, runs
from tests.storage.conftest import NOON, TEXT, make_article, make_visit

URL = "https://lindow.example/news/1"
PAGE = (
    "<!doctype html><html lang='en'><head><title>{title}</title></head><body><header>Lindow Post</header><main>"
    "<article><h1>{title}</h1>{body}</article></main><footer>Imprint</footer></body></html>"
)


def page(title: str) -> bytes:
    body = "".join(f"<p>{block} {block}</p>" for block in TEXT)
    return gzip.compress(PAGE.format(title=title, body=body).encode(), mtime=0)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    evil = "Ferry \x1b]0;owned\x07 runs [bold]again[/bold]"
    with open_archive(path, create=True) as archive:
        archive.db.execute("BEGIN")
        runs.begin(archive.db, "crawl", "0", {}, NOON)
        archive.db.execute("COMMIT")
        visits = [
            make_visit(make_article(URL), body=page("Harbour to be dredged")),
            make_visit(
                make_article(URL, title="Harbour is dredged"), started=NOON + timedelta(hours=1), body=page("2")
            ),
            make_visit(make_article("https://lindow.example/news/2", title=evil), body=page("Ferry")),
        ]
        with archive.writer() as writer:
            writer.store(visits)
    return path


@pytest.fixture
def run(db: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, str, str]]:
    """Call pressmark with arguments; gives exit code, stdout, stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main([*arguments, "--db", str(db)])
        captured = capfdbinary.readouterr()
        code = stopped.value.code
        assert isinstance(code, int)
        return code, captured.out.decode("utf-8", "replace"), captured.err.decode()

    return call


Run = Callable[..., tuple[int, str, str]]


def test_show_prints_the_record(run: Run) -> None:
    code, out, _ = run("show", URL)
    assert code == 0
    assert "Harbour is dredged" in out
    assert "Ada Kvist, Olena Moroz" in out
    assert TEXT[2] in out
    assert "revision 2: changed" in out


def test_show_gives_json(run: Run, db: Path) -> None:
    _, out, _ = run("show", URL, "--json")
    told = json.loads(out)
    assert told["title"] == "Harbour is dredged"
    assert [item["outcome"] for item in told["revisions"]] == ["new", "changed"]
    for name in (told["public_id"], str(told["number"]), URL + "?utm_source=mail#top", "HTTPS://LINDOW.example/news/1"):
        assert json.loads(run("show", name, "--json")[1]) == told


def test_archived_text_does_not_command_the_terminal(run: Run) -> None:
    _, out, _ = run("show", "https://lindow.example/news/2")
    assert "\x1b]0" not in out
    assert "\x07" not in out
    assert "[bold]again[/bold]" in out


def test_diff_shows_words(run: Run) -> None:
    code, out, _ = run("diff", URL)
    assert code == 0
    assert "revision 1 → 2" in out
    assert "Harbour [-to be-]{+is+} dredged" in out
    [change] = json.loads(run("diff", URL, "--json")[1])
    assert change["fields"]["title"][1] == {"kind": "removed", "text": "to be"}
    assert change["seen"] == "2026-03-01T13:00:00Z"
    assert run("diff", URL, "--between", "1", "9")[0] == USAGE


def test_snapshot_writes_the_page_as_sent(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    assert run("snapshot", URL, "--revision", "1", "-o", str(target))[0] == 0
    assert target.read_bytes() == gzip.decompress(page("Harbour to be dredged"))
    assert run("snapshot", URL, "--raw", "-o", str(target))[0] == 0
    assert target.read_bytes() == page("2")
    _, out, _ = run("snapshot", URL, "--headers")
    assert out.startswith("HTTP/1.1 200\r\nContent-Type: text/html")


def test_what_is_not_there_is_one_line(run: Run, tmp_path: Path) -> None:
    for command in ("show", "diff", "snapshot"):
        code, _, err = run(command, "pm-doesnotexist")
        assert code == FAILED
        assert err.count("\n") == 1
        assert "has no article 'pm-doesnotexist'" in err
    with pytest.raises(SystemExit) as stopped:
        main(["show", "1", "--db", str(tmp_path / "none.db")])
    assert stopped.value.code == ARCHIVE


def test_warc_names_files_and_packs_a_wacz(run: Run, tmp_path: Path) -> None:
    _, out, _ = run("warc")
    assert Path(out.split("\t")[0]).exists()
    target = tmp_path / "harbour.wacz"
    code, out, _ = run("warc", "--wacz", str(target), URL)
    assert (code, ": 2 pages" in out) == (0, True)
    with zipfile.ZipFile(target) as bundle:
        assert bundle.testzip() is None
        package = json.loads(bundle.read("datapackage.json"))
        lines = bundle.read("indexes/index.cdxj").decode().splitlines()
        records = bundle.read("archive/data.warc.gz")
    assert {item["path"] for item in package["resources"]} >= {"archive/data.warc.gz", "pages/pages.jsonl"}
    for line, title in zip(lines, ("Harbour to be dredged", "2"), strict=True):
        place = json.loads(line.split(" ", 2)[2])
        start = int(place["offset"])
        record = gzip.decompress(records[start : start + int(place["length"])])
        assert page(title) in record
    assert run("warc", "--wacz", str(target), "--where", "no such thing")[0] == USAGE


@pytest.mark.skipif(shutil.which("wacz") is None, reason="the wacz validator is not installed")
def test_the_wacz_is_valid(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "all.wacz"
    run("warc", "--wacz", str(target))
    checked = subprocess.run(["wacz", "validate", "-f", str(target)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_verify_and_repair(run: Run, db: Path) -> None:
    code, out, _ = run("verify")
    assert (code, "is sound: 2 articles, 3 snapshots" in out) == (0, True)
    with open_archive(db) as archive:
        archive.db.execute("UPDATE articles SET lead = 'Another' WHERE url = ?", (URL,))
    code, out, err = run("verify")
    assert code == ARCHIVE
    assert "its text does not fit its hash" in out
    assert "pressmark repair" in err
    assert json.loads(run("verify", "--json")[1])["sound"] is False
    assert run("repair")[0] == 0
    assert run("verify")[0] == 0


def test_a_busy_archive_says_who_writes(run: Run, db: Path) -> None:
    with open_archive(db) as archive, archive.writer():
        code, _, err = run("repair")
    assert code == BUSY
    assert "is being written to by process" in err


def test_reparse_asks_before_it_writes(run: Run, db: Path) -> None:
    before = db.read_bytes()
    code, out, _ = run("reparse", "--dry-run", "--json")
    told = json.loads(out)
    assert (code, told["pages"], told["written"]) == (0, 3, False)
    assert db.read_bytes() == before
    code, out, err = run("reparse", "--jobs", "1")
    assert code == USAGE
    assert "--yes" in err
    assert "3 pages" in out
    code, out, _ = run("reparse", "--yes", "--json", "--where", "title LIKE 'Harbour%'")
    assert (code, json.loads(out)["pages"]) == (0, 2)


def test_takedown_asks_and_removes(run: Run, db: Path) -> None:
    refused: Result = CliRunner().invoke(takedown, [URL, "--reason", "asked", "--db", str(db)], input="n\n")
    assert refused.exit_code == 1
    code, out, _ = run("takedown", URL, "--reason", "court order", "--yes")
    assert code == 0
    assert "is taken down" in out
    assert b"Harbour is dredged" not in db.read_bytes()
    assert run("show", URL)[0] == FAILED
    assert "nothing of it is left" in run("takedown", URL, "--reason", "court order", "--yes")[1]
    assert run("verify")[0] == 0


@pytest.mark.parametrize("command", ["show", "diff", "snapshot", "warc", "verify", "repair", "reparse", "takedown"])
def test_help_has_an_example(command: str) -> None:
    shown = CliRunner().invoke(cli, [command, "--help"])
    assert f"Example: pressmark {command}" in shown.output
