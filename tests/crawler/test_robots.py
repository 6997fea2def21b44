"""robots.txt by RFC 9309, on tables of cases; section numbers are the RFC's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import robots

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SITE = "https://example.org"


def rules(text: str | bytes) -> robots.Robots:
    return robots.read(200, text.encode() if isinstance(text, str) else text, NOW)


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (200, "rules", "ok"),
        (204, "rules", "ok"),
        (301, "allow_all", "unavailable"),
        (400, "allow_all", "unavailable"),
        (401, "allow_all", "unavailable"),
        (403, "allow_all", "unavailable"),
        (404, "allow_all", "unavailable"),
        (410, "allow_all", "unavailable"),
        (429, "deny_all", "server_error"),
        (500, "deny_all", "server_error"),
        (503, "deny_all", "server_error"),
        (599, "deny_all", "server_error"),
        (None, "deny_all", "unreachable"),
    ],
)
def test_what_the_status_means(status: int | None, kind: str, reason: str) -> None:  # 2.3.1
    answer = robots.read(status, b"User-agent: *\nDisallow: /private/", NOW)
    assert (answer.kind, answer.reason) == (kind, reason)
    assert answer.allowed(SITE + "/private/1", "pressmark") is (kind == "allow_all")
    assert answer.allowed(SITE + "/news/1", "pressmark") is (kind != "deny_all")
    assert answer.allowed(SITE + "/robots.txt", "pressmark")


def test_more_than_five_redirects_are_no_robots_txt() -> None:  # 2.3.1.2
    deny = b"User-agent: *\nDisallow: /"
    assert robots.read(200, deny, NOW, redirects=5).kind == "rules"
    assert robots.read(200, deny, NOW, redirects=6).kind == "allow_all"


@pytest.mark.parametrize(("status", "hours"), [(200, 24), (404, 24)])
def test_rules_are_kept_a_day_at_most(status: int, hours: int) -> None:  # 2.4
    answer = robots.read(status, b"", NOW)
    assert not answer.expired(NOW + timedelta(hours=hours, seconds=-1))
    assert answer.expired(NOW + timedelta(hours=hours))


@pytest.mark.parametrize("status", [None, 500, 429])
def test_a_server_in_trouble_is_asked_again_soon(status: int | None) -> None:
    answer = robots.read(status, b"", NOW)
    assert not answer.expired(NOW + timedelta(minutes=1))
    assert answer.expired(NOW + timedelta(minutes=10))


DENY = "Disallow: /a\n"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        # groups, 2.2.1
        ("User-agent: *\n" + DENY, "/a", False),
        ("User-agent: pressmark\n" + DENY, "/a", False),
        ("USER-AGENT: PressMark\n" + DENY, "/a", False),
        ("User-agent: pressmark/2.0\n" + DENY, "/a", False),
        ("User-agent: other\n" + DENY, "/a", True),
        ("User-agent: press\n" + DENY, "/a", True),
        ("User-agent: mark\n" + DENY, "/a", True),
        ("User-agent: pressmarkbot\n" + DENY, "/a", True),
        ("User-agent: *\n" + DENY + "User-agent: pressmark\nAllow: /\n", "/a", True),
        ("User-agent: other\nUser-agent: pressmark\n" + DENY, "/a", False),
        ("User-agent: pressmark\nDisallow: /b\n\nUser-agent: pressmark\n" + DENY, "/a", False),
        ("User-agent: other\nSitemap: https://example.org/s.xml\nUser-agent: pressmark\n" + DENY, "/a", False),
        (DENY + "User-agent: *\nDisallow: /b\n", "/a", True),
        ("User-agent: * # all\n" + DENY, "/a", False),
        ("User-agent: pressmark\nDisallow:\n\nUser-agent: *\nDisallow: /\n", "/a", True),
        # rules, 2.2.2
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("User-agent: *\nDisallow: /news/\nAllow: /", "/news/1", False),
        ("User-agent: *\nAllow: /news\nDisallow: /news", "/news", True),
        ("User-agent: *\nDisallow:\n", "/", True),
        ("User-agent: *\ndisallow:/a", "/abc", False),
        ("User-agent: *\n  Disallow : /a # not this", "/a", False),
        ("User-agent: *\nDisallow: /A", "/a", True),
        ("User-agent: *\nDisallow: /ш", "/%D1%88", False),
        ("User-agent: *\nDisallow: /%D1%88", "/%d1%88/1", False),
        ("User-agent: *\nDisallow: /a%3Cb", "/a%3cb", False),
        ("User-agent: *\nDisallow: /~ann", "/%7Eann/1", False),
        # special characters, 2.2.3
        ("User-agent: *\nDisallow: /*.gif$", "/x/y.gif", False),
        ("User-agent: *\nDisallow: /*.gif$", "/x/y.gif?1", True),
        ("User-agent: *\nDisallow: /*?print=", "/news/1?print=1", False),
        ("User-agent: *\nDisallow: /a*b*c", "/axxbxxc/d", False),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        # line ends and byte order mark
        ("\ufeffUser-agent: *\r\n" + DENY, "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("User-agent: other\rDisallow: /\rUser-agent: pressmark\rDisallow: /a", "/b", True),
        ("", "/a", True),
        ("<html><body>Not found</body></html>", "/a", True),
    ],
)
def test_which_rule_counts(text: str, path: str, allowed: bool) -> None:
    assert rules(text).allowed(SITE + path, "pressmark") is allowed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_rules_with_a_byte_order_mark_count(encoding: str) -> None:
    text = "\ufeff" * (encoding == "utf-16-be") + "User-agent: *\nDisallow: /private\n"
    rules = robots.read(200, text.encode(encoding), datetime.now(UTC))
    assert not rules.allowed("https://example.org/private/a", "pressmark")
    assert rules.allowed("https://example.org/news/a", "pressmark")


def test_only_the_first_500_kib_are_read_and_no_rule_is_cut_in_two() -> None:  # 2.5
    head, line = b"User-agent: *\n", b"Disallow: /private/notes\n"
    filled = head + b"#" * (robots.MAX_BYTES - len(head) - len(line) - 1) + b"\n" + line
    assert len(filled) == robots.MAX_BYTES
    assert not rules(filled).allowed(SITE + "/private/notes", "pressmark")
    later = filled.replace(b"#\n", b"####\n", 1)  # the rule now ends three bytes behind the limit
    assert rules(later).allowed(SITE + "/private/notes", "pressmark")
    assert rules(later).allowed(SITE + "/private/no", "pressmark")


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2", 2.0),
        ("User-agent: *\nCrawl-delay: 0.5\nDisallow: /a", 0.5),
        ("User-agent: other\nCrawl-delay: 9\nUser-agent: *\nDisallow: /a", None),
        ("User-agent: *\nCrawl-delay: 9\nUser-agent: pressmark\nCrawl-delay: 3", 3.0),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: 1e9", robots.MAX_CRAWL_DELAY),
        ("User-agent: *\nRequest-rate: 1/10", 10.0),
        ("User-agent: *\nRequest-rate: 1/10\nCrawl-delay: 12", 12.0),
    ],
)
def test_the_delay_that_is_asked_for(text: str, delay: float | None) -> None:
    assert rules(text).crawl_delay("pressmark") == delay
    assert robots.read(503, text.encode(), NOW).crawl_delay("pressmark") is None


def test_sitemaps_are_listed_once_whoever_they_are_under() -> None:
    text = (
        "Sitemap: /sitemap.xml\nUser-agent: other\nDisallow: /\nsitemap: https://example.org/news.xml#x\n"
        "Sitemap: https://example.org/sitemap.xml\nSitemap: javascript:alert(1)\n"
    )
    assert rules(text).sitemaps(SITE + "/robots.txt") == (SITE + "/sitemap.xml", SITE + "/news.xml")


def test_opt_outs_from_ai_use_are_facts() -> None:
    text = (
        "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\nUser-agent: *\nDisallow: /x\nContent-Signal: ai-train=no\n"
    )
    assert rules(text).ai_opt_outs(SITE + "/news/1") == (
        "robots.txt: gptbot",
        "robots.txt: ccbot",
        "content-signal: ai-train=no",
    )
    assert rules("User-agent: *\nDisallow: /").ai_opt_outs(SITE + "/news/1") == ()
    assert robots.read(404, text.encode(), NOW).ai_opt_outs(SITE + "/") == ()


@given(st.binary(max_size=200), st.text(max_size=30))
def test_no_bytes_raise(body: bytes, path: str) -> None:
    answer = rules(b"User-agent: *\nDisallow: /a\n" + body)
    answer.allowed(SITE + "/" + path, "pressmark")
    answer.crawl_delay("pressmark")
    answer.sitemaps(SITE + "/robots.txt")


LINES = st.lists(
    st.sampled_from(["User-agent: *", "User-agent: other", "Disallow: /a", "Allow: /a/b", "Crawl-delay: 1", "", "# x"]),
    max_size=12,
)


@given(LINES)
def test_an_unknown_line_or_a_comment_changes_nothing(lines: list[str]) -> None:
    plain = rules("\n".join(lines))
    padded = rules("\r\n".join(f"  {line} # note" for line in lines))
    for path in ("/", "/a", "/a/b", "/c"):
        assert plain.allowed(SITE + path, "pressmark") == padded.allowed(SITE + path, "pressmark")
