"""Encodings: the right one is found whatever is declared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import articles
from articles.encoding import decode

TEXT = (
    "Музей годинників відчиняє двері після ремонту. Директорка каже, що механізми перебрали до останнього гвинтика, "
    "а вежу пофарбували. У п'ятницю вхід вільний для всіх, хто прийде зі своїм годинником."
)
RUSSIAN = "Паром возвращается на реку после долгого перерыва. Билет стоит столько же, сколько и днём, говорит капитан."
CHINESE = "渡轮从星期五起重新在河上夜航，票价与白天相同。船长说，夜里的河水比白天更安静，乘客也更少。"


def page(text: str, declared: str = "") -> str:
    tag = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{tag}<title>Звіт</title></head><body><h1>Звіт</h1><p>{text}</p><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("codec", "declared"),
    [
        ("windows-1251", "windows-1251"),
        ("koi8-u", "koi8-u"),
        ("utf-16", "utf-16"),
        ("utf-8", "utf-8"),
        ("windows-1251", "utf-8"),
        ("utf-8", "windows-1251"),
        ("windows-1251", ""),
        ("koi8-u", ""),
        ("koi8-u", "windows-1251"),
        ("windows-1251", "koi8-u"),
        ("windows-1251", "iso-8859-1"),
        ("utf-16-le", ""),
        ("utf-16-be", "utf-8"),
    ],
)
def test_ukrainian_is_read_right_whatever_is_declared(codec: str, declared: str) -> None:
    html = page(TEXT, declared).encode(codec, "replace")
    assert TEXT in decode(html).utf8.decode()
    assert TEXT in articles.extract(html, "https://example.org/a").body


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "cp866", ""),
        (CHINESE, "gb18030", "gb2312"),
        (CHINESE, "gb18030", ""),
        (CHINESE, "gb18030", "utf-8"),
        ("Die Fähre fährt über den Fluß zurück, später als früher.", "windows-1252", "iso-8859-1"),
        ("Die Fähre fährt über den Fluß zurück, später als früher.", "windows-1252", ""),
        ("Nocny prom wraca na rzekę po dziesięciu latach, śpiewał sternik.", "iso-8859-2", "iso-8859-2"),
        ("夜のフェリーが川に戻ってきます。料金は昼間と同じです。", "shift_jis", "shift_jis"),
    ],
)
def test_other_scripts(text: str, codec: str, declared: str) -> None:
    assert text in decode(page(text, declared).replace("Звіт", "x").encode(codec)).utf8.decode()


def test_the_transport_goes_before_the_page() -> None:
    html = page(TEXT, "koi8-u").encode("windows-1251", "replace")
    assert decode(html, "windows-1251").problem is None


def test_an_overruled_declaration_is_a_problem() -> None:
    article = articles.extract(page(TEXT, "windows-1251").encode(), "https://example.org/a")
    assert [p.reason for p in article.problems if p.field == "encoding"] == ["declared windows-1251, is utf-8"]


def test_one_broken_character_does_not_change_the_encoding() -> None:
    html = page(TEXT, "utf-8").encode().replace("гвинтика".encode(), b"\xd0" + "гвинтика".encode())
    assert decode(html).encoding == "utf-8"
    assert "механізми перебрали до останнього" in decode(html).utf8.decode()


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "gb2312", "nonsense", "utf-16", "idna", "hex"]))
def test_any_bytes_become_utf8(html: bytes, declared: str | None) -> None:
    decode(html, declared).utf8.decode()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=200))
def test_utf8_stays_as_it_is(text: str) -> None:
    html = f"<p>{text}".encode()
    assert decode(html).utf8 == html
