"""Snippets: where in an article a query was found, as text and marks, never as markup."""

from __future__ import annotations

import dataclasses
import functools
import re
from bisect import bisect_left
from collections.abc import Iterator

from storage.search.fold import fold, shown_words, tidy
from storage.search.lemmas import Form, Forms, forms, lemma_language
from storage.search.match import Marked

WIDTH = 240  # characters of a snippet
_BEGINNING = 2  # letters that the forms of a word have in common, but for a few such as "go" and "went"
Span = tuple[int, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, found or not."""

    text: str
    found: bool


def snippet(
    texts: tuple[str | None, ...], language: str | None, marked: Marked, *, thorough: bool = True
) -> tuple[Piece, ...]:
    """The part of the texts in which most of what was looked for stands together; the beginning where nothing does.

    Forms that begin otherwise than what was looked for are sought only if `thorough`: that takes ten times as long.

    >>> marked = Marked(frozenset(("україна",)), (), ())
    >>> snippet(("", "Новини про Україну."), "uk", marked)
    (Piece(text='Новини про ', found=False), Piece(text='Україну', found=True), Piece(text='.', found=False))
    """
    clean = [" ".join(text.split()) for text in texts if text]
    best = _best(clean, [list(_as_written(text, marked)) for text in clean])
    for begins in (_beginnings(marked), None)[: 1 + thorough] if best is None else ():
        best = best or _best(clean, [list(occurrences(text, language, marked, begins)) for text in clean])
    if best is None:
        return pieces(clean[0], [], _window(clean[0], 0)) if clean else ()
    text, start = best
    begin, end = _window(text, start)
    spans = [(a + begin, b + begin) for (a, b), _ in occurrences(text[begin:end], language, marked)]
    return pieces(text, spans, (begin, end))


def _best(texts: list[str], found: list[list[tuple[Span, str]]]) -> tuple[str, int] | None:
    """The text and the place in it where most stands together, None where nothing was found."""
    scored = [(*_densest(spans), text) for text, spans in zip(texts, found, strict=True) if spans]
    if not scored:
        return None
    score = max(score for score, _, _ in scored)
    return next((text, start) for points, start, text in scored if points == score)


def _as_written(text: str, marked: Marked) -> Iterator[tuple[Span, str]]:
    """Where words stand as the query has them: quick to tell, and enough to choose a place by."""
    for match in _pattern(marked).finditer(text):
        yield match.span(), match[0].casefold()


@functools.lru_cache(64)
def _pattern(marked: Marked) -> re.Pattern[str]:
    words = [rf"\b{re.escape(word)}\b" for word in marked.words]
    words += [rf"\b{re.escape(prefix)}" for prefix in marked.prefixes]
    words += [r"\b" + r"\W+".join(map(re.escape, phrase)) + r"\b" for phrase in marked.phrases]
    return re.compile("|".join(words) or r"(?!)", re.IGNORECASE)


def highlighted(text: str, language: str | None, marked: Marked) -> tuple[Piece, ...]:
    """A whole text with all that was looked for marked."""
    return pieces(text, [span for span, _ in occurrences(text, language, marked)], (0, len(text)))


def _beginnings(marked: Marked) -> frozenset[str]:
    """How words begin that are likely to be forms of what is looked for: nearly all inflection is at the end."""
    sought = (*marked.words, *marked.prefixes, *(phrase[0] for phrase in marked.phrases))
    return frozenset(word[:_BEGINNING] for word in sought)


def occurrences(
    text: str, language: str | None, marked: Marked, begins: frozenset[str] | None = None
) -> Iterator[tuple[Span, str]]:
    """Where in a text something looked for stands, in order, and what it is.

    With `begins`, words that begin otherwise are passed over: to look up the lemma of each takes ten times as long.
    """
    known = forms(lemma_language(language, text))
    matches = list(shown_words(text))
    surfaces = [match[0] if match[0].isalnum() else tidy(match[0]) for match in matches]
    likely = set(surfaces)
    if begins is not None:
        likely = {surface for surface in likely if fold(surface[:_BEGINNING])[:_BEGINNING] in begins}
    names = {surface: name for surface in likely if (name := _name(known[surface], marked))}
    phrases = {phrase[0]: phrase for phrase in marked.phrases}
    after = 0  # the word behind the last phrase
    for position, surface in enumerate(surfaces):
        if position < after or surface not in names:
            continue
        length = _phrase_length(known, surfaces, position, marked) if known[surface][0] in phrases else 0
        if length or names[surface] != _ONLY_IN_PHRASES:
            after = position + max(length, 1)
            yield (matches[position].start(), matches[after - 1].end()), names[surface]


_ONLY_IN_PHRASES = " "


def _name(form: Form, marked: Marked) -> str:
    """What a word is found as, empty where it is not looked for."""
    word, lemma, _ = form
    if word in marked.words:
        return word
    if lemma and lemma in marked.words:
        return lemma
    for prefix in marked.prefixes:
        if word.startswith(prefix):
            return prefix
    return _ONLY_IN_PHRASES if any(word == phrase[0] for phrase in marked.phrases) else ""


def _phrase_length(known: Forms, surfaces: list[str], position: int, marked: Marked) -> int:
    """How many words a phrase has that begins here, 0 where none does."""
    for phrase in marked.phrases:
        if tuple(known[surface][0] for surface in surfaces[position : position + len(phrase)]) == phrase:
            return len(phrase)
    return 0


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
