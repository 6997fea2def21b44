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
WORD = re.compile(r"[^\s.,:;!?|/()\[\]\"'“”„«»‘’>→…#]+")


@functools.cache
def _words() -> dict[str, int]:
    """Word -> bits of the kinds of line that it stands in; one bit a key of lexicon.json, in order."""
    table = json.loads(resources.files("articles").joinpath("lexicon.json").read_text(encoding="utf-8"))
    masks: dict[str, int] = {}
    for bit, words in enumerate(table.values()):
        for word in words.split():
            masks[word] = masks.get(word, 0) | 1 << bit
    return masks


def kinds(*names: str) -> int:
    """The bits of some of the lexicon's kinds."""
    return sum(1 << KINDS_IN_ORDER.index(name) for name in names)


def word_mask(text: str) -> int:
    """Bits of the lexicon's kinds whose words stand in the text.

    >>> word_mask("Photo: Ann Lee") == word_mask("Фото: Анна Лі") != 0
    True
    """
    known = _words()
    mask = 0
    if text[0] > "\u2e80" or text[-1] > "\u2e80":  # Chinese, Japanese, Korean: words are not parted by spaces
        text = _unspaced().sub(r" \g<0> ", text)
    for word in WORD.findall(text.lower()):
        if word in known:
            mask |= known[word]
    return mask


@functools.cache
def _unspaced() -> re.Pattern[str]:
    words = sorted((word for word in _words() if word > "\u2e80"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
