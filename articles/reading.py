"""A reading: one field's value, where it came from, and the candidates that lost."""

from __future__ import annotations

import dataclasses
from typing import Any, Generic, TypeVar

from articles.record import Problem

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a source gave: `source` is a short name such as "json-ld", "og", "h1", "label", "structure"."""

    value: Any
    source: str
    why: str = ""  # why it lost, or won


@dataclasses.dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What one field's function gives the reader. `source` is None where nothing was found."""

    value: T
    source: str | None = None
    candidates: tuple[Candidate, ...] = ()  # all that were weighed, the winner included
    problems: tuple[Problem, ...] = ()
