"""The decision: what a visit means. Plain facts, no archive."""

from __future__ import annotations

import dataclasses
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.record import Article
from storage.decide import Decision, Known, Seen, decide, same_text
from storage.normal import changed_fields, content_hash, plain
from storage.visits import seen_reading

KNOWN = Known(b"a", length=1000)

hashes = st.binary(min_size=1, max_size=2)
seens = st.builds(
    Seen,
    status=st.one_of(st.none(), st.sampled_from([200, 200, 200, 203, 304, 403, 404, 410, 429, 500, 503])),
    content_hash=st.one_of(st.none(), hashes),
    length=st.integers(0, 3000),
    titled=st.booleans(),
    access=st.sampled_from(["free", "paywall", "wall"]),
    is_article=st.booleans(),
    page_kind=st.sampled_from(["article", "live", "home", "section", "wall", "other"]),
    keep=st.booleans(),
    reason=st.one_of(st.none(), st.just("robots")),
)
knowns = st.builds(Known, hashes, length=st.integers(1, 3000), titled=st.booleans(), access=st.sampled_from(["free"]))


@given(st.one_of(st.none(), knowns), seens)
def test_only_a_whole_reading_is_ever_taken(known: Known | None, seen: Seen) -> None:
    decision = decide(known, seen)
    if decision.outcome in ("new", "changed"):
        assert seen.content_hash is not None
        assert seen.keep
        assert seen.length > 0
        assert seen.is_article
        assert seen.access != "wall"
    else:
        assert decision.outcome == "same" or decision.reason


@given(knowns, seens)
def test_a_known_article_is_never_new_and_never_halved(known: Known, seen: Seen) -> None:
    decision = decide(known, seen)
    assert decision.outcome != "new"
    if decision.outcome == "changed" and known.length >= 200:
        assert 2 * seen.length > known.length


@given(knowns)
def test_the_same_reading_is_the_same(known: Known) -> None:
    again = Seen(200, known.content_hash, known.length, known.titled, known.access)
    assert decide(known, again) == Decision("same")


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(200, b"b", length=1100), Decision("changed")),
        (Seen(200, b"b", length=501), Decision("changed")),
        (Seen(200, b"b", length=500), Decision("worse", "half")),
        (Seen(200, b"b", length=700, access="paywall"), Decision("worse", "paywall")),
        (Seen(200, b"b", length=990, access="paywall"), Decision("changed")),
        (Seen(200, None, reason="not_html"), Decision("worse", "not_html")),
        (Seen(404), Decision("withdrawn", "gone")),
        (Seen(503), Decision("failed", "http_503")),
        (Seen(None, reason="timeout"), Decision("failed", "timeout")),
        (Seen(200, b"b", length=1100, keep=False, reason="noarchive"), Decision("refused", "noarchive")),
    ],
)
def test_against_a_good_reading(seen: Seen, expected: Decision) -> None:
    assert decide(KNOWN, seen) == expected


def test_a_short_note_may_halve() -> None:
    assert decide(Known(b"a", length=150), Seen(200, b"b", length=60)) == Decision("changed")


texts = st.text(alphabet=string.ascii_letters + " .,\n", max_size=200)


@given(
    texts, st.sampled_from(["\u00a0", "\u00ad", "\u200b", "  ", "\n\n\n", "\n\n12:45\n\n", "\n\nUpdated 3 min ago\n\n"])
)
def test_markup_noise_and_clocks_do_not_count(text: str, noise: str) -> None:
    with_noise = f"The end.{noise if noise.strip() or noise.isspace() else noise + ' '}\n\n{text}"
    assert plain(f"The end.\n\n{text}").split() == plain(with_noise).split()


@pytest.mark.parametrize(
    "clock",
    [
        "Updated 14:05 GMT",
        "5 min read",
        "Оновлено: 12 березня 2026, 14:05",
        "23 хвилини тому",
        "Aktualisiert vor 3 Stunden",
        "Publié le 3 mars 2026 à 12:00",
        "1,204 views",
        "12:30",
        "01.03.2026, 12:30",
    ],
)
def test_clocks_are_known(clock: str) -> None:
    assert plain(f"One.\n\n{clock}\n\nTwo.") == "One. Two."


@pytest.mark.parametrize(
    "text", ["3 dead", "In 2024 the council met 12 times", "Budget: 5 million", "No 1", "3:1", "1998"]
)
def test_facts_with_numbers_are_no_clocks(text: str) -> None:
    assert plain(text) == text


def test_a_new_empty_field_makes_no_revision() -> None:
    article = Article(url="https://lindow.example/1", title="A", body="B")
    assert content_hash(article) == content_hash(dataclasses.replace(article, key_points=(), lead="", authors=()))
    assert content_hash(article) != content_hash(dataclasses.replace(article, lead="C"))
    assert changed_fields(article, dataclasses.replace(article, lead="C")) == ("lead",)


def test_what_does_not_count_makes_no_revision() -> None:
    article = Article(url="https://lindow.example/1", title="A", body="B", tags=("x", "y"))
    again = dataclasses.replace(article, tags=("Y", "X"), access="paywall", provenance={"title": "h1"})
    assert content_hash(article) == content_hash(again)
    assert seen_reading(again, content_hash(again)).access == "paywall"


def test_texts_of_one_article_are_told_from_others() -> None:
    text = "The harbour will be dredged from the spring on, and the ferries keep to their timetable."
    assert same_text("One", text, "Two", text + " It was said on Monday.")
    assert same_text("One", text, "one", "Nothing in common here at all, really.")
    assert not same_text("One", text, "Two", "Nothing in common here at all, really.")
