"""Pages that only say where to go: a Refresh header or meta tag in a redirect's place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from articles.encoding import decode as to_utf8
from articles.page import parse
from crawler.decode import DecodeError, decode, is_html

MAX_WIRE = 8 * 1024  # bytes as sent; an answer that has more to say is a page
MAX_HTML = 64 * 1024  # bytes unpacked
MAX_TEXT = 600  # characters that are shown: "If nothing happens, follow this link"
MAX_DELAY = 15.0  # seconds; a page that shows longer is there to be read

_VALUE = re.compile(r"\s*(\d*\.?\d*)[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?(.*)", re.IGNORECASE | re.DOTALL)
_UNSHOWN = frozenset(("script", "style", "noscript", "template", "title"))


def onward(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> str | None:
    """Say where an answer sends the reader that is a page by its status, None where it is there to be read.

    `body` is as sent, still packed. The address is as written: relative, perhaps, and not to be trusted.
    """
    headers = tuple(headers)
    declared = _named(headers, "refresh")
    if status != 200 or len(body) > MAX_WIRE or (not declared and not body):
        return None
    try:
        html = decode(body, _named(headers, "content-encoding"), MAX_HTML)
    except DecodeError:
        return None
    return destination(declared, html, next(iter(_named(headers, "content-type")), None))


def destination(declared: Iterable[str], html: bytes, content_type: str | None) -> str | None:
    """Say the same of an unpacked body, and what its Refresh headers declare."""
    targets = [target for value in declared if (target := target_of(value))]
    if not targets and (len(html) > MAX_HTML or b"refresh" not in html.lower() or not is_html(html, content_type)):
        return None
    tree = parse(to_utf8(html).utf8)
    targets += [target for value in _metas(tree) if (target := target_of(value))]
    return targets[0] if targets and len(_shown(tree)) <= MAX_TEXT else None


def target_of(value: str) -> str | None:
    """Give the address of a Refresh value that is followed at once, or nearly so.

    >>> target_of("0; url=/news/1"), target_of("3;URL='/news/1'"), target_of("300; url=/"), target_of("5")
    ('/news/1', '/news/1', None, None)
    """
    match = _VALUE.match(value[:2048])
    if match is None or float(match[1].strip(".") or 0) > MAX_DELAY:
        return None
    url = match[2].strip()
    if url[:1] in ("'", '"'):
        url = url[1:].partition(url[0])[0]
    return url.strip() or None


def _metas(tree: Any) -> Iterable[str]:
    for meta in tree.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh" and not _without_scripts(meta):
            yield meta.get("content") or ""


def _without_scripts(node: Any) -> bool:
    return next(node.iterancestors("noscript"), None) is not None


def _shown(tree: Any) -> str:
    parts = [node.text or "" for node in tree.iter() if node.tag not in _UNSHOWN]
    parts += [node.tail or "" for node in tree.iter()]
    return " ".join(" ".join(parts).split())


def _named(headers: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name]
