"""Limits: what is done about pages that are far larger, or nested far deeper, than any article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.compiled import native

LARGE = 4_000_000  # bytes; real article pages stay under 5 MB, most of it scripts
HEAD, TAIL = 3_000_000, 1_000_000  # bytes kept of a page that is still too large without its scripts
DEEPEST = 200  # elements within each other that are kept of a page that the parser finds too deep
MOST_ATTRIBUTES = 2000
STRETCH, WINDOW = 65_536, 1024  # bytes between two places where a flood of attributes is looked for, and how far
DATA_URI = re.compile(rb"data:[\w/+.;=-]{0,100},[^\"'\s)<>]{2000,}")
# what no reading looks into: comments, scripts, styles and drawings, by the third byte with how they end
BULK = re.compile(rb"<(?:!--|[sS](?:cript|CRIPT|tyle|TYLE|vg|VG)[\s>])")
SCRIPT_END = (b"</script", b"</SCRIPT", b"</Script")
ENDS = {
    ord("c"): SCRIPT_END,
    ord("t"): (b"</style", b"</STYLE", b"</Style"),
    ord("v"): (b"</svg", b"</SVG", b"</Svg"),
}
DASH = ord("-")
RARE = 60  # first bytes that are looked at one by one
_QUOTES, _SLASH = b"\"'", ord("/")
# an attribute as HTML's tokenizer reads it (a ">" in quotes ends no tag); possessive, so that the search is linear
_ATTRIBUTE = rb"""[\s/]*+[^\s/>][^\s/>=]*+\s*+(?:=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|(?=>)))?+"""
FLOOD = re.compile(rb"(<[a-zA-Z][^\s/>]*+(?:%b){%d})(?:%b)++" % (_ATTRIBUTE, MOST_ATTRIBUTES, _ATTRIBUTE))
ATTRIBUTES = re.compile(rb"(?:%b)*+" % _ATTRIBUTE)
SCRIPT = re.compile(rb"<script(?:\s[^>]*)?>", re.I)
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
        html = lean(DATA_URI.sub(b"data:,", html))
        html = html if len(html) <= HEAD + TAIL else html[:HEAD] + b" " + html[-TAIL:]
    return html


def lean(html: bytes) -> bytes:
    """The page without its comments, styles, drawings and scripts but JSON-LD: half of its bytes, in linear time.

    >>> lean(b"<p>a<script>1 < 2</script>b<!-- c --></p>")
    b'<p>ab</p>'
    """
    return native.lean(html) if native else plain_lean(html)


def plain_lean(html: bytes) -> bytes:
    """`lean` in Python."""
    kept, start = [], 0
    search, find = BULK.search, html.find
    match = search(html)
    while match:
        at = match.start()
        kind = html[at + 2] | 32  # lower case
        if html[at - 1] in _QUOTES and at:
            match = search(html, at + 2)  # the text of an attribute
            continue
        if kind == ord("c") and find(b"json", at, find(b">", at)) > 0:
            end = _find(html, SCRIPT_END, at)
            match = search(html, end) if end > 0 else None
            continue
        if kind == ord("v") and html[find(b">", at) - 1] == _SLASH:
            match = search(html, at + 2)  # it holds nothing
            continue
        end = find(b"-->", at + 2) if kind == DASH else _find(html, ENDS[kind], at + 2)
        if end < 0:
            break
        kept.append(html[start:at])
        start = find(b">", end) + 1 or len(html)
        match = search(html, start)
    kept.append(html[start:])
    return b"".join(kept)


def _find(html: bytes, ends: tuple[bytes, ...], at: int) -> int:
    """The first place of any of the ends from a place on, -1 where there is none.

    Their first byte is rare in scripts and styles, so that it is faster to look for it alone.
    """
    first = ends[0][:1]
    for _ in range(RARE):
        at = html.find(first, at)
        if at < 0 or html.startswith(ends, at):
            return at
        at += 1
    best = -1
    for end in ends:
        place = html.find(end, at) if best < 0 else html.find(end, at, best)
        best = place if place >= 0 else best
    return best


def scripts(html: bytes) -> Iterator[bytes]:
    """The texts of a page's scripts, in page order."""
    start = SCRIPT.search(html)
    while start:
        end = html.find(b"</script", start.end())
        yield html[start.end() : end if end >= 0 else len(html)]
        start = SCRIPT.search(html, end) if end >= 0 else None


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
