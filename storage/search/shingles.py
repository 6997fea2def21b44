"""Shingles: a text as the set of its runs of words, hashed; MinHash bands of it, for finding near-duplicates by index.

Broder, "On the resemblance and containment of documents" (1997); the hash functions multiply, add and
shift: Dietzfelbinger, "Universal hashing and k-wise independent random variables via integer arithmetic without
primes" (1996).
"""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from storage.search.compiled import native
from storage.search.fold import folded, tidy

WIDTH = 4  # words in a shingle
BANDS = 12
ROWS = 4  # permutations in a band: texts of resemblance s share a band with 1 - (1 - s**ROWS)**BANDS
FEWEST = 25  # words; shorter texts are alike by chance

_HIGH = np.uint64(32)

Hashes = npt.NDArray[np.uint32]
Words = npt.NDArray[np.uint64]


def shingles(text: str) -> Hashes:
    """The hashes of a text's shingles, sorted and distinct; empty for a text of too few words.

    >>> len(shingles("too few words"))
    0
    """
    hashes = native.word_hashes(tidy(text)) if native else None
    return word_shingles([zlib.crc32(word.encode()) for word in folded(text)] if hashes is None else hashes)


def word_shingles(words: Sequence[int]) -> Hashes:
    """As `shingles`, of the hashes of the folded words."""
    if len(words) < FEWEST:
        return np.empty(0, np.uint32)
    hashes = np.fromiter(words, np.uint64, len(words))
    mixed = hashes[: len(words) - WIDTH + 1].copy()
    for offset in range(1, WIDTH):
        mixed *= np.uint64(0x9E3779B97F4A7C15)  # wraps around, as intended
        mixed += hashes[offset : len(words) - WIDTH + 1 + offset]
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    return _distinct((mixed >> _HIGH).astype(np.uint32))


def _distinct(hashes: Hashes) -> Hashes:
    """As numpy.unique, which takes ten times as long on so few."""
    hashes.sort()
    found: Hashes = hashes[np.append(hashes[1:] != hashes[:-1], True)]
    return found


def bands(hashes: Hashes) -> list[int]:
    """The keys under which a text stands in the index: one integer of 32 bits per band; none for no shingles."""
    if not len(hashes):
        return []
    factors, terms = _permutations()
    products = hashes.astype(np.uint64) * factors
    products += terms  # in place: a second array of this size costs three times the arithmetic
    values = (products.min(axis=1) >> _HIGH).astype(np.uint32).reshape(BANDS, ROWS)
    return [(number << 28 | zlib.crc32(row.tobytes()) >> 4) - 2**31 for number, row in enumerate(values)]


@functools.cache
def _permutations() -> tuple[Words, Words]:
    """Factors and terms of the hash functions that stand for permutations: upper half of a * h + b, a odd."""
    drawn = hashlib.shake_128(b"pressmark").digest(16 * BANDS * ROWS)
    factors, terms = np.frombuffer(drawn, "<u8").astype(np.uint64).reshape(2, -1, 1)
    return factors | np.uint64(1), terms


def resemblance(one: Hashes, other: Hashes) -> float:
    """The share of shingles that two texts have in common, 0 to 1 (Jaccard).

    >>> text = " ".join(f"word{number}" for number in range(40))
    >>> resemblance(shingles(text), shingles(text))
    1.0
    """
    if not len(one) or not len(other):
        return 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)
