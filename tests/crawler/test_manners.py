"""Manners: what a site's administrator sees of us. Each is told by the log of a site on loopback."""

from __future__ import annotations

import email.utils
import itertools
import time

import pytest

from tests.crawler.conftest import Crawler
from tests.crawler.web import Asked, Page, Reply, Web, article


def once(first: Reply, then: Reply) -> Page:
    """Answer the first request so, all others otherwise."""
    count = itertools.count()
    return lambda asked: first if next(count) == 0 else then


def gaps(web: Web) -> list[float]:
    """Seconds between one request and the next."""
    return [later.at - earlier.at for earlier, later in itertools.pairwise(web.asked)]


def test_robots_are_asked_first_and_obeyed(web: Web, crawl: Crawler) -> None:
    paths = web.articles(4)
    web.add("/robots.txt", f"User-agent: *\nDisallow: {paths[1]}\nSitemap: {web.url}/sitemap.xml", kind="text/plain")
    [tally] = crawl(web.url)
    assert web.paths()[0] == "/robots.txt"
    assert paths[1] not in web.paths()
    assert paths[2] in web.paths()
    assert tally.refused["robots"] == 1
    assert crawl.rows("SELECT state, reason FROM frontier WHERE url = ?", web.url + paths[1]) == [("refused", "robots")]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_nothing_is_fetched_while_robots_cannot_be_read(web: Web, crawl: Crawler, status: int) -> None:
    web.articles(3)
    web.add("/robots.txt", "down", status=status)
    [tally] = crawl(web.url)
    assert web.paths() == ["/robots.txt"]
    assert "robots_unavailable" in tally.trouble[0]


