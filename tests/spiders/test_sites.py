"""Every site file: its recorded pages (tests/spiders/NAME/*.html) give the records beside them (*.json)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import articles
from crawler.site import site_files
from tests.spiders.recorded import differences

HERE = Path(__file__).parent
PAGES = sorted(HERE.glob("*/*.html"))


@pytest.mark.parametrize("page", PAGES, ids=[f"{page.parent.name}-{page.stem}" for page in PAGES])
def test_a_recorded_page_gives_its_record(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    rules = site_files()[page.parent.name].rules
    assert differences(articles.extract(page.read_bytes(), expected["url"], rules=rules), expected) == {}


@pytest.mark.parametrize("name", sorted(site_files()))
def test_every_site_file_has_a_recorded_page_whose_address_it_knows(name: str) -> None:
    site = site_files()[name]
    records = [json.loads(file.read_text("utf-8")) for file in (HERE / name).glob("*.json")]
    assert records
    for record in records:
        assert site.is_article_url(record["url"]) is not False, record["url"]
