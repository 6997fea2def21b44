"""The language of the text: what the page declares, checked against the script and the commonest words of the text."""

from __future__ import annotations

import bisect
import functools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from articles.langid import classify
from articles.reading import Candidate, Reading
from articles.structured import clean, each

SAMPLE = 1000  # characters of the text that are looked at
SURE = 0.2  # share of a language's commonest words from which it needs no comparing
FEW = 25  # words below which a Latin or Cyrillic text says too little to overrule the page
_word = re.compile(r"[^\s\d.,;:!?()\[\]\"“”„«»…/|]+")
_tag = re.compile(r"^[a-z]{2,3}(?=$|[-_])", re.I)
# Former, mistaken and macrolanguage tags: as pages write them, as they are given.
_NAMES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "sh": "sr", "fil": "tl", "mo": "ro", "cmn": "zh",
          "ua": "uk", "cn": "zh", "jp": "ja", "kr": "ko", "cz": "cs", "gr": "el", "dk": "da"}  # fmt: skip

# Scripts: first and last code point of the letters, name, and the languages written in them, the commonest first.
_SCRIPTS = (
    (0x0041, 0x024F, "Latin", ""),
    (0x0370, 0x03FF, "Greek", "el"),
    (0x0400, 0x052F, "Cyrillic", "ru uk bg sr mk be kk ky mn tg tt"),
    (0x0530, 0x058F, "Armenian", "hy"),
    (0x0590, 0x05FF, "Hebrew", "he yi"),
    (0x0600, 0x077F, "Arabic", "ar fa ur ps ckb sd ug"),
    (0x0900, 0x097F, "Devanagari", "hi mr ne"),
    (0x0980, 0x09FF, "Bengali", "bn as"),
    (0x0A00, 0x0A7F, "Gurmukhi", "pa"),
    (0x0A80, 0x0AFF, "Gujarati", "gu"),
    (0x0B00, 0x0B7F, "Odia", "or"),
    (0x0B80, 0x0BFF, "Tamil", "ta"),
    (0x0C00, 0x0C7F, "Telugu", "te"),
    (0x0C80, 0x0CFF, "Kannada", "kn"),
    (0x0D00, 0x0D7F, "Malayalam", "ml"),
    (0x0D80, 0x0DFF, "Sinhala", "si"),
    (0x0E00, 0x0E7F, "Thai", "th"),
    (0x0E80, 0x0EFF, "Lao", "lo"),
    (0x1000, 0x109F, "Burmese", "my"),
    (0x10A0, 0x10FF, "Georgian", "ka"),
    (0x1200, 0x137F, "Ethiopic", "am ti"),
    (0x1780, 0x17FF, "Khmer", "km"),
    (0x1E00, 0x1EFF, "Latin", ""),
    (0x3040, 0x30FF, "Kana", "ja"),
    (0x3400, 0x9FFF, "Han", "zh ja"),
    (0xAC00, 0xD7AF, "Hangul", "ko"),
)
_STARTS = [first for first, *_ in _SCRIPTS]
_kana = re.compile("[\u3040-\u30ff]")


def read_language(page: Any) -> Reading[str | None]:
    """Read the language as a primary language subtag of BCP 47 ("en"): declared, if the text does not contradict it."""
    declared = [Candidate(tag, source) for tag, source in _declared(page) if tag]
    votes = Counter(candidate.value for candidate in declared)
    claimed = max(votes, key=lambda tag: votes[tag]) if votes else None
    found = text_language(_sample(page), claimed)
    if found is None:
        source = next((c.source for c in declared if c.value == claimed), None)
        return Reading(claimed, source, tuple(declared))
    source = next((c.source for c in declared if c.value == found), "text")
    return Reading(found, source, (Candidate(found, "text"), *declared))


def _declared(page: Any) -> Iterator[tuple[str, str]]:
    yield (
        primary(page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""),
        "html lang",
    )
    for value in each((page.structured.article or {}).get("inLanguage"))[:1]:
        value = value.get("alternateName") or value.get("name") if isinstance(value, dict) else value
        yield primary(clean(value)), "json-ld"
    for key in ("og:locale", "content-language", "language", "dc.language", "dcterms.language"):
        for value in page.meta.get(key, ())[:1]:
            yield primary(value), "og" if key.startswith("og") else "meta"


def primary(tag: str) -> str:
    """The primary language subtag, lower case, by its present name; "" where there is none.

    >>> primary("en-GB"), primary("nb_NO"), primary("utf-8"), primary("English")
    ('en', 'no', '', '')
    """
    found = _tag.match(tag.strip())
    name = found[0].lower() if found else ""
    return "" if name == "utf" else _NAMES.get(name, name)


