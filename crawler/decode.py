"""Bodies: content encodings taken off without falling for bombs, and what a body is."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli
import zstandard

MAX_BYTES = 20 * 1024 * 1024  # unpacked
MAX_CODINGS = 3  # one on top of another
CHUNK = 64 * 1024
ACCEPT_ENCODING = "gzip, deflate, br, zstd"


class DecodeError(ValueError):
    """A body that cannot be unpacked; `reason` is "unpacked_too_large", "bad_encoding" or "unknown_encoding"."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


def decode(body: bytes, encodings: str | Iterable[str] = "", limit: int = MAX_BYTES, *, cut: bool = False) -> bytes:
    """Take the content encodings off a body, in the order of its Content-Encoding header (the last applied comes last).

    A body that is cut off gives what it has; one that is not packed at all is given back, whatever its label. Raises
    DecodeError as soon as more than `limit` bytes come out, having made no more than that; with `cut` the first `limit`
    bytes are given instead.

    >>> decode(zlib.compress(b"text"), "deflate")
    b'text'
    """
    names = encodings.split(",") if isinstance(encodings, str) else [n for line in encodings for n in line.split(",")]
    names = [name for raw in names if (name := raw.partition(";")[0].strip().lower()) not in ("", "identity")]
    if len(names) > MAX_CODINGS:
        raise DecodeError("bad_encoding", f"{len(names)} content encodings")
    for name in reversed(names):
        if name not in _UNPACK:
            if _plain(body):  # "utf-8", "none", the name of a cache: nothing that packs
                continue
            raise DecodeError("unknown_encoding", name[:40])
        body = _limited(name, body, limit, cut)
    if len(body) > limit and not cut:
        raise DecodeError("unpacked_too_large", f"over {limit} bytes")
    return body[:limit]


def _limited(name: str, body: bytes, limit: int, cut: bool) -> bytes:
    parts, size = [], 0
    try:
        for part in _UNPACK[name](body):
            size += len(part)
            parts.append(part)
            if size > limit:
                break
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        if not parts and _plain(body):
            return body  # labelled as packed, sent as it is
        if not parts:
            raise DecodeError("bad_encoding", f"{name}: {error}"[:160]) from error
    if size > limit and not cut:
        raise DecodeError("unpacked_too_large", f"over {limit} bytes from {len(body)} of {name}")
    return b"".join(parts)


def _plain(body: bytes) -> bool:
    return body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"["))


def _zlib(body: bytes, wbits: int) -> Iterator[bytes]:
    while body:
        unpacker = zlib.decompressobj(wbits)
        pending = body
        while pending and not unpacker.eof:
            yield unpacker.decompress(pending, CHUNK)
            pending = unpacker.unconsumed_tail
        body = unpacker.unused_data if unpacker.unused_data.startswith(b"\x1f\x8b") else b""  # members


def _gzip(body: bytes) -> Iterator[bytes]:
    return _zlib(body, 31)


def _deflate(body: bytes) -> Iterator[bytes]:
    """Unpack zlib's format, or the raw stream that some servers send under the same name."""
    wrapped = len(body) >= 2 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return _zlib(body, 15 if wrapped else -15)


def _brotli(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    part = unpacker.process(body, output_buffer_limit=CHUNK)
    while part:
        yield part
        part = b"" if unpacker.is_finished() else unpacker.process(b"", output_buffer_limit=CHUNK)


def _zstd(body: bytes) -> Iterator[bytes]:
    """Unpack with a window of at most 8 MiB, which is what RFC 9659 allows on the web."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024)
    with unpacker.stream_reader(body, read_across_frames=True) as reader:
        while part := reader.read(CHUNK):
            yield part


_UNPACK: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}

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
