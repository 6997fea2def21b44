"""The crawl from source to archive, on sites on loopback whose answers the test writes down."""

from __future__ import annotations

import gzip
import itertools
from datetime import UTC, datetime

import pytest

from crawler.report import exit_code
from tests.crawler.conftest import Crawler
from tests.crawler.web import Asked, Page, Reply, Web, article


def in_turn(*replies: Reply) -> Page:
    """Give one answer after the other, the last one for ever."""
    count = itertools.count()
    return lambda asked: replies[min(next(count), len(replies) - 1)]


def html(text: str) -> Reply:
    return Reply(text.encode())


class Endless(dict[str, Page]):
    """Pages, with one more wherever an address begins so."""

    def __init__(self, pages: dict[str, Page], start: str, page: Page) -> None:
        super().__init__(pages)
        self._start, self._page = start, page

    def get(self, path: str, default: object = None) -> object:  # type: ignore[override]
        return self._page if path.startswith(self._start) else super().get(path, default)


def state(crawl: Crawler, url: str) -> tuple[str, str | None]:
    """Give what the frontier says of a URL."""
    [row] = crawl.rows("SELECT state, reason FROM frontier WHERE url = ?", url)
    return row[0], row[1]


def test_every_url_of_a_sitemap_is_fetched_kept_and_read(web: Web, crawl: Crawler) -> None:
    paths = web.articles(12)
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 12}
    assert (tally.found, tally.fetched, tally.left, tally.trouble) == (12, 12, 0, [])
    assert sorted(crawl.rows("SELECT url FROM articles")) == sorted((web.url + path,) for path in paths)
    assert crawl.rows("SELECT count(*) FROM snapshots WHERE warc_id IS NOT NULL") == [(12,)]
    assert crawl.rows("SELECT DISTINCT state FROM frontier") == [("done",)]


def test_a_second_crawl_makes_no_revision(web: Web, crawl: Crawler) -> None:
    web.articles(5)
    crawl(web.url)
    [tally] = crawl(web.url, refresh=True)
    assert tally.outcomes == {"same": 5}
    assert crawl.rows("SELECT count(*) FROM revisions") == [(5,)]


def test_an_edited_page_becomes_a_revision(web: Web, crawl: Crawler) -> None:
    [path] = web.articles(1)
    crawl(web.url)
    said = "The bridge was closed at noon, which nobody had expected; the council met again within the hour, in haste."
    web.add(path, article("Story 0 of the town", text=f"{said} It was opened again before the evening bells."))
    [tally] = crawl(web.url, refresh=True)
    assert tally.outcomes == {"changed": 1}
    assert crawl.rows("SELECT count(*) FROM revisions") == [(2,)]


@pytest.mark.parametrize("status", [404, 410])
def test_a_withdrawn_article_is_marked_and_kept(web: Web, crawl: Crawler, status: int) -> None:
    [path] = web.articles(1)
    crawl(web.url)
    web.add(path, "gone", status=status)
    [tally] = crawl(web.url, refresh=True)
    assert tally.outcomes == {"withdrawn": 1}
    [(withdrawn, body)] = crawl.rows("SELECT withdrawn_at, body FROM articles")
    assert withdrawn
    assert "council of the town" in body


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>News</title></head><body><div id='root'></div><script src='/a.js'></script></body></html>",
        "<html><head><title>Just a moment...</title></head><body><p>Checking your browser before accessing."
        " Enable JavaScript and cookies to continue.</p></body></html>",
    ],
)
def test_a_wall_never_replaces_a_reading(web: Web, crawl: Crawler, page: str) -> None:
    [path] = web.articles(1)
    crawl(web.url)
    web.add(path, page)
    [tally] = crawl(web.url, refresh=True)
    assert tally.outcomes == {"worse": 1}
    [(title,)] = crawl.rows("SELECT title FROM articles")
    assert title == "Story 0 of the town"


