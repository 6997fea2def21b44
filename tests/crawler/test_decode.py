"""Bodies are unpacked in every encoding of the web, and never into more than the limit."""

from __future__ import annotations

import contextlib
import gzip
import lzma
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from crawler.decode import DecodeError, decode, decode_page, is_cut_off, is_html

PAGE = b"<!doctype html><p>" + b"The weir was opened. " * 500


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("X-GZip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstandard.compress),
]
EVERY = pytest.mark.parametrize(("name", "pack"), PACKERS, ids=[f"{name}-{pack.__name__}" for name, pack in PACKERS])


@EVERY
@given(body=st.binary(max_size=500))
def test_there_and_back(name: str, pack: Callable[[bytes], bytes], body: bytes) -> None:
    assert decode(pack(body), name) == body


@EVERY
def test_a_body_cut_off_gives_what_it_has(name: str, pack: Callable[[bytes], bytes]) -> None:
    body = bytes(range(256)) * 3000
    part = decode(pack(body)[:-20], name)
    assert part
    assert body.startswith(part)


@EVERY
def test_a_body_that_is_not_packed_at_all_is_given_back(name: str, pack: Callable[[bytes], bytes]) -> None:
    assert decode(PAGE, name) == PAGE


@EVERY
def test_garbage_is_an_error(name: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(b"\xff\xfe\xfd garbage", name)
    assert caught.value.reason == "bad_encoding"


def gzip_bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"a" * 1_000_000) for _ in range(megabytes)) + packer.flush()


def zstd_bomb(megabytes: int) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return b"".join(packer.compress(b"a" * 1_000_000) for _ in range(megabytes)) + packer.flush()


def brotli_bomb(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    return bytes(b"".join([*(packer.process(b"a" * 1_000_000) for _ in range(megabytes)), packer.finish()]))


BOMBS = [
    ("gzip", gzip_bomb(200)),
    ("gzip, gzip", gzip.compress(gzip_bomb(200))),
    ("br", brotli_bomb(200)),
    ("zstd", zstd_bomb(200)),
    ("gzip, br", brotli.compress(gzip_bomb(200), quality=1)),
    ("gzip", gzip.compress(b"a" * 1_000_000) * 60),
]


@pytest.mark.parametrize(("names", "bomb"), BOMBS, ids=[f"{n} {i}" for i, (n, _) in enumerate(BOMBS)])
def test_a_bomb_ends_at_the_limit_and_fills_no_memory(names: str, bomb: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(DecodeError) as caught:
        decode(bomb, names, limit=3_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.reason == "unpacked_too_large"
    assert peak < 12_000_000


@pytest.mark.parametrize(("names", "bomb"), [*BOMBS, ("", b"a" * 5_000_000)])
def test_of_a_bomb_the_beginning_can_be_had(names: str, bomb: bytes) -> None:
    assert decode(bomb, names, limit=3_000_000, cut=True) == b"a" * 3_000_000


def test_the_limit_holds_for_bodies_that_are_not_packed_too() -> None:
    assert decode(b"a" * 10, "", limit=10) == b"a" * 10
    with pytest.raises(DecodeError, match="unpacked_too_large"):
        decode(b"a" * 11, "identity", limit=10)


def test_a_window_larger_than_the_web_allows_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = packer.compress(b"a" * 300_000) + packer.flush()
    with pytest.raises(DecodeError) as caught:
        decode(body, "zstd")
    assert caught.value.reason == "bad_encoding"


def test_encodings_one_on_top_of_another() -> None:
    body = zstandard.compress(brotli.compress(gzip.compress(PAGE)))
    assert decode(body, "gzip, br, zstd") == decode(body, ["gzip", "br, zstd"]) == PAGE
    with pytest.raises(DecodeError, match="bad_encoding"):
        decode(body, "gzip, " * 9)


def test_an_encoding_that_is_not_known_is_named() -> None:
    with pytest.raises(DecodeError, match="unknown_encoding: lzma"):
        decode(lzma.compress(PAGE), "lzma")


@pytest.mark.parametrize("name", ["utf-8", "none", "gzip;q=1", "utf-8, gzip"])
def test_a_page_under_a_name_that_packs_nothing_is_given_back(name: str) -> None:
    html = b"<!doctype html><p>The weir was opened.</p>"
    assert decode(html, name) == html
    assert decode(gzip.compress(html), "gzip;q=1") == html


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_no_bytes_raise_anything_else(body: bytes, name: str) -> None:
    with contextlib.suppress(DecodeError):
        assert isinstance(decode(body, name), bytes)


@pytest.mark.parametrize(
    ("body", "kind", "html"),
    [
        (PAGE, "text/html; charset=utf-8", True),
        (PAGE, None, True),
        (PAGE, "text/plain", True),
        (PAGE, "application/octet-stream", True),
        (PAGE, "text/html, text/html", True),
        (b"\xef\xbb\xbf\n <HTML lang='uk'>", "", True),
        ("\ufeff<html>".encode("utf-16-le"), "text/html", True),
        (b"<?xml version='1.0'?><!DOCTYPE html><html>", "application/xhtml+xml", True),
        (b"Just text", "text/html", True),
        (b"Just text", "text/plain", False),
        (b"", "text/html", False),
        (b"%PDF-1.7", "text/html", False),
        (b"\x89PNG\r\n", "text/html", False),
        (b"<?xml version='1.0'?><rss version='2.0'>", "text/html", False),
        (b"<?xml version='1.0'?><rss><title>x</title>", "application/xml", False),
        (b'{"html": "<p>"}', "application/json", False),
        (b'{"html": "<p>"}', "text/html", False),
        (PAGE, "image/png", False),
    ],
)
def test_what_is_html(body: bytes, kind: str | None, html: bool) -> None:
    assert is_html(body, kind) is html


def test_a_page_may_be_packed_once_more_than_it_says() -> None:
    twice = gzip.compress(gzip.compress(b"<p>text"))
    assert decode_page(twice, "gzip") == decode_page(gzip.compress(b"<p>text")) == b"<p>text"
    assert decode(twice, "gzip") == gzip.compress(b"<p>text")
    with pytest.raises(DecodeError, match="unpacked_too_large"):
        decode_page(gzip.compress(gzip_bomb(30)), "gzip", limit=3_000_000)


@pytest.mark.parametrize("name", ["gzip", "deflate", "x-gzip"])
def test_a_stream_that_ends_in_its_midst_is_seen(name: str) -> None:
    packed = zlib.compress(b"text " * 999) if name == "deflate" else gzip.compress(b"text " * 999)
    assert not is_cut_off(packed, name)
    assert not is_cut_off(packed + packed, [name])
    assert is_cut_off(packed[:-12], [name])
    assert not is_cut_off(b"<p>text", name)
    assert not is_cut_off(packed[:-12], "br")
