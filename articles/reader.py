"""The reader: one page in, one record out."""

from __future__ import annotations

from articles.page import Page
from articles.record import Article
from articles.rules import NO_RULES, Rules


def extract(html: bytes, url: str, *, encoding: str | None = None, rules: Rules = NO_RULES) -> Article:
    """Read an article page. Never raises on any bytes; what is malformed is listed in `problems`.

    `encoding` is what the transport declared (Content-Type), if anything; the bytes may overrule it.
    """
    page = Page(html, url, encoding, rules)
    titles = page.tree.xpath("//h1")
    return Article(url=url, title=titles[0].text_content().strip() if titles else None)
