"""langid's model, mapped from files: of its 70 MB only what a text needs is ever in memory.

py3langid's own loading keeps all of it in each process, for the one page in fifty that asks.
"""

from __future__ import annotations

import functools
import lzma
import mmap
import shutil
import tempfile
import zipfile
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

_CHUNK = 1 << 20


def classify(text: str) -> str:
    """Give the likeliest language of a text, as langid names it.

    >>> classify("Der Rat hat am Montag beschlossen, die neue Brücke zu bauen.")
    'de'
    """
    identifier, maps = _identifier()
    language: str = identifier.classify(text)[0]
    for mapped in maps:  # what was read stays with the system, which gives it away when others need the room
        mapped.madvise(mmap.MADV_DONTNEED)
    return language


@functools.cache
def _identifier() -> tuple[Any, list[mmap.mmap]]:
    from py3langid import langid  # a file to unpack: only where a page asks

    packed = resources.files("py3langid").joinpath(langid.MODEL_FILE)
    with tempfile.TemporaryFile() as file:
        with packed.open("rb") as source, lzma.open(source) as unpacked:
            shutil.copyfileobj(unpacked, file, _CHUNK)
        with zipfile.ZipFile(file) as archive:
            maps = {name.removesuffix(".npy"): _map(archive, name) for name in archive.namelist()}
    model = {name: _array(mapped) for name, mapped in maps.items()}
    classes, output = model["classes"].tolist(), model["out_feat"].tolist()
    moves, rows = model["nextmove"].data, model["nextmove_row"].tolist()
    identifier = langid.LanguageIdentifier(model["ptc"], model["pc"], classes, moves, output, tk_row=rows)
    return identifier, list(maps.values())


def _map(archive: zipfile.ZipFile, name: str) -> mmap.mmap:
    """Map a member of an archive, from a file without a name."""
    with archive.open(name) as source, tempfile.TemporaryFile() as file:
        shutil.copyfileobj(source, file, _CHUNK)
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _array(mapped: mmap.mmap) -> npt.NDArray[Any]:
    """Give the array that a mapped file of NumPy's format holds, without copying it."""
    np.lib.format.read_magic(mapped)
    shape, _, kind = np.lib.format.read_array_header_1_0(mapped)
    return np.frombuffer(mapped, kind, offset=mapped.tell()).reshape(shape)
