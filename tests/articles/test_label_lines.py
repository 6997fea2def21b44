"""Facts that stand behind their labels in markups without boxes: in one line, in one list, in nested articles."""

from __future__ import annotations

import pytest

import articles

TEXT = (
    "The lamp on the north pier was lit again on Monday evening, three years after the storm that broke it.",
    "The harbour office paid for the glass, and the school of navigation ground the lens in its own workshop.",
    "Captains who came in that night said that they had missed it more than they had thought they would.",
)
LABELS = {
    "en": ("More on the topic", "Category", "Publication date"),
    "uk": ("Більше по темі", "Категорія", "Дата публікації"),
    "ru": ("Больше по теме", "Категория", "Дата публикации"),
}
CARDS = (
    ("/news/the-lens-and-its-makers-201/", "The lens and the people who ground it", "Culture", "2026-09-02"),
    ("/news/what-the-storm-broke-202/", "What the storm broke on the north pier", "Harbour", None),
)


def page(facts: str, related: str) -> bytes:
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    return (
        "<html><head><title>The lamp is lit again on the north pier</title></head><body><main>"
        f"<h1>The lamp is lit again on the north pier</h1>{facts}{text}{related}</main></body></html>"
    ).encode()


def facts(form: str, category: str, date: str) -> str:
    forms = {
        "one line": f"<p>{category}: Harbour | {date}: 29.11.2024 17:42 | Save</p>",
        "glued": f"<div><span>{category}</span><a href='/h/'>Harbour</a><span>{date}</span><b>29.11.2024</b></div>",
        "behind": f"<p>{date} 29.11.2024</p>",
    }
    return forms[form]


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("form", ["one line", "glued", "behind"])
def test_a_line_of_facts_is_not_text(form: str, language: str) -> None:
    _, category, date = LABELS[language]
    article = articles.extract(page(facts(form, category, date), ""), "https://example.org/news/lamp-200/")
    whole = f"{article.lead or ''}\n{article.body}"
    assert category not in whole
    assert date not in whole
    assert all(line in whole for line in TEXT)


def test_a_sentence_about_a_category_is_text() -> None:
    line = "Category: that was the word on the tin, and nobody knew what it meant."
    article = articles.extract(page("", f"<p>{line}</p>"), "https://example.org/news/lamp-200/")
    assert line in article.body


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("order", ["facts first", "link first"])
def test_cards_in_one_list(order: str, language: str) -> None:
    heading, category, date = LABELS[language]
    items = ""
    for url, title, section, day in CARDS:
        link = f"<li><a href='{url}'>{title}</a></li>"
        lines = f"<li>{category}</li><li>{section}</li><li>{date}</li><li>{day or '-'}</li>"
        items += lines + link if order == "facts first" else link + lines
    check(page("", f"<h3>{heading}</h3><ul>{items}</ul>"))


@pytest.mark.parametrize("language", LABELS)
def test_cards_that_are_articles(language: str) -> None:
    heading, category, date = LABELS[language]
    cards = "".join(
        f"<article><a href='{url}'><h3>{title}</h3></a>"
        f"<p>{category}: {section}</p><p>{date}: {day or '-'}</p></article>"
        for url, title, section, day in CARDS
    )
    check(page("", f"<aside><h2>{heading}</h2>{cards}</aside>"))


def check(html: bytes) -> None:
    article = articles.extract(html, "https://example.org/news/lamp-200/")
    found = [(link.url, link.title, link.category, link.date_published) for link in article.related_links]
    assert found == [(f"https://example.org{url}", *rest) for url, *rest in CARDS]
