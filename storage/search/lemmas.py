"""Lemmas: the dictionary form beside the word, so that "Україна" finds "України". By simplemma, remembered per word."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Mapping

from simplemma.strategies import DictionaryLookupStrategy, LemmatizationStrategy, RulesStrategy
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES
from simplemma.utils import CANON_LANGS

from storage.search.compiled import native
from storage.search.dictionaries import KeptDictionaries, MappedDictionary
from storage.search.fold import fold

REMEMBERED = 25_000  # words per language, and as many that were met before those: up to 16 MB
LANGUAGES = 12  # remembered at once
LONGEST = 40  # characters; longer words are no words of a dictionary
_SPELLED_ANEW = CANON_LANGS | {"hy"}  # whose words simplemma looks up by other spellings, too
_NAMES = {"no": "nb", "sr": "hbs", "hr": "hbs", "bs": "hbs", "sh": "hbs", "fil": "tl"}  # as simplemma calls them


Form = tuple[str, str, int]
"""A word in the index's spelling, its lemma (empty where it says nothing more), and a 32-bit hash of the word."""


class Forms(dict[str, Form]):
    """Forms of one language's words by their spelling in the text, worked out when first met.

    When full, it begins anew with what is used again; rare words, most of which are met once, are forgotten.
    """

    def __init__(self, language: str | None, compiled: bool = native is not None) -> None:
        self.before: dict[str, Form] = {}
        known = _lookup().words(language) if language else None
        rest = functools.partial(_by_rules, language or "")
        self._form: Callable[[str], Form]
        if compiled and (known is None or isinstance(known, MappedDictionary)):
            self._form = native.Speller(known, rest, LONGEST)
        else:
            self._form = functools.partial(_form, known, rest)

    def __missing__(self, surface: str) -> Form:
        if len(self) >= REMEMBERED:
            self.before = dict(self)
            self.clear()
        form = self.before.get(surface) or self._form(surface)
        self[surface] = form
        return form


@functools.lru_cache(LANGUAGES)
def forms(language: str | None) -> Forms:
    """The memory of a language (as `lemma_language` names it), shared by all that index and query."""
    return Forms(language)


def lemma_language(language: str | None, text: str = "") -> str | None:
    """The dictionary for a BCP 47 language; for none given, what the letters of the text tell.

    >>> lemma_language("uk-UA"), lemma_language("no"), lemma_language("zh"), lemma_language(None, "Їжак")
    ('uk', 'nb', None, 'uk')
    """
    if not language:
        return _by_letters(text)
    primary = language.lower().replace("_", "-").split("-")[0]
    primary = _NAMES.get(primary, primary)
    return primary if primary in SUPPORTED_LANGUAGES else None


def _by_letters(text: str) -> str | None:
    start = set(text[:2000].lower())
    if start & set("іїєґ"):
        return "uk"
    if start & set("ыэъё"):
        return "ru"
    return None


def query_lemmas(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The lemmas that a query's word may have in these languages, folded, without the word itself.

    A query does not tell names from words by capitals, so both spellings are looked up.

    >>> query_lemmas("україною", ("uk",))
    ('україна',)
    """
    spellings = (word.lower(), word.title())
    found = dict.fromkeys(forms(language)[spelling][1] for language in languages for spelling in spellings)
    return tuple(lemma for lemma in found if lemma)


def _form(known: Mapping[str, str] | None, rest: Callable[[str], str | None], surface: str) -> Form:
    word = fold(surface)
    if word == surface:
        word = surface  # one string in memory, not two
    lemma = "" if known is None else _lemma(known, rest, surface)
    return word, "" if lemma == word else lemma, zlib.crc32(word.encode())


def _lemma(known: Mapping[str, str], rest: Callable[[str], str | None], surface: str) -> str:
    if len(surface) > LONGEST or not surface.isalpha():
        return ""
    if surface.isupper() and len(surface) > 1:
        surface = surface.title()
    cased = surface.lower() if surface[:1].isupper() else surface.capitalize()
    if isinstance(known, MappedDictionary):
        found = known.either(surface, cased)
    else:
        found = known.get(surface) or known.get(cased)
    lemma = fold(found or rest(surface) or surface)
    return lemma if lemma.isalnum() else ""


def _by_rules(language: str, surface: str) -> str | None:
    """What the strategies give for a word that the dictionary has in neither case, without asking that again."""
    if language in _SPELLED_ANEW or "\u02bc" in surface:
        return _lookup().get_lemma(surface, language)
    return _lookup().rules.get_lemma(surface, language)


class _Lookup(LemmatizationStrategy):
    """Dictionary, then rules. The default's search for affixes takes 20 times as long on names, and finds little."""

    def __init__(self) -> None:
        self._kept = KeptDictionaries()  # next to nothing a language, not up to 400 MB
        self.dictionary = DictionaryLookupStrategy(self._kept)
        self.rules = RulesStrategy()

    def words(self, language: str) -> Mapping[str, str]:
        """The words of a language that the dictionary has."""
        return self._kept.get_dictionary(language)

    def get_lemma(self, token: str, lang: str) -> str | None:
        return self.dictionary.get_lemma(token, lang) or self.rules.get_lemma(token, lang)


@functools.cache
def _lookup() -> _Lookup:
    return _Lookup()
