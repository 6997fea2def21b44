"""What the classifier looks at: shortcuts that must answer as the long way does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.compiled import native
from articles.features import Within

WORDS = st.lists(st.text("ab.ї🜚", min_size=1, max_size=3), min_size=1, max_size=12)
TEXTS = st.lists(st.lists(st.text("ab.ї\n", max_size=3), min_size=1, max_size=4), max_size=8)


@pytest.mark.parametrize("kind", [Within, *([native.Within] if native else [])])
@given(WORDS, TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=4))
def test_a_text_within_another_is_found_as_by_a_plain_search(
    kind: Any, words: list[str], asked: list[list[str]], parts: list[tuple[int, int]]
) -> None:
    long = " ".join(words)
    within = kind(long)
    for text in [*map(" ".join, asked), *(long[start : start + size] for start, size in parts)]:
        assert within.holds(text) == (text in long)
