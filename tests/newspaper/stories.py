"""The newspaper's stories: read from stories/*.toml, with their text cut into blocks."""

from __future__ import annotations

import dataclasses
import functools
import re
import tomllib
from datetime import datetime
from pathlib import Path

FOLDER = Path(__file__).parent / "stories"


@dataclasses.dataclass(frozen=True)
class Block:
    """A piece of text. kind: p, h, quote, list, table, tweet, also; `lines` are its items or rows."""

    kind: str
    lines: tuple[str, ...]

    @property
    def cells(self) -> list[list[str]]:
        return [[cell.strip() for cell in line.strip("| ").split("|")] for line in self.lines]


@dataclasses.dataclass(frozen=True)
class Picture:
    name: str
    caption: str
    credit: str


@dataclasses.dataclass(frozen=True)
class Update:
    date: datetime
    heading: str
    text: str


@dataclasses.dataclass(frozen=True)
class Story:
    id: int
    slug: str
    title: str
    lead: str
    category: tuple[str, ...]
    authors: tuple[str, ...]
    published: datetime
    text: str
    lang: str = "en"
    modified: datetime | None = None
    tags: tuple[str, ...] = ()
    box: str = ""  # how the key points stand: labelled, unlabelled, tab, first-item
    label: str = ""
    key_points: tuple[str, ...] = ()
    related: tuple[int, ...] = ()
    picture: Picture | None = None
    gallery: tuple[Picture, ...] = ()
    updates: tuple[Update, ...] = ()
    kind: str = "article"
    access: str = "free"
    encoding: str = "utf-8"
    correction: str = ""
    correct: tuple[str, ...] = ()

    @functools.cached_property
    def pages(self) -> list[list[Block]]:
        return [blocks(part) for part in self.text.split("[page]")]

    @property
    def path(self) -> str:
        return f"/{self.lang}/{latin(self.category[0])}/{self.slug}-{self.id}/"

    def edition(self, number: int) -> Story:
        """The story as it stands after its correction, from edition 2 on."""
        if number < 2 or not self.correct:
            return self
        return dataclasses.replace(
            self, text=self.text.replace(*self.correct), modified=self.published.replace(hour=18, minute=30)
        )


KINDS = {"## ": "h", "> ": "quote", "- ": "list", "| ": "table", "@ ": "tweet", "=> ": "also"}


def blocks(text: str) -> list[Block]:
    """Cut a story's text at its blank lines."""
    return [block(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def block(part: str) -> Block:
    for mark, kind in KINDS.items():
        if part.startswith(mark):
            return Block(kind, tuple(line.removeprefix(mark).strip() for line in part.splitlines()))
    return Block("p", (" ".join(part.split()),))


LETTERS = dict(
    zip(
        "абвгґдежзиійклмнопрстуфцьюяєїхчшщ",
        "a b v h g d e zh z y i i k l m n o p r s t u f ts _ iu ia ie i kh ch sh shch".split(),
        strict=True,
    )
)


def latin(name: str) -> str:
    """A section's name as it stands in URLs.

    >>> latin("Місто"), latin("City")
    ('misto', 'city')
    """
    word = "".join(LETTERS.get(letter, letter) for letter in name.lower()).replace("_", "")
    return re.sub(r"[^a-z0-9]+", "-", word)


def _story(raw: dict) -> Story:
    for key in ("published", "modified"):
        if key in raw:
            raw[key] = datetime.fromisoformat(raw[key])
    if "picture" in raw:
        raw["picture"] = Picture(*raw["picture"])
    raw["gallery"] = tuple(Picture(*row) for row in raw.get("gallery", ()))
    raw["updates"] = tuple(Update(datetime.fromisoformat(row[0]), *row[1:]) for row in raw.get("updates", ()))
    return Story(**{key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()})


@functools.cache
def load() -> dict[int, Story]:
    """All stories by id, newest first."""
    raw = [row for file in sorted(FOLDER.glob("*.toml")) for row in tomllib.loads(file.read_text("utf-8"))["article"]]
    stories = sorted((_story(row) for row in raw), key=lambda story: story.published, reverse=True)
    return {story.id: story for story in stories}
