"""Lines that name the authors: those that begin as bylines do, names beside a date, Chinese ways."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from articles.bylines import LONGEST_NEAR, NEAR_BEFORE, NEAR_BEHIND, Found, off_near, once
from articles.datelines import headline_at
from articles.lexicon import word_mask
from articles.names import (
    PARTICLES,
    has_role,
    is_name,
    is_written_as_name,
    names_of,
    words,
)

_shown = re.compile(
    r"^\W{0,3}(?:(?:by|von|par|por|di|door|av|af|text|autor(?:in|en)?(?:/autor(?:in)?)?|auteur|autore|authors?(?=\s*[:：|])|автори?|авторы?|текст|oleh|penulis|작성자"
    r"|a cura di)(?:\s*[:：|]\s*|\s+)|(?-i:By|Von)(?=(?-i:[A-Z])))(?=[^\W\d_])",
    re.I,
)
# The first two letters of the words of _shown: a cheap look before it.
_FIRST_LETTERS = frozenset(
    ("by", "vo", "pa", "po", "di", "do", "av", "af", "te", "au", "ав", "те", "ol", "pe", "작성", "a ")
)
_within = re.compile(r"^(?:[^\W\d_]+\s){1,3}(?:by|von|par|por|door|av|af|от)\s+(?=[^\W\d_])", re.I)
_photo = re.compile(r"foto|photo|bild|image|фото|снимк|grafik|illustration|quelle|source|©", re.I)
_han = re.compile(r"(?:作者|撰文|文)\s*[:：]\s*([\u4e00-\u9fff·、 ]{2,20})(?![\u4e00-\u9fff])")
_han_reporter = re.compile(
    r"(?:记者|記者|通讯员)\s*[:：]?\s*([\u4e00-\u9fff]{2,4})(?=$|[\s（(）)】\]]|发自|报道|摄)", re.M
)
_han_closing = re.compile(
    r"[（(]\s*([\u4e00-\u9fff]{2,4}(?:[\s、]+[\u4e00-\u9fff]{2,4}){0,3})\s*(?:[\u4e00-\u9fff]{2}报道)?\s*[）)]$"
)
_han_editor = re.compile(r"(?:责任编辑|責任編輯|责编|编辑)\s*[:：]\s*([\u4e00-\u9fff、 ]{2,16})")


def shown_lines(page: Any) -> list[Found]:
    """Lines that begin as bylines do; near the headline also those with a few words before "by"."""
    blocks = page.blocks
    head = next((at for at, block in enumerate(blocks) if block.tag == "h1" or block.element in page.claims), 0)
    for at, block in enumerate(blocks[:400]):
        text, near = block.text, abs(at - head) < 14
        if len(text) > (160 if near else 90):
            continue
        if not near and "\n" not in text and text[:2].casefold() not in _FIRST_LETTERS and text[:1].isalpha():
            continue
        parts = _columns.split(text) if near else text.split("\n")
        dated = near and sum(map(_has_digit, parts)) == len(parts) - 1 > 0 and bool(_dated.search(text))
        for part in parts:
            names = _names_in_line(part, near, at - head < 25) or (_name_alone(part) if dated else [])
            if names and not _is_aside(block.box):
                return [Found(once(names), "text")]
    return _han_lines(page) if any("\u4e00" <= block.text[:1] <= "\u9fff" for block in blocks[head : head + 10]) else []


def beside_dates(page: Any) -> list[Found]:
    """A line that is nothing but names, beside a line that is a date, below the headline.

    Places, sections and buttons stand there, too: no word of a name may be one that the page's text has in lower case,
    or stand in another line that says the same; and where the line is a link, it has to lead to a page with that name
    in its address.
    """
    blocks = page.blocks
    head = headline_at(page)
    near = range(head + 1, min(head + NEAR_BEHIND, len(blocks)))
    dated = {at for at in near if len(blocks[at].text) < LONGEST_DATE and _is_date(blocks[at].text)}
    for at in near if dated else ():
        if at not in dated and not dated.isdisjoint(range(at - 2, at + 3)):
            names = _names_alone(page, blocks[at])
            if names:
                return [Found(once(names), "text")]
    return []


def _is_date(text: str) -> bool:
    return bool(_dated.search(text) or _clock.search(text))


_clock = re.compile(r"(?<!\d)[0-2]?\d[:.][0-5]\d(?!\d)")  # a whole time: scores and counters are none
LONGEST_DATE = 90  # characters of a line that is a date
_joined = re.compile(r"(?<=[^\W\d_]{3})(?<!\bMac)(?<=[a-zß-ÿ])(?=[A-Z][a-z])")  # "Ann LeeEditor"


def _names_alone(page: Any, block: Any) -> list[str]:
    """The full names of which a short line consists."""
    text = _joined.split(block.text)[0].strip()
    if not 5 <= len(text) <= 80 or "\n" in text or text[-1] in ":!?" or text.isupper():
        return []
    if block.tag in ("figcaption", "h1", "li", "td"):
        return []
    names = names_of(text)
    if not names or sum(map(len, names)) < 0.75 * len(text) or not all(map(_is_full_name, names)):
        return []
    if word_mask(text) or off_near(block.element) or has_role(text):
        return []
    if block.anchors and not all(_leads_to(link, names) for link in block.anchors):
        return []
    parts = [word for name in names for word in name.split() if word not in PARTICLES]
    if any(part.lower() in page.lower_words for part in parts):
        return []
    return names if sum(other.text == block.text for other in page.blocks) == 1 else []


def _is_full_name(name: str) -> bool:
    """Whether a text is two to four words with capitals and letters only, as names of persons are."""
    parts = name.split()
    plain = [part.replace("-", "").replace("’", "").replace("'", "").rstrip(".") for part in parts]
    capital = all(part[0].isupper() or part in PARTICLES for part in parts) and name[0].isupper()
    shouted = [len(part) > 3 and part.isupper() for part in plain]  # one word of several: an abbreviation
    return 2 <= len(parts) <= 4 and capital and all(map(str.isalpha, plain)) and not (any(shouted) and not all(shouted))


def _leads_to(link: Any, names: list[str]) -> bool:
    """Whether a link's address has a part of one of the names in it, and is no page of a topic."""
    address = (link.get("href") or "").lower()
    parts = [ascii_letters(word) for name in names for word in name.split()]
    return any(len(part) > 2 and part in address for part in parts) and not _topic.search(address)


