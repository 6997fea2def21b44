"""news.online.ua: its addresses, and its pages read without the site's rules."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import articles
from articles.rules import NO_RULES, Rules
from crawler.site import site_for
from spiders.online_ua import OnlineUa
from tests.spiders.recorded import differences

OURS = sorted((Path(__file__).parent / "online_ua").glob("*.html"))
SEED = Path(os.environ.get("SEED", "seed-is-not-set"))  # a folder of pages that share one expected.json


@pytest.mark.parametrize("page", OURS, ids=[page.stem for page in OURS])
def test_a_recorded_page_gives_its_record_without_the_rules(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert differences(articles.extract(page.read_bytes(), expected["url"]), expected) == {}


@pytest.mark.skipif(not SEED.is_dir(), reason="SEED names no folder")
@pytest.mark.parametrize("rules", [OnlineUa.rules, NO_RULES], ids=["by rules", "generic"])
@pytest.mark.parametrize("name", [page.name for page in sorted(SEED.glob("*.html"))])
def test_the_seed_pages_give_their_record(name: str, rules: Rules) -> None:
    expected = json.loads((SEED / "expected.json").read_text("utf-8"))
    article = articles.extract((SEED / name).read_bytes(), expected["url"], rules=rules)
    assert differences(article, expected) == {}


def test_the_site_s_name_is_known_by_rule() -> None:
    page = next(page for page in OURS if page.stem == "uk").read_bytes()  # it names itself nowhere but in its title
    assert articles.extract(page, "https://news.online.ua/x-990201/", rules=OnlineUa.rules).site == "ONLINE.UA"


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://news.online.ua/en/some-words-885000/", "885000"),
        ("https://news.online.ua/some-words-885000/", "885000"),
        ("https://www.online.ua/ru/some-words-885000/", "885000"),
        ("https://novyny.online.ua/885000/some-words/", "885000"),
        ("https://news.online.ua/en/the-2024-summit-885000/", "885000"),
        ("https://news.online.ua/en/world/", None),
        ("https://news.online.ua/", None),
        ("https://news.online.ua/rss/", None),
    ],
)
def test_the_id_is_read_from_every_form_of_address(url: str, number: str | None) -> None:
    assert OnlineUa.article_id(url) == number
    assert OnlineUa.is_article_url(url) is (number is not None)


def test_its_hosts_find_the_site_file() -> None:
    for host in OnlineUa.hosts:
        assert site_for(f"https://{host}/") is OnlineUa
    assert site_for("https://online.example/") is None
