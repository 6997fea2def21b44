"""Start and stop a street of news sites that another program serves, for the benches."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Site:
    """One site of the street: its front page, its fault ("plain" for none), how many articles it has."""

    url: str
    fault: str
    articles: int


@dataclasses.dataclass(frozen=True, slots=True)
class Street:
    """A running street: its sites, and its log of requests."""

    sites: tuple[Site, ...]
    log: Path

    def requests(self) -> list[dict[str, Any]]:
        """Give the requests so far: t (seconds), host, fault, path, status, agent, conditional."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


def program(given: str | None) -> Path:
    """Give the street's program: what was given, else the environment's NEWSSTAND."""
    path = given or os.environ.get("NEWSSTAND")
    if not path:
        raise SystemExit("say where the street of news sites is: --newsstand PATH, or NEWSSTAND=PATH")
    return Path(path)


@contextlib.contextmanager
def street(path: Path, log: Path, *options: str) -> Iterator[Street]:
    """Run the street while the block lasts."""
    command = [sys.executable, str(path), "--log", str(log), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield Street(tuple(_sites(process)), log)
    finally:
        process.terminate()
        process.wait()


def _sites(process: subprocess.Popen[str]) -> Iterator[Site]:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "ready":
            return
        url, fault, count, _ = line.split()
        yield Site(url, fault, int(count))
    raise SystemExit("the street of news sites did not start")
