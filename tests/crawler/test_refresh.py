"""Pages that only say where to go, and answers that are of another page than was asked for."""

from __future__ import annotations

import gzip
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.refresh import destination, onward, target_of
from tests.crawler.conftest import Crawler
from tests.crawler.web import Asked, Page, Reply, Web, article

PAGE = "text/html; charset=utf-8"


def sends(target: str, text: str = "This page has moved.", more: str = "") -> str:
    return (
        f"<html><head><title>Moved</title>{more}<META HTTP-EQUIV='Refresh' CONTENT=\"0; URL='{target}'\"></head>"
        f"<body><p>{text}</p></body></html>"
    )


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("0; url=/a", "/a"),
        ("0;URL=/a?b=c;d", "/a?b=c;d"),
        ("  3 , '/a' and more", "/a"),
        ('1.5; url="/a', "/a"),
        ("0 /a", "/a"),
        (";url=/a", "/a"),
        (".;url=/a", "/a"),
        ("16; url=/a", None),
        ("300", None),
        ("0; url=", None),
        ("0; url=''", None),
        ("url=/a", None),
        ("", None),
    ],
)
def test_what_a_refresh_says(value: str, target: str | None) -> None:
    assert target_of(value) == target


@given(st.text(max_size=60) | st.text(alphabet="0123456789.;, url='\"/a", max_size=40))
def test_no_refresh_breaks_anything(value: str) -> None:
    target = target_of(value)
    assert target is None or target.strip() == target != ""


@given(st.binary(max_size=300), st.lists(st.tuples(st.sampled_from(["Refresh", "Content-Encoding"]), st.text())))
def test_no_answer_breaks_the_search_for_one(body: bytes, headers: list[tuple[str, str]]) -> None:
    target = onward(200, headers, b"<html><meta http-equiv=refresh content='0;url=/a'>" + body)
    assert target is None or target


def test_a_page_with_something_to_read_sends_nobody_away() -> None:
    assert destination([], sends("/a").encode(), PAGE) == "/a"
    assert destination([], sends("/a", "Read on. " * 100).encode(), PAGE) is None
    assert destination(["0; url=/a"], sends("/b", "Read on. " * 100).encode(), PAGE) is None
    assert destination(["0; url=/a"], sends("/b").encode(), PAGE) == "/a"
    within = f"<noscript>{sends('/without-scripts')}</noscript><p>Loading.</p>"
    assert destination([], within.encode(), PAGE) is None
    assert destination([], sends("/a", "<script>" + "var a = 1;" * 200 + "</script>").encode(), PAGE) == "/a"


def test_only_an_answer_that_is_a_page_sends_on() -> None:
    page = sends("/a").encode()
    assert onward(200, [("Content-Type", PAGE)], page) == "/a"
    assert onward(200, [("content-encoding", "gzip")], gzip.compress(page)) == "/a"
    assert onward(200, [("Refresh", "0;url=/b")], b"") == "/b"
    assert onward(404, [("Refresh", "0;url=/b")], page) is None
    assert onward(200, [("Content-Type", "application/json")], page) is None
    assert onward(200, [("Content-Encoding", "gzip")], gzip.compress(page + b" " * 100_000)) is None


