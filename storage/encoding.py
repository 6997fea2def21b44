"""Content encodings taken off: the body of a message as the page's author meant it, without falling for bombs."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli
import zstandard

from storage.errors import ArchiveDamaged

MAX_BYTES = 20 * 1024 * 1024  # unpacked
MAX_CODINGS = 3  # one on top of another
MAX_KEPT = 100 * 2**20  # bytes unpacked of a snapshot; the crawl's own limit is lower
CHUNK = 64 * 1024


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
    names = _names(encodings)
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


def decode_page(body: bytes, encodings: str | Iterable[str] = "", limit: int = MAX_BYTES) -> bytes:
    """Do the same for a page, which may be packed by gzip once more than it says.

    >>> import gzip
    >>> decode_page(gzip.compress(gzip.compress(b"text")), "gzip")
    b'text'
    """
    body = decode(body, encodings, limit)
    return decode(body, "gzip", limit) if body.startswith(b"\x1f\x8b\x08") else body


def is_cut_off(body: bytes, encodings: str | Iterable[str]) -> bool:
    """Say whether a body packed by gzip or deflate alone ends before its stream does.

    >>> is_cut_off(zlib.compress(b"text" * 99)[:-9], "deflate"), is_cut_off(zlib.compress(b"text"), "deflate")
    (True, False)
    """
    if _names(encodings) not in (["gzip"], ["x-gzip"], ["deflate"]):
        return False
    unpacker = zlib.decompressobj(47)
    try:
        while body and not unpacker.eof:
            unpacker.decompress(body, CHUNK)
            body = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return not unpacker.eof


def _names(encodings: str | Iterable[str]) -> list[str]:
    lines = [encodings] if isinstance(encodings, str) else encodings
    names = [name.partition(";")[0].strip().lower() for line in lines for name in line.split(",")]
    return [name for name in names if name not in ("", "identity")]


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


def unpacked(body: bytes, encodings: Iterable[str]) -> bytes:
    """Give a snapshot's body unpacked; raises `ArchiveDamaged` where it does not hold what its header says.

    One by a coding that nobody knows is given as it is.
    """
    try:
        return decode_page(body, encodings, MAX_KEPT)
    except DecodeError as error:
        if error.reason == "unknown_encoding":
            return body
        raise ArchiveDamaged(f"a snapshot's body is not packed as its header says: {error}.") from error
