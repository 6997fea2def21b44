"""Traces: dates in the scripts, attributes and descriptions of a page, asked where it shows and declares none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from articles.evidence import Claim
from articles.limits import scripts

LONGEST_SCRIPT = 2_000_000
_name = (
    r"(?:datePublished|publishedAt|published_at|publishDate|publish_date|firstPublished(?:At|Date)?|first_published_at"
    r"|publicationDate|publication_date|publishedDate|published_date|pubDate|datePublication|publishedTime|publish_time"
    r"|publishTime|datePublish)"
)
_MARKS = (b"ubli", b"pubDate")  # one of them stands in each of these names
_state = re.compile(r"\\?[\"']" + _name + r"\\?[\"']\s*:\s*(?:\\?[\"']([^\"'\\]{8,40})|(1\d{9}(?:\d{3})?)(?!\d))")
_attribute = re.compile(
    rb"data-(?:utime|time|timestamp|date|datetime|published(?:-at)?|publish-?date|created(?:-at)?)"
    rb"\s*=\s*[\"']?([^\"'<>]{8,40})"
)
_abbr = re.compile(rb"<abbr\s[^>]{0,200}title\s*=\s*[\"']([^\"'<>]{8,40})[\"']")
_path_day = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)/")
_stamp = re.compile(r"[?&]v=(1\d{9})(?!\d)")
_written = re.compile(r"(?<!new )\b\w*[Dd]ate\w*\(\s*[\"']([^\"']{8,40})[\"']")
LONGEST_CALL = 200  # characters of a script that does no more than to write a date where it stands


def of_scripts(page: Any) -> Iterator[Claim]:
    """The first date of publication in the state that a script-built page carries, else one that a script writes."""
    texts = [text.decode("utf-8", "replace") for text in scripts(page.utf8) if _may_tell(text)]
    stated = (_state.search(text, 0, LONGEST_SCRIPT) for text in texts)
    written = (_written.search(text) for text in texts if len(text) < LONGEST_CALL)
    found = next((match for match in itertools.chain(stated, written) if match), None)
    if found:
        yield Claim("published", 3.0, "script", next(filter(None, found.groups())))


def _may_tell(script: bytes) -> bool:
    return 0 < len(script) < 4 * LONGEST_CALL or any(mark in script for mark in _MARKS)


def of_attributes(page: Any) -> Iterator[Claim]:
    """The first date in an attribute that scripts or microformats read."""
    for pattern, mark in ((_attribute, b"data-"), (_abbr, b"<abbr")):
        found = pattern.search(page.markup) if mark in page.markup else None
        if found:
            yield Claim("published", 2.8, "attribute", found[1].decode("utf-8", "replace"))


def of_head(page: Any) -> Iterator[Claim]:
    """A date in the page's description, and the day on which its lead picture was stored."""
    for name in ("description", "og:description"):
        for text in page.meta.get(name, ())[:1]:
            yield Claim("published", 2.4, "description", text)
    for text in page.meta.get("og:image", ())[:1]:
        day = _path_day.search(text) or _stamp.search(text)
        if day:
            yield Claim("published", 2.2, "image", "-".join(day.groups()))
