"""Dictionaries kept in the cache folder say what simplemma's say, and survive damage."""

from __future__ import annotations

from pathlib import Path

from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamMap

from storage.search.dictionaries import KeptDictionaries, MappedDictionary

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
