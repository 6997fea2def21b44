"""A site: what is special about one publisher, as a Scrapy spider that needs no code.

    # spiders/example_org.py
    from articles.rules import Rules
    from crawler.site import Site

    class ExampleOrg(Site):
        name = "example_org"
        hosts = ("example.org", "www.example.org")
        sources = ("https://example.org/feed.xml", "https://example.org/")
        article = r"/(?:news|stories)/(?P<id>\\d+)"
        rules = Rules(title_suffix=" | Example")

The file is all there is to do: `scrapy list`, `scrapy crawl example_org`, `pressmark crawl example_org` and
`pressmark crawl https://example.org/` find it by its name or its hosts.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import scrapy
from scrapy.utils.project import get_project_settings

from articles.rules import NO_RULES, Rules

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class Site(scrapy.Spider):
    """Declare a site by class attributes; every one but `name` has a default that the crawl finds out by itself.

    `hosts`: where its pages live; requests to other hosts of the same registrable domain are allowed too.
    `sources`: feeds, sitemaps, front and section pages to look at; empty: the front pages of `hosts`.
    `discover`: whether more sources are looked for in robots.txt and in the front page's head.
    `article`: a regular expression searched in the path and query of a normalized URL; what does not match is no
    article. Its group "id", where it has one, is what all addresses of one article have in common. None: by shape.
    `not_article`: the same for what is never an article, asked first.
    `rules`: what the reader should know (articles.rules.Rules).
    `delay`: seconds between two requests, where the site should be asked slower than by default.
    `browser`: fetch its articles with a browser, for pages built by script (needs pressmark[browser]).
    """

    hosts: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[tuple[str, ...]] = ()
    discover: ClassVar[bool] = True
    article: ClassVar[str | None] = None
    not_article: ClassVar[str | None] = None
    rules: ClassVar[Rules] = NO_RULES
    delay: ClassVar[float | None] = None
    browser: ClassVar[bool] = False

    # given with -a on Scrapy's command line
    db: str = "news.db"
    url: str = ""

    @classmethod
    def article_id(cls, url: str) -> str | None:
        """Give the site's own id of an article, from any of its addresses, else None."""
        match = _compiled(cls.article).search(path_of(url)) if cls.article else None
        return match["id"] if match and "id" in match.re.groupindex else None

    @classmethod
    def is_article_url(cls, url: str) -> bool | None:
        """Say whether a normalized URL is an article's; None where the site file does not know."""
        path = path_of(url)
        if cls.not_article and _compiled(cls.not_article).search(path):
            return False
        return bool(_compiled(cls.article).search(path)) if cls.article else None

    async def start(self) -> AsyncIterator[Any]:
        """Crawl: every site given by `url` (several parted by blanks), else this one."""
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded; as on our own command line
        from crawler.run import crawl_spider

        await crawl_spider(self)
        nothing: tuple[Any, ...] = ()  # an asynchronous generator, as Scrapy wants it; the crawl itself fetches
        for item in nothing:
            yield item

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Let Scrapy's own command drive the browser, too, where the site asks for one."""
        super().update_settings(settings)
        if cls.browser:
            from crawler.browser import use_browser

            use_browser(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Site:
        """Make the spider, options given with -a as attributes."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, cls)
        return spider


def path_of(url: str) -> str:
    """Give the path and query of a URL.

    >>> path_of("https://example.org/a/1?p=2#x")
    '/a/1?p=2'
    """
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@functools.lru_cache(256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@functools.cache
def site_files() -> Mapping[str, type[Site]]:
    """Give the site files by name. They are found by being in spiders/, as Scrapy finds them."""
    from scrapy.spiderloader import get_spider_loader

    settings = get_project_settings()
    if not settings.getlist("SPIDER_MODULES"):  # called from outside the checkout
        settings.setmodule("crawler.settings", priority="project")
    loader = get_spider_loader(settings)
    classes = {name: loader.load(name) for name in loader.list()}
    return {name: cls for name, cls in sorted(classes.items()) if issubclass(cls, Site) and cls.hosts}


@functools.cache
def _by_host() -> Mapping[str, type[Site]]:
    return {host.lower(): cls for cls in site_files().values() for host in cls.hosts}


def site_for(url: str) -> type[Site] | None:
    """Give the site file that a URL's host belongs to, with or without www, else None."""
    host = urlsplit(url).netloc.lower().rpartition("@")[2]
    found = _by_host()
    return found.get(host) or found.get(host.partition(":")[0]) or found.get(host.removeprefix("www."))


def rules_for(url: str) -> Rules:
    """Give the reader's rules for a URL: those of its site file, else none."""
    site = site_for(url)
    return site.rules if site else NO_RULES
