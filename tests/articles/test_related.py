"""Related links: boxes, cards and lines of many markups, and lists that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import RelatedLink
from articles.cards import is_title, iso_date
from tests.articles.sheets import BODY, read

HOST = "https://news.example"
LINKS = (
    ("/city/ferry-carries-pupils-over-the-river-20230", "Ferry carries pupils over the river"),
    ("/city/flood-took-the-old-bridge-19977", "Flood took the old bridge"),
)
WANTED = [(HOST + path, title) for path, title in LINKS]
ITEMS = "".join(f"<li><a href={path}>{title}</a></li>" for path, title in LINKS)
LABELS = (
    "More on the topic",
    "Related articles",
    "Більше по темі",
    "Больше по теме",
    "Mehr zum Thema",
    "À lire aussi",
    "関連記事",
    "اقرأ أيضاً",
)


def pairs(links: tuple[RelatedLink, ...]) -> list[tuple[str, str | None]]:
    return [(link.url, link.title) for link in links]


@pytest.mark.parametrize("label", LABELS)
def test_a_labelled_box_after_the_text(label: str) -> None:
    article = read(after=f"<section><h2>{label}</h2><ul>{ITEMS}</ul></section>")
    assert pairs(article.related_links) == WANTED
    assert label not in article.body


INLINE = {
    "label and link": f"<p><b>Read also:</b> <a href={LINKS[0][0]}>{LINKS[0][1]}</a></p>",
    "label within the link": f"<p><a href={LINKS[0][0]}>Read also: {LINKS[0][1]}</a></p>",
    "no colon": f"<p><strong>Читайте також</strong> <a href={LINKS[0][0]}>{LINKS[0][1]}</a></p>",
    "label above": f"<p><b>Lesen Sie auch</b></p><p><a href={LINKS[0][0]}>{LINKS[0][1]}</a></p>",
}


@pytest.mark.parametrize("line", INLINE.values(), ids=INLINE)
def test_a_line_within_the_text(line: str) -> None:
    article = read(body=BODY + line + BODY)
    assert pairs(article.related_links) == WANTED[:1]
    assert LINKS[0][1] not in article.body
    assert article.body.count("Paragraph") == 12


CARDS = {
    "definition list": "<li><a href={url}>{title}</a><dl><dt>Category</dt><dd>{category}</dd>"
    "<dt>Publication date</dt><dd>{date}</dd></dl>"
    "<button>Додати до обраного</button></li>",
    "spans": "<div><div><span>Категорія</span><span><a href=/world/>{category}</a></span></div>"
    "<div><span>Дата публікації</span>"
    "<span>{date}</span></div><a href={url}><h3>{title}</h3></a><span>Додати до обраного</span></div>",
    "items": "<div><a href={url}>{title}</a><ul><li>Категория</li><li>{category}</li>"
    "<li>Дата публикации</li><li>{date}</li>"
    "<li>Додати до обраного</li></ul></div>",
    "one line": "<div><p>Category: {category}</p><p>Publication date: {date}</p><p><a href={url}>{title}</a></p></div>",
}


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
@pytest.mark.parametrize(("date", "wanted"), [("2024-11-29", "2024-11-29"), ("-", None), ("", None)])
def test_the_labels_of_a_card_are_data(card: str, date: str, wanted: str | None) -> None:
    cards = "".join(card.format(url=path, title=title, category="World", date=date) for path, title in LINKS)
    article = read(after=f"<div><div>More on the topic</div><div>{cards}</div></div>")
    assert article.related_links == tuple(RelatedLink(url, title, "World", wanted) for url, title in WANTED)
    assert "обраного" not in article.body
    assert "World" not in article.body


OTHERS = ("Most read", "Latest news", "Popular", "More from the author", "Останні новини", "Meistgelesen", "Comments")


@pytest.mark.parametrize("label", OTHERS)
def test_other_lists_are_left(label: str) -> None:
    assert read(after=f"<section><h2>{label}</h2><ul>{ITEMS}</ul></section>").related_links == ()


def test_a_box_ends_where_the_next_begins() -> None:
    other = "<li><a href=/city/mayor-resigns-after-vote-1>Mayor resigns after the vote</a></li>"
    after = f"<h2>Related</h2><ul>{ITEMS}</ul><h2>Most read</h2><ul>{other}</ul>"
    assert pairs(read(after=f"<div>{after}</div>").related_links) == WANTED


def test_tags_menus_and_bad_addresses_are_no_articles() -> None:
    links = (
        "/tag/bridge",
        "/topics/floods-and-rivers",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "https://facebook.com/sharer/story-12345",
        "http://[bad",
        "#top",
    )
    items = "".join(f"<li><a href='{href}'>A title that is long enough for one</a></li>" for href in links)
    assert read(after=f"<h2>Related</h2><ul>{items}</ul>").related_links == ()


def test_an_article_is_not_related_to_itself_and_each_link_comes_once() -> None:
    items = (
        ITEMS
        + ITEMS
        + "<li><a href=https://www.news.example/city/bridge-stays-closed-20241?a=b>Bridge stays closed</a></li>"
    )
    assert pairs(read(after=f"<h2>Related</h2><ul>{items}</ul>").related_links) == WANTED


@given(st.text(max_size=80))
def test_any_text_may_stand_in_a_card(text: str) -> None:
    date = iso_date(text)
    assert date is None or date[:4].isdigit()
    assert is_title(text, "https://news.example/city/a-story-of-ours-12345") in (True, False)
