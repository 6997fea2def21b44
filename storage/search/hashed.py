"""Write a dictionary of simplemma's as a hash table: once for a machine and a language.

It takes about a microsecond a word, and 10 to 55 MB.

simplemma's form is a stream of words in their order, each told by what differs from the one before, and packed. The
table has the words by buckets of their hash; `storage/search/dictionaries.py` reads it.
"""

from __future__ import annotations

import contextlib
import functools
import lzma
import operator
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt
from simplemma.strategies.dictionaries import frontcode
from simplemma.strategies.dictionaries.dictionary_factory import DATA_FOLDER, SUPPORTED_LANGUAGES

from storage.search.compiled import native
from storage.search.layout import HEAD, MARK, SHIFT

_BUCKET = 16  # words in a bucket, on average
_CHUNK = 20_000  # words at once
_PARTS = 64  # of the buckets, sorted one after the other
_CUTS = [b"\t%c" % (cut + SHIFT) for cut in range(256 - SHIFT)]
_SAME, _WHOLE = frontcode._SAME_AS_PREV, frontcode._LITERAL_VALUE
_CUT_OFF = "a dictionary of simplemma's is cut off"
_Numbers = npt.NDArray[np.uint16]
_NONE: _Numbers = np.zeros(0, np.uint16)
Words = tuple[list[bytes], list[bytes]]  # words, and what follows each in its line


def keep(language: str, path: Path, compiled: bool = native is not None) -> None:
    """Write a language's dictionary; whole, or not at all. Raises OSError; ValueError where simplemma's is damaged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = unpacked(language)
    backwards, count, start = frontcode._read_header(data)
    words = read_words(data, start)
    buckets = max(1, count // _BUCKET)
    with contextlib.ExitStack() as stack:
        parts: list[BinaryIO] = [stack.enter_context(tempfile.TemporaryFile(dir=path.parent)) for _ in range(_PARTS)]
        write: Callable[[Callable[[bytes], object]], None]
        if compiled:
            write = functools.partial(native.write_table, data, start, backwards, count, buckets, parts)
        else:
            table = _Table(buckets, parts)
            words = read_words(data, start)
            for chunk in map(_turned, words) if backwards else words:
                table.add(*chunk)
            if table.count != count:
                raise ValueError(_CUT_OFF)
            write = table.write
            del data, words
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(bytes(HEAD.size))
                write(file.write)
                length = file.tell()
                file.seek(0)
                file.write(HEAD.pack(MARK, length, count, buckets))
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise


class _Table:
    """Words by buckets; they wait in temporary files, each with an equal share of the buckets."""

    def __init__(self, buckets: int, parts: list[BinaryIO]) -> None:
        self._buckets, self._parts = buckets, parts
        self._share = buckets // len(parts) + 1
        self._numbers: list[list[_Numbers]] = [[] for _ in parts]  # of the words' buckets within their part
        self._sizes = np.zeros(buckets + 1, np.int64)
        self.count = 0

    def add(self, words: list[bytes], tails: list[bytes]) -> None:
        """Take words."""
        self.count += len(words)
        lines = list(map(operator.add, words, tails))
        lowered = b"\n".join(words).decode().lower().encode().split(b"\n")
        numbers = np.fromiter(map(zlib.crc32, lowered), np.uint32, len(words)) % np.uint32(self._buckets)
        sizes = np.fromiter(map(len, lines), np.int64, len(lines)) + 1
        self._sizes[1:] += np.bincount(numbers, sizes, self._buckets).astype(np.int64)
        order = np.argsort(numbers)
        numbers = numbers[order]
        edges = np.searchsorted(numbers, np.arange(len(self._parts) + 1) * self._share)
        lines = _in_order(lines, order)
        within = (numbers % np.uint32(self._share)).astype(np.uint16)
        for part, kept, begin, end in zip(self._parts, self._numbers, edges[:-1], edges[1:], strict=True):
            part.write(b"\n".join([*lines[begin:end], b""]))
            kept.append(within[begin:end])

    def write(self, write: Callable[[bytes], object]) -> None:
        """Write where each bucket begins, and the buckets."""
        ends = np.cumsum(self._sizes)
        write(ends.astype("<u4").tobytes())
        for part, kept in zip(self._parts, self._numbers, strict=True):
            part.seek(0)
            lines = part.read().split(b"\n")
            lines = _in_order(lines[:-1], np.argsort(np.concatenate([*kept, _NONE])))
            write(b"\n".join([b"", *lines]))
        write(b"\n")


def _in_order(lines: list[bytes], order: npt.NDArray[np.int64]) -> list[bytes]:
    return list(map(lines.__getitem__, order.tolist()))


def unpacked(language: str) -> bytes:
    """Unpack simplemma's file of a language, in hardly more memory than it has bytes. Raises ValueError, OSError."""
    if language not in SUPPORTED_LANGUAGES:
        raise ValueError(f"simplemma has no dictionary of {language}")
    data = bytearray()
    with lzma.open(DATA_FOLDER / f"{language}.plzma", "rb") as file:
        while part := file.read(2**20):
            data += part
    return cast(bytes, data)  # read in pieces, for which it does as well, and is not copied


def read_words(data: bytes, pos: int) -> Iterator[Words]:
    r"""Yield words and their lemmas, of a stream as simplemma has it from a position on.

    A word is followed by a tab, a byte that says how many of the word's bytes fall, and the bytes that take their
    place. simplemma's own function gives lemmas written out, which would have to be compared with their words again.
    A word of which more than 223 bytes fall counts as its own lemma. Raises ValueError where a word is cut off.

    >>> [chunk] = read_words(b"\0\4city\0\0" + b"\3\3ies\xfe", 0)
    >>> chunk
    ([b'city', b'cities'], [b'\t ', b'\t#y'])
    """
    words: list[bytes] = []
    tails: list[bytes] = []
    end, varint = len(data), frontcode._read_varint
    word = rest = b""
    base = 0  # bytes of the word that its lemma begins with; `rest` follows
    try:
        while pos < end:
            shared, size = data[pos], data[pos + 1]
            pos += 2
            if shared > 127 or size > 127:
                shared, pos = varint(data, pos - 2)
                size, pos = varint(data, pos)
            stop = pos + size
            cut = data[stop]
            if cut == _SAME:
                if shared < base:
                    rest, base = word[shared:base] + rest, shared
                word = word[:shared] + data[pos:stop]
                pos = stop + 1
            else:
                word = word[:shared] + data[pos:stop]
                base = 0 if cut == _WHOLE else len(word) - cut
                size, pos = varint(data, stop + 1)
                rest = data[pos : pos + size]
                pos += size
            fall = len(word) - base
            words.append(word)
            tails.append(_CUTS[fall] + rest if fall < len(_CUTS) else _CUTS[0])
            if len(words) >= _CHUNK:
                yield words, tails
                words, tails = [], []
    except IndexError:
        raise ValueError(_CUT_OFF) from None
    if pos > end:
        raise ValueError(_CUT_OFF)
    if words:
        yield words, tails


def _turned(chunk: Words) -> Words:
    """Turn words that are kept from their end to their beginning; their lemmas are written out."""
    tails: list[bytes] = []
    for word, tail in zip(*chunk, strict=True):
        lemma = word[: len(word) - tail[1] + SHIFT] + tail[2:]
        tails.append(_CUTS[len(word)] + lemma[::-1] if len(word) < len(_CUTS) else _CUTS[0])
    return [word[::-1] for word in chunk[0]], tails
