"""Traces: dates in the scripts, attributes and descriptions of a page, asked where it shows and declares none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from articles.evidence import Claim

LONGEST_SCRIPT = 2_000_000
_name = (
    r"(?:datePublished|publishedAt|published_at|publishDate|publish_date|firstPublished(?:At|Date)?|first_published_at"
    r"|publicationDate|publication_date|publishedDate|published_date|pubDate|datePublication|publishedTime|publish_time"
    r"|publishTime|datePublish)"
)
_state = re.compile(r"\\?[\"']" + _name + r"\\?[\"']\s*:\s*(?:\\?[\"']([^\"'\\]{8,40})|(1\d{9}(?:\d{3})?)(?!\d))")
_attribute = re.compile(
    rb"\s(?:data-utime|data-time|data-timestamp|data-date|data-datetime|data-published(?:-at)?|data-publish-?date"
    rb"|data-created(?:-at)?|unixtime)\s*=\s*[\"']([^\"'<>]{8,40})[\"']",
    re.I,
)
_abbr = re.compile(rb"<abbr\s[^>]{0,200}title\s*=\s*[\"']([^\"'<>]{8,40})[\"']", re.I)
_path_day = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)/")


def of_scripts(page: Any) -> Iterator[Claim]:
    """The first date of publication in the state that a script-built page carries."""
    for script in page.marks.scripts:
        found = _state.search(script.text or "", 0, LONGEST_SCRIPT)
        if found:
            yield Claim("published", 3.0, "script", found[1] or found[2])
            return


def of_attributes(page: Any) -> Iterator[Claim]:
    """The first date in an attribute that scripts or microformats read."""
    for pattern, mark in ((_attribute, b"data-"), (_abbr, b"<abbr")):
        found = pattern.search(page.utf8) if mark in page.utf8 else None
        if found:
            yield Claim("published", 2.8, "attribute", found[1].decode("utf-8", "replace"))


def of_head(page: Any) -> Iterator[Claim]:
    """A date in the page's description, and the day in the path of its lead picture."""
    for name in ("description", "og:description"):
        for text in page.meta.get(name, ())[:1]:
            yield Claim("published", 2.4, "description", text)
    for text in page.meta.get("og:image", ())[:1]:
        day = _path_day.search(text)
        if day:
            yield Claim("published", 2.2, "image", "-".join(day.groups()))
