"""Bodies: what a body is. How it is unpacked stands with the archive, which does it again (`storage/encoding.py`)."""

from __future__ import annotations

import re

from storage.encoding import MAX_BYTES, DecodeError, decode, decode_page, is_cut_off

__all__ = ["ACCEPT_ENCODING", "MAX_BYTES", "DecodeError", "decode", "decode_page", "is_cut_off", "is_html"]

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_HTML_START = re.compile(
    rb"(?i)<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|div|p|h1|table|article)\b"
)
_XML_SOURCE = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]")
_NOT_HTML = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x00",
    b"OggS",
)


def is_html(body: bytes, content_type: str | None = None) -> bool:
    """Say whether an unpacked body is an HTML page: what it looks like counts, then what it is called.

    >>> is_html(b"<!doctype html><p>a", "text/plain"), is_html(b"%PDF-1.7", "text/html"), is_html(b"Hello", "text/html")
    (True, False, True)
    """
    kind = (content_type or "").partition(";")[0].partition(",")[0].strip().lower()  # some send it twice
    start = body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start or start.startswith(_NOT_HTML):
        return False
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.replace(b"\x00", b"")
    if _XML_SOURCE.search(start):
        return False
    looks = _HTML_START.search(start) is not None
    if kind in ("text/html", "application/xhtml+xml"):
        return not start.startswith((b"{", b"["))
    return looks and kind in (
        "",
        "text/plain",
        "application/octet-stream",
        "text/xml",
        "application/xml",
        "unknown/unknown",
    )
