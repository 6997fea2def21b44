"""Links are told by shape: articles, sections, the next page, what the head names."""

from __future__ import annotations

from urllib.parse import unquote

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.links import ARTICLE, article_score, find_links, is_marked, is_section
from crawler.urls import normalize

SITE = "https://example.org"

HEADLINES = {
    "/news/town/100001-the-bridge-over-the-weir-opens.html": "The bridge over the weir opens after two years",
    "/2026/11/23/mill-museum-finds-a-lost-wheel": "Mill museum finds a lost wheel",
    "/news/4711234.html": "A quiet week for the fishing fleet in the north",
    "/articles/c4n1l6wx98go": "Ferry timetable changes",
    "/story.php?id=88123": "Council votes on the market hall",
    "/news,142489.html": "Зерно подорожчало",
    "/doc/7715044": "Міст через річку відкрили для пішоходів",
    "/!5928990/": "Wheat prices rise for the third month in a row",
    "/sport/rowing-eights-win-on-a-stormy-lake/146774/": "",
    "/opinion/why-the-town-needs-a-second-bridge": "Why the town needs a second bridge",
    "/archive/63076": "Letters from the lighthouse keeper",
    "/weather/2024/04/26/storm-damage-along-the-coast/": "Storm damage along the coast",
    "/новини/міст-через-річку-відкрили": "",
}
OTHERS = {
    "/": "Home",
    "/politics/": "Politics",
    "/en/": "English",
    "/news/town/": "Town",
    "/section/world/2/": "2",
    "/world/middle-east/": "Middle East",
    "/politics/page/17": "17",
    "/login": "Log in",
    "/about-us": "About us",
    "/privacy-policy": "How we use what we know about you and why",
    "/tag/bridges-and-weirs-of-the-north": "Bridges",
    "/author/ann-miller-of-the-harbour": "Ann Miller",
    "/calendar/2026/11/23/": "23",
    "/calendar/817236172/": "calendar",
    "/search?q=weir": "Search",
    "/images/100001-the-bridge-over-the-weir.jpg": "The bridge over the weir opens after two years",
    "/newsletter/": "Our newsletter, every morning at seven in your inbox",
    "/2026/11/": "November",
}


@pytest.mark.parametrize(("path", "text"), HEADLINES.items())
def test_links_to_articles(path: str, text: str) -> None:
    assert article_score(str(normalize(SITE + path)), text) >= ARTICLE


@pytest.mark.parametrize(("path", "text"), OTHERS.items())
def test_links_that_are_not(path: str, text: str) -> None:
    assert article_score(SITE + path, text) < ARTICLE


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_score_is_between_nothing_and_one(path: str, text: str) -> None:
    assert 0 <= article_score(f"{SITE}/{path}", text) <= 1
    assert isinstance(is_section(f"{SITE}/{path}") or is_marked(f"{SITE}/{path}"), bool)


def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def a(href: str, text: str = "x") -> str:
    return f'<li><a href="{href}">{text}</a></li>'


def urls(links: tuple[object, ...]) -> list[str]:
    return [str(getattr(link, "url", link)).removeprefix(SITE) for link in links]


def test_a_front_page() -> None:
    front = page(
        "".join(a(href, text) for href, text in {**OTHERS, **HEADLINES}.items())
        + a(
            "https://example.net/news/100002-elsewhere-something-else-happened.html",
            "Elsewhere something else happened",
        )
        + a("javascript:alert(1)")
        + a("mailto:desk@example.org")
        + a("#top")
        + "<a>no address</a>"
    )
    for given_page in (front, lxml.html.document_fromstring(front)):
        found = find_links(given_page, SITE + "/")
        assert {"/politics/", "/news/town/", "/en/", "/world/middle-east/"} <= set(urls(found.sections))
        assert not set(urls(found.sections)) & {"/login", "/about-us", "/", "/newsletter/", "/calendar/817236172/"}
        assert not [link for link in urls((*found.articles, *found.sections)) if "example.net" in link]
        assert {unquote(path) for path in urls(found.articles)} <= set(HEADLINES)
        assert "/calendar/817236172/" in urls(found.others)


