"""A page that a script builds is read by the browser, where there is one."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.browser import NoBrowser, executable, use_browser
from crawler.settings import DOWNLOAD_HANDLERS
from storage.archive import open_archive
from tests.crawler.web import Web, article

there = importlib.util.find_spec("scrapy_playwright") is not None and executable() is not None

SCRIPT = """
import sys
from pathlib import Path
from crawler.board import Board
from crawler.desk import Desk
from crawler.options import Options, Target
from crawler.run import Job, finish
from crawler.shards import crawl_here
from crawler.site import Site
from storage.archive import open_archive
class Scripted(Site):
    name = "scripted"
    browser = True
url, db = sys.argv[1:]
options = Options((Target("scripted", (url,), Scripted),), db=Path(db), delay=0.0, allow_private=True)
desk = Desk(open_archive(db, create=True), options)
job = Job(options, desk.ask, Board())
crawl_here(job, "ERROR")
print(finish(job))
"""


@pytest.mark.skipif(not there, reason="needs pressmark[browser] and Chromium")
def test_a_page_built_by_script_is_read(web: Web, tmp_path: Path) -> None:
    [path] = web.articles(1)
    built = article("Built by a script").replace("`", "'").replace("</", "<\\/")
    web.add(path, f"<html><body><div id='root'></div><script>document.write(`{built}`)</script></body></html>")
    db = tmp_path / "news.db"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, web.url + "/", str(db)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    with open_archive(db, readonly=True) as archive:
        rows = archive.db.execute("SELECT title, instr(body, 'council of the town') > 0 FROM articles").fetchall()
    assert rows == [("Built by a script", 1)], done.stdout + done.stderr
    assert web.paths()[0] == "/robots.txt"  # the manners are the same


def test_without_a_browser_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scrapy_playwright", None)
    with pytest.raises(NoBrowser, match="pip install"):
        use_browser(Settings({"DOWNLOAD_HANDLERS": DOWNLOAD_HANDLERS}))
