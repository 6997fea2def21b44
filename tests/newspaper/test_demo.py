"""`make demo` from end to end: the newspaper is crawled, crawled again, and once more after a correction."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC
from pathlib import Path

import pytest

from tests.newspaper import demo
from tests.newspaper.server import Newspaper
from tests.newspaper.site import CAPTCHA, GONE, SHELL, VIDEO, WALL
from tests.newspaper.stories import load

pytestmark = pytest.mark.xdist_group("demo")  # one crawl serves all; the last test crawls on

STORIES = [story for story in load().values() if story.kind != "gallery"]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newspaper, Path, dict]]:
    db = tmp_path_factory.mktemp("demo") / "news.db"
    with Newspaper() as newspaper:
        code, result = demo.crawl(newspaper.url, db)
        assert (code, result is None) == (0, False)
        yield newspaper, db, result


def rows(db: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def test_every_story_is_archived_once_under_its_own_address(crawled: tuple[Newspaper, Path, dict]) -> None:
    newspaper, db, _ = crawled
    found = dict(rows(db, "SELECT url, title FROM articles WHERE page_kind <> 'gallery'"))
    assert found == {newspaper.paper.url(story): story.title for story in STORIES}


def test_an_article_over_two_pages_is_one(crawled: tuple[Newspaper, Path, dict]) -> None:
    (body,) = rows(crawled[1], "SELECT body FROM articles WHERE url LIKE '%-1008/'")[0]
    assert "The kettle is on" in body
    assert "It does not listen in between." in body


def test_what_is_no_article_is_refused_with_a_reason(crawled: tuple[Newspaper, Path, dict]) -> None:
    newspaper, db, result = crawled
    reasons = dict(
        rows(db, "SELECT u.url, f.reason FROM fetches f JOIN frontier u ON u.id = f.url_id WHERE f.reason <> ''")
    )
    for path in (WALL, CAPTCHA, SHELL, VIDEO, *GONE):
        assert reasons.get(newspaper.url + path), path
    text = demo.report(result, db)
    assert "not archived: " in text
    assert "gone" in text


def test_the_commands_to_try_next_work(crawled: tuple[Newspaper, Path, dict]) -> None:
    _, db, result = crawled
    browse, search, export = demo.commands(db)
    assert all(command in demo.report(result, db) for command in (browse, search, export))
    found = subprocess.run([demo.PRESSMARK, *search.split()], capture_output=True, text=True, check=True).stdout
    assert load()[2001].title in found
    subprocess.run([demo.PRESSMARK, *export.split()], capture_output=True, check=True)
    assert load()[2001].title in db.with_name("articles.csv").read_text("utf-8")
    subprocess.run([demo.PRESSMARK, browse.split()[0], "--help"], capture_output=True, check=True)


def test_nothing_is_asked_for_that_robots_txt_denies(crawled: tuple[Newspaper, Path, dict]) -> None:
    asked = [path for _, path, _ in crawled[0].requests]
    assert asked[0] == "/robots.txt"
    assert not [path for path in asked if path.startswith(("/login", "/search"))]


def test_another_crawl_finds_nothing_new_and_one_after_a_correction_finds_it(
    crawled: tuple[Newspaper, Path, dict],
) -> None:
    newspaper, db, _ = crawled
    newspaper.requests.clear()
    _, again = demo.crawl(newspaper.url, db)
    assert (again["total"]["new"], again["total"]["changed"]) == (0, 0)
    assert again["total"]["same"] >= len(STORIES)
    conditional = [path for _, path, headers in newspaper.requests if "If-None-Match" in headers]
    assert len(conditional) >= len(STORIES)
    newspaper.edition = 2
    _, corrected = demo.crawl(newspaper.url, db)
    assert (corrected["total"]["new"], corrected["total"]["changed"]) == (0, 1)
    changed = rows(
        db,
        "SELECT a.url, r.changed FROM revisions r JOIN articles a ON a.id = r.article_id WHERE r.outcome = 'changed'",
    )
    assert [url for url, _ in changed] == [newspaper.paper.url(load()[1014])]
    assert "body" in json.loads(changed[0][1])
    (modified,) = rows(db, "SELECT date_modified FROM articles WHERE url LIKE '%-1014/'")[0]
    assert modified.startswith(f"{load()[1014].edition(2).modified.astimezone(UTC):%Y-%m-%dT%H:%M}")
    assert len(rows(db, "SELECT id FROM articles")) >= len(STORIES)
