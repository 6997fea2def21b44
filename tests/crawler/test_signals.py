"""What a page says may be done with it, and what the policy makes of that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.signals import Decision, Policy, Signals, TdmRule, decide, matches, read, read_tdm_file, tdm_rule

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
URL = "https://example.org/news/1"
STORE = Decision("store")


def tag(value: str) -> Signals:
    return read([("X-Robots-Tag", value)], {})


def meta(value: str, name: str = "robots") -> Signals:
    return read([], {name: [value]})


@pytest.mark.parametrize(
    ("value", "directives"),
    [
        ("noarchive", {"noarchive"}),
        ("NoIndex,  NOFOLLOW ", {"noindex", "nofollow"}),
        ("none", {"none"}),
        ("", set()),
        ("max-snippet:20, noarchive", {"max-snippet:20", "noarchive"}),
        ("index; noarchive", {"index", "noarchive"}),
        ("follow noarchive", {"follow", "noarchive"}),
        ("'noarchive'", {"noarchive"}),
    ],
)
def test_directives_of_both_places(value: str, directives: set[str]) -> None:
    assert meta(value).directives == tag(value).directives == directives


@pytest.mark.parametrize(
    ("value", "directives"),
    [
        ("pressmark: noarchive", {"noarchive"}),
        ("PressMark: noarchive, nofollow", {"noarchive", "nofollow"}),
        ("otherbot: noarchive, nofollow", set()),
        ("noindex, otherbot: noarchive, pressmark: nosnippet", {"noindex", "nosnippet"}),
        ("otherbot: none, max-snippet: 0", set()),
        ("max-snippet: 0", {"max-snippet: 0", "nosnippet"}),
        ("max-snippet: -1", {"max-snippet: -1"}),
        ("*: noarchive, otherbot: none", {"noarchive"}),
    ],
)
def test_an_x_robots_tag_may_be_for_one_agent(value: str, directives: set[str]) -> None:
    assert tag(value).directives == directives


def test_a_tag_may_stand_for_the_header() -> None:
    assert read((), {"x-robots-tag": ["otherbot: none, pressmark: noarchive"]}).directives == {"noarchive"}


def test_several_tags_and_headers_add_up() -> None:
    headers = [("x-robots-tag", "noindex"), ("X-ROBOTS-TAG", "pressmark: nofollow")]
    metas = {"robots": ["noarchive", "nosnippet"], "pressmark": ["noimageindex"], "googlebot": ["none"]}
    seen = read(headers, metas)
    assert seen.directives == {"noindex", "nofollow", "noarchive", "nosnippet", "noimageindex"}
    assert seen.nofollow
    assert seen.to_mapping() == {
        "robots": "noarchive, nosnippet, noimageindex",
        "x-robots-tag": "noindex, pressmark: nofollow",
    }


@pytest.mark.parametrize(
    "value",
    [
        "unavailable_after: 2026-11-23T09:00:00Z",
        "unavailable_after: Mon, 23 Nov 2026 09:00:00 GMT",
        "noimageindex, unavailable_after: Monday, 23-Nov-26 09:00:00 GMT, nofollow",
        "pressmark: unavailable_after: 23 Nov 2026 04:00:00 EST",
    ],
)
def test_a_page_may_have_an_end(value: str) -> None:
    seen = tag(value)
    assert seen.unavailable_after == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert decide(seen, NOW) == Decision("record", "unavailable_after")
    assert decide(seen, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)) == STORE


@pytest.mark.parametrize("directive", ["noarchive", "noindex", "nosnippet", "none"])
def test_what_asks_not_to_be_kept_is_recorded_only(directive: str) -> None:
    assert decide(meta(directive), NOW) == decide(tag(directive), NOW) == Decision("record", directive)
    assert decide(meta(directive), NOW, Policy(record_only=frozenset())) == STORE


@pytest.mark.parametrize(
    "directive", ["nofollow", "noimageindex", "notranslate", "index", "all", "otherbot: noarchive"]
)
def test_what_does_not_is_stored(directive: str) -> None:
    assert decide(tag(directive), NOW) == STORE


RULES = (TdmRule("/news/", True, "https://example.org/policy.json"), TdmRule("/news/free/*", False))


@pytest.mark.parametrize(
    ("headers", "metas", "rules", "reserved", "place"),
    [
        ([], {}, (), None, None),
        ([("TDM-Reservation", "1")], {}, (), True, "header"),
        ([("tdm-reservation", "0")], {}, RULES, False, "header"),
        ([], {"tdm-reservation": ["1"]}, (), True, "meta"),
        ([("tdm-reservation", "1")], {"tdm-reservation": ["0"]}, RULES, False, "meta"),
        ([("tdm-reservation", "yes")], {}, RULES, True, "file"),
        ([], {}, RULES, True, "file"),
    ],
)
def test_tdm_reservation_of_three_places(
    headers: list[tuple[str, str]], metas: dict[str, list[str]], rules: tuple[TdmRule, ...], reserved: bool, place: str
) -> None:
    seen = read(headers, metas, url=URL, tdm_rules=rules)
    assert seen.reserved is reserved
    assert seen.sources.get("tdm-reservation") == (f"{int(reserved)} ({place})" if place else None)
    assert decide(seen, NOW) == (Decision("record", "tdm_reserved") if reserved else STORE)
    assert decide(seen, NOW, Policy(obey_tdm=False)) == STORE


def test_the_longest_pattern_of_the_tdm_file_counts() -> None:
    found = tdm_rule(RULES, "https://example.org/news/free/1?a=1")
    assert found is not None
    assert not found.reserved
    assert tdm_rule(RULES, "https://example.org/sport/1") is None
    assert read([], {}, url=URL, tdm_rules=RULES).policy == "https://example.org/policy.json"


def test_the_tdm_file_is_read_as_far_as_it_makes_sense() -> None:
    body = b"""[{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://example.org/p"},
     {"location": "/a", "tdm-reservation": "0"}, {"location": "/b", "tdm-reservation": 2}, {"location": 3,
     "tdm-reservation": 1}, "x", {"tdm-reservation": true}]"""
    assert read_tdm_file(body) == (TdmRule("/", True, "https://example.org/p"), TdmRule("/a", False))


@given(st.binary(max_size=80))
def test_no_tdm_file_raises(body: bytes) -> None:
    assert isinstance(read_tdm_file(body), tuple)
    assert read_tdm_file(b"[" * 60_000) == ()


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/", "/", True),
        ("/a", "/ab", True),
        ("/a$", "/ab", False),
        ("/a$", "/a", True),
        ("/*/b", "/x/y/b/c", True),
        ("/*/b$", "/x/y/b/c", False),
        ("/*b$", "/b/b", True),
        ("/a*a$", "/a", False),
        ("*", "/anything", True),
        ("", "/", True),
    ],
)
def test_path_patterns(pattern: str, path: str, fits: bool) -> None:
    assert matches(pattern, path) is fits


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    assert not matches("/" + "*a" * 3000 + "b", "/" + "a" * 20_000)


@pytest.mark.parametrize(
    ("headers", "metas", "ai"),
    [
        ([], {"robots": ["noai, noimageai"]}, ("noai", "noimageai")),
        ([("X-Robots-Tag", "noai")], {}, ("noai",)),
        ([("Content-Usage", "train-ai=n")], {}, ("content-usage: train-ai=n",)),
        ([], {"ai-content-declaration": ["none"]}, ("ai-content-declaration: none",)),
        ([("X-Robots-Tag", "otherbot: noai")], {}, ()),
    ],
)
def test_opt_outs_from_ai_are_recorded_and_obeyed_if_wanted(
    headers: list[tuple[str, str]], metas: dict[str, list[str]], ai: tuple[str, ...]
) -> None:
    seen = read(headers, metas)
    assert seen.ai == ai
    assert seen.to_mapping().get("ai", "") == ", ".join(ai)
    assert decide(seen, NOW) == STORE
    assert decide(seen, NOW, Policy(obey_ai=True)) == (Decision("record", "ai_opt_out") if ai else STORE)


@given(st.lists(st.text(max_size=40), max_size=4), st.lists(st.text(max_size=40), max_size=4))
def test_no_header_or_tag_raises(headers: list[str], metas: list[str]) -> None:
    seen = read([("X-Robots-Tag", value) for value in headers], {"robots": metas})
    assert decide(seen, NOW).action in ("store", "record")
