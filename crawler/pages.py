"""An article over several pages becomes one record."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from articles.record import Article

T = TypeVar("T")


def merge(pages: Sequence[Article]) -> Article:
    """Join the readings of an article's pages, first to last: texts in order, lists without repeats.

    >>> merge([Article(url="https://example.org/a", body="One.", tags=("x",)),
    ...        Article(url="https://example.org/a?p=2", body="Two.", tags=("x", "y"))]).body
    'One.\\n\\nTwo.'
    """
    first = pages[0]
    if len(pages) == 1:
        return first
    return dataclasses.replace(
        first,
        body="\n\n".join(page.body for page in pages if page.body),
        sections=tuple(section for page in pages for section in page.sections),
        body_html="\n".join(page.body_html for page in pages if page.body_html),
        key_points=_each_once(pages, "key_points"),
        tags=_each_once(pages, "tags"),
        related_links=_by_url(link for page in pages for link in page.related_links),
        images=_by_url(image for page in pages for image in page.images),
        updates=tuple(update for page in pages for update in page.updates),
        problems=_each_once(pages, "problems"),
        next_page=None,
    )


def _each_once(pages: Sequence[Article], field: str) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(item for page in pages for item in getattr(page, field)))


def _by_url(items: Iterable[T]) -> tuple[T, ...]:
    found: dict[str, T] = {}
    for item in items:
        found.setdefault(item.url, item)  # type: ignore[attr-defined]
    return tuple(found.values())