@pytest.mark.parametrize("by", ["meta", "header"])
def test_a_page_that_sends_on_gives_the_article_it_leads_to(web: Web, crawl: Crawler, by: str) -> None:
    paths = web.articles(2)
    story = web.pages[paths[0]]
    web.sitemap(["/old/1-a-story-of-before.html", paths[1]])
    web.pages["/new/1-a-story-of-now.html"] = story
    if by == "meta":
        web.add("/old/1-a-story-of-before.html", sends("/new/1-a-story-of-now.html"))
    else:
        web.add(
            "/old/1-a-story-of-before.html", "<p>Wait.</p>", headers=(("Refresh", "1;url=/new/1-a-story-of-now.html"),)
        )
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 2}
    urls = crawl.rows("SELECT url FROM articles ORDER BY url")
    assert urls == [(web.url + "/new/1-a-story-of-now.html",), (web.url + paths[1],)]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://other.example/a", "offsite_redirect"),
        ("javascript:alert(1)", "bad_scheme"),
        ("/old/2-round-and-round.html", "redirect_loop"),
    ],
)
def test_a_page_that_sends_on_leads_nowhere_else(web: Web, crawl: Crawler, target: str, reason: str) -> None:
    paths = web.articles(1)
    web.sitemap([*paths, "/old/1-a-story-of-before.html"])
    web.add("/old/1-a-story-of-before.html", sends(target))
    web.add("/old/2-round-and-round.html", sends("/old/1-a-story-of-before.html"))
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 1, "refused": 1}
    assert tally.refused == {reason: 1}


def test_robots_txt_counts_for_where_a_page_sends(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)
    web.add(paths[0], sends("/private/1-a-story.html"))
    web.add("/private/1-a-story.html", article("A private story"))
    web.add("/robots.txt", f"User-agent: *\nDisallow: /private\nSitemap: {web.url}/sitemap.xml", kind="text/plain")
    [tally] = crawl(web.url)
    assert tally.refused == {"robots": 1}
    assert "/private/1-a-story.html" not in web.paths()


def test_a_page_that_loads_itself_again_is_read_as_it_is(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)
    web.add(paths[0], sends(paths[0], "Nothing here yet."))
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 1, "refused": 1}
    assert web.paths().count(paths[0]) == 1


def test_a_page_that_sets_a_cookie_and_loads_itself_again_is_had(web: Web, crawl: Crawler) -> None:
    [path] = web.articles(1)
    story = article("Story 0 of the town").encode()

    def page(asked: Asked) -> Reply:
        if asked.headers.get("cookie") == "seen=1":
            return Reply(story)
        return Reply(sends(path, "One moment.").encode(), headers=(("Set-Cookie", "seen=1; Path=/"),))

    web.pages[path] = page
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 1}


def test_a_front_page_that_sends_on_is_a_source_all_the_same(web: Web, crawl: Crawler) -> None:
    paths = web.articles(4)
    del web.pages["/sitemap.xml"]
    web.add("/robots.txt", "User-agent: *\n", kind="text/plain")
    links = "".join(f"<p><a href='{path}'>A story about the town, number {path}</a></p>" for path in paths)
    web.add("/", sends("/start/index.php"))
    web.add("/start/index.php", f"<html><head><title>Town Paper</title></head><body>{links}</body></html>")
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 4}


def test_an_answer_not_modified_to_a_plain_question_is_a_failure(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)
    web.add(paths[0], "", status=304)
    [tally] = crawl(web.url)
    assert tally.failed == {"bad_answer": 1}
    assert crawl.rows("SELECT state, reason, due_at IS NOT NULL FROM frontier WHERE url = ?", web.url + paths[0]) == [
        ("failed", "bad_answer", 1)
    ]


def front(paths: list[str], clock: str = "") -> str:
    cards = "".join(
        f"<article><h2><a href='{path}'>The town council met again, story {number}</a></h2><p>The mayor said little in"
        f" the meeting number {number}, and the bridge over the river stays closed until spring comes.</p></article>"
        for number, path in enumerate(paths)
    )
    return (
        "<html><head><title>Town Paper - all the news</title></head><body><h1>Town Paper</h1>"
        f"<p>{clock}</p>{cards}</body></html>"
    )


@pytest.mark.parametrize("clock", [False, True])
def test_a_front_page_in_an_articles_place_is_no_article(web: Web, crawl: Crawler, clock: bool) -> None:
    paths = web.articles(3)
    wrong = [f"/news/{number}-a-story-that-is-not-there.html" for number in range(20)]
    count = itertools.count()

    def page(asked: Asked) -> Reply:
        return Reply(front(paths, f"12:{next(count):02}" if clock else "").encode())

    web.sitemap([*paths, *wrong])
    for path in ("/", *wrong):
        web.pages[path] = page
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 3, "refused": 20}
    assert tally.refused == {"front_page": 20}
    assert [note for note in tally.notes if "20 addresses show the front page" in note]
    assert crawl.rows("SELECT DISTINCT state, due_at IS NOT NULL FROM frontier WHERE reason = 'front_page'") == [
        ("refused", 1)
    ]


