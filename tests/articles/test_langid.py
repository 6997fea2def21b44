"""The mapped model says what py3langid's own loading says, however its folder fares."""

from __future__ import annotations

import logging
from pathlib import Path

import py3langid
import pytest

from articles.langid import PARTS, classify, load

TEXTS = (
    "Рада ухвалила рішення про будівництво нового мосту через річку.",
    "Der Rat hat am Montag beschlossen, die neue Brücke über den Fluss zu bauen.",
    "El ayuntamiento aprobó el lunes la construcción de un puente nuevo.",
    "市議会は月曜日に新しい橋の建設を決めました。",
    "",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_mapped_model_says_the_same(text: str) -> None:
    assert classify(text) == py3langid.classify(text)[0]


def says(cache: Path) -> str:
    identifier, _ = load(cache)
    language: str = identifier.classify(TEXTS[1])[0]
    return language


def test_the_model_is_kept_whole_and_read_again(tmp_path: Path) -> None:
    assert says(tmp_path) == "de"
    (folder,) = tmp_path.iterdir()
    assert {file.stem for file in folder.iterdir()} == set(PARTS)
    before = {file: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert says(tmp_path) == "de"
    assert {file: file.stat().st_mtime_ns for file in folder.iterdir()} == before


@pytest.mark.parametrize("kept", [0, 40, 5000])
def test_a_model_cut_off_is_made_anew(tmp_path: Path, kept: int) -> None:
    says(tmp_path)
    (folder,) = tmp_path.iterdir()
    file = folder / "nextmove.npy"
    whole = file.stat().st_size
    file.write_bytes(file.read_bytes()[:kept])
    assert says(tmp_path) == "de"
    assert file.stat().st_size == whole
    assert list(tmp_path.iterdir()) == [folder]


def test_where_nothing_can_be_kept_the_model_serves_this_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    with caplog.at_level(logging.WARNING):
        assert says(tmp_path / "file") == "de"
    assert "for this process alone" in caplog.text
