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
        ("Ann Lee →", ["Ann Lee"]),
        ("Ann Lee | All posts", ["Ann Lee"]),
        ("Alle Beiträge", []),
        ("Все материалы", []),
        ("Sponsored content", []),
        ("Thomas More", ["Thomas More"]),
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


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # around the headline a byline is believed whatever else its classes say
        ("<div class='teaser__author-box'>By <b>Ann Lee</b></div>", ("Ann Lee",)),
        ("<p class='bio author-bio__author'>Ann Lee</p>", ("Ann Lee",)),
        ("<p class='author'>Ann Lee</p><div class='comment-author'>Bob Ray</div>", ("Ann Lee",)),
        # no person is named: the desk
        ("<p class='author-name'>Redaktion</p>", ("Redaktion",)),
        ("<p class='author-name'>Redaktion 1. November 2023 10:29</p>", ("Redaktion",)),
        # what stands behind a name
        ("<p class='byline'>By Ann Lee July 3, 2024</p>", ("Ann Lee",)),
        ("<p class='byline'>By Ann Lee Updated 3 July 2024</p>", ("Ann Lee",)),
        ("<p class='byline'><a href='/a'>Ann Lee</a> Harbour Correspondence</p>", ("Ann Lee",)),
        ("<p class='byline'>Ann Mary Lee Ann Mary Lee</p>", ("Ann Mary Lee",)),
        (
            "<p class='byline'><a href='/a'>Ann Lee</a> <a href='/s'>Edit</a> <a href='/t'>Sportfreunde</a></p>",
            ("Ann Lee",),
        ),
    ],
)
def test_bylines_around_the_headline(body: str, expected: tuple[str, ...]) -> None:
    assert authors(body=body) == expected


LONG = "<p>" + "The harbour was closed on Monday, and nobody could say when it would be opened again. " * 4 + "</p>"


def test_bylines_behind_the_text_are_of_others() -> None:
    card = "<div class='teaser-item'><a class='byline' href='/b'>Bob Ray</a></div>"
    assert authors(body=LONG + LONG + card) == ()


def test_an_articles_own_aside_may_hold_the_byline() -> None:
    aside = "<aside class='meta'><p class='authors'>By Ann Lee</p></aside>"
    assert authors(body=f"<article>{aside}{LONG}</article>") == ("Ann Lee",)
    assert authors(body=f"<article><aside>{LONG}<p class='authors'>By Ann Lee</p></aside></article>") == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>Ann Lee</p>", ("Ann Lee",)),
        ("<div>Ann van der Lee and Bob Ray</div>", ("Ann van der Lee", "Bob Ray")),
        ("<p><a href='/people/ann-lee'>Ann Lee</a></p>", ("Ann Lee",)),
        ("<p>Ann LeeCorrespondent</p>", ("Ann Lee",)),
        ("<p><a href='/tag/ann-lee'>Ann Lee</a></p>", ()),
        ("<p><a href='/world'>Middle East</a></p>", ()),
        ("<p>Harbour News</p>", ()),  # a word of the text
        ("<p>BREAKING NEWS</p>", ()),
        ("<p>Share Article</p>", ()),
        ("<figcaption>Ann Lee</figcaption>", ()),
        ("<p>Ann Lee</p><ul><li>Ann Lee</li></ul>", ()),  # stands in a menu, too
        ("<p>Ann Lee said no.</p>", ()),
    ],
)
def test_names_beside_a_date(line: str, expected: tuple[str, ...]) -> None:
    assert authors(body=f"{line}<p>3 May 2024, 10:15</p>{LONG}") == expected
    assert authors(body=f"<p>Published 03.05.2024</p>{line}{LONG}") == expected


def test_names_alone_are_no_byline_without_a_date() -> None:
    assert authors(body=f"<p>Ann Lee</p>{LONG}") == ()


@pytest.mark.parametrize(("login", "shown"), [("annlee", "Ann Lee"), ("AL", "Ann Lee"), ("carol", "carol")])
def test_a_login_gives_way_to_the_full_name_shown(login: str, shown: str) -> None:
    assert authors(body="<p class='byline'>By Ann Lee</p>", author=person(login)) == (shown,)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>2015-11-05 阅读：8169 来源:转载 作者:王小明</p><p class='author'>编辑部</p>", ("王小明",)),
        ("<p>作者：李华、张伟</p>", ("李华", "张伟")),
        ("<p>王小明</p>", ("王小明",)),
        ("<p>[ 李华 ]</p>", ("李华",)),
        ("<p>国际</p>", ()),  # no surname
        ("<p><a href='/tag'>王小明</a></p>", ()),
        ("<p>王小明</p><ul><li>王小明</li></ul>", ()),
    ],
)
def test_chinese_names(body: str, expected: tuple[str, ...]) -> None:
    text = "<p>" + "港口星期一关闭，没有人知道什么时候会重新开放。" * 8 + "</p>"
    assert authors(body=body + text) == expected
