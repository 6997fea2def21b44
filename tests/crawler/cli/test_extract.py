"""pressmark extract and explain, as a person or a script calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from articles import compiled
from crawler.cli import DONE, INPUT, USAGE, cli, main
from tests.articles.sheets import ITEMS, POINTS, TITLE, URL, sheet
from tests.crawler.web import Web

PAGE = sheet(f"<div><h3>Key points</h3><ul>{ITEMS}</ul></div>")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Call the command as the shell does; gives exit code, output and errors."""

    def call(*args: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(list(args))
        out, err = capfd.readouterr()
        return int(end.value.code or 0), out, err

    return call


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    return str(path)


def test_a_file_as_json(run: Run, file: str) -> None:
    code, out, _ = run("extract", file, "--url", URL, "--json")
    record = json.loads(out)
    assert (code, record["title"], record["key_points"], record["url"]) == (DONE, TITLE, list(POINTS), URL)


def test_a_file_for_a_person(run: Run, file: str) -> None:
    code, out, _ = run("extract", file, "--url", URL)
    assert code == DONE
    assert out.startswith(TITLE)
    assert "Key points" in out
    assert "\x1b" not in out  # no colours where it is no terminal


def test_standard_input() -> None:
    done = CliRunner().invoke(cli, ["extract", "-", "--json"], input=PAGE)
    assert json.loads(done.output)["title"] == TITLE


def test_a_terminal_gets_no_control_characters_from_a_page(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(sheet("<p>A paragraph that says &#27;[31mred&#27;[0m and [bold]loud[/bold] in its middle.</p>"))
    code, out, _ = run("extract", str(path))
    assert (code, "\x1b" in out) == (DONE, False)


def test_an_address_is_fetched_with_the_guards(run: Run, web: Web) -> None:
    web.add("/a", PAGE)
    code, out, _ = run("extract", f"{web.url}/a", "--json", "--allow-private")
    assert (code, json.loads(out)["title"]) == (DONE, TITLE)
    code, out, err = run("extract", f"{web.url}/a", "--json")
    assert (code, out, "--allow-private" in err, err.count("\n")) == (INPUT, "", True, 1)
    assert web.paths() == ["/a"]


def test_what_cannot_be_read_is_one_line_and_exit_code_4(run: Run, web: Web, tmp_path: Path) -> None:
    (tmp_path / "binary.html").write_bytes(b"\x7fELF\0\0\0")
    web.add("/pdf", b"%PDF", kind="application/pdf")
    files = f"{tmp_path}/none.html", str(tmp_path), f"{tmp_path}/binary.html"
    for target in (*files, f"{web.url}/pdf", f"{web.url}/404"):
        for command in ("extract", "explain"):
            code, out, err = run(command, target, "--allow-private")
            assert (code, out, err.count("\n")) == (INPUT, "", 1), (command, target, err)


def test_a_wrong_option_is_exit_code_2(run: Run, file: str) -> None:
    assert run("extract", file, "--url", "news.example")[0] == USAGE
    assert run("extract")[0] == USAGE


def test_explain_writes_one_page(run: Run, file: str, tmp_path: Path) -> None:
    code, out, _ = run("explain", file, "--url", URL)
    assert (code, out.startswith("<!doctype html>"), POINTS[0] in out) == (DONE, True, True)
    code, out, err = run("explain", file, "-o", f"{tmp_path}/told.html")
    assert (code, out, "told.html" in err) == (DONE, "", True)
    assert run("explain", file, "-o", f"{tmp_path}/no/such/told.html")[0] == INPUT


def test_the_version_says_whether_the_reader_is_compiled(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "native", None)
    monkeypatch.setattr(compiled, "why", "no compiler")
    code, out, _ = run("--version")
    assert (code, out) == (0, f"pressmark, version {version('pressmark')}, reader not compiled: no compiler\n")
    monkeypatch.setattr(compiled, "native", object())
    assert run("--version")[1].endswith("reader compiled\n")
