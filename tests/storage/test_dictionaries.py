"""Dictionaries kept in the cache folder say what simplemma's say, and survive damage."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simplemma.strategies.dictionaries import frontcode
from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamMap

from storage.search import hashed, lemmas
from storage.search.compiled import native
from storage.search.dictionaries import KeptDictionaries, MappedDictionary

needs_native = pytest.mark.skipif(native is None, reason="nothing is compiled here")
LANGUAGE = "ms"  # one of the smallest


def smallest(folder: Path) -> MappedDictionary:
    found = KeptDictionaries(folder).get_dictionary(LANGUAGE)
    assert isinstance(found, MappedDictionary)
    return found


def test_a_kept_dictionary_says_the_same(tmp_path: Path) -> None:
    theirs = StreamMap(LANGUAGE)
    words = list(theirs)
    asked = [*words[::97], words[0], words[-1], "", "qqqq", "яяяя"]
    for ours in (smallest(tmp_path), smallest(tmp_path)):  # made, then mapped
        assert [ours.get(word) for word in asked] == [theirs.get(word) for word in asked]
        assert sorted(ours) == sorted(words)
        assert len(ours) == len(theirs)


@needs_native
def test_both_ways_of_making_one_give_the_same(tmp_path: Path) -> None:
    tables = []
    for compiled in (False, True):
        hashed.keep(LANGUAGE, tmp_path / "table", compiled)
        tables.append(dict(MappedDictionary(tmp_path / "table")))
    assert tables[0] == tables[1] == dict(StreamMap(LANGUAGE))


def test_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    smallest(tmp_path)
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    for damaged in (b"", b"junk" * 100, whole[:-10]):
        file.write_bytes(damaged)
        assert len(smallest(tmp_path)) == len(StreamMap(LANGUAGE))
        assert file.read_bytes() == whole


def test_without_a_folder_it_stays_in_memory(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    assert isinstance(KeptDictionaries(tmp_path / "taken").get_dictionary(LANGUAGE), StreamMap)


def varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def stream(entries: list[tuple[bytes, bytes]], *, backwards: bool = False) -> bytes:
    """Put words in simplemma's form: by what differs from the word before, the lemma by what differs from its word."""
    if backwards:
        entries = [(word[::-1], lemma[::-1]) for word, lemma in entries]
    out = bytearray(b"SMFC1" + bytes([backwards]) + varint(len(entries)))
    before, lemma_before = b"", b""
    for word, lemma in sorted(entries):
        shared = common(before, word)
        out += varint(shared) + varint(len(word) - shared) + word[shared:]
        kept = common(word, lemma)
        if lemma == lemma_before:
            out += b"\xfe"
        elif len(word) - kept < 250 and kept:
            out += bytes([len(word) - kept]) + varint(len(lemma) - kept) + lemma[kept:]
        else:
            out += b"\xff" + varint(len(lemma)) + lemma
        before, lemma_before = word, lemma
    return bytes(out)


def common(one: bytes, other: bytes) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


ODD = "İΣςσ\u212aȺẞ𐐀𐐨"  # whose lower case is longer, shorter, or not one letter
WORDS = st.text("abAcіїЇß" + ODD, min_size=1, max_size=6) | st.text("aїÉ", min_size=60, max_size=99)
DICTIONARIES = st.dictionaries(WORDS, WORDS, max_size=40)


@given(DICTIONARIES)
def test_words_are_read_as_simplemma_reads_them(known: dict[str, str]) -> None:
    data = stream([(word.encode(), lemma.encode()) for word, lemma in known.items()])
    _, count, start = frontcode._read_header(data)
    assert count == len(known)
    read = [pair for words, tails in hashed.read_words(data, start) for pair in zip(words, tails, strict=True)]
    theirs = [(word, lemma) for _, word, lemma in frontcode._iter_records(data, start)]
    ours = [(word, word[: len(word) + hashed.SHIFT - tail[1]] + tail[2:]) for word, tail in read]
    assert ours == theirs


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=needs_native)])
@given(DICTIONARIES, st.booleans())
def test_a_table_has_every_word_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, compiled: bool, known: dict[str, str], backwards: bool
) -> None:
    data = stream([(word.encode(), lemma.encode()) for word, lemma in known.items()], backwards=backwards)
    path = tmp_path_factory.mktemp("kept") / "xx.hashed"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashed, "unpacked", lambda language: data)
        patch.setattr(hashed, "_CHUNK", 7)
        hashed.keep("xx", path, compiled)
    table = MappedDictionary(path)
    assert {word: table.get(word) for word in table} == known
    assert all(table.either(word, "nothing") == table.either("nothing", word) == lemma for word, lemma in known.items())
    assert len(table) == len(known)
    assert table.get("nowhere") is None
    assert [file.name for file in path.parent.iterdir()] == ["xx.hashed"]


@needs_native
@given(DICTIONARIES.filter(bool), st.data())
def test_a_stream_that_is_cut_off_is_an_error_in_c(known: dict[str, str], drawn: st.DataObject) -> None:
    data = stream([(word.encode(), lemma.encode()) for word, lemma in known.items()])
    _, count, start = frontcode._read_header(data)
    cut = data[: drawn.draw(st.integers(start, len(data) - 1))]
    with pytest.raises(ValueError, match="cut off"):
        native.write_table(cut, start, False, count, 3, [io.BytesIO()], io.BytesIO().write)


@needs_native
@given(st.binary(max_size=60), st.booleans(), st.integers(0, 9))
def test_no_stream_can_harm(data: bytes, backwards: bool, count: int) -> None:
    try:
        native.write_table(data, 0, backwards, count, 3, [io.BytesIO(), io.BytesIO()], io.BytesIO().write)
    except ValueError:
        return
    assert count == 0 or data


@given(DICTIONARIES.filter(bool), st.data())
def test_a_stream_that_is_cut_off_is_an_error_or_short(known: dict[str, str], drawn: st.DataObject) -> None:
    data = stream([(word.encode(), lemma.encode()) for word, lemma in known.items()])
    _, _, start = frontcode._read_header(data)
    cut = data[: drawn.draw(st.integers(start, len(data) - 1))]
    try:
        read = sum(len(words) for words, _ in hashed.read_words(cut, start))
    except ValueError:
        return
    assert read < len(known)  # ends with a word's end


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=needs_native)])
def test_a_short_stream_makes_no_dictionary(compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = stream([(b"cities", b"city"), (b"towns", b"town")])
    monkeypatch.setattr(hashed, "unpacked", lambda language: data[: data.index(b"towns") - 2])
    with pytest.raises(ValueError, match="cut off"):
        hashed.keep("xx", tmp_path / "xx.hashed", compiled)
    assert not list(tmp_path.iterdir())


def test_words_have_the_same_forms_where_the_dictionary_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, whole = smallest(tmp_path), StreamMap(LANGUAGE)
    words = [*list(whole)[::97], "Qqqq", "яяяя", "ŉabc", "x" * 50]
    found = []
    for dictionary in (kept, whole):
        monkeypatch.setattr(KeptDictionaries, "get_dictionary", lambda self, lang, known=dictionary: known)
        lemmas._lookup.cache_clear()
        known = lemmas.Forms(LANGUAGE)
        found.append([known[spelling] for word in words for spelling in (word, word.title(), word.upper())])
    lemmas._lookup.cache_clear()
    assert found[0] == found[1]
    assert any(lemma for _, lemma, _ in found[0])
