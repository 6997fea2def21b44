"""Limits: what is done about pages that are far larger than any article."""

from __future__ import annotations

import re

LARGE = 6_000_000  # bytes; real article pages stay under 5 MB
HEAD, TAIL = 9_000_000, 3_000_000  # bytes kept of a page that is still too large without its scripts
DATA_URI = re.compile(rb"data:[\w/+.;=-]{0,100},[^\"'\s)<>]{2000,}")
BULK = ((b"<!--", b"-->"), (b"<script", b"</script"), (b"<style", b"</style"), (b"<svg", b"</svg"))


def bounded(html: bytes) -> bytes:
    """The page itself where it has a sane size; else without scripts, styles, comments and data: URIs, then cut.

    >>> bounded(b"<p>text") == b"<p>text"
    True
    """
    if len(html) <= LARGE:
        return html
    html = DATA_URI.sub(b"data:,", html)
    for start, end in BULK:
        html = _without(html, start, end)
    return html if len(html) <= HEAD + TAIL else html[:HEAD] + b" " + html[-TAIL:]


def _without(html: bytes, start: bytes, end: bytes) -> bytes:
    """Cut out every span of over 2,000 bytes from `start` to `end`, in linear time. JSON-LD scripts stay."""
    kept, position = [], 0
    while (opening := html.find(start, position)) >= 0:
        closing = html.find(end, opening + len(start))
        if closing < 0:
            break
        if closing - opening > 2000 and b"ld+json" not in html[opening : opening + 200]:
            kept.append(html[position:opening])
        else:
            kept.append(html[position:closing])
        position = closing + (len(end) if end == b"-->" else 0)
        if position == closing and closing - opening > 2000 and b"ld+json" not in html[opening : opening + 200]:
            position = closing + len(end)
    kept.append(html[position:])
    return b"".join(kept)