_topic = re.compile(r"/(?:tags?|topics?|themen?|temas?|tema|sections?|category|categoria|search|hashtag|keyword)[/=?]")


def _names_in_line(text: str, near: bool, early: bool) -> list[str]:
    """Names in a line that begins as bylines do; far from the headline it has to say "Author:", not just "By"."""
    if len(text) > 90:
        return []
    labelled = ":" in text[:24] or "：" in text[:12] or text[:3].casefold() in ("aut", "авт")
    begins = (_shown.match(text) and (labelled or early)) or (near and len(text) < 70 and _within.match(text))
    if not begins or _photo.search(text):
        return []
    return [name for name in names_of(_within.sub("", text)) if _looks_named(name)]


def _name_alone(text: str) -> list[str]:
    """The name of which a column of a dateline consists: "4 May 2024 | 13:10 | Ann Lee"."""
    parts = text.split()
    capital = 2 <= len(parts) <= 3 and all(part[0].isupper() and part[1:].islower() for part in parts)
    return [text] if capital and len(text) < 40 and _looks_named(text) and not has_role(text) else []


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_aside(box: Any) -> bool:
    """Whether a line stands in an aside, a figure or the foot of the page."""
    for _ in range(8):
        if box is None:
            break
        if box.tag in ("aside", "footer", "figure"):
            return True
        box = box.parent
    return False


_columns = re.compile(r"\s+[|·•]\s+|\n")
_dated = re.compile(r"\d{1,2}[./]\s?\d{1,2}[./]\s?(?:20)?\d\d(?!\d)|(?<!\d)(?:19|20)\d\d(?!\d)")


def han_author(page: Any) -> list[Found]:
    """The name behind "作者：" in a line around the headline: it says more than the class of another line."""
    head = headline_at(page)
    for block in page.blocks[max(0, head - NEAR_BEFORE) : head + NEAR_BEHIND]:
        text = block.text
        found = _han_writer.search(text) if len(text) < LONGEST_NEAR and "作者" in text else None
        if found and (names := _han_names(found[1])):
            return [Found(once(names), "text")]
    return []


_han_writer = re.compile(
    r"作者\s*[:：]\s*([\u4e00-\u9fff·]{2,6}(?:[、 ][\u4e00-\u9fff·]{2,6}){0,3})(?=$|[\s|/，,；;。\]】)）（(])", re.M
)


def han_alone(page: Any) -> list[Found]:
    """A Chinese name that is all of a line right below the headline."""
    head = headline_at(page)
    for block in page.blocks[head + 1 : head + 4]:
        text = block.text.strip("[]【】（）() ")
        if _han_name.fullmatch(text) and text[0] in words()["surnames"] and not block.links:
            names = [name for name in re.split(r"[、，,\s]+", text) if name[0] in words()["surnames"]]
            return [Found(once(names), "text")] if sum(b.text == block.text for b in page.blocks) == 1 else []
    return []


_han_name = re.compile(r"[\u4e00-\u9fff]{2,4}(?:[、，,\s]+[\u4e00-\u9fff]{2,4}){0,3}")


def _han_lines(page: Any) -> list[Found]:
    """Names in the ways of Chinese pages: "作者：…", "记者…", a name in brackets at the end, the editor."""
    blocks = page.blocks
    short = [block.text for block in blocks if len(block.text) < 100]
    joined = "\n".join(short)
    for pattern in (_han, _han_reporter, _han_closing, _han_editor):
        if pattern is _han_closing:
            texts = [
                block.text
                for at, block in enumerate(blocks)
                if block.text[-1] in ")）" and (len(block.text) > 40 or (at > 0 and len(blocks[at - 1].text) > 40))
            ]
        else:
            texts = short if pattern.search(joined) else []
        for text in texts:
            found = pattern.search(text)
            names = _han_names(found[1]) if found else []
            if names:
                return [Found(once(names), "text")]
    return []


def _han_names(text: str) -> list[str]:
    """Names in a run of Han characters; the words of the trade that stand beside them are dropped."""
    parts = [_han_trade.sub("", part) for part in re.split(r"[\s、]+", text.strip())]
    return [part for part in parts if 1 < len(part) < 13]


_han_trade = re.compile(r".*(?:记者|通讯员|編輯|编辑)|.*(?:报道|转载|出自|来源|摄影|调查|图片|综合|整理|责任|完|网)$")


def _looks_named(name: str) -> bool:
    """Whether a name from running text is written as names are, and is no more than a name."""
    return is_name(name) and is_written_as_name(name) and 1 < len(name.split()) <= 5


def ascii_letters(word: str) -> str:
    """The letters of a word as an address has them.

    >>> ascii_letters("Hällsten")
    'hallsten'
    """
    plain = unicodedata.normalize("NFKD", word.lower().replace("ß", "ss").replace("ø", "o"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())
