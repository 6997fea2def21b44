"""The record: what one snapshot of a page says, as an immutable typed value."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

Access = Literal["free", "paywall", "wall"]
PageKind = Literal["article", "live", "gallery", "video", "home", "section", "tag", "search", "wall", "other"]


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A heading (None before the first one) and the paragraphs under it."""

    heading: str | None
    paragraphs: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class RelatedLink:
    """A card or a "read also" link: `url` is absolute; what the card does not show is None."""

    url: str
    title: str | None = None
    category: str | None = None
    date_published: str | None = None  # ISO 8601, as precise as the card is (often only a day)


@dataclasses.dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article: `url` is absolute http(s)."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class LiveUpdate:
    """One dated entry of a live blog, in page order."""

    heading: str | None
    body: str
    date: datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """Something malformed on the page: which field it concerns, and what is wrong in one line."""

    field: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Article:
    """One reading of one page. What is absent is None or empty; what is malformed is in `problems`.

    `date_published` and `date_modified` are aware where the page gives a zone, else naive; the text they
    were read from is in `date_published_raw` and `date_modified_raw`. `body` is plain text: paragraphs and
    headings parted by blank lines. `provenance` maps a field's name to the reading that gave it.
    """

    url: str
    canonical_url: str | None = None
    site: str | None = None
    title: str | None = None
    lead: str | None = None
    key_points: tuple[str, ...] = ()
    body: str = ""
    sections: tuple[Section, ...] = ()
    body_html: str = ""
    category: str | None = None
    category_path: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    date_published: datetime | None = None
    date_published_raw: str | None = None
    date_modified: datetime | None = None
    date_modified_raw: str | None = None
    language: str | None = None
    related_links: tuple[RelatedLink, ...] = ()
    images: tuple[Image, ...] = ()
    updates: tuple[LiveUpdate, ...] = ()
    next_page: str | None = None  # absolute URL of the article's next page, where it has several
    is_article: bool = False
    page_kind: PageKind = "other"
    access: Access = "free"
    robots: tuple[str, ...] = ()  # directives of the robots meta tags, lower case: noindex, noarchive, ...
    provenance: Mapping[str, str] = dataclasses.field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON types: tuples become lists, datetimes ISO 8601 strings.

        >>> Article(url="https://example.org/a", tags=("a",)).to_dict()["tags"]
        ['a']
        """
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value
