"""The Datasette face: every page answers, nothing crawled becomes markup, nothing is fetched from elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from articles.record import Image, RelatedLink
from storage import Archive
from storage.face.chart import bars
from storage.face.described import QUERIES
from storage.face.server import application
from storage.writer import Writer
from tests.storage.conftest import make_article, make_visit

EVIL = '<script>alert(1)</script><img src="http://evil.example/x.png" onerror="alert(2)">'


@pytest.fixture
def shown(archive: Archive, writer: Writer, path: Path) -> Path:
    evil = make_article(
        "https://lindow.example/evil",
        title=f"Evil {EVIL}",
        lead=EVIL,
        body=f"Harbour {EVIL}\n\nMore of the harbour.",
        category=f"A&B {EVIL}",
        authors=(EVIL,),
        tags=(EVIL, 'a" OR b'),
        key_points=(EVIL,),
        language='en"><script>',
        related_links=(RelatedLink("javascript:alert(3)", EVIL), RelatedLink("https://lindow.example/2", "Fine")),
        images=(Image("https://lindow.example/1.png", EVIL, EVIL),),
        provenance={EVIL: EVIL},
    )
    writer.store(
        [
            make_visit(evil),
            make_visit(make_article("https://lindow.example/2", title="Вибори в Україні", language="uk")),
        ]
    )
    return path


def ask(path: Path, *urls: str, **headers: str) -> list[Any]:
    async def gather() -> list[Any]:
        datasette = application(path)
        await datasette.invoke_startup()
        return [await datasette.client.get(url, headers={"host": "localhost", **headers}) for url in urls]

    return asyncio.run(gather())


def public_ids(archive: Archive) -> list[str]:
    return [row[0] for row in archive.db.execute("SELECT public_id FROM articles ORDER BY id")]


def test_every_page_answers_and_holds_no_foreign_markup(archive: Archive, shown: Path) -> None:
    tables = [row[0] for row in archive.db.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
                                                   " AND name NOT LIKE 'sqlite%'")]  # fmt: skip
    urls = [
        "/",
        "/search",
        "/search?q=harbour",
        "/search?q=harbour&by=date&page=2",
        "/search?q=%22x",
        "/search?q=lang:xx",
    ]
    urls += [f"/article/{name}" for name in public_ids(archive)]
    urls += ["/news", *(f"/news/{table}" for table in tables), *(f"/news/{name}?q=harbour&site=l" for name in QUERIES)]
    urls += ["/news/articles?_search=harbour", "/news/articles_flat?_search=title:Україна", "/-/pressmark/face.css"]
    for url, answer in zip(urls, ask(shown, *urls), strict=True):
        assert answer.status_code == 200, (url, answer.text[:500])
        if "html" not in answer.headers["content-type"]:
            continue
        page = html.document_fromstring(answer.text)
        assert page.xpath("//img | //iframe | //*[@onerror]") == [], url
        assert "alert(" not in "".join(page.xpath("//script//text()")), url
        assert page.xpath("//a[starts-with(@href, 'javascript:')]") == [], url
        assert "img-src 'self' data:" in answer.headers["content-security-policy"]
        ours = url == "/" or url.startswith(("/search", "/article"))
        assert ("script-src 'none'" in answer.headers["content-security-policy"]) is ours


def test_the_front_page_has_search_coverage_and_the_latest(shown: Path) -> None:
    [answer] = ask(shown, "/")
    page = html.document_fromstring(answer.text)
    assert page.xpath("//form[@action='/search']//input[@name='q']")
    assert len(page.xpath("//svg//rect[not(@class)]")) == 1
    assert "Вибори в Україні" in [" ".join(link.itertext()) for link in page.xpath("//h3/a")]


def test_search_finds_inflections_and_hints(shown: Path) -> None:
    found, hint = ask(shown, "/search?q=Україна", "/search?q=(Україна")
    page = html.document_fromstring(found.text)
    assert ["".join(mark.itertext()) for mark in page.xpath("//mark")] == ["Україні"]
    assert "closing bracket is missing" in hint.text


def test_tables_search_by_the_query_language(shown: Path) -> None:
    urls = ["/news/articles.json?_shape=array&_col=title&_search=" + query for query in ("Україна", "(", "-harbour")]
    assert [len(answer.json()) for answer in ask(shown, *urls)] == [1, 0, 0]


def test_nothing_can_be_written(shown: Path) -> None:
    answers = ask(shown, "/news.json?sql=delete+from+articles", "/news.json?sql=select+count(*)+from+articles")
    assert [answer.status_code for answer in answers] == [400, 200]


def test_another_name_for_this_machine_is_refused(shown: Path) -> None:
    for host, status in (("evil.example", 421), ("127.0.0.1:8001", 200), ("localhost.evil.example:80", 421)):
        [answer] = ask(shown, "/", host=host)
        assert answer.status_code == status


def test_an_unknown_article_is_not_found(shown: Path) -> None:
    [answer] = ask(shown, "/article/pm-nothing")
    assert answer.status_code == 404
    assert "has no article pm-nothing" in answer.text


def test_a_long_span_is_shown_by_month_and_by_year() -> None:
    assert len(bars([("2020-01-15", 1), ("2022-12-01", 4)])) == 36
    assert [bar.period for bar in bars([("2001-01-15", 1), ("2024-12-01", 4)])][::23] == ["2001", "2024"]
    assert bars([]) == []
