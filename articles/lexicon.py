"""Words that tell what a short line is: a caption, a call to subscribe, a byline, a share button, in many languages."""

from __future__ import annotations

import functools
import json
import re
from importlib import resources

KINDS_IN_ORDER = """
    subscribe share more copyright byline picture advertisement comment consent login dated contact first follow tags
    navigation popular
""".split()  # noqa: SIM905 - the keys of lexicon.json
KINDS = len(KINDS_IN_ORDER)
_BEFORE, _AFTER = (
    ("", "(", "[", '"', "“", "«", "#", ">", "→"),
    ("", ":", ",", ".", ";", "!", "?", ")", "]", "…", "...", ">", '"', "”", "»", "→"),
)
TOUCHING = tuple(
    (before, after)
    for before in _BEFORE
    for after in _AFTER
    if not before or not after or (before, after) in (("(", ")"), ("[", "]"))
)


@functools.cache
def lexicon() -> dict[str, int]:
    """Word -> bits of the kinds of line that it stands in; one bit a key of lexicon.json, in order.

    Each stands with the marks that may touch it, too: to take the marks off every word of a page takes longer.
    """
    table = json.loads(resources.files("articles").joinpath("lexicon.json").read_text(encoding="utf-8"))
    masks: dict[str, int] = {}
    for bit, words in enumerate(table.values()):
        for word in words.split():
            masks[word] = masks.get(word, 0) | 1 << bit
    return {f"{before}{word}{after}": mask for word, mask in masks.items() for before, after in TOUCHING}


def kinds(*names: str) -> int:
    """The bits of some of the lexicon's kinds."""
    return sum(1 << KINDS_IN_ORDER.index(name) for name in names)


def word_mask(text: str) -> int:
    """Bits of the lexicon's kinds whose words stand in the text.

    >>> word_mask("Photo: Ann Lee") == word_mask("Фото: Анна Лі") != 0
    True
    """
    known = lexicon()
    if text[0] > "\u2e80" or text[-1] > "\u2e80":  # Chinese, Japanese, Korean: words are not parted by spaces
        text = _unspaced().sub(r" \g<0> ", text)
    if "/" in text or "|" in text:
        text = text.replace("/", " ").replace("|", " ")
    words = text.lower().split()
    mask = 0
    if not _set().isdisjoint(words):
        for word in words:
            mask |= known.get(word, 0)
    return mask


@functools.cache
def _set() -> frozenset[str]:
    return frozenset(lexicon())


@functools.cache
def _unspaced() -> re.Pattern[str]:
    words = sorted((word for word in lexicon() if word[0] > "\u2e80" and word[-1].isalpha()), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
