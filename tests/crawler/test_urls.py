"""URLs: one spelling, idempotent on anything; the addresses of one article meet."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.urls import (
    accept_canonical,
    article_key,
    is_home,
    normalize,
    resolve,
    same_site,
    site_of,
    variant_of,
)

HOSTS = st.sampled_from(
    ["example.org", "WWW.Example.org", "пример.укр", "127.1", "0x7f.1", "[::1]", "m.example.org:8080", "a..b"]
)
PIECES = st.text(alphabet="abZ09/.%-_~?&=;:@#+|\\ é€ /..", max_size=40)
WILD = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}://{}/{}".format,
        st.sampled_from(["http", "HTTPS", "ftp", "javascript"]),
        HOSTS,
        st.one_of(PIECES, st.text(max_size=40)),
    ),
)


@given(WILD)
@example("http://example.org/%zz%")
@example("http://example.org/a/%2E%2E/..;jsessionid=1/b")
@example("http://example.org/;sid=/;sid=")
@example("http://example.org/x(/(S(a))/(S(b))")
@example("http://example.org/?%75tm_source=1&%26=2")
@example("http://example.org//amp//amp/")
@example("http://example.org:80\t/")
def test_normalize_is_idempotent_and_gives_only_plain_http_addresses(url: str) -> None:
    once = normalize(url)
    if once is None:
        return
    parts = urlsplit(once)
    assert normalize(once) == once
    assert once.isascii()
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert not parts.fragment
    assert "@" not in parts.netloc
    assert not any(char.isspace() for char in once)


@given(st.text("ax0.-_", min_size=1, max_size=12), st.text("aZ0/.-~_(", max_size=15))
def test_the_short_way_gives_what_the_long_one_does(host: str, path: str) -> None:
    url = f"https://{host}/{path}"
    assert normalize(url) == normalize(url + "#")


@given(WILD)
def test_a_url_to_be_sent_is_ascii_and_keeps_its_spelling_when_resolved_again(url: str) -> None:
    sent = resolve(url)
    assert sent is None or (sent.isascii() and resolve(sent) == sent)


@given(WILD)
def test_the_key_of_an_address_is_the_key_of_its_plain_form(url: str) -> None:
    plain = normalize(url)
    if plain:
        assert article_key(plain) == article_key(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Example.org", "https://example.org/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a#comments", "https://example.org/a"),
        ("https://example.org//a///b", "https://example.org/a/b"),
        ("https://example.org/web/2020/https://example.net/a", "https://example.org/web/2020/https://example.net/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/a/%2e%2e/c", "https://example.org/c"),
        ("https://example.org/%7Eann/%d1%88", "https://example.org/~ann/%D1%88"),
        ("https://example.org/ш", "https://example.org/%D1%88"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://приклад.укр/", "https://xn--80aikifvh.xn--j1amh/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org/a?utm_source=x&utm_medium=y", "https://example.org/a"),
        ("https://example.org/a?id=7&FBCLID=x&b=2&gclid=y", "https://example.org/a?id=7&b=2"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/a?x", "https://example.org/a?x"),
        ("https://example.org/a?PHPSESSID=3fa85f64", "https://example.org/a"),
        ("https://example.org/a;jsessionid=3FA8?id=1", "https://example.org/a?id=1"),
        ("https://example.org/(S(x1y2))/a.aspx", "https://example.org/a.aspx"),
        ("https://example.org/?sid=81723", "https://example.org/"),
        ("https://example.org/article.php?sid=4711", "https://example.org/article.php?sid=4711"),
        ("https://example.org/a?sid=0123456789abcdef0123", "https://example.org/a"),
        ("  https://example.org/a\n b ", "https://example.org/a%20b"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0177.0.0.1/", "http://127.0.0.1/"),
        ("http://[0:0::1]/", "http://[::1]/"),
    ],
)
def test_normalize(url: str, expected: str) -> None:
    assert normalize(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "mailto:a@example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/hostname",
            "ftp://example.org/",
        ),
        *("http://", "http:///a", "http://a..b/", "http://exa mple.org/", "http://example.org:99999/", "http://[::1/"),
        *("http://1.2.3.4.5/", "http://256.256.256.256/", "/a", "example.org/a", "http://-/\x00" + "a" * 9000),
        "http://example.org/" + "a" * 3000,
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    assert normalize(url) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("b.html", "https://example.org/news/b.html"),
        ("../b", "https://example.org/b"),
        ("//example.net/b", "https://example.net/b"),
        ("?p=2", "https://example.org/news/a?p=2"),
        ("#top", "https://example.org/news/a"),
    ],
)
def test_relative_links_are_resolved(url: str, expected: str) -> None:
    assert normalize(url, "https://example.org/news/a") == expected


@given(st.integers(0, 2**32 - 1))
def test_every_spelling_of_an_ipv4_address_gives_the_dotted_one(number: int) -> None:
    dotted = str(ipaddress.IPv4Address(number))
    assert normalize(f"http://{number}/") == normalize(f"http://{number:#x}/") == f"http://{dotted}/"


def test_the_five_addresses_of_one_article_are_one() -> None:
    plain = "https://example.org/news/town/100001-the-bridge-opens.html"
    others = [
        plain + "?utm_source=rss&utm_medium=feed",
        "https://example.org/amp/news/town/100001-the-bridge-opens.html",
        "https://example.org//news/town/100001-the-bridge-opens.html",
        plain + "?fbclid=abc",
        plain + "#comments",
        "http://www.example.org/news/town/100001-the-bridge-opens.html",
        "https://m.example.org/news/town/100001-the-bridge-opens.html?amp=1",
        "https://example.org/news/town/100001-the-bridge-opens.amp.html",
    ]
    assert {article_key(url) for url in others} == {article_key(plain)}
    assert article_key(plain) != article_key(plain.replace("100001", "100002"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a/amp", "https://example.org/a"),
        ("https://example.org/a/amp/", "https://example.org/a"),
        ("https://amp.example.org/a", "https://example.org/a"),
        ("https://example.org/a?outputType=amp&id=1", "https://example.org/a?id=1"),
        ("https://example.org/news/amplifier", None),
        ("https://example.org/amp", "https://example.org/"),
        ("https://m.org/a", None),
    ],
)
def test_variants_are_hinted_at(url: str, expected: str | None) -> None:
    assert variant_of(url) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/", "https://www.example.org/", True),
        ("https://a.example.co.uk/", "https://b.example.co.uk/", True),
        ("https://one.co.uk/", "https://two.co.uk/", False),
        ("https://ann.github.io/", "https://bob.github.io/", False),
        ("https://example.org.evil.net/", "https://example.org/", False),
        ("http://127.0.0.1:8600/", "http://127.0.0.1:8601/", False),
        ("http://127.0.0.1:8600/", "http://127.0.0.2:8600/", False),
        ("http://example.org:22/", "http://example.org/", False),
    ],
)
def test_same_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


def test_the_site_of_a_url_leaves_out_www_and_mobile_hosts() -> None:
    assert {site_of(f"https://{host}example.org/a") for host in ("", "www.", "m.", "amp.")} == {"example.org"}
    assert site_of("https://www.org/") == "www.org"


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/en", "/uk/", "/pt-br/", "/home"])
def test_front_pages(path: str) -> None:
    assert is_home("https://example.org" + path)


@pytest.mark.parametrize("path", ["/a.html", "/en/politics", "/?p=17", "/news"])
def test_other_pages_are_no_front_pages(path: str) -> None:
    assert not is_home("https://example.org" + path)


ARTICLE = "https://example.org/news/100001-the-bridge-opens.html"


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        (ARTICLE, True),
        ("/news/100001-the-bridge-opens.html", True),
        ("http://www.example.org/news/100001-the-bridge-opens.html", True),
        ("https://example.org/town/100001-the-bridge-opens-at-last", True),
        ("https://example.org/", False),
        ("https://example.org/en/", False),
        ("https://example.org/news/", False),
        ("https://example.net/news/100001-the-bridge-opens.html", False),
        ("http://127.0.0.1/news/100001-the-bridge-opens.html", False),
        ("javascript:alert(1)", False),
        ("", False),
        (None, False),
    ],
)
def test_a_canonical_that_lies_is_not_believed(canonical: str | None, believed: bool) -> None:
    assert accept_canonical(ARTICLE, canonical) is believed


def test_a_canonical_that_many_pages_share_is_a_mistake_of_the_template() -> None:
    assert accept_canonical(ARTICLE, "https://example.org/news/1-first.html", shared=1)
    assert not accept_canonical(ARTICLE, "https://example.org/news/1-first.html", shared=2)
