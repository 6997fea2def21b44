from collections.abc import Callable
from typing import BinaryIO

from typing_extensions import Buffer

from storage.search.dictionaries import MappedDictionary

class Speller:
    def __init__(self, known: MappedDictionary | None, rest: Callable[[str], str | None], longest: int) -> None: ...
    def __call__(self, surface: str) -> tuple[str, str, int]: ...

def looked_up(
    surfaces: list[str], known: dict[str, tuple[str, str, int]]
) -> tuple[list[str], list[str], list[int]]: ...
def write_table(
    data: Buffer,
    start: int,
    backwards: bool,
    count: int,
    buckets: int,
    parts: list[BinaryIO],
    write: Callable[[bytes], object],
) -> None: ...
def surface_words(text: str) -> list[str] | None: ...
def word_hashes(text: str) -> list[int] | None: ...
