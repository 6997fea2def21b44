"""Dictionaries of lemmas, kept unpacked in the user's cache folder and read from there word by word.

simplemma unpacks a language in 0.1 to 1.2 s and holds it in 10 to 50 MB; a crawl of sites in twenty languages would do
little else. Unpacked once for a machine, a dictionary is there at once, and only the pages that are looked at count.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import os
import struct
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import platformdirs
from simplemma.strategies.dictionaries import frontcode
from simplemma.strategies.dictionaries.dictionary_factory import CachingDictionaryFactory
from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamMap

logger = logging.getLogger(__name__)
_HEAD = struct.Struct("<8sQQQQ?")  # mark, length of the file, of the stream, number of words, of blocks, reversed
_SEED = struct.Struct(
    "<QQHHH"
)  # where the block begins, where its seed does, lengths of first key, key and value before
_MARK = b"pmlemma1"
_LANGUAGES = 64  # mapped at once


class KeptDictionaries(CachingDictionaryFactory):
    """simplemma's dictionaries, mapped from the cache folder; in memory where that cannot be written."""

    __slots__ = ("_folder",)

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(_LANGUAGES)
        self._folder = folder or Path(platformdirs.user_cache_dir("pressmark")) / "lemmas"

    def _get_dictionary_uncached(self, lang: str) -> Mapping[str, str]:
        path = self._folder / f"{lang}-{version('simplemma')}"
        with contextlib.suppress(OSError, ValueError, _Damaged):  # not there, or cut off to nothing
            return MappedDictionary(path)
        unpacked = StreamMap(lang)
        try:
            keep(unpacked, path)
            return MappedDictionary(path)
        except OSError as error:
            logger.warning("dictionary %s stays in memory: %s", lang, error)
            return unpacked


class _Damaged(Exception):
    """A kept dictionary is not whole; it is made anew."""


class MappedDictionary(StreamMap):
    """A dictionary in a file: the seeds of its blocks are mapped, a block is read when a word of it is asked for."""

    __slots__ = ("_file",)

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._file = os.dup(file.fileno())
        if len(whole) < _HEAD.size:
            raise _Damaged
        mark, length, stream, self._count, blocks, self._rev = _HEAD.unpack_from(whole)
        if mark != _MARK or length != len(whole):
            raise _Damaged
        seeds = _Seeds(whole, _HEAD.size + stream, blocks)
        self._firsts = _Firsts(seeds)  # type: ignore[assignment]
        self._blocks = seeds  # type: ignore[assignment]

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):  # where opening it failed
            os.close(self._file)

    def _lookup(self, key: str) -> str | None:
        target = key.encode()[::-1] if self._rev else key.encode()
        block = bisect_right(self._firsts, target) - 1
        if block < 0:
            return None
        for found, value in self._block(block):
            if found >= target:
                return _text(value, self._rev) if found == target else None
        return None

    def _block(self, number: int) -> Iterator[tuple[bytes, bytes]]:
        begin, key, value = self._blocks[number]
        data = os.pread(self._file, self._blocks.end(number) - begin, begin)  # type: ignore[attr-defined]
        for _, found, said in frontcode._iter_records(data, 0, key, value):
            yield found, said

    def __iter__(self) -> Iterator[str]:
        for number in range(len(self._firsts)):
            yield from (_text(key, self._rev) for key, _ in self._block(number))


def _text(stored: bytes, reverse: bool) -> str:
    return (stored[::-1] if reverse else stored).decode()


class _Seeds:
    """The blocks' seeds: (where it begins, key before, value before), read from the map when asked for."""

    def __init__(self, whole: mmap.mmap, start: int, count: int) -> None:
        self.whole, self.start, self.count = whole, start, count

    def __getitem__(self, number: int) -> tuple[int, bytes, bytes]:
        begin, at, first, key, value = _SEED.unpack_from(self.whole, self.start + number * _SEED.size)
        at += first
        return begin, self.whole[at : at + key], self.whole[at + key : at + key + value]

    def end(self, number: int) -> int:
        """Give where a block ends."""
        if number + 1 == self.count:
            return self.start
        begin, *_ = _SEED.unpack_from(self.whole, self.start + (number + 1) * _SEED.size)
        return int(begin)

    def first(self, number: int) -> bytes:
        """Give the first key of a block."""
        _, at, first, _, _ = _SEED.unpack_from(self.whole, self.start + number * _SEED.size)
        return self.whole[at : at + first]


class _Firsts:
    """The first keys of the blocks, for bisecting."""

    def __init__(self, seeds: _Seeds) -> None:
        self.seeds = seeds

    def __len__(self) -> int:
        return self.seeds.count

    def __getitem__(self, number: int) -> bytes:
        if number >= self.seeds.count:
            raise IndexError(number)
        return self.seeds.first(number)


def keep(unpacked: StreamMap, path: Path) -> None:
    """Write a dictionary; whole, or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    start = _HEAD.size + len(unpacked._data)
    at = start + len(unpacked._firsts) * _SEED.size
    table, blob = bytearray(), bytearray()
    for first, (begin, key, value) in zip(unpacked._firsts, unpacked._blocks, strict=True):
        table += _SEED.pack(begin + _HEAD.size, at + len(blob), len(first), len(key), len(value))
        blob += first + key + value
    head = _HEAD.pack(_MARK, at + len(blob), len(unpacked._data), unpacked._count, len(unpacked._firsts), unpacked._rev)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(head + unpacked._data + table + blob)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