def _sample(page: Any) -> str:
    """The beginning of the text that is judged: the body, else the longest blocks."""
    body = page.readings.get("body")
    text = body.value[: SAMPLE * 2] if body is not None and body.value else ""
    if len(text) < 200:
        text = " ".join(block.text for block in page.blocks[:300] if len(block.text) > 60)[:SAMPLE] or text
    return str(text[:SAMPLE])


def text_language(text: str, claimed: str | None = None) -> str | None:
    """The language of a text, None where it says too little; `claimed` is kept where the text allows it.

    >>> text_language("Министр заявил, что это не так, и он не знает, как это было на самом деле. " * 4, "en")
    'ru'
    >>> text_language("The weather", "fr") is None
    True
    """
    words = _word.findall(text.lower())
    script, languages = _script(text, words)
    if script is None:
        return None
    if len(languages) == 1 or script == "Han":
        return claimed if claimed in languages else languages[0]
    if len(words) < FEW:
        return None if claimed in languages or not languages or not claimed else languages[0]
    return _by_words(text, words, claimed, languages)


def _script(text: str, words: list[str]) -> tuple[str | None, tuple[str, ...]]:
    """The script of most letters, and its languages; Kana beside Han is Japanese whatever its share."""
    if text.isascii():
        return ("Latin", ()) if words else (None, ())
    counts: dict[str, int] = {}
    spoken: dict[str, str] = {}
    for word in words[:: 1 + len(words) // 60]:
        at = bisect.bisect_right(_STARTS, ord(word[0])) - 1
        if at >= 0 and ord(word[0]) <= _SCRIPTS[at][1]:
            name = _SCRIPTS[at][2]
            counts[name] = counts.get(name, 0) + len(word)
            spoken[name] = _SCRIPTS[at][3]
    if not counts:
        return None, ()
    best = max(counts, key=lambda name: counts[name])
    if best in ("Han", "Kana") and len(_kana.findall(text)) > len(text) / 30:
        return "Kana", ("ja",)
    return best, tuple(spoken[best].split())


@functools.cache
def _common() -> Mapping[str, frozenset[str]]:
    """Languages by word, from stopwords.json."""
    table: dict[str, list[str]] = {}
    text = resources.files("articles").joinpath("stopwords.json").read_text(encoding="utf-8")
    for language, words in json.loads(text).items():
        for word in words.split():
            table.setdefault(word, []).append(language)
    return {word: frozenset(languages) for word, languages in table.items()}


@functools.cache
def _words_of(language: str) -> frozenset[str]:
    """The commonest words of a language, from stopwords.json."""
    return frozenset(word for word, languages in _common().items() if language in languages)


def _by_words(text: str, words: list[str], claimed: str | None, languages: tuple[str, ...]) -> str | None:
    """Decide between the languages of a script by their commonest words; by langid where these do not tell."""
    known = _common()
    if "uk" in languages and claimed and _wrong_letters(text, claimed):
        claimed = None
    if claimed and not languages and sum(map(_words_of(claimed).__contains__, words)) >= SURE * len(words):
        return claimed
    hits = Counter[str]()
    for word in words:
        if word in known:
            hits.update(known[word])
    if languages:
        hits = Counter({language: hits[language] for language in languages if hits[language]})
    ranked = hits.most_common(2)
    best, most = ranked[0] if ranked else ("", 0)
    if claimed and hits[claimed] >= 0.7 * most and hits[claimed] >= 0.05 * len(words):
        return claimed
    clear = len(ranked) < 2 or ranked[1][1] < 0.85 * most
    return best if clear and most >= 0.12 * len(words) else _identified(text, claimed, languages)


def _wrong_letters(text: str, claimed: str) -> bool:
    """Whether letters that Ukrainian lacks, or that only Ukrainian and Belarusian have, speak against a claim."""
    hard = sum(map(text.count, "ыэъ"))
    soft = sum(map(text.count, "іїє"))
    return hard > soft if claimed == "uk" else soft > hard and claimed in ("ru", "bg", "sr", "mk")


def _identified(text: str, claimed: str | None, languages: tuple[str, ...]) -> str | None:
    """Ask langid, which costs milliseconds; its answer counts only within the script's languages."""
    answer = primary(classify(text))
    if languages and answer not in languages:
        return claimed if claimed in languages else languages[0]
    return answer or claimed