def test_a_busy_robots_txt_is_asked_for_again_when_it_says(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    rules = web.pages["/robots.txt"]
    assert isinstance(rules, Reply)
    web.pages["/robots.txt"] = once(Reply(b"", 429, headers=(("Retry-After", "1"),)), rules)
    crawl(web.url)
    assert web.paths()[:2] == ["/robots.txt"] * 2
    assert web.asked[1].at - web.asked[0].at >= 0.99
    assert set(paths) <= set(web.paths())


def test_a_robots_txt_that_is_busy_for_ever_is_left(web: Web, crawl: Crawler) -> None:
    web.articles(3)
    web.add("/robots.txt", "down", status=503, headers=(("Retry-After", "0"),))
    [tally] = crawl(web.url)
    assert web.paths() == ["/robots.txt"] * 3
    assert "robots_unavailable" in tally.trouble[0]


def test_of_a_robots_txt_without_end_the_beginning_counts(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    text = f"User-agent: *\nDisallow: {paths[1]}\nSitemap: {web.url}/sitemap.xml\n" + "# and so on\n" * 200_000
    web.add("/robots.txt", text, kind="text/plain")  # of 2.4 MB, more than this crawl reads of any page
    crawl(web.url)
    assert paths[1] not in web.paths()
    assert {paths[0], paths[2]} <= set(web.paths())


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_host_that_forbids_everything_is_left_alone(web: Web, crawl: Crawler, status: int) -> None:
    for path in web.articles(40):
        web.add(path, "no", status=status)
    [tally] = crawl(web.url)
    assert tally.refused == {f"http_{status}": 10}
    assert tally.left == 30
    assert "forbidden: the last 10 answers" in tally.trouble[0]


def test_some_forbidden_pages_are_no_forbidden_host(web: Web, crawl: Crawler) -> None:
    paths = web.articles(40)
    for path in paths[::2]:
        web.add(path, "no", status=403)
    [tally] = crawl(web.url)
    assert (tally.refused, tally.left, tally.trouble) == ({"http_403": 20}, 0, [])


def test_missing_robots_allow_everything(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    del web.pages["/robots.txt"]
    crawl(web.url)
    assert set(paths) <= set(web.paths())


def test_robots_redirects_are_followed(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)
    web.pages["/rules"] = Reply(f"User-agent: *\nDisallow: {paths[0]}\nSitemap: {web.url}/sitemap.xml".encode())
    web.add("/robots.txt", status=301, headers=(("Location", "/rules"),))
    crawl(web.url)
    assert paths[0] not in web.paths()
    assert paths[1] in web.paths()


def test_delay_is_kept_from_the_first_request_on(web: Web, crawl: Crawler) -> None:
    web.articles(3)
    crawl(web.url, delay=0.15)
    assert len(web.asked) >= 6
    assert min(gaps(web)) >= 0.149


def test_crawl_delay_wins_where_it_is_longer(web: Web, crawl: Crawler) -> None:
    web.articles(2)
    text = f"User-agent: *\nCrawl-delay: 0.4\nSitemap: {web.url}/sitemap.xml"
    web.add("/robots.txt", text, kind="text/plain")
    crawl(web.url, delay=0.01)
    assert min(gaps(web)) >= 0.399


def test_one_connection_for_each_host(web: Web, crawl: Crawler) -> None:
    for path in web.articles(8):
        web.add(path, article(path), pause=0.02)
    crawl(web.url)
    assert max(asked.together for asked in web.asked) == 1


def test_more_connections_only_where_asked_for(web: Web, crawl: Crawler) -> None:
    for path in web.articles(12):
        web.add(path, article(path), pause=0.1)
    crawl(web.url, host_connections=4)
    assert 2 <= max(asked.together for asked in web.asked) <= 4


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_kept_by_the_whole_host(web: Web, crawl: Crawler, status: int) -> None:
    paths = web.articles(4)
    busy = Reply(b"slow down", status, headers=(("Retry-After", "1"),))
    web.pages[paths[1]] = once(busy, Reply(article("Late").encode()))
    crawl(web.url)
    at = next(number for number, asked in enumerate(web.asked) if asked.path == paths[1])
    assert web.asked[at + 1].at - web.asked[at].at >= 0.99
    assert web.paths().count(paths[1]) == 2
    assert crawl.rows("SELECT state FROM frontier WHERE url = ?", web.url + paths[1])[0][0] in ("done", "refused")


@pytest.mark.parametrize("busy", [Reply(b"slow down", 429, headers=(("Retry-After", "1"),)), Reply(b"oops", 500)])
def test_a_host_that_fails_at_every_first_try_gives_all(web: Web, crawl: Crawler, busy: Reply) -> None:
    count = 3
    for number, path in enumerate(web.articles(count)):
        web.pages[path] = once(busy, Reply(article(f"Story {number} of the town", number).encode()))
    [tally] = crawl(web.url)
    assert (tally.outcomes["new"], tally.left, tally.trouble) == (count, 0, [])
    assert len(web.asked) <= 2 * count + 4


def test_a_host_that_is_down_is_asked_no_more_for_it(web: Web, crawl: Crawler) -> None:
    paths = web.articles(20)
    for path in paths:
        web.add(path, "oops", status=502)
    [tally] = crawl(web.url, longest_wait=5.0)
    asked = [path for path in web.paths() if path in paths]
    assert (len(asked), len(set(asked))) == (4, 3)
    assert "busy" in tally.trouble[0]


def test_retry_after_as_a_date(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)

    def busy(asked: Asked) -> Reply:
        date = email.utils.formatdate(time.time() + 2, usegmt=True)  # whole seconds: a pause of one at least
        return Reply(b"", 503, headers=(("Retry-After", date),))

    count = itertools.count()
    web.pages[paths[0]] = lambda asked: busy(asked) if next(count) == 0 else Reply(article("Late").encode())
    crawl(web.url)
    at = web.paths().index(paths[0])
    assert web.asked[at + 1].at - web.asked[at].at >= 0.99


def test_a_host_that_wants_long_peace_is_left_for_the_next_run(web: Web, crawl: Crawler) -> None:
    paths = web.articles(3)
    web.pages[paths[0]] = Reply(b"", 503, headers=(("Retry-After", "3600"),))
    [tally] = crawl(web.url, longest_wait=1.0)
    assert web.paths()[-1] == paths[0]
    assert "busy" in tally.trouble[0]
    assert tally.left == 2
    assert crawl.rows("SELECT count(*) FROM frontier WHERE lease_until IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("refresh", [False, True])
def test_the_next_run_knows_how_long_a_host_wants_peace(web: Web, crawl: Crawler, refresh: bool) -> None:
    paths = web.articles(3)
    web.pages[paths[0]] = Reply(b"", 503, headers=(("Retry-After", "3600"),))
    crawl(web.url, longest_wait=1.0)
    asked = len(web.asked)
    [tally] = crawl(web.url, longest_wait=1.0, refresh=refresh)
    assert len(web.asked) == asked
    assert "busy" in tally.trouble[0]


def test_user_agent_names_the_operator(web: Web, crawl: Crawler) -> None:
    web.articles(1)
    crawl(web.url, contact="archive@example.edu")
    agents = {asked.headers["user-agent"] for asked in web.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("Pressmark/")
    assert "archive@example.edu" in web.asked[0].headers["user-agent"]


def test_known_pages_are_asked_for_conditionally(web: Web, crawl: Crawler) -> None:
    paths = web.articles(2)

    def page(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == '"one"'
        return Reply(b"" if known else article("Story").encode(), 304 if known else 200, headers=(("ETag", '"one"'),))

    web.pages[paths[0]] = page
    crawl(web.url)
    web.asked.clear()
    [tally] = crawl(web.url, refresh=True)
    assert [a.headers.get("if-none-match") for a in web.asked if a.path == paths[0]] == ['"one"']
    assert not tally.trouble
    rows = crawl.rows(
        "SELECT h.status FROM fetches h JOIN frontier f ON f.id = h.url_id WHERE f.url = ?", web.url + paths[0]
    )
    assert rows == [(200,), (304,)]


def test_nothing_is_asked_while_nothing_is_due(web: Web, crawl: Crawler) -> None:
    web.articles(3)
    crawl(web.url)
    web.asked.clear()
    crawl(web.url)
    assert web.asked == []


def test_a_crawl_ends_when_its_time_is_over_and_goes_on_later(web: Web, crawl: Crawler) -> None:
    web.articles(30)
    [tally] = crawl(web.url, seconds=1.5, delay=0.2)
    assert 0 < tally.outcomes["new"] < 10
    assert tally.left == 30 - tally.outcomes["new"]
    assert (tally.trouble, tally.notes) == ([], ["its time is over"])
    [tally] = crawl(web.url, seconds=60.0)
    assert crawl.rows("SELECT count(*) FROM articles") == [(30,)]
    assert (tally.left, tally.notes) == (0, [])
