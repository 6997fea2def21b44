"""Fixtures that every room's tests may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.newspaper.server import Newspaper


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    """The made-up newspaper on a free loopback port; `newspaper.requests` is its log."""
    with Newspaper() as server:
        yield server
