"""Names: what bylines say, and which source is believed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import articles
from articles.names import names_of

NAMES = st.lists(
    st.sampled_from(
        ["Ann Lee", "Bob de Vries", "Jürgen Groß", "Олена Пчілка", "María José Ñandú", "Ioannis P. Dimas", "李小龙"]
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ann Lee", ["Ann Lee"]),
        ("BY ANN LEE AND BOB RAY", ["ANN LEE", "BOB RAY"]),
        ("Von Eva Groß und Jan Klein, Kyjiw", ["Eva Groß", "Jan Klein"]),
        ("Par Anne Petit et Luc Blanc", ["Anne Petit", "Luc Blanc"]),
        ("Por Ana Ruiz y Luis Gómez", ["Ana Ruiz", "Luis Gómez"]),
        ("Автор: Іван Сорока та Ольга Лебідь", ["Іван Сорока", "Ольга Лебідь"]),
        ("Автор Иван Орлов и Анна Белова", ["Иван Орлов", "Анна Белова"]),
        ("Text: Kai Nord | Fotos: Ida Süd", ["Kai Nord"]),
        ("Ann Lee, Science Correspondent", ["Ann Lee"]),
        ("Ann Lee (al)", ["Ann Lee"]),
        ("Posted by Ann Lee on 3 May 2024", ["Ann Lee"]),
        ("Ann Lee • 5 min read", ["Ann Lee"]),
        ("ann.lee@example.org", []),
        ("https://example.org/ann-lee", []),
        ("@annlee", []),
        ("senior reporter", []),
        ("作者：王小明", ["王小明"]),
        ("스포츠=김철수 기자", ["김철수"]),
        ("", []),
    ],
)
def test_bylines(text: str, names: list[str]) -> None:
    assert names_of(text) == names


@given(NAMES, st.sampled_from(["By ", "Von ", "Par ", "Автор: ", ""]), st.sampled_from([", ", "; ", " | ", " / "]))
def test_names_come_back_in_order(names: list[str], by: str, separator: str) -> None:
    assert names_of(by + separator.join(names)) == names


@given(st.text(max_size=200))
def test_any_text_gives_names_each_once(text: str) -> None:
    names = names_of(text)
    assert len(names) == len(set(names))
    assert all(2 <= len(name) <= 60 and "@" not in name for name in names)


def authors(head: str = "", body: str = "", **ld: Any) -> tuple[str, ...]:
    script = f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **ld})}</script>' if ld else ""
    html = f"<html><head>{script}{head}</head><body><h1>A story of the day</h1>{body}<p>Text.</p></body></html>"
    return articles.extract(html.encode(), "https://gazette.example/news/a-story-of-the-day").authors


def person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def test_structured_authors_in_order() -> None:
    assert authors(author=[person("Ann Lee"), person("By Bob Ray")]) == ("Ann Lee", "Bob Ray")
    assert authors(author=[[person("Ann Lee")], "Bob Ray"]) == ("Ann Lee", "Bob Ray")


def test_shown_person_wins_over_the_organisation() -> None:
    organisation = {"@type": "Organization", "name": "Gazette"}
    assert authors(body="<div class='byline'>By Ann Lee</div>", author=organisation) == ("Ann Lee",)
    assert authors(author=organisation) == ("Gazette",)


def test_meta_author() -> None:
    assert authors("<meta name='author' content='Ann Lee and Bob Ray'>") == ("Ann Lee", "Bob Ray")
    assert authors("<meta property='article:author' content='https://social.example/annlee'>") == ()


@pytest.mark.parametrize(
    "body",
    [
        "<p class='byline'>By <a href='/a'>Ann Lee</a> and <a href='/b'>Bob Ray</a></p>",
        "<span class='author'>Ann Lee</span><span class='author'>Bob Ray</span>",
        "<p>Published: 3 May 2024 | By Ann Lee and Bob Ray</p>",
        "<address><a rel='author' href='/a'>Ann Lee</a><a rel='author' href='/b'>Bob Ray</a></address>",
    ],
)
def test_shown_bylines(body: str) -> None:
    assert authors(body=body) == ("Ann Lee", "Bob Ray")


@pytest.mark.parametrize(
    "body",
    [
        "<div class='comments'><span class='author'>Troll Face</span></div>",
        "<figure><figcaption class='image-author'>Photo: Ann Lee</figcaption></figure>",
        "<aside><p class='byline'>By Ann Lee</p></aside>",
    ],
)
def test_other_names_are_not_authors(body: str) -> None:
    assert authors(body=body) == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>04.02.2022 | 13:10 | Ann Lee</p>", ("Ann Lee",)),
        ("<p>04.02.2022 | Harbour | View Comments</p>", ()),
        ("<p>Date: 4.2.2022<br>Author: Ann Lee<br>Source: Example</p>", ("Ann Lee",)),
    ],
)
def test_lines_of_several_columns(body: str, expected: tuple[str, ...]) -> None:
    assert authors(body=body) == expected
