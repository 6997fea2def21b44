"""What the classifier looks at: shortcuts that must answer as the long way does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from articles.features import Within

WORDS = st.lists(st.text("ab.", min_size=1, max_size=3), min_size=1, max_size=12)
TEXTS = st.lists(st.lists(st.text("ab.\n", max_size=3), min_size=1, max_size=4), max_size=8)


@given(WORDS, TEXTS)
def test_a_text_within_another_is_found_as_by_a_plain_search(words: list[str], asked: list[list[str]]) -> None:
    long = " ".join(words)
    within = Within(long)
    for text in map(" ".join, asked):
        assert within.holds(text) == (text in long)
