"""Folding: one spelling for every way a word is written, so that the index and a query meet.

Apostrophes join within Cyrillic words (п'ять) and part elsewhere (l'élection); diacritics fall where they are marks
(é, ё, a stress), not where they make another letter (й, ї). Scripts without spaces are parted into their characters.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

_LETTERS = frozenset("йїў")  # decompose, but are letters of their own
_SPELLED = {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0640"
_GONE = dict.fromkeys(map(ord, _INVISIBLE))

_CYRILLIC = "\u0400-\u052f"
_QUOTES = "'’ʼ‘`´′＇‛ʹ"
_APOSTROPHE = re.compile(f"(?<=[{_CYRILLIC}])[{_QUOTES}](?=[{_CYRILLIC}])")

# Scripts that write words without spaces between them: Han, kana, Thai, Lao, Myanmar, Khmer.
_UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Marks that belong to the letter before: accents, Hebrew and Arabic points, vowel signs of the Indic scripts.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d"
    "\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56"
    "\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d"
)
_LETTER = f"(?![{_UNSPACED}])[^\\W_]|[{_MARKS}]"
WORD = re.compile(f"[{_UNSPACED}]|(?:{_LETTER})+")
# A word as it stands in a text that is not tidied: invisible characters and apostrophes are part of it.
SHOWN = re.compile(f"[{_UNSPACED}]|(?:{_LETTER}|\u00ad|\u200d|(?<=[{_CYRILLIC}])[{_QUOTES}](?=[{_CYRILLIC}]))+")
_UNTIDY = re.compile(f"[{_UNSPACED}{_MARKS}\u00ad\u200d]|(?<=[{_CYRILLIC}])[{_QUOTES}](?=[{_CYRILLIC}])")
_PLAIN_WORD = re.compile("[^\\W_]+")
_NO_WORD = re.compile("[^\\w ]")
_ASCII_WORDS = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))
_SPECIAL = re.compile(f"[{_UNSPACED}{_MARKS}]")
_DROPPED = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")


def tidy(text: str) -> str:
    """A text composed (NFC), without invisible characters and without apostrophes inside Cyrillic words.

    >>> tidy("п’ять, пʼять, don't")
    "пять, пять, don't"
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    if any(mark in text for mark in _INVISIBLE):
        text = text.translate(_GONE)
    return _APOSTROPHE.sub("", text) if any(quote in text for quote in _QUOTES) else text


def surface_words(text: str) -> list[str]:
    """The words of a tidy text in order, as written.

    >>> surface_words(tidy("П'ять élections, 東京"))
    ['Пять', 'élections', '東', '京']
    """
    if text.isascii():
        return text.encode().translate(_ASCII_WORDS).decode().split()
    if _SPECIAL.search(text):
        return WORD.findall(text)
    for mark in {"_", *_NO_WORD.findall(text)}:  # and then split: half the time of finding the words themselves
        text = text.replace(mark, " ")
    return text.split()


def is_special(letter: str) -> bool:
    """Whether a letter is a word of its own, or a mark that belongs to the letter before.

    >>> is_special("東"), is_special("é")
    (True, False)
    """
    return bool(_SPECIAL.match(letter))


def shown_words(text: str) -> Iterator[re.Match[str]]:
    """Where the words of a text stand that is not tidied.

    >>> [match[0] for match in shown_words("П’ять і п'ять")]
    ['П’ять', 'і', "п'ять"]
    """
    plain = text.isascii() or not _UNTIDY.search(text)
    return (_PLAIN_WORD if plain else SHOWN).finditer(text)


def fold(word: str) -> str:
    """One word in the index's spelling: lower case, without diacritics.

    >>> [fold(word) for word in ("Élection", "Їжак", "ёлка", "Straße", "STAŁY")]
    ['election', 'їжак', 'елка', 'strasse', 'staly']
    """
    word = word.casefold()
    return word if word.isascii() else unicodedata.normalize("NFC", word).translate(_folding())


class _Folding(dict[int, str]):
    """Letter to folded letter, worked out when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = _fold_letter(chr(code))
        return letter


@functools.cache
def _folding() -> _Folding:
    return _Folding()


def _fold_letter(letter: str) -> str:
    if letter.isascii() or letter in _LETTERS:
        return letter
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", _SPELLED.get(letter, letter)))
    return unicodedata.normalize("NFC", bare)


def stays(letter: str) -> bool:
    """Whether a letter is the same in the index's spelling, whatever stands beside it.

    >>> [stays(letter) for letter in "яйÉ\u0301"]
    [True, True, False, False]
    """
    joins = "\u1100" <= letter <= "\u11ff"  # Hangul's parts
    return unicodedata.category(letter)[0] in "LN" and not joins and fold(letter) == letter


def folded(text: str) -> list[str]:
    """The words of any text in the index's spelling, in order; what folds to nothing is left out.

    >>> folded("Пʼять п'ять п’ять")
    ['пять', 'пять', 'пять']
    """
    return [word for surface in surface_words(tidy(text)) for word in fold(surface).split() if word]
