"""`pressmark new-site` writes files that work, and writes nothing where it should not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from articles import extract
from crawler.cli.new_site import new_site
from tests.newspaper.markups import MARKUPS, Paper, Sheet
from tests.newspaper.server import Newspaper
from tests.newspaper.stories import load

STORY = load()[1001]
PAGE = MARKUPS["semantic"].render(Sheet(Paper(), STORY)).encode()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "scrapy.cfg").touch()
    (tmp_path / "spiders").mkdir()
    (tmp_path / "page.html").write_bytes(PAGE)
    return tmp_path


def call(checkout: Path, *arguments: str) -> Result:
    return CliRunner().invoke(new_site, [*arguments, "--folder", str(checkout)], standalone_mode=False)


def test_the_three_files_fit_together(checkout: Path) -> None:
    result = call(checkout, "veslyn_courier", str(checkout / "page.html"))
    assert result.exit_code == 0, result.exception
    space: dict = {}
    exec((checkout / "spiders/veslyn_courier.py").read_text("utf-8"), space)
    site = space["VeslynCourier"]
    folder = checkout / "tests/spiders/veslyn_courier"
    record = json.loads((folder / "article.json").read_text("utf-8"))
    assert (site.name, site.hosts, site.rules.title_suffix) == (
        "veslyn_courier",
        ("courier.example",),
        " – The Veslyn Courier",
    )
    assert site.article_id(record["url"]) == "1001"
    assert (folder / "article.html").read_bytes() == PAGE
    assert record["title"] == STORY.title
    assert record.items() <= extract(PAGE, record["url"], rules=site.rules).to_dict().items()


def test_the_site_file_is_in_the_house_style(checkout: Path) -> None:
    call(checkout, "veslyn_courier", str(checkout / "page.html"))
    file = str(checkout / "spiders/veslyn_courier.py")
    ruff = [sys.executable, "-m", "ruff"]
    for check in (["check", "--select", "E,F,W,I,UP"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [*ruff, *check, "--line-length", "120", file], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_a_page_is_fetched_by_its_address(checkout: Path, newspaper: Newspaper) -> None:
    url = newspaper.paper.url(STORY)
    assert call(checkout, "veslyn", url, "--allow-private").exit_code == 0
    assert json.loads((checkout / "tests/spiders/veslyn/article.json").read_text("utf-8"))["url"] == url
    assert [path for _, path, _ in newspaper.requests] == [STORY.path]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("Bad Name", "page.html"), 2, "cannot name a site"),
        (("../up", "page.html"), 2, "cannot name a site"),
        (("fine", "missing.html"), 4, "cannot be read"),
        (("fine", "empty.html"), 1, "no title and no text"),
        (("fine", "http://127.0.0.1:9/x"), 1, "could not be fetched"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, str], code: int, words: str
) -> None:
    monkeypatch.chdir(checkout)
    Path("empty.html").write_text("<link rel=canonical href='https://example.org/a'>")
    result = call(checkout, *arguments)
    assert words in str(result.exception.message)
    assert result.exception.code == code
    assert not list(checkout.glob("spiders/*")) + list(checkout.glob("tests/**"))


def test_nothing_is_written_over_and_nothing_outside_a_checkout(checkout: Path) -> None:
    page = str(checkout / "page.html")
    call(checkout, "veslyn", page)
    (checkout / "spiders/veslyn.py").write_text("mine")
    assert call(checkout, "veslyn", page).exception.code == 2
    assert (checkout / "spiders/veslyn.py").read_text() == "mine"
    assert call(checkout, "veslyn", page, "--force").exit_code == 0
    (checkout / "scrapy.cfg").unlink()
    assert "no checkout" in call(checkout, "other", page).exception.message
