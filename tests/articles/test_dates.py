"""When an article was published: which source wins, and what the sources tell of each other."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import articles
from articles import Article


def read(head: str = "", body: str = "", url: str = "https://example.org/news/a-story", lang: str = "en") -> Article:
    html = (
        f"<html lang={lang}><head>{head}</head><body><article><h1>A story of the day</h1>{body}</article></body></html>"
    )
    return articles.extract(html.encode(), url)


def ld(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_structured_data_before_meta_before_text() -> None:
    head = ld(datePublished="2024-05-03T10:00:00+02:00") + meta("article:published_time", "2024-05-01T10:00:00Z")
    article = read(head, "<p>The fair opens on 1 April 2024.</p>")
    assert article.date_published == datetime(2024, 5, 3, 10, tzinfo=timezone(timedelta(hours=2)))
    assert article.date_published_raw == "2024-05-03T10:00:00+02:00"
    assert article.provenance["date_published"] == "json-ld"


def test_date_without_time_is_completed_by_the_other_source() -> None:
    article = read(ld(datePublished="2024-05-03") + meta("article:published_time", "2024-05-03T09:15:00+03:00"))
    assert article.date_published == datetime(2024, 5, 3, 9, 15, tzinfo=timezone(timedelta(hours=3)))


def test_shown_clock_tells_the_publishers_zone() -> None:
    article = read(ld(datePublished="2024-05-04T01:49:09Z"), "<p>May 3, 2024 at 5:49 p.m.</p><p>Text.</p>")
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2024-05-03T17:49:09-08:00"


def test_address_settles_day_and_month() -> None:
    ambiguous = meta("pubdate", "04/03/2024")
    assert read(ambiguous, url="https://example.org/2024/03/04/a/").date_published == datetime(2024, 3, 4)
    assert read(ambiguous, url="https://example.org/2024/04/03/a/").date_published == datetime(2024, 4, 3)


def test_language_settles_day_and_month_where_nothing_else_does() -> None:
    assert read(meta("pubdate", "04/03/2024"), lang="en-US").date_published == datetime(2024, 4, 3)
    assert read(meta("pubdate", "04/03/2024"), lang="en-GB").date_published == datetime(2024, 3, 4)
    assert read(meta("pubdate", "04/03/2024"), lang="fr").date_published == datetime(2024, 3, 4)


def test_visible_date_behind_its_label() -> None:
    article = read(body="<ul><li>Дата публікації</li><li>29.11.2024 17:42</li></ul><p>Текст.</p>", lang="uk")
    assert article.date_published == datetime(2024, 11, 29, 17, 42)
    assert article.date_published_raw == "29.11.2024 17:42"


def test_dates_of_cards_and_comments_are_not_the_articles() -> None:
    body = (
        "<p>Text of some length that says something.</p><aside><time datetime='2020-01-01'>1.1.2020</time></aside>"
        "<div class='comments'><time datetime='2021-01-01'>1.1.2021</time></div>"
    )
    assert read(body=body).date_published is None


def test_absurd_dates_are_problems() -> None:
    article = read(ld(datePublished="0001-01-01T00:00:00Z", dateModified="soon"))
    assert article.date_published is None
    assert article.date_modified is None
    assert {problem.field for problem in article.problems} == {"date_published", "date_modified"}


def test_modified_is_read_and_told_from_published() -> None:
    article = read(
        ld(datePublished="2024-05-03T10:00:00Z", dateModified="2024-05-04T11:00:00Z"),
        "<p>Updated: 5 May 2024</p>",
    )
    assert article.date_modified is not None
    assert article.date_modified.isoformat() == "2024-05-04T11:00:00+00:00"
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2024-05-03T10:00:00+00:00"


@pytest.mark.parametrize("name", ["published", "date-posted", "article_date", "pubdate", "DC.date.issued", "Published"])
def test_meta_names_of_the_day_of_publication(name: str) -> None:
    assert read(meta(name, "July 17, 2025")).date_published == datetime(2025, 7, 17)


@pytest.mark.parametrize("name", ["not-published", "image:published", "posted-by"])
def test_meta_names_of_other_things(name: str) -> None:
    assert read(meta(name, "July 17, 2025")).date_published is None


def test_generated_twins_give_way_to_the_earlier_shown_date() -> None:
    now = "2025-12-01T05:10:15Z"
    article = read(
        ld(datePublished=now, dateModified=now), "<time datetime='2024-04-24'>24 Apr 2024</time><p>Text.</p>"
    )
    assert article.date_published == datetime(2024, 4, 24)


def test_modified_before_published_is_a_problem() -> None:
    article = read(ld(datePublished="2024-05-03T10:00:00Z", dateModified="2023-05-04T11:00:00Z"))
    assert [problem.field for problem in article.problems] == ["date_modified"]


LONG = "<p>" + "The harbour was closed on Monday, and nobody could say when it would be opened again. " * 4 + "</p>"


@pytest.mark.parametrize(
    ("body", "day"),
    [
        # an article's own aside, before its text
        (f"<article><aside><div>Sat 24 Feb 2024 12.42 CET</div></aside>{LONG}</article>", "2024-02-24"),
        # called a dateline, whatever else it is called
        (f"<div class='date-and-comments'>3 May 2024 | </div>{LONG}<div><p>24 June 2024</p></div>", "2024-05-03"),
        # below the headline, not far from it
        (f"<p class='meta'>May 3, 2024 Ann Lee 0</p>{LONG}{LONG}<ul><li>Date: 1/2/2020</li></ul>", "2024-05-03"),
        # run together
        (f"<p>Ann LeeMay 3, 2024 GMT</p>{LONG}", "2024-05-03"),
        (f"<p>13/05/201614/05/2016</p>{LONG}", "2016-05-13"),
        (f"<p>29 / Mai / 2022</p>{LONG}", "2022-05-29"),
        (f"<p>2025•01•08</p>{LONG}", "2025-01-08"),
    ],
)
def test_shown_dates(body: str, day: str) -> None:
    published = read(body=body).date_published
    assert published is not None
    assert published.date().isoformat() == day


@pytest.mark.parametrize(
    "body",
    [
        "<p>Published: 3 May 2024</p><p>Updated: 5 May 2024</p>",
        "<p>3 May 2024 / Updated <time datetime='2024-05-05'>5 May 2024</time></p>",
        "<p>3. Mai 2024 - 16.03 Uhr</p><p>Akt.: 5. Mai 2024 - 21.18 Uhr</p>",
    ],
)
def test_a_change_that_is_said_before_a_date(body: str) -> None:
    article = read(body=body + LONG)
    assert article.date_published is not None
    assert article.date_published.date().isoformat() == "2024-05-03"
