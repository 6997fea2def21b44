"""The mapped model says what py3langid's own loading says."""

from __future__ import annotations

import py3langid
import pytest

from articles.langid import classify

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