def test_an_article_that_a_front_page_hides_is_kept(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    crawl(web.url)
    home = front(paths)
    web.add("/", home)
    web.add(paths[0], home)
    [tally] = crawl(web.url, refresh=True)
    assert tally.outcomes == {"same": 2, "worse": 1}
    assert crawl.rows("SELECT title FROM articles WHERE url = ?", web.url + paths[0]) == [("Story 0 of the town",)]
    web.add(
        paths[0],
        article(
            "Story 0 of the town",
            text="The council has spoken at last, and the bridge over the river is to open in spring, said the mayor.",
        ),
    )
    [tally] = crawl(web.url, refresh=True)
    assert tally.outcomes == {"same": 2, "changed": 1}


def test_the_article_that_a_front_page_shows_whole_is_one(web: Web, crawl: Crawler) -> None:
    paths = web.articles(1)
    story = article("Story 0 of the town")
    web.pages["/"] = Reply(story.replace("Story 0 of the town - Town Paper", "Town Paper").encode())
    web.add(paths[0], story)
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 1}


def test_an_article_that_gets_a_new_address_each_time_stays_one(web: Web, crawl: Crawler) -> None:
    [path] = web.articles(1)
    story, count = web.pages[path], itertools.count()

    class Renamed(dict[str, Page]):
        def get(self, asked: str, default: object = None) -> object:  # type: ignore[override]
            return story if asked.startswith(path) else super().get(asked, default)

    def home(asked: Asked) -> Reply:
        link = f"<a href='{path}?v={next(count)}'>Story 0 of the town, and what the council said</a>"
        return Reply(f"<html><head><title>Town Paper</title></head><body><p>{link}</p></body></html>".encode())

    web.pages = Renamed({"/": home})
    for _ in range(8):
        crawl(web.url, refresh=True)
    assert crawl.rows("SELECT count(*) FROM articles") == [(1,)]
    assert crawl.rows("SELECT count(*), count(DISTINCT article_id) FROM article_urls") == [(8, 1)]


def test_a_site_of_nothing_but_walls_is_trouble(web: Web, crawl: Crawler) -> None:
    paths = web.articles(8)
    wall = (
        "<html><head><title>Your privacy</title></head><body><h1>We value your privacy</h1><p>We and our 842 partners"
        " store cookies on your device and process personal data for personalised advertising. You may reject all."
        "</p><button>Accept all</button></body></html>"
    )
    for path in paths[:6]:
        web.add(path, wall)
    [tally] = crawl(web.url)
    assert tally.trouble == []
    assert tally.notes == ["6 of 8 pages show a consent wall, a CAPTCHA or a script shell in the text's place"]
    web.sitemap(paths[:6])
    [tally] = Crawler(crawl.db.with_name("other.db"))(web.url)
    assert tally.trouble == ["6 of 6 pages show a consent wall, a CAPTCHA or a script shell in the text's place"]


def test_a_page_that_a_proxy_has_changed_is_read(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)
    web.add(paths[0], article("Story 0 of the town"), status=203)
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 2}


def test_a_page_whose_packed_body_breaks_off_is_tried_again(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)
    packed = gzip.compress(article("Story 0 of the town").encode())
    half = Reply(packed[: len(packed) // 2], headers=(("Content-Encoding", "gzip"),))
    answers = iter((half, Reply(packed, headers=(("Content-Encoding", "gzip"),))))
    web.pages[paths[0]] = lambda asked: next(answers)
    [tally] = crawl(web.url)
    assert (tally.outcomes, tally.failed) == ({"new": 2, "failed": 1}, {"truncated": 1})
