"""Members: the packed records of a WARC file one after the other, damaged places included."""

from __future__ import annotations

import dataclasses
import io
import mmap
import os
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import zstandard

from storage.warc import Record, records

_MAGIC = {".gz": b"\x1f\x8b\x08", ".zst": b"\x28\xb5\x2f\xfd"}
_CHUNK = 1 << 18
_COPY = 1 << 20
_LONGEST = 1 << 30  # bytes of one record, unpacked


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """A stretch of a WARC file: one record, or (`record` is None) bytes that are none."""

    offset: int
    length: int
    record: Record | None


def members(path: Path, start: int = 0, end: int | None = None) -> Iterator[Member]:
    """Yield the members of a file in order; behind a damaged place it goes on with the next whole record."""
    size = path.stat().st_size if end is None else min(end, path.stat().st_size)
    if size <= start:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield from _scan(data, start, size, path.suffix)


def _scan(data: mmap.mmap, start: int, size: int, suffix: str) -> Iterator[Member]:
    position = start
    while position < size:
        found = _member(data, position, size, suffix)
        if found is None:
            following = _next_whole(data, position + 1, size, suffix)
            yield Member(position, following - position, None)
            position = following
        else:
            yield found
            position += found.length


def _next_whole(data: mmap.mmap, position: int, size: int, suffix: str) -> int:
    magic = _MAGIC[suffix]
    while (position := data.find(magic, position, size)) != -1:
        if _member(data, position, size, suffix) is not None:
            return position
        position += 1
    return size


def _member(data: mmap.mmap, offset: int, size: int, suffix: str) -> Member | None:
    """Give the record that begins at an offset; None where it is torn, does not hold its checksum, or is no record."""
    unpacker: Any = zlib.decompressobj(31) if suffix == ".gz" else zstandard.ZstdDecompressor().decompressobj()
    parts: list[bytes] = []
    position, unpacked = offset, 0
    try:
        while not unpacker.eof and position < size and unpacked < _LONGEST:
            chunk = data[position : min(position + _CHUNK, size)]
            parts.append(unpacker.decompress(chunk))
            unpacked += len(parts[-1])
            position += len(chunk)
            if position - offset <= _CHUNK and not parts[0].startswith(b"WARC/"):
                return None
    except (zlib.error, zstandard.ZstdError):
        return None
    if not unpacker.eof:
        return None
    length = position - len(unpacker.unused_data) - offset
    record = _parse(b"".join(parts))
    return Member(offset, length, dataclasses.replace(record, offset=offset, length=length)) if record else None


def _parse(raw: bytes) -> Record | None:
    try:
        found = list(records(io.BytesIO(raw)))
    except (OSError, ValueError):
        return None
    return found[0] if len(found) == 1 else None


def read_member(path: Path, offset: int) -> Member | None:
    """Give the member at an offset, None where no whole record begins there."""
    return next((member for member in members(path, offset) if member.offset == offset and member.record), None)


def without_damage(path: Path) -> tuple[Path, int]:
    """Give a file that holds the whole records of this one, and how many damaged stretches were left out.

    A file without damage is its own; else the old one goes to the folder "damaged".
    """
    stretches = [(member.offset, member.length, member.record is not None) for member in members(path)]
    damaged = sum(not whole for _, _, whole in stretches)
    if not damaged:
        return path, 0
    new = path.with_name(mended_name(path.name))
    copy_stretches(path, new, [(offset, length) for offset, length, whole in stretches if whole])
    put_aside(path)
    return new, damaged


def copy_stretches(path: Path, new: Path, stretches: Sequence[tuple[int, int]]) -> list[int]:
    """Copy stretches (offset, length) of a file to a new one, on disk when this returns; gives their new offsets."""
    places: list[int] = []
    with path.open("rb") as source, new.open("wb") as target:
        for offset, length in stretches:
            places.append(target.tell())
            source.seek(offset)
            while length > 0 and (chunk := source.read(min(length, _COPY))):
                target.write(chunk)
                length -= len(chunk)
        target.flush()
        os.fsync(target.fileno())
    return places


def mended_name(filename: str) -> str:
    """Give a new name for a file that is written anew.

    >>> mended_name("pressmark-1.warc.gz").partition("+")[0]
    'pressmark-1'
    """
    stem, _, suffix = filename.partition(".warc")
    return f"{stem.partition('+')[0]}+{datetime.now(UTC):%Y%m%d%H%M%S%f}.warc{suffix}"


def put_aside(path: Path) -> None:
    """Move a damaged file out of the way, for who wants to look at it."""
    aside = path.parent / "damaged"
    aside.mkdir(exist_ok=True)
    path.replace(aside / path.name)
