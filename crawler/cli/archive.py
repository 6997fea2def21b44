"""What the commands on an archive share: the option that names it, and text made safe for a terminal."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from crawler.urls import normalize
from storage import Archive
from storage.errors import NotFound

db_option = click.option(
    "--db", type=click.Path(path_type=Path), default=Path("news.db"), show_default=True, help="The archive."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def safe(text: str | None) -> str:
    """Take out what would command a terminal: archived text is other people's.

    >>> safe("a\\x1b[31mb")
    'a[31mb'
    """
    return _CONTROL.sub("", text or "")


def find(archive: Archive, name: str) -> int:
    """Give the number of an article by its id or any spelling of its address; raises `NotFound`."""
    try:
        return archive.find(name)
    except NotFound:
        plain = normalize(name) if "//" in name else None
        if plain is None or plain == name:
            raise
        return archive.find(plain)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


class Bars:
    """Progress of a long work, a bar for each part of it; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._tasks: dict[str, Any] = {}

    def __call__(self, part: str, done: int, total: int) -> None:
        """Say how far a part is."""
        if part not in self._tasks:
            self._tasks[part] = self._progress.add_task(part, total=total)
        self._progress.update(self._tasks[part], completed=done, total=total)

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
