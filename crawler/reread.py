"""Read stored pages again, as the crawl would read them today."""

from __future__ import annotations

import articles
from articles.record import Article
from crawler.pages import merge
from crawler.site import rules_for
from crawler.visits import EXTRACTOR_VERSION, charset
from storage.sent import More, SentPage

MAX_PAGES = 50

__all__ = ["EXTRACTOR_VERSION", "read"]


def read(page: SentPage, more: More) -> Article:
    """Give the article of a page; its further pages are added as far as the archive has them."""
    parts, seen = [_one(page)], {page.url}
    address = parts[0].next_page
    while address and address not in seen and len(parts) < MAX_PAGES:
        seen.add(address)
        following = more(address)
        if following is None:
            break
        parts.append(_one(following))
        address = parts[-1].next_page
    return merge(parts)


def _one(page: SentPage) -> Article:
    return articles.extract(page.body, page.url, encoding=charset(page.content_type), rules=rules_for(page.url))
