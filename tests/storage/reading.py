"""A reader for the pages of these tests: the headline and the paragraphs."""

from __future__ import annotations

import re

from articles.record import Article, Section
from storage.sent import More, SentPage


def read(page: SentPage, more: More) -> Article:
    text = page.body.decode("utf-8", "replace")
    title = re.search(r"<h1>(.*?)</h1>", text)
    blocks = tuple(re.findall(r"<p>(.*?)</p>", text))
    following = re.search(r'rel="next" href="(.*?)"', text)
    if following and (further := more(following[1])):
        blocks += read(further, more).sections[0].paragraphs
    body = "\n\n".join(blocks)
    return Article(
        url=page.url,
        title=title[1] if title else None,
        body=body,
        sections=(Section(None, blocks),) if blocks else (),
        body_html="".join(f"<p>{block}</p>" for block in blocks),
        is_article=bool(body),
        page_kind="article" if body else "other",
    )


def read_better(page: SentPage, more: More) -> Article:
    """The same with a lead: the first paragraph."""
    article = read(page, more)
    return Article(**{name: getattr(article, name) for name in article.__slots__} | {"lead": article.body[:40]})


def read_nothing(page: SentPage, more: More) -> Article:
    """A reader that takes every page for a wall."""
    return Article(url=page.url, access="wall", page_kind="wall")