def test_where_articles_bear_numbers_what_bears_none_is_something_else() -> None:
    numbered = [f"/news/{4711230 + n}-short-title" for n in range(10)]
    odd = "/services/how-to-cancel-your-paper"
    assert odd in urls(find_links(page(a(odd)), SITE).articles)
    found = find_links(page("".join(map(a, [*numbered, odd]))), SITE)
    assert urls(found.articles) == numbered


def test_each_address_once_with_its_longest_text() -> None:
    href = "/news/4711234-short"
    body = (
        a(href, "<img>")
        + a(href + "?utm_source=front", "The ferry runs again from Monday on")
        + a("//www.example.org" + href)
    )
    (link, other) = find_links(page(body), SITE).articles
    assert (link.url, link.text) == (SITE + href, "The ferry runs again from Monday on")
    assert other.url == "https://www.example.org" + href


def test_the_text_of_a_link_is_what_is_shown() -> None:
    body = '<a href="/news/4711234"><style>.a{}</style><noscript><img></noscript>The <b>ferry</b> runs<!-- not --></a>'
    (link,) = find_links(page(body), SITE).articles
    assert link.text == "The ferry runs"


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="next" href="/town/2/">',
        '<a rel="nofollow next" href="/town/2/">2</a>',
        '<a href="/town/2/">Next</a>',
        '<a href="/town/2/"> Next page » </a>',
        '<a href="/town/2/">›</a>',
        '<a href="/town/2/">Далі</a>',
        '<a href="/town/2/">Older posts</a>',
    ],
)
def test_the_next_page_of_a_listing(markup: str) -> None:
    found = find_links(page(markup), SITE + "/town/")
    assert found.next_page == SITE + "/town/2/"
    assert urls(found.sections) == []


@pytest.mark.parametrize(
    "markup",
    [
        '<a rel="next" href="https://example.net/2">2</a>',
        '<a href="/town/">Next</a>',
        '<a href="/x">What comes next</a>',
        "",
    ],
)
def test_no_next_page(markup: str) -> None:
    assert find_links(page(markup), SITE + "/town/").next_page is None


def test_what_the_head_names() -> None:
    head = (
        '<base href="https://example.org/uk/"><link rel="sitemap" href="/map.xml">'
        '<link rel="alternate" type="application/rss+xml; charset=utf-8" href="rss.xml">'
        '<link rel="ALTERNATE" type="application/atom+xml" href="/atom.xml">'
        '<link rel="alternate" hreflang="en" href="/en/">'
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<link rel="alternate" type="application/rss+xml" href="https://example.net/rss">'
    )
    found = find_links(page("", head), SITE + "/")
    assert urls(found.feeds) == ["/uk/rss.xml", "/atom.xml"]
    assert urls(found.sitemaps) == ["/map.xml"]


@pytest.mark.parametrize(
    ("name", "content", "followed"),
    [("robots", "noindex, NOFOLLOW", False), ("Pressmark", "none", False), ("googlebot", "nofollow", True)],
)
def test_a_page_may_ask_that_its_links_are_not_followed(name: str, content: str, followed: bool) -> None:
    head = f'<meta name="{name}" content="{content}"><link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    body = (
        a("/news/4711234-the-ferry-runs-again", "The ferry runs again") + a("/town/") + '<a rel="next" href="/2/">2</a>'
    )
    found = find_links(page(body, head), SITE + "/")
    assert bool(found.articles) is bool(found.sections) is bool(found.next_page) is followed
    assert urls(found.feeds) == ["/rss.xml"]


@given(st.binary(max_size=200))
def test_no_page_raises(body: bytes) -> None:
    found = find_links(body, SITE)
    assert all(link.url.startswith("http") for link in (*found.articles, *found.sections))


def test_deeply_nested_markup_is_survived() -> None:
    body = '<a href="/news/4711234-deep-one">' + "<b>" * 5000 + "The ferry runs again"
    assert urls(find_links(page(body), SITE).articles) == ["/news/4711234-deep-one"]
