"""The compiled part of the search: it gives every word the form that Python gives it."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.record import Article
from storage.search import compiled, dictionaries, hashed, lemmas
from storage.search.dictionaries import MappedDictionary
from storage.search.fold import fold, folded, is_special, stays, surface_words, tidy
from storage.search.lemmas import Forms
from storage.search.terms import indexed
from tests.articles.test_native import COMPILER
from tests.storage.test_dictionaries import stream

pytestmark = pytest.mark.skipif(not COMPILER, reason="no C compiler is here, so nothing is compiled")

LETTERS = "aAbBzéÉßİıŁłñŉǅйЙїЇґёЁςΣσαΆáaا\u0301\u02bc١٢09_東京が각\u1161🜚𝒜"
FORBIDDEN = frozenset("\n\t")
WORDS = st.text(LETTERS, min_size=1, max_size=7) | st.text(min_size=1, max_size=12) | st.text("aBй", min_size=39)
ENTRIES = WORDS.filter(FORBIDDEN.isdisjoint)
DICTIONARIES = st.dictionaries(ENTRIES, ENTRIES, max_size=40)


def table(path: Path, known: dict[str, str]) -> MappedDictionary:
    data = stream([(word.encode(), lemma.encode()) for word, lemma in known.items()])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashed, "unpacked", lambda language: data)
        hashed.keep("xx", path)
    return MappedDictionary(path)


def test_it_is_compiled_where_there_is_a_compiler() -> None:
    assert compiled.native is not None, compiled.why


@given(DICTIONARIES, st.lists(WORDS, max_size=20), st.sampled_from(["uk", "en", "hy", "de", None]))
def test_words_have_the_forms_that_python_gives(
    tmp_path_factory: pytest.TempPathFactory, known: dict[str, str], others: list[str], language: str | None
) -> None:
    kept = table(tmp_path_factory.mktemp("kept") / "xx.hashed", known)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dictionaries.KeptDictionaries, "get_dictionary", lambda self, language: kept)
        lemmas._lookup.cache_clear()
        quick, plain = Forms(language, compiled=True), Forms(language, compiled=False)
        words = [*known, *others]
        words += [change(word) for word in words for change in (str.upper, str.lower, str.title, str.capitalize)]
        for word in words:
            assert quick[word] == plain[word], word
    lemmas._lookup.cache_clear()


def test_a_real_dictionary_gives_the_same() -> None:
    quick, plain = Forms("ms", compiled=True), Forms("ms", compiled=False)
    words = list(lemmas._lookup().words("ms"))[::7]
    assert len(words) > 1000
    for word in [*words, *map(str.title, words)]:
        assert quick[word] == plain[word]


TEXTS = st.text("ab1_yйéË\u0301 東ก.'’🜚𠀀\u00ad\n²´½ﷺ", max_size=30) | st.text(max_size=30)


@given(TEXTS)
def test_a_text_is_parted_as_python_does(text: str) -> None:
    text = tidy(text)
    assert compiled.native.surface_words(text) in (None, surface_words(text))
    if not any(map(is_special, text)):
        assert compiled.native.surface_words(text) is not None


@given(TEXTS)
def test_words_are_hashed_as_python_does(text: str) -> None:
    hashes = [zlib.crc32(word.encode()) for word in folded(text)]
    assert compiled.native.word_hashes(tidy(text)) in (None, hashes)


@given(st.text("abйéË\u0301 東京.,'’", max_size=60))
def test_a_text_is_looked_up_as_its_words_are(text: str) -> None:
    known = Forms(None)
    surfaces = surface_words(tidy(text))
    forms = [known[surface] for surface in surfaces if known[surface][0]]
    words, found, hashes = compiled.native.looked_up(surfaces, known)
    assert list(zip(words, found, hashes, strict=True)) == forms


def test_an_article_is_indexed_the_same_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    article = Article(url="https://e.org/1", title="Міста України", body="Про міста, 東京 й Élysée. ́", language="uk")
    quick = indexed(article)
    monkeypatch.setattr("storage.search.terms.native", None)
    assert repr(indexed(article)) == repr(quick)


@given(st.lists(st.characters(), max_size=8).map("".join))
def test_letters_that_stay_do_so_beside_any_other(text: str) -> None:
    if all(map(stays, text)):
        assert fold(text) == text


def test_a_bucket_of_any_size_is_read(tmp_path: Path) -> None:
    known = {letter + "x" * number: "y" * 30 for letter in "ab" for number in range(1, 38)}
    many = {**known, **{f"w{'q' * (number % 30)}{number:x}": "lemma" * 8 for number in range(2000)}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashed, "_BUCKET", 10_000)  # all in one
        kept = table(tmp_path / "xx.hashed", many)
        patch.setattr(dictionaries.KeptDictionaries, "get_dictionary", lambda self, language: kept)
        lemmas._lookup.cache_clear()
        quick, plain = Forms("uk", compiled=True), Forms("uk", compiled=False)
        assert kept.buckets == 1
        for word in many:
            assert quick[word] == plain[word]
    lemmas._lookup.cache_clear()


def test_a_damaged_bucket_is_an_error_of_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = table(tmp_path / "xx.hashed", {"cities": "city"})
    file = tmp_path / "xx.hashed"
    whole = file.read_bytes()
    place = whole.index(b"cities\t") + 7
    file.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
    monkeypatch.setattr(dictionaries.KeptDictionaries, "get_dictionary", lambda self, language: kept)
    lemmas._lookup.cache_clear()
    with pytest.raises(ValueError, match="damaged: remove it"):
        Forms("uk", compiled=True)["cities"]
    lemmas._lookup.cache_clear()


def test_what_is_no_word_is_refused() -> None:
    with pytest.raises(TypeError):
        compiled.native.Speller(None, len, 40)(None)
    with pytest.raises(TypeError):
        compiled.native.looked_up(None, {})
    with pytest.raises(TypeError):
        compiled.native.looked_up(["word"], None)
