from typing import Any

from articles.blocks import Block
from articles.features import Within

class Walk:
    blocks: list[Block]
    def read(self, body: Any) -> None: ...

def lean(html: bytes) -> bytes: ...

class Net:
    def __init__(self, weights: dict[str, Any]) -> None: ...
    def judge(
        self, blocks: list[Block], place: int, described: str, within: Within | None
    ) -> tuple[list[int], list[int]]: ...
