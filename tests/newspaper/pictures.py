"""The newspaper's pictures, drawn by code: a landscape as PNG, a logo as SVG."""

from __future__ import annotations

import functools
import math
import struct
import zlib

WIDTH, HEIGHT, COLOURS = 320, 180, 64


@functools.cache
def png(name: str) -> bytes:
    """A landscape whose hills, light and sun depend on the name alone."""
    seed = zlib.crc32(name.encode())
    rows = b"".join(b"\0" + _row(y, seed) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", _palette(seed)), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _palette(seed: int) -> bytes:
    """Sky from 0 to 31, hills from 32 to 62, the sun is 63."""
    tint = [seed >> shift & 63 for shift in (0, 6, 12)]
    sky = [bytes((90 + n * 4 + tint[0] // 2, 130 + n * 3, 190 + n - tint[2] // 2)) for n in range(32)]
    hills = [bytes((30 + n * 2 + tint[1] // 2, 60 + n * 3, 50 + n + tint[2] // 3)) for n in range(31)]
    return b"".join([*sky, *hills, b"\xff\xe9\xa8"])


def _row(y: int, seed: int) -> bytes:
    sun_x, sun_y, size = 40 + seed % 240, 24 + (seed >> 8) % 40, 10 + (seed >> 4) % 8
    ridges = _ridges(seed)
    row = bytearray([y * 31 // HEIGHT]) * WIDTH
    half = size * size - (y - sun_y) ** 2
    if half > 0:
        reach = math.isqrt(half)
        row[sun_x - reach : sun_x + reach] = b"\x3f" * (2 * reach)
    for colour, ridge in zip((32, 42, 54), ridges, strict=True):
        row = bytearray(colour if y >= top else old for top, old in zip(ridge, row, strict=True))
    return bytes(row)


@functools.cache
def _ridges(seed: int) -> list[list[int]]:
    return [
        [
            int(70 + 32 * n + 18 * math.sin(x / (23 + 9 * n) + seed % 17) + 6 * math.sin(x / 7 + seed % 5))
            for x in range(WIDTH)
        ]
        for n in range(3)
    ]


LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="240" height="48" viewBox="0 0 240 48">'
    b'<path d="M4 34 q12 10 24 0 t24 0" fill="none" stroke="#246" stroke-width="4"/>'
    b'<path d="M12 28 L28 6 L28 28 Z" fill="#c62"/>'
    b'<text x="62" y="32" font-family="serif" font-size="22" fill="#246">Veslyn Courier</text></svg>'
)
