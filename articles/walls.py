"""Pages that stand in an article's place: challenges, consent pages, blocks, errors, shells without a text.

Such pages come in all wordings, so they are told by what they talk about (`walls.json`: cookies, partners, robots, in
thirty languages) and by how little else they say, besides by the headlines that they have.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from articles.marks import holding

EMPTY = 80  # characters of text that a script shell has at most
SHORT = 1500  # characters of text that a challenge or an error page has at most
LONG = 5000  # characters of body that a consent page has at most
DENSE = 0.08  # words about its matter, of all words of such a page
_KINDS = {"consent": LONG, "robot": SHORT, "down": 700, "missing": 700}  # characters of text that each has at most
_LEAST = {"consent": 5, "robot": 4, "down": 3, "missing": 3}  # of its concepts that each names, the reader among them
_HEAD = 300  # characters of a headline that are looked at
_CHALLENGES = (
    b"cf-browser-verification", b"/cdn-cgi/challenge-platform", b"cf_chl_", b"cf-challenge", b"px-captcha",
    b"captcha-delivery.com", b"_Incapsula_Resource", b"distil_r_captcha", b"ddos-guard", b"geo.captcha",
)  # fmt: skip
_words = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_ERROR = r"(?:error |fehler |erreur |ошибка |помилка )?[45]\d\d"
_number = re.compile(rf"^{_ERROR} *[:,.–—-]? +(?=\D)")
_status = re.compile(rf"{_ERROR}[.!]?")
_parts = re.compile(r"\s+[|–—·•-]\s+|\s*[|]\s*")


@functools.cache
def phrases() -> Mapping[str, tuple[str, ...]]:
    """Phrases of walls and paywalls in many languages, from walls.json, lower case."""
    return {kind: tuple(found) for kind, found in _table().items() if isinstance(found, list)}


@functools.cache
def _concepts(kind: str) -> Mapping[str, re.Pattern[str]]:
    """What the pages of a kind talk about, each as a pattern of its words in many languages."""
    return {name: re.compile(pattern) for name, pattern in _table()[kind].items()}


@functools.cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(resources.files("articles").joinpath("walls.json").read_text(encoding="utf-8"))
    return table


def wall_sign(page: Any) -> str:
    """What shows that a page stands in an article's place; "" if nothing does.

    A short article is none of these: it has its own headline and text, and does not ask for consent alone.
    """
    body = page.readings.get("body")
    long = len(body.value) if body is not None else 0
    if page.structured.article or long > LONG:
        return ""
    blocks = page.blocks[:200]
    size = sum([len(block.text) for block in blocks])
    short = size <= SHORT and long <= SHORT
    if short and (sign := _shell(page, blocks, size)):
        return sign
    if page.marks.times or ("authors" in page.readings and page.readings["authors"].source in ("byline", "text")):
        return ""
    heads = _headlines(page)
    if short and (head := _wall_headline(heads)):
        return f"headline: {head}"
    text = "\n".join(block.text for block in blocks) if short else body.value if body is not None else ""
    text = f"{' '.join(heads)}\n{text}".lower()  # not casefold: the lists are written in small letters, ς among them
    for kind, most in _KINDS.items():
        if len(text) <= most and (sign := _about(kind, text)):
            return sign
    return ""


def _shell(page: Any, blocks: list[Any], size: int) -> str:
    if size < EMPTY and b"<script" in page.utf8 and not _has_text(page):
        return "no text without scripts"
    if size < SHORT / 2 and holding(page.utf8, _CHALLENGES, len(page.utf8)):
        return "browser challenge"
    return _wall_words(page, blocks)


def _has_text(page: Any) -> bool:
    """Whether there is a headline with a paragraph, however short."""
    return bool(page.marks.headings) and any(block.tag == "p" for block in page.blocks)


def _wall_words(page: Any, blocks: list[Any]) -> str:
    title = " ".join(page.marks.titles[:1]).casefold()
    text = " ".join(block.text for block in blocks).casefold().replace("’", "'")
    titled = next((phrase for phrase in phrases()["titles"] if phrase in title), "") if len(title) < 80 else ""
    spoken = [phrase for phrase in phrases()["texts"] if phrase in text]
    if titled and (spoken or (len(text) < 400 and _is_headline(titled, _parts.split(title[:_HEAD])[0]))):
        return f"title: {titled}"
    sentences = sum(len(block.text) > 120 for block in blocks)
    return f"text: {spoken[0]}" if len(spoken) > 1 and sentences < 4 and not page.marks.times else ""


def _headlines(page: Any) -> list[str]:
    """The page's headings, or the name in its title where it has none, lower case."""
    shown = [block.text[:_HEAD] for block in page.blocks[:40] if block.tag in ("h1", "h2")][:2]
    named = [_parts.split(title[:_HEAD])[0] for title in page.marks.titles[:1]]
    return [" ".join(text.casefold().replace("’", "'").split()) for text in (*shown, *named) if text]


def _wall_headline(heads: list[str]) -> str:
    """The phrase that is the headline, but for some words more where it is a long one; "" where none is."""
    for head in heads:
        if _status.fullmatch(head):
            return head
        for phrase in phrases()["headlines"]:
            if _is_headline(phrase, _number.sub("", head)):
                return phrase
    return ""


def _is_headline(phrase: str, head: str) -> bool:
    plain = head.strip(" .!?:…¡¿")
    more = 25 if phrase.count(" ") > 1 else 3
    return plain.startswith(phrase) and len(plain) <= len(phrase) + more


def _about(kind: str, text: str) -> str:
    """Say of which things of a kind a text talks, where it speaks to the reader and of little else; else ""."""
    concepts, least = _concepts(kind), _LEAST[kind]
    first = next(iter(concepts))
    if not concepts[first].search(text) or not (kind == "missing" or concepts["you"].search(text)):
        return ""
    found = {name: len(pattern.findall(text)) for name, pattern in concepts.items()}
    named = [name for name, count in found.items() if count]
    share = sum(count for name, count in found.items() if name != "you") / max(1, len(_words.findall(text)))
    return f"about {', '.join(named)}" if len(named) >= least and share >= DENSE else ""
