"""The explaining page: what it shows, and that nothing of the page can come alive in it."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from lxml import html

from articles.explain import VERDICTS, explain
from articles.page import Page
from articles.reader import read
from tests.articles.sheets import BODY, ITEMS, POINTS, URL, sheet

RELATED = "<h2>Related</h2><ul><li><a href=/city/flood-took-the-old-bridge-19977>Flood took the old bridge</a></ul>"


def told(page: bytes) -> str:
    parsed = Page(page, URL)
    return explain(parsed, read(parsed))


def test_each_block_is_shown_with_its_verdict_and_each_field_with_its_source() -> None:
    tree = html.fromstring(told(sheet(f"<div><h3>Key points</h3><ul>{ITEMS}</ul></div>", after=RELATED)))
    blocks = tree.cssselect(".block")
    verdicts = {" ".join(block.text_content().split()): block.get("class").split()[1] for block in blocks}
    shown = {name: [text for text, verdict in verdicts.items() if verdict == name] for name in VERDICTS}
    assert [text.startswith("Bridge stays closed") for text in shown["title"]] == [True]
    assert all(any(text.startswith(point) for text in shown["key_points"]) for point in POINTS)
    assert len(shown["body"]) == BODY.count("<p>")
    assert any("Flood took the old bridge" in text for text in shown["related"])
    field = tree.get_element_by_id("field-key_points")
    assert [item.text for item in field.cssselect("li")] == list(POINTS)
    assert field.cssselect(".tag")[0].text == "label"
    assert "won" in field.cssselect("tr")[0].get("class")


def test_what_lost_is_told_with_the_reason() -> None:
    box = "<div><h2>At a glance</h2><p>The bridge stays closed, and nobody knows for how long it will be.</p></div>"
    page = told(sheet(box))
    assert "one paragraph" in html.fromstring(page).get_element_by_id("field-key_points").text_content()


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</style><script>alert(1)</script>",
    "\u202egnp.exe",
    "{{7*7}}",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_the_page_comes_alive(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    page = told(
        sheet(
            f'<p class="{escaped}">{escaped} and some more words for a paragraph</p><a href="{escaped}">{escaped}</a>',
            head="".join(f'<meta property="article:{name}" content="{escaped}">' for name in ("tag", "section")),
        )
    )
    tree = html.fromstring(page)
    assert not tree.xpath("//script | //img | //iframe | //object | //form | //*[@style]")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert all(link.startswith(("http://", "https://")) for link in tree.xpath("//a/@href"))
    assert "\u202e" not in page
    assert page.count("<style>") == 1


def test_the_policy_allows_its_own_style_and_nothing_else() -> None:
    page = told(sheet())
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = html.fromstring(page).xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_a_page_of_nothing_is_explained_too() -> None:
    assert "nothing found" in told(b"")
