"""The language of the text, whatever the page declares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import articles
from articles.language import primary, text_language

TEXTS = {
    "en": "The ferry was late again, and those who had waited at the pier said that it is not the first time.",
    "de": "Die Fähre kam wieder zu spät, und wer am Steg gewartet hatte, sagte, dass es nicht das erste Mal ist.",
    "fr": "Le bac est encore en retard, et ceux qui attendaient sur le quai disent que ce n'est pas la première fois.",
    "es": "El transbordador llegó otra vez tarde, y los que esperaban en el muelle dicen que no es la primera vez.",
    "uk": "Пором знову запізнився, і ті, хто чекав на пристані, кажуть, що це вже не вперше, але їх не чують.",
    "ru": "Паром снова опоздал, и те, кто ждал на пристани, говорят, что это уже не в первый раз за эту неделю.",
    "zu": "Isikebhe siphinde safika sekwephuzile, futhi abantu bathi akusona isikhathi sokuqala ukuthi lokhu kwenzeke "
    "kanye noma kabili, kodwa uma bekhuluma akekho olalelayo ngoba bonke bamatasa, njengoba kwenzeka ngo lelo sonto.",
    "ja": "フェリーはまた遅れた。桟橋で待っていた人たちは、今週はこれが初めてではないと言う。",
    "zh": "渡轮又晚点了。在码头等候的人们说，这已经不是本周的第一次了。",
    "ko": "여객선이 또 늦었다. 부두에서 기다리던 사람들은 이번 주에 처음이 아니라고 말한다.",
    "ar": "تأخرت العبارة مرة أخرى، ويقول الذين كانوا ينتظرون على الرصيف إن هذه ليست المرة الأولى في هذا العام.",
    "el": "Το φέρι άργησε ξανά και όσοι περίμεναν στην προβλήτα λένε ότι δεν είναι η πρώτη φορά.",
}


@pytest.mark.parametrize("language", sorted(TEXTS))
@pytest.mark.parametrize("declared", ["en", "uk", ""])
def test_text_decides(language: str, declared: str) -> None:
    html = f"<html lang='{declared}'><body><h1>1</h1><p>{TEXTS[language]}</p><p>{TEXTS[language]}</p></body></html>"
    assert articles.extract(html.encode(), "https://example.org/news/1").language == language


def test_declaration_stands_where_the_text_says_nothing() -> None:
    assert articles.extract(b"<html lang='pt-BR'><h1>Ok</h1>", "https://example.org/news/1").language == "pt"


def test_close_languages_are_as_declared() -> None:
    text = (
        "Og det er ikke første gang at det har vært sagt at de som har ventet på det, ikke får det til etter en uke. "
        * 3
    )
    assert text_language(text, "no") == "no"


@given(st.text(max_size=400), st.sampled_from(["en", "uk", None]))
def test_any_text_gives_a_tag_or_none(text: str, claimed: str | None) -> None:
    answer = text_language(text, claimed)
    assert answer is None or 2 <= len(answer) <= 3


@given(st.text(max_size=20))
def test_primary_is_a_lower_case_subtag_or_empty(tag: str) -> None:
    assert primary(tag) == primary(tag).lower()
