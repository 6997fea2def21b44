"""Dictionaries of lemmas, kept as hash tables in the user's cache folder and read from there word by word.

simplemma unpacks a language in 0.1 to 1.5 s and holds it in 10 to 50 MB; a crawl of sites in twenty languages would do
little else. Written once for a machine, a dictionary is there at once, and a word costs one read of half a kilobyte.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import os
import struct
import tempfile
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar, overload

import numpy as np
import platformdirs
from simplemma.strategies.dictionaries import frontcode
from simplemma.strategies.dictionaries.dictionary_factory import CachingDictionaryFactory
from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamMap

logger = logging.getLogger(__name__)
_HEAD = struct.Struct("<8sQQQ")  # mark, length of the file, number of words, of buckets
_RANGE = struct.Struct("<II")  # where a bucket begins and where it ends, of the buckets' bytes
_MARK = b"pmlemma2"
_BUCKET = 16  # words in a bucket
_SHIFT = 32  # what is added to a number of bytes, so that it is neither a tab nor a line's end
_LANGUAGES = 64  # open at once
_Default = TypeVar("_Default")


class KeptDictionaries(CachingDictionaryFactory):
    """simplemma's dictionaries, read from the cache folder; in memory where that cannot be written."""

    __slots__ = ("_folder",)

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(_LANGUAGES)
        self._folder = folder or Path(platformdirs.user_cache_dir("pressmark")) / "lemmas"

    def _get_dictionary_uncached(self, lang: str) -> Mapping[str, str]:
        path = self._folder / f"{lang}-{version('simplemma')}.hashed"
        with contextlib.suppress(OSError, ValueError, _Damaged):  # not there, or cut off to nothing
            return MappedDictionary(path)
        unpacked = StreamMap(lang)
        try:
            keep(_words(unpacked), path)
            return MappedDictionary(path)
        except OSError as error:
            logger.warning("dictionary %s stays in memory: %s", lang, error)
            return unpacked


class _Damaged(Exception):
    """A kept dictionary is not whole; it is made anew."""


class MappedDictionary(Mapping[str, str]):
    """A dictionary in a file: where buckets begin is mapped, a bucket is read when a word of it is asked for."""

    __slots__ = ("_buckets", "_count", "_file", "_start", "_whole")
    _count: int
    _buckets: int

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._file = os.dup(file.fileno())
        if len(self._whole) < _HEAD.size:
            raise _Damaged
        mark, length, self._count, self._buckets = _HEAD.unpack_from(self._whole)
        if mark != _MARK or length != len(self._whole):
            raise _Damaged
        self._start = _HEAD.size + 4 * (self._buckets + 1)

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):  # where opening it failed
            os.close(self._file)

    def __getitem__(self, word: str) -> str:
        if (found := self.get(word)) is None:
            raise KeyError(word)
        return found

    @overload
    def get(self, key: str, /) -> str | None: ...
    @overload
    def get(self, key: str, /, default: _Default) -> str | _Default: ...
    def get(self, key: str, /, default: object = None) -> object:
        """As of any mapping; half of the words that are asked for are not there, so that errors would cost much."""
        word = key.encode()
        place = _HEAD.size + zlib.crc32(word) % self._buckets * 4
        begin, end = _RANGE.unpack_from(self._whole, place)
        bucket = os.pread(self._file, end - begin + 1, self._start + begin)
        at = bucket.find(b"\n%b\t" % word)
        return default if at < 0 else _value(word, bucket, at + len(word) + 2)

    def _bucket(self, number: int) -> bytes:
        """Read a bucket, as `get` does; read, not mapped, so that its pages do not count as this program's memory."""
        begin, end = _RANGE.unpack_from(self._whole, _HEAD.size + 4 * number)
        return os.pread(self._file, end - begin + 1, self._start + begin)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        for number in range(self._buckets):
            for entry in self._bucket(number).split(b"\n")[1:-1]:
                yield entry.partition(b"\t")[0].decode()


def _words(unpacked: StreamMap) -> Iterator[tuple[bytes, bytes]]:
    """Yield words and lemmas; asking for word by word would take twenty times as long."""
    for _, word, lemma in frontcode._iter_records(unpacked._data, unpacked._pos):
        yield (word[::-1], lemma[::-1]) if unpacked._rev else (word, lemma)


def _entry(key: bytes, value: bytes) -> bytes:
    r"""Give a word and its lemma as a line: the word, and how many of its bytes fall for which others.

    >>> _entry(b"cities", b"city")
    b'\ncities\t#y'
    """
    shared = min(len(key), len(value))
    while key[:shared] != value[:shared]:
        shared -= 1
    if len(key) - shared >= 256 - _SHIFT:
        shared = len(key)  # no word; as its own lemma it does no harm
        value = key
    return b"\n%b\t%c%b" % (key, len(key) - shared + _SHIFT, value[shared:])


def _value(key: bytes, bucket: bytes, at: int) -> str:
    kept = len(key) - bucket[at] + _SHIFT
    return (key[:kept] + bucket[at + 1 : bucket.index(b"\n", at + 1)]).decode()


def keep(words: Iterable[tuple[bytes, bytes]], path: Path) -> None:
    """Write a dictionary; whole, or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entries, ends, hashes = bytearray(), array("Q"), array("I")
    for word, lemma in words:
        entries += _entry(word, lemma)
        ends.append(len(entries))
        hashes.append(zlib.crc32(word))
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(_file(entries, ends, hashes))
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _file(entries: bytearray, ends: array[int], hashes: array[int]) -> Iterator[bytes]:
    """Yield the bytes of a dictionary's file: head, where each bucket begins, the buckets, a line's end."""
    count = max(1, len(hashes) // _BUCKET)
    bucket = np.frombuffer(hashes, np.uint32) % count
    stops = np.frombuffer(ends, np.uint64).astype(np.int64)
    starts = np.concatenate((np.zeros(1, np.int64), stops[:-1]))
    sizes = np.zeros(count + 1, np.int64)
    np.add.at(sizes, bucket.astype(np.int64) + 1, stops - starts)
    order = np.argsort(bucket, kind="stable")
    yield _HEAD.pack(_MARK, _HEAD.size + 4 * (count + 1) + len(entries) + 1, len(hashes), count)
    yield np.cumsum(sizes).astype("<u4").tobytes()
    for start, stop in zip(starts[order].tolist(), stops[order].tolist(), strict=True):
        yield bytes(entries[start:stop])
    yield b"\n"