def test_trouble_that_passes_costs_no_article(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    good = [html(article(f"Story {number} of the town", number)) for number in range(3)]
    web.pages[paths[0]] = in_turn(Reply(b"oops", 500), good[0])
    web.pages[paths[1]] = in_turn(Reply(good[1].body, cut=50), good[1])
    [tally] = crawl(web.url, longest_wait=30.0)
    assert tally.outcomes["new"] == 3
    assert tally.failed == {"http_500": 1, "truncated": 1}
    assert state(crawl, web.url + paths[1]) == ("done", None)


def test_trouble_that_stays_is_put_off(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)
    web.add(paths[0], "oops", status=502)
    [tally] = crawl(web.url, longest_wait=2.0)  # the next try is due in 5 s
    assert (tally.outcomes["new"], tally.failed["http_502"]) == (1, 1)
    assert state(crawl, web.url + paths[0]) == ("pending", "http_502")


def test_five_addresses_are_one_article(web: Web, crawl: Crawler) -> None:
    [path] = web.articles(1)
    canonical = f"<link rel='canonical' href='{web.url}{path}'>"
    page = article("Story 0 of the town", head=canonical)
    twins = [path, f"/amp{path}", f"/{path}", f"{path}?utm_source=x", f"{path}?view=print"]
    for twin in twins:
        web.add(twin, page)
    web.sitemap(twins)
    crawl(web.url)
    assert crawl.rows("SELECT url FROM articles") == [(web.url + path,)]
    assert crawl.rows("SELECT count(*) FROM revisions") == [(1,)]
    assert web.paths().count(path) == 1


def test_a_canonical_that_lies_is_not_followed(web: Web, crawl: Crawler) -> None:
    paths = web.articles(4)
    for number, path in enumerate(paths):
        lie = f"<link rel='canonical' href='{web.url}/'>"
        web.add(path, article(f"Story {number} of the town", number, head=lie))
    crawl(web.url)
    assert len(crawl.rows("SELECT url FROM articles")) == 4


def test_two_pages_that_claim_each_others_address_are_two_articles(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)
    titles = ["Ferries leave late", "Apples are early"]
    texts = [
        "No ferry left its harbour on the coast before noon, because fog lay on the water and no pilot would sail.",
        "Growers in the hills began to pick two weeks sooner than ever, since spring was warm and frost never came.",
    ]
    for number, path in enumerate(paths):
        claim = f"<link rel='canonical' href='{web.url}{paths[1 - number]}'>"
        web.add(path, article(titles[number], number, head=claim, text=texts[number]))
    for new in (2, 0):
        [tally] = crawl(web.url, refresh=True)
        assert (tally.outcomes["new"], tally.outcomes["changed"]) == (new, 0)
        rows = crawl.rows("SELECT url, title FROM articles ORDER BY url")
        assert rows == [(web.url + path, title) for path, title in zip(paths, titles, strict=True)]
        assert crawl.rows("SELECT DISTINCT state FROM frontier") == [("done",)]
    web.add(paths[0], article("Story of old boats", 0, head=f"<link rel='canonical' href='{web.url}{paths[1]}'>"))
    [tally] = crawl(web.url, refresh=True)
    assert (tally.outcomes["new"], tally.outcomes["changed"], tally.outcomes["same"]) == (0, 1, 1)


def test_a_page_whose_length_is_told_wrong_is_read(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    page = article("Story 0 of the town").encode()
    packed = gzip.compress(page)
    web.add(paths[0], page + b" " * 300, cut=len(page))
    web.add(paths[1], packed + b" " * 300, cut=len(packed), headers=(("Content-Encoding", "gzip"),))
    web.add(paths[2], packed, cut=len(packed) - 20, headers=(("Content-Encoding", "gzip"),))
    [tally] = crawl(web.url, longest_wait=2.0)
    assert tally.outcomes["new"] == 2
    assert state(crawl, web.url + paths[2]) == ("pending", "truncated")


def test_an_article_over_several_pages_is_one(web: Web, crawl: Crawler) -> None:
    [path] = web.articles(1)
    texts = ["The first part tells how it began.", "The second part tells how it went on.", "The third part ends it."]
    for number, text in enumerate(texts, 1):
        here = path if number == 1 else f"{path}?page={number}"
        more = f"<link rel='next' href='{path}?page={number + 1}'>" if number < 3 else ""
        web.add(here, article("A long story of the town", head=more, text=text))
    [tally] = crawl(web.url)
    [(body,)] = crawl.rows("SELECT body FROM articles")
    assert [body.count(text) > 0 for text in texts] == [True, True, True]
    assert tally.refused == {"further_page": 2}


@pytest.mark.parametrize("header", [True, False])
def test_noarchive_keeps_neither_text_nor_snapshot(web: Web, crawl: Crawler, header: bool) -> None:
    paths = web.articles(2)
    if header:
        web.add(paths[0], article("Secret"), headers=(("X-Robots-Tag", "noarchive"),))
    else:
        web.add(paths[0], article("Secret", head="<meta name='robots' content='noarchive'>"))
    [tally] = crawl(web.url)
    assert tally.refused == {"noarchive": 1}
    assert crawl.rows("SELECT count(*) FROM snapshots") == [(1,)]
    assert state(crawl, web.url + paths[0]) == ("refused", "noarchive")
    archived = b"".join(file.read_bytes() for file in crawl.db.parent.rglob("*") if file.is_file())
    assert b"Secret" not in archived


@pytest.mark.parametrize("obey", [True, False])
def test_tdm_reservation_is_recorded_and_obeyed_by_setting(web: Web, crawl: Crawler, obey: bool) -> None:
    web.articles(2)
    rule = b'[{"location": "/news/*", "tdm-reservation": 1}]'
    web.add("/.well-known/tdmrep.json", rule, kind="application/json")
    [tally] = crawl(web.url, obey_tdm=obey)
    assert tally.refused == ({"tdm_reserved": 2} if obey else {})
    assert {row[0] for row in crawl.rows("SELECT signals ->> 'tdm-reservation' FROM fetches")} == {"1 (file)"}


def test_redirects_stay_on_the_site_and_end(web: Web, crawl: Crawler) -> None:
    paths = web.articles(6)
    targets = [paths[0], "/chain/1", "file:///etc/hostname", "https://elsewhere.example/x", paths[5]]
    for path, target in zip(paths, targets, strict=False):
        web.add(path, status=302, headers=(("Location", target),))
    for step in range(1, 20):
        web.add(f"/chain/{step}", status=302, headers=(("Location", f"/chain/{step + 1}"),))
    [tally] = crawl(web.url)
    wanted = {"redirect_loop": 1, "too_many_redirects": 1, "bad_scheme": 1, "offsite_redirect": 1}
    assert tally.refused == wanted
    assert crawl.rows("SELECT count(*) FROM articles") == [(1,)]  # the redirect and its target


@pytest.mark.parametrize("target", ["known", "/news/2000-another-story.html"])
def test_an_article_that_leads_to_another_one_keeps_its_text(web: Web, crawl: Crawler, target: str) -> None:
    paths = web.articles(2)
    said = "The ferry was sold to a man from the islands, who will take it home in spring when the ice has gone."
    web.add(paths[0], article("The ferry is sold", text=said))
    web.add("/news/2000-another-story.html", article("Story 7 of the town", 7))
    crawl(web.url)
    web.add(paths[0], status=301, headers=(("Location", paths[1] if target == "known" else target),))
    for _ in range(2):
        [tally] = crawl(web.url, refresh=True)
        assert tally.outcomes == {"worse": 1, "same": 1}
        assert tally.refused == {"moved": 1}
    titles = crawl.rows("SELECT title FROM articles ORDER BY title")
    assert titles == [("Story 1 of the town",), ("The ferry is sold",)]
    assert crawl.rows("SELECT count(*) FROM articles WHERE body LIKE ?", f"%{said}%") == [(1,)]


def test_an_article_that_moves_to_a_new_address_stays_one(web: Web, crawl: Crawler) -> None:
    [path] = web.articles(1)
    crawl(web.url)
    web.add("/news/1000-a-better-name.html", article("A story of the town, told better", 0))
    web.add(path, status=301, headers=(("Location", "/news/1000-a-better-name.html"),))
    [tally] = crawl(web.url, refresh=True)
    assert tally.outcomes == {"changed": 1}
    assert crawl.rows("SELECT title FROM articles") == [("A story of the town, told better",)]


@pytest.mark.parametrize("target", ["http://[::1", "http://", "", "http://a:b/", "//[", "?"])
def test_a_redirect_to_no_address_costs_that_page_alone(web: Web, crawl: Crawler, target: str) -> None:
    paths = web.articles(2)
    web.add(paths[0], status=302, headers=(("Location", target),))
    [tally] = crawl(web.url)
    assert (tally.outcomes, tally.trouble) == ({"refused": 1, "new": 1}, [])
    assert state(crawl, web.url + paths[0])[0] == "refused"


def test_a_site_that_asks_for_its_cookie_back_is_read(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)
    page = html(article("Story 0 of the town"))

    def checked(asked: Asked) -> Reply:
        if asked.headers.get("cookie") == "visit=1" and asked.path == paths[0]:
            return page
        target = f"{paths[0]}?checked" if asked.path == paths[0] else paths[0]
        return Reply(status=302, headers=(("Location", target), ("Set-Cookie", "visit=1; Path=/; HttpOnly")))

    numbers = itertools.count()
    web.pages[paths[0]] = web.pages[f"{paths[0]}?checked"] = checked
    web.pages[paths[1]] = lambda asked: Reply(
        status=302, headers=(("Location", paths[1]), ("Set-Cookie", f"visit={next(numbers)}"))
    )
    [tally] = crawl(web.url)
    assert (tally.outcomes["new"], tally.refused) == (1, {"too_many_redirects": 1})
    assert crawl.rows("SELECT url FROM articles") == [(web.url + paths[0],)]
    others = [asked for asked in web.asked if asked.path.partition("?")[0] not in paths]
    assert not any("cookie" in asked.headers for asked in others)


def test_private_addresses_are_refused(web: Web, crawl: Crawler) -> None:
    web.articles(1)
    [tally] = crawl(web.url, allow_private=False)
    assert web.asked == []
    assert "private_address" in tally.trouble[0]


def test_feeds_of_the_front_page_are_found(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    del web.pages["/robots.txt"], web.pages["/sitemap.xml"]
    head = "<link rel='alternate' type='application/rss+xml' href='/feed'>"
    web.add("/", f"<html><head>{head}<title>Town Paper</title></head><body></body></html>")
    items = "".join(f"<item><title>x</title><link>{web.url}{path}</link></item>" for path in paths)
    web.add("/feed", f"<rss version='2.0'><channel>{items}</channel></rss>", kind="application/rss+xml")
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 3}
    assert ("rss",) in crawl.rows("SELECT kind FROM sources WHERE url_seen > 0".replace("url_seen", "urls_seen"))


def listing(paths: list[str], more: str = "") -> str:
    links = "".join(f"<li><a href='{path}'>Story of the town that is told at some length</a></li>" for path in paths)
    return f"<html><head><title>Town Paper</title></head><body><ul>{links}</ul>{more}</body></html>"


def test_sections_and_their_older_pages_are_read_where_there_is_nothing_better(web: Web, crawl: Crawler) -> None:
    paths = web.articles(9)
    del web.pages["/robots.txt"], web.pages["/sitemap.xml"]
    web.add("/", listing(paths[:2], "<a href='/politics/'>Politics</a>"))
    web.add("/politics/", listing(paths[2:5], "<a rel='next' href='/politics/page/2/'>Next</a>"))
    web.add("/politics/page/2/", listing(paths[5:], "<a rel='next' href='/politics/page/3/'>Next</a>"))
    web.add("/politics/page/3/", listing(paths[5:], "<a rel='next' href='/politics/page/4/'>Next</a>"))
    web.add("/politics/page/4/", listing([], "<a rel='next' href='/politics/page/5/'>Next</a>"))
    [tally] = crawl(web.url)
    assert tally.outcomes == {"new": 9}
    assert "/politics/page/4/" not in web.paths()  # page 3 brought nothing new


def test_a_trap_ends_by_itself(web: Web, crawl: Crawler) -> None:
    paths = web.articles(4)
    del web.pages["/robots.txt"], web.pages["/sitemap.xml"]
    numbers = itertools.count(10**6)

    def calendar(asked: Asked) -> Reply:
        days = "".join(f"<a href='/calendar/{next(numbers)}/'>day</a>" for _ in range(20))
        return html(f"<html><title>Calendar</title><body>{days}</body></html>")

    web.add("/", listing(paths, f"<a href='/calendar/1/'>calendar</a> <a href='/?sid={next(numbers)}'>home</a>"))
    web.pages = Endless(web.pages, "/calendar/", calendar)
    [tally] = crawl(web.url)
    assert tally.outcomes["new"] == 4
    assert len(web.asked) < 150


@pytest.mark.parametrize("width", [1, 3])
def test_sitemaps_without_end_are_left(web: Web, crawl: Crawler, width: int) -> None:
    web.articles(4)
    numbers = itertools.count(1)

    def index(asked: Asked) -> Reply:
        named = "".join(f"<sitemap><loc>{web.url}/more-{next(numbers)}.xml</loc></sitemap>" for _ in range(width))
        first = f"<sitemap><loc>{web.url}/first.xml</loc></sitemap>"
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return Reply(f'<sitemapindex xmlns="{space}">{first}{named}</sitemapindex>'.encode(), kind="application/xml")

    web.pages = Endless(web.pages, "/more-", index)
    web.pages["/first.xml"] = web.pages["/sitemap.xml"]
    web.pages["/sitemap.xml"] = index
    for asked in (60, 120):  # what the run before wrote down is as deep as it was
        [tally] = crawl(web.url)
        assert len(web.asked) < asked
    assert len(crawl.rows("SELECT 1 FROM articles")) == 4
    assert tally.trouble == []


def test_sitemaps_of_other_sites_are_not_fetched(web: Web, crawl: Crawler) -> None:
    web.articles(2)
    with Web() as other:
        other.articles(2)
        named = "".join(f"<sitemap><loc>{url}/sitemap.xml</loc></sitemap>" for url in (other.url, web.url))
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        web.add("/index.xml", f'<sitemapindex xmlns="{space}">{named}</sitemapindex>', kind="application/xml")
        web.add("/robots.txt", f"User-agent: *\nSitemap: {web.url}/index.xml\n", kind="text/plain")
        [tally] = crawl(web.url)
        assert other.asked == []
    assert tally.outcomes["new"] == 2


def test_a_list_of_what_never_was_is_left_and_told(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    web.sitemap([f"/news/{number}-never-was-there.html" for number in range(5000, 5300)] + paths)
    [tally] = crawl(web.url)
    assert 100 <= tally.refused["gone"] <= 103
    assert tally.left >= 190
    assert "gone: the last 100 answers" in tally.trouble[0]


def test_limit_and_the_rest_later(web: Web, crawl: Crawler) -> None:
    web.articles(6)
    [tally] = crawl(web.url, limit=2)
    assert (tally.fetched, tally.left) == (2, 4)
    [tally] = crawl(web.url)
    assert (tally.fetched, tally.left) == (4, 0)


def test_since_leaves_what_is_older(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    dates = ["2026-11-20", "2025-01-01", "2026-11-21"]
    urls = "".join(
        f"<url><loc>{web.url}{p}</loc><lastmod>{d}</lastmod></url>" for p, d in zip(paths, dates, strict=True)
    )
    web.add("/sitemap.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')
    crawl(web.url, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert [path for path in web.paths() if path in paths] == [paths[2], paths[0]]  # newest first


def urlset(*rows: tuple[str, str], kind: str = "urlset") -> str:
    """A sitemap, or an index of sitemaps, of addresses and dates."""
    item = "url" if kind == "urlset" else "sitemap"
    body = "".join(f"<{item}><loc>{url}</loc><lastmod>{date}</lastmod></{item}>" for url, date in rows)
    return f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</{kind}>'


def test_since_leaves_sitemaps_of_the_past_for_a_run_without_it(web: Web, crawl: Crawler) -> None:
    new, old = web.articles(2)
    maps = {"/new.xml": (new, "2026-11-20"), "/old.xml": (old, "2025-01-01")}
    index = urlset(*((web.url + path, date) for path, (_, date) in maps.items()), kind="sitemapindex")
    web.add("/sitemap.xml", index)
    for path, (page, date) in maps.items():
        web.add(path, urlset((web.url + page, date)))
    crawl(web.url, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert "/new.xml" in web.paths()
    assert "/old.xml" not in web.paths()
    crawl(web.url, refresh=True)
    assert old in web.paths()


def test_a_flood_is_capped_told_and_gone_on_with(web: Web, crawl: Crawler) -> None:
    paths = web.articles(5)
    dates = [f"2026-11-{day:02}" for day in range(10, 15)]
    web.add("/sitemap.xml", urlset(*((web.url + path, date) for path, date in zip(paths, dates, strict=True))))
    [tally] = crawl(web.url, max_new=2)
    assert [path for path in web.paths() if path in paths] == [paths[4], paths[3]]
    assert (tally.found, tally.left_out) == (2, 3)
    assert any("PRESSMARK_MAX_NEW" in note for note in tally.notes)
    [tally] = crawl(web.url, max_new=2, refresh=True)
    assert (tally.found, tally.left_out) == (2, 1)
    [tally] = crawl(web.url, max_new=2, refresh=True)
    assert (tally.found, tally.left_out) == (1, 0)
    assert crawl.rows("SELECT count(*) FROM articles") == [(5,)]


def test_new_markup_is_told_at_once(web: Web, crawl: Crawler) -> None:
    paths = web.articles(8)
    [tally] = crawl(web.url)
    assert exit_code([tally]) == 0
    for number, path in enumerate(paths):
        web.add(path, f"<html><head></head><body><div id='app{number}'>Menu</div></body></html>")
    [tally] = crawl(web.url, refresh=True)
    assert any("new markup" in text for text in tally.trouble)
    assert exit_code([tally]) == 1
    assert crawl.rows("SELECT count(*) FROM articles WHERE length(body) > 200") == [(8,)]


def test_a_site_that_fails_does_not_keep_others(web: Web, crawl: Crawler) -> None:
    web.articles(2)
    down, up = crawl("http://127.0.0.1:9/", web.url)
    assert "no answer" in down.trouble[0]
    assert up.outcomes == {"new": 2}
    assert exit_code([down, up]) == 1


def test_what_is_too_large_or_no_page_is_named(web: Web, crawl: Crawler) -> None:
    paths = web.articles(4)
    web.add(paths[0], b"x" * 2_500_000)
    web.add(paths[1], b"%PDF-1.7 not a page", kind="application/pdf")
    web.add(paths[2], b"\x1f\x8bbroken", headers=(("Content-Encoding", "gzip"),))
    [tally] = crawl(web.url)
    assert tally.refused == {"not_html": 1, "bad_encoding": 1}
    assert tally.failed == {"too_large": 1}
    assert tally.outcomes["new"] == 1


def test_a_page_without_an_article_is_not_sent_twice(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)

    def page(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == '"one"'
        text = article("Secret", head="<meta name='robots' content='noarchive'>").encode()
        return Reply(b"" if known else text, 304 if known else 200, headers=(("ETag", '"one"'),))

    web.pages[paths[0]] = page
    crawl(web.url)
    [tally] = crawl(web.url, refresh=True)
    assert tally.refused == {"not_modified": 1}
    assert state(crawl, web.url + paths[0]) == ("refused", "noarchive")
