"""Snippets: where in an article a query was found, as text and marks, never as markup."""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left
from collections.abc import Iterator

from storage.search.fold import SHOWN, tidy
from storage.search.lemmas import forms, lemma_language
from storage.search.match import Marked

WIDTH = 240  # characters of a snippet
_SPACES = re.compile(r"\s+")
Span = tuple[int, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, found or not."""

    text: str
    found: bool


def snippet(texts: tuple[str | None, ...], language: str | None, marked: Marked) -> tuple[Piece, ...]:
    """The part of the texts in which most of what was looked for stands together; the beginning where nothing does.

    >>> marked = Marked(frozenset(("україна",)), (), ())
    >>> snippet(("", "Новини про Україну."), "uk", marked)
    (Piece(text='Новини про ', found=False), Piece(text='Україну', found=True), Piece(text='.', found=False))
    """
    best: tuple[int, str, list[tuple[Span, str]], int] | None = None
    for text in texts:
        if text:
            clean = _SPACES.sub(" ", text)
            found = list(occurrences(clean, language, marked))
            score, start = _densest(found)
            if best is None or score > best[0]:
                best = (score, clean, found, start)
    if best is None:
        return ()
    _, clean, found, start = best
    return pieces(clean, [span for span, _ in found], _window(clean, start))


def highlighted(text: str, language: str | None, marked: Marked) -> tuple[Piece, ...]:
    """A whole text with all that was looked for marked."""
    return pieces(text, [span for span, _ in occurrences(text, language, marked)], (0, len(text)))


def occurrences(text: str, language: str | None, marked: Marked) -> Iterator[tuple[Span, str]]:
    """Where in a text something looked for stands, in order, and what it is."""
    known = forms(lemma_language(language, text))
    matches = list(SHOWN.finditer(text))
    surfaces = [match[0] if match[0].isalnum() else tidy(match[0]) for match in matches]
    words = [known[surface].word for surface in surfaces]
    starts = {phrase[0]: phrase for phrase in marked.phrases}
    position = 0
    while position < len(matches):
        length, name = _found(words, position, known[surfaces[position]].lemma, (marked, starts))
        if length:
            yield (matches[position].start(), matches[position + length - 1].end()), name
        position += max(length, 1)


def _found(
    words: list[str], position: int, lemma: str, sought: tuple[Marked, dict[str, tuple[str, ...]]]
) -> tuple[int, str]:
    """How many words from a position on are found, and as what; 0 for none."""
    marked, starts = sought
    word = words[position]
    phrase = starts.get(word)
    if phrase is not None:
        for phrase in marked.phrases:
            if tuple(words[position : position + len(phrase)]) == phrase:
                return len(phrase), " ".join(phrase)
    if word in marked.words:
        return 1, word
    if lemma and lemma in marked.words:
        return 1, lemma
    for prefix in marked.prefixes:
        if word.startswith(prefix):
            return 1, prefix
    return 0, ""


def _densest(found: list[tuple[Span, str]]) -> tuple[int, int]:
    """The most that a window holds (different things count most), and where that window's first one begins."""
    best, where = 0, 0
    starts = [start for (start, _), _ in found]
    for number, start in enumerate(starts[:200]):
        within = found[number : bisect_left(starts, start + WIDTH * 3 // 4)]
        score = 10 * len({name for _, name in within}) + min(len(within), 9)
        if score > best:
            best, where = score, start
    return best, where


def _window(text: str, start: int) -> Span:
    """A window that begins at a word some way before `start`."""
    begin = max(0, min(start - WIDTH // 4, len(text) - WIDTH))
    if begin:
        begin = text.find(" ", begin, start) + 1 or begin
    end = min(len(text), begin + WIDTH)
    if end < len(text):
        space = text.rfind(" ", begin, end)
        end = space if space > begin + WIDTH // 2 else end
    return begin, end


def pieces(text: str, spans: list[Span], window: Span) -> tuple[Piece, ...]:
    """Cut a window of a text into found and other pieces, with an ellipsis where it was cut.

    >>> [piece.text for piece in pieces("one two three", [(4, 7)], (4, 13))]
    ['… ', 'two', ' three']
    """
    begin, end = window
    made = [Piece("… ", False)] if begin else []
    at = begin
    for start, stop in spans:
        if begin <= start and stop <= end:
            made += [Piece(text[at:start], False)] if start > at else []
            made.append(Piece(text[start:stop], True))
            at = stop
    rest = text[at:end] + (" …" if end < len(text) else "")
    return tuple([*made, Piece(rest, False)] if rest else made)
