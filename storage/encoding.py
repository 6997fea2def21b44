"""Content codings: the body of a message as the page's author meant it."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli
import zstandard

from storage.errors import ArchiveDamaged

MAX_DECODED = 100 * 2**20  # bytes; the crawl's own limit is lower


def decode(body: bytes, content_encoding: str | None) -> bytes:
    """Undo the content codings of a body, the last one first.

    Raises `ArchiveDamaged` where it does not hold what its header says.

    >>> decode(b"text", None), decode(zlib.compress(b"text"), "deflate")
    (b'text', b'text')
    """
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    for name in reversed([name for name in names if name not in ("", "identity")]):
        decoder = _DECODERS.get(name)
        if decoder is None:
            return body  # a coding nobody knows: the bytes as they are
        try:
            body = decoder(body)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise ArchiveDamaged(f"a snapshot's body is not {name} as its header says: {error}.") from error
    return body


def _gzip(body: bytes) -> bytes:
    return zlib.decompressobj(wbits=47).decompress(body, MAX_DECODED)


def _deflate(body: bytes) -> bytes:
    """RFC 9110 means zlib's format; some servers send the bare one."""
    try:
        return zlib.decompressobj().decompress(body, MAX_DECODED)
    except zlib.error:
        return zlib.decompressobj(wbits=-15).decompress(body, MAX_DECODED)


def _brotli(body: bytes) -> bytes:
    text: bytes = brotli.Decompressor().process(body, output_buffer_limit=MAX_DECODED)
    return text


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdDecompressor().stream_reader(body).read(MAX_DECODED)


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
