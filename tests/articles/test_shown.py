"""Shown dates against declared ones, and the last places to look for a date."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.articles.test_dates import ld, meta, read

LONG = "<p>" + "The council has counted the boats in the harbour, and there was one more than last year. " * 3 + "</p>"


def test_the_only_shown_date_corrects_the_declared_one() -> None:
    article = read(meta("article:published_time", "2024-05-09T10:00:00Z"), f"<div class=date>2 May 2024</div>{LONG}")
    assert article.date_published == datetime(2024, 5, 2)
    assert article.provenance["date_published"] == "text"


def test_a_date_within_a_sentence_corrects_nothing() -> None:
    declared = "2024-05-09T10:00:00+02:00"
    article = read(ld(datePublished=declared), f"<p>The fair opens on 2 May 2024 in the harbour.</p>{LONG}")
    assert article.date_published == datetime.fromisoformat(declared)


@pytest.mark.parametrize(("changed", "expected"), [("2024-05-14", "2024-05-14"), ("2024-11-14", "2024-05-09")])
def test_a_page_changed_soon_is_published_anew_one_changed_late_is_not(changed: str, expected: str) -> None:
    head = ld(datePublished="2024-05-09T10:00:00+02:00", dateModified=f"{changed}T08:00:00+02:00")
    day = datetime.fromisoformat(changed)
    article = read(head, f"<div class=date>{day:%d %B %Y}</div>{LONG}")
    assert article.date_published is not None
    assert article.date_published.date().isoformat() == expected


def test_a_day_shown_in_the_zone_of_a_late_change_is_that_of_the_change() -> None:
    head = ld(datePublished="2022-02-16T07:53:25Z", dateModified="2023-09-28T00:49:54Z")
    article = read(head, f"<div class=date>27 September 2023</div>{LONG}")
    assert article.date_published == datetime.fromisoformat("2022-02-16T07:53:25+00:00")


def test_a_utc_time_is_put_where_it_falls_on_the_shown_day() -> None:
    article = read(ld(datePublished="2024-05-08T23:00:00Z"), f"<div class=date>9 May 2024</div>{LONG}")
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2024-05-09T00:00:00+01:00"


def test_an_evening_time_stays_beside_the_day_of_the_printed_paper() -> None:
    declared = datetime(2024, 5, 8, 19, 30, tzinfo=timezone(timedelta(hours=2)))
    article = read(ld(datePublished=declared.isoformat()), f"<div class=date>9 May 2024</div>{LONG}")
    assert article.date_published == declared


def test_an_old_address_is_believed_before_a_much_later_declared_date() -> None:
    article = read(ld(datePublished="2024-05-08"), LONG, url="https://example.org/2021/03/04/a-story/")
    assert article.date_published == datetime(2021, 3, 4)


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        ("", f"<p>Harbour (9 May 2024). {LONG[3:]}", "text"),
        ("", f"{LONG}<aside><time datetime=2024-05-09>Thursday</time></aside>", "page"),
        ("", f"{LONG}<span data-utime=1715241600>Thursday</span>", "attribute"),
        ("", f'{LONG}<script>state = {{"publishDate": 1715241600000}}</script>', "script"),
        (meta("og:description", "The harbour (story of 9 May 2024)"), LONG, "description"),
        (meta("og:image", "https://example.org/pictures/2024/05/09/a.jpg"), LONG, "image"),
    ],
)
def test_last_places_where_a_date_is_looked_for(head: str, body: str, source: str) -> None:
    article = read(head, body)
    assert article.date_published is not None
    assert article.date_published.date().isoformat() == "2024-05-09"
    assert article.provenance["date_published"] == source


def test_last_places_are_not_asked_where_a_better_one_answers() -> None:
    head = meta("article:modified_time", "2024-06-01T08:00:00Z") + meta(
        "og:image", "https://example.org/2020/05/09/a.jpg"
    )
    article = read(head, f"<p>Published: 9 May 2024</p>{LONG}")
    assert article.date_published == datetime(2024, 5, 9)
