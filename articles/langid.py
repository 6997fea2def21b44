"""langid's model, mapped from files: of its 70 MB only what a text needs is ever in memory.

py3langid's own loading unpacks it for a second in each process, and keeps all of it, for the one page in fifty that
asks. Unpacked once for a machine, into the user's cache folder, it is there at once.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import lzma
import mmap
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import platformdirs

logger = logging.getLogger(__name__)
_CHUNK = 1 << 20
PARTS = ("ptc", "pc", "classes", "out_feat", "nextmove", "nextmove_row")  # of the model, an array each


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
    return load(Path(platformdirs.user_cache_dir("pressmark")) / "langid")


def load(cache: Path) -> tuple[Any, list[mmap.mmap]]:
    """Give langid's identifier over its model in a folder, which is made where it is not there or not whole."""
    from py3langid import langid  # a file to unpack: only where a page asks

    folder = cache / version("py3langid")
    try:
        found = _kept(folder)
    except (OSError, ValueError):  # not there, or cut off
        try:
            _keep(folder)
            found = _kept(folder)
        except OSError as error:
            logger.warning("the model of languages is unpacked for this process alone: %s", error)
            found = _unpacked()
    maps, model = zip(*found, strict=True)
    ptc, pc, classes, output, moves, rows = model
    identifier = langid.LanguageIdentifier(ptc, pc, classes.tolist(), moves.data, output.tolist(), tk_row=rows.tolist())
    return identifier, list(maps)


Part = tuple[mmap.mmap, npt.NDArray[Any]]


def _kept(folder: Path) -> list[Part]:
    found = []
    for name in PARTS:
        with (folder / f"{name}.npy").open("rb") as file:
            found.append(_part(file))
    return found


def _keep(folder: Path) -> None:
    """Write the model's parts into a folder that is there whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        with _packed() as archive:
            for name in PARTS:
                with archive.open(f"{name}.npy") as source, (made / f"{name}.npy").open("wb") as file:
                    shutil.copyfileobj(source, file, _CHUNK)
        with contextlib.suppress(FileNotFoundError):  # what is not whole makes way; who has it open keeps it
            folder.rename(Path(temporary) / "old")
        with contextlib.suppress(OSError):  # another process was first
            made.rename(folder)


def _unpacked() -> list[Part]:
    """Map the model's parts from files without a name."""
    found = []
    with _packed() as archive:
        for name in PARTS:
            with archive.open(f"{name}.npy") as source, tempfile.TemporaryFile() as file:
                shutil.copyfileobj(source, file, _CHUNK)
                file.flush()
                found.append(_part(file))
    return found


@contextlib.contextmanager
def _packed() -> Iterator[zipfile.ZipFile]:
    """The model's archive, from a file without a name."""
    from py3langid import langid

    packed = resources.files("py3langid").joinpath(langid.MODEL_FILE)
    with tempfile.TemporaryFile() as file:
        with packed.open("rb") as source, lzma.open(source) as unpacked:
            shutil.copyfileobj(unpacked, file, _CHUNK)
        with zipfile.ZipFile(file) as archive:
            yield archive


def _part(file: BinaryIO | Any) -> Part:
    """Map a file of NumPy's format and give the array that it holds, without copying it; ValueError where it is cut."""
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    np.lib.format.read_magic(mapped)
    shape, _, kind = np.lib.format.read_array_header_1_0(mapped)
    return mapped, np.frombuffer(mapped, kind, offset=mapped.tell()).reshape(shape)
