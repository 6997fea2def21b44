"""Fixtures that every room's tests may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.newspaper.server import Newspaper

settings.register_profile("untimed", deadline=None)  # a machine that is busy fails no test
settings.load_profile("untimed")


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    """The made-up newspaper on a free loopback port; `newspaper.requests` is its log."""
    with Newspaper() as server:
        yield server
