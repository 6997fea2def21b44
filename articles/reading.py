"""A reading: one field's value, where it came from, and the candidates that lost."""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar

from articles.record import Problem

T = TypeVar("T")


class Candidate(NamedTuple):
    """A value that a source gave: `source` is a short name such as "json-ld", "og", "h1", "label", "structure"."""

    value: Any
    source: str
    why: str = ""  # why it lost, or won


class Reading(NamedTuple, Generic[T]):
    """What one field's function gives the reader. `source` is None where nothing was found."""

    value: T
    source: str | None = None
    candidates: tuple[Candidate, ...] = ()  # all that were weighed, the winner included
    problems: tuple[Problem, ...] = ()
