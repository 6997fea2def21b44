"""Traps: calendars, session ids, endless pagination. Ended by depth, by shape and by yield, with a reason each."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """From where on a crawl is in a trap."""

    depth: int = 8  # listing pages between the front page and this one
    length: int = 512  # characters of path and query
    segments: int = 16
    repeats: int = 3  # times the same path segment may occur in one path
    barren: int = 12  # listings of one shape in a row that brought no new article
    shape: int = 300  # listings of one shape in one run
    nested: int = 4  # sitemaps between the first one and this
    bare: int = 20  # sitemaps within sitemaps in a row that name no URL of an article


def shape_of(url: str) -> str:
    """Give a URL's template: runs of digits, hex ids and slugs collapsed, parameter names without values.

    >>> shape_of("https://example.org/calendar/2026/11/23/?sid=99&view=day")
    'example.org/calendar/#/#/#/?sid&view'
    """
    parts = urlsplit(url)
    path = "/".join(_collapsed(segment) for segment in parts.path.split("/"))
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return parts.netloc + path + ("?" + "&".join(names) if names else "")


def _collapsed(segment: str) -> str:
    if re.fullmatch(r"[0-9a-fA-F-]{16,}", segment):
        return "#"
    if segment.count("-") >= 3:
        return "*"
    return re.sub(r"\d+", "#", segment)


class Traps:
    """One run's memory of which shapes of listing bring articles. In memory only: a trap is found again if need be."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self.limits = limits
        self.seen: Counter[str] = Counter()
        self.barren: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self._bare = 0

    def verdict(self, url: str, depth: int = 0, *, article: bool = False) -> str | None:
        """Give the reason why a URL is not to be fetched ("depth", "length", "repeats", "barren", "flood"), else None.

        `article` URLs are not judged by yield or number: an archive has many of one shape.
        """
        reason = self._by_form(url, depth) or (None if article else self._by_yield(shape_of(url)))
        if reason:
            self.refused[shape_of(url), reason] += 1
        return reason

    def _by_form(self, url: str, depth: int) -> str | None:
        parts = urlsplit(url)
        segments = [segment for segment in parts.path.split("/") if segment]
        if depth > self.limits.depth:
            return "depth"
        if len(parts.path) + len(parts.query) > self.limits.length or len(segments) > self.limits.segments:
            return "length"
        most = max(Counter(segments).values(), default=0)
        return "repeats" if most > self.limits.repeats else None

    def _by_yield(self, shape: str) -> str | None:
        if self.barren[shape] >= self.limits.barren:
            return "barren"
        return "flood" if self.seen[shape] >= self.limits.shape else None

    def fetched(self, url: str, new: int) -> None:
        """Note a listing that was fetched, and how many new article URLs it brought."""
        shape = shape_of(url)
        self.seen[shape] += 1
        self.barren[shape] = 0 if new else self.barren[shape] + 1

    def sitemap_verdict(self, url: str, depth: int) -> str | None:
        """Give the reason why a sitemap that another one names is not to be fetched ("depth", "barren"), else None."""
        bare = depth > 1 and self._bare >= self.limits.bare
        reason = "depth" if depth > self.limits.nested else "barren" if bare else None
        if reason:
            self.refused[shape_of(url), reason] += 1
        return reason

    def sitemap_read(self, depth: int, found: int) -> None:
        """Note a sitemap that was read, and how many URLs of articles it named, new or not."""
        if depth > 1:
            self._bare = 0 if found else self._bare + 1

    def report(self) -> list[tuple[str, str, int]]:
        """Give (shape, reason, URLs not fetched), the most first."""
        return [(shape, reason, count) for (shape, reason), count in self.refused.most_common()]
