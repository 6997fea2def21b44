"""The spider for any site: scrapy crawl news -a url=https://example.org/ [-a db=news.db]"""

from __future__ import annotations

from crawler.site import Site


class News(Site):
    """Crawl the sites given by `url`, several parted by blanks, with what the crawl finds out by itself."""

    name = "news"
