"""Dictionaries of lemmas, kept as hash tables in the user's cache folder and read from there word by word.

simplemma unpacks a language in 0.1 to 1.5 s and holds it in 10 to 50 MB; a crawl of sites in twenty languages would do
little else. Written once for a machine (`storage/search/hashed.py`), a dictionary is there at once, and a word costs
one read of half a kilobyte.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import os
import struct
import time
import zlib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar, overload

import platformdirs
from simplemma.strategies.dictionaries.dictionary_factory import CachingDictionaryFactory
from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamMap

from storage.search.hashed import keep
from storage.search.layout import HEAD, MARK, SHIFT

logger = logging.getLogger(__name__)
_RANGE = struct.Struct("<II")  # where a bucket begins and where it ends, of the buckets' bytes
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
        began = time.monotonic()
        try:
            keep(lang, path)
            logger.info("made the dictionary %s, once for this machine: %.1f s", lang, time.monotonic() - began)
            return MappedDictionary(path)
        except OSError as error:
            logger.warning("dictionary %s stays in memory: %s", lang, error)
            return StreamMap(lang)


class _Damaged(Exception):
    """A kept dictionary is not whole; it is made anew."""


class MappedDictionary(Mapping[str, str]):
    """A dictionary in a file: where buckets begin is mapped, a bucket is read when a word of it is asked for."""

    __slots__ = ("_count", "buckets", "file", "start", "whole")
    _count: int
    buckets: int
    start: int

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.file = os.dup(file.fileno())
        if len(self.whole) < HEAD.size:
            raise _Damaged
        mark, length, self._count, self.buckets = HEAD.unpack_from(self.whole)
        if mark != MARK or length != len(self.whole):
            raise _Damaged
        self.start = HEAD.size + 4 * (self.buckets + 1)

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):  # where opening it failed
            os.close(self.file)

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
        found = self.either(key, key)
        return default if found is None else found

    def either(self, word: str, other: str) -> str | None:
        """Give the lemma of a word or, where that is not there, of its other spelling.

        Where the two differ in capitals alone, they are in one bucket, so that one read will do.
        """
        low = word.lower()
        bucket = self._bucket(low)
        if (found := _found(word, bucket)) is None:
            found = _found(other, bucket if other.lower() == low else self._bucket(other.lower()))
        return found

    def _bucket(self, low: str) -> bytes:
        return self._numbered(zlib.crc32(low.encode()) % self.buckets)

    def _numbered(self, number: int) -> bytes:
        """Read a bucket; read, not mapped, so that its pages do not count as this program's memory."""
        begin, end = _RANGE.unpack_from(self.whole, HEAD.size + 4 * number)
        return os.pread(self.file, end - begin + 1, self.start + begin)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        for number in range(self.buckets):
            for entry in self._numbered(number).split(b"\n")[1:-1]:
                yield entry.partition(b"\t")[0].decode()


def _found(word: str, bucket: bytes) -> str | None:
    spelled = word.encode()
    at = bucket.find(b"\n%b\t" % spelled)
    return None if at < 0 else _value(spelled, bucket, at + len(spelled) + 2)


def _value(key: bytes, bucket: bytes, at: int) -> str:
    kept = len(key) - bucket[at] + SHIFT
    return (key[:kept] + bucket[at + 1 : bucket.index(b"\n", at + 1)]).decode()
