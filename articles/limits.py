"""Limits: what is done about pages that are far larger, or nested far deeper, than any article."""

from __future__ import annotations

import re

LARGE = 4_000_000  # bytes; real article pages stay under 5 MB, most of it scripts
HEAD, TAIL = 3_000_000, 1_000_000  # bytes kept of a page that is still too large without its scripts
BULKY = 2000  # bytes from which a script, a style or a comment is cut out of a large page
DEEPEST = 200  # elements within each other that are kept of a page that the parser finds too deep
MOST_ATTRIBUTES = 2000
STRETCH, WINDOW = 65_536, 1024  # bytes between two places where a flood of attributes is looked for, and how far
DATA_URI = re.compile(rb"data:[\w/+.;=-]{0,100},[^\"'\s)<>]{2000,}")
BULK = ((b"<!--", b"-->"), (b"<script", b"</script"), (b"<style", b"</style"), (b"<svg", b"</svg"))
# an attribute as HTML's tokenizer reads it (a ">" in quotes ends no tag); possessive, so that the search is linear
_ATTRIBUTE = rb"""[\s/]*+[^\s/>][^\s/>=]*+\s*+(?:=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|(?=>)))?+"""
FLOOD = re.compile(rb"(<[a-zA-Z][^\s/>]*+(?:%b){%d})(?:%b)++" % (_ATTRIBUTE, MOST_ATTRIBUTES, _ATTRIBUTE))
ATTRIBUTES = re.compile(rb"(?:%b)*+" % _ATTRIBUTE)
START = re.compile(rb"<[a-zA-Z]")
TAG = re.compile(rb"<(/?)([a-zA-Z][\w:-]*)[^<>]*>")
# elements that HTML closes by itself, or that hold nothing: how often they open says nothing about depth
SHALLOW = frozenset(
    b"p li td th tr dt dd option br img hr input meta link area base col embed source track wbr html head body".split()
)


def bounded(html: bytes) -> bytes:
    """The page itself where it has a sane size; else without scripts, styles, comments and data: URIs, then cut.

    >>> bounded(b"<p>text") == b"<p>text"
    True
    """
    if len(html) > LARGE:
        html = DATA_URI.sub(b"data:,", html)
        for start, end in BULK:
            html = _without(html, start, end)
        html = html if len(html) <= HEAD + TAIL else html[:HEAD] + b" " + html[-TAIL:]
    return short_tags(html)


def _without(html: bytes, start: bytes, end: bytes) -> bytes:
    """Cut out every bulky span from `start` to `end`, in linear time. JSON-LD scripts stay."""
    kept, position = [], 0
    while (opening := html.find(start, position)) >= 0:
        closing = html.find(end, opening + len(start))
        if closing < 0:
            break
        after = closing + len(end)
        small = after - opening <= BULKY or b"ld+json" in html[opening : opening + 200]
        kept.append(html[position : after if small else opening])
        position = after
    kept.append(html[position:])
    return b"".join(kept)


def short_tags(html: bytes) -> bytes:
    """Cut tags of thousands of attributes, over which the parser's time grows with the square of their number.

    >>> len(short_tags(b"<p" + b" a='>'" * 90000 + b">text")) < 13000
    True
    """
    for place in range(STRETCH, len(html), STRETCH):
        within = all(_may_be_within(html, there) for there in range(place, place + STRETCH - WINDOW, STRETCH // 5))
        if within and any(FLOOD.match(html, tag.start()) for tag in START.finditer(html, place - STRETCH, place)):
            return FLOOD.sub(rb"\1", html)
    return html


def _may_be_within(html: bytes, place: int) -> bool:
    """Whether a place may be within a tag of great length: attributes and nothing else stand in the window behind it,
    read from there, or from the first or second quote of either kind. Text, and any sane tag, soon has a ">"."""
    end = place + WINDOW
    starts = [place]
    for quote in (b"'", b'"'):
        first = html.find(quote, place, end) + 1
        starts += [first, html.find(quote, first, end) + 1] if first else []
    return any(start and ATTRIBUTES.match(html, start, end).end() - place > WINDOW // 2 for start in starts)  # type: ignore[union-attr]


def flattened(html: bytes) -> bytes:
    """The page with the elements that are nested too deep taken out, their text kept.

    >>> flattened(b"<div>" * 300 + b"text" + b"</div>" * 300).count(b"<div>")
    200
    """
    depth = 0

    def shallow(match: re.Match[bytes]) -> bytes:
        nonlocal depth
        if match[2].lower() in SHALLOW or match[0].endswith(b"/>"):
            return match[0]
        depth = max(depth - 1, 0) if match[1] else depth
        kept = depth < DEEPEST
        depth = depth if match[1] else depth + 1
        return match[0] if kept else b" "

    return TAG.sub(shallow, html)
