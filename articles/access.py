"""Whether the text can be had: free, behind a paywall, or not at all, with a wall page in its place."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from articles.reading import Candidate, Reading
from articles.record import Access
from articles.structured import each

EMPTY = 80  # characters of text that a script shell has at most
SHORT = 1500  # characters of text that a challenge or consent page has at most
SHORT_BODY = 3500  # characters that a paywalled page shows at most, where nothing but its words tell that it is one
_CHALLENGES = (
    b"cf-browser-verification", b"/cdn-cgi/challenge-platform", b"cf_chl_", b"cf-challenge", b"px-captcha",
    b"captcha-delivery.com", b"_Incapsula_Resource", b"distil_r_captcha", b"ddos-guard", b"geo.captcha",
)  # fmt: skip
_PAYWALLS = (b"paywall", b"Paywall", b"piano", b"premium", b"subscriber", b"abo-")


@functools.cache
def _phrases() -> Mapping[str, tuple[str, ...]]:
    """Phrases of walls in many languages, from walls.json, lower case."""
    table = json.loads(resources.files("articles").joinpath("walls.json").read_text(encoding="utf-8"))
    return {kind: tuple(phrases) for kind, phrases in table.items()}


def read_access(page: Any) -> Reading[Access]:
    """Read whether the page shows its text to everybody."""
    wall = wall_sign(page)
    if wall:
        return Reading("wall", "structure", (Candidate("wall", "structure", wall),))
    for source, why in _declared_paywall(page):
        return Reading("paywall", source, (Candidate("paywall", source, why),))
    phrase = _shown_paywall(page)
    if phrase:
        return Reading("paywall", "text", (Candidate("paywall", "text", phrase),))
    return Reading("free", "structure")


def wall_sign(page: Any) -> str:
    """What shows that a page stands in an article's place: an empty shell, a challenge, a consent page; "" if nothing.

    A short article is none of these: it has its own headline and text, and does not ask for consent alone.
    """
    body = page.readings.get("body")
    if page.structured.article or (body is not None and len(body.value) > SHORT):
        return ""
    blocks = page.blocks
    size = sum(len(block.text) for block in blocks[:200])
    if size > SHORT:
        return ""
    if size < EMPTY and b"<script" in page.utf8 and not _has_text(page):
        return "no text without scripts"
    if any(mark in page.utf8 for mark in _CHALLENGES) and size < SHORT / 2:
        return "browser challenge"
    return _wall_words(page, blocks)


def _has_text(page: Any) -> bool:
    """Whether there is a headline with a paragraph, however short."""
    return bool(page.marks.headings) and any(block.tag == "p" for block in page.blocks)


def _wall_words(page: Any, blocks: list[Any]) -> str:
    title = " ".join(page.marks.titles[:1]).casefold()
    text = " ".join(block.text for block in blocks[:200]).casefold().replace("’", "'")
    titled = next((phrase for phrase in _phrases()["titles"] if phrase in title), "") if len(title) < 80 else ""
    spoken = [phrase for phrase in _phrases()["texts"] if phrase in text]
    if titled and (spoken or len(text) < 400):
        return f"title: {titled}"
    sentences = sum(len(block.text) > 120 for block in blocks)
    return f"text: {spoken[0]}" if len(spoken) > 1 and sentences < 4 and not page.marks.times else ""


def _declared_paywall(page: Any) -> Iterator[tuple[str, str]]:
    article = page.structured.article or {}
    for node in (article, *(part for part in each(article.get("hasPart")) if isinstance(part, dict))):
        free = node.get("isAccessibleForFree")
        if free is False or str(free).rsplit("/", 1)[-1].lower() in ("false", "no", "0"):
            yield "json-ld", "isAccessibleForFree"
    for key in ("article:content_tier", "content_tier", "lp:access", "premium", "paywall", "isaccessibleforfree"):
        for value in page.meta.get(key, ())[:1]:
            locked = ("false",) if key == "isaccessibleforfree" else ("locked", "paid", "premium", "true", "yes")
            if value.lower() in locked:
                yield "meta", f"{key}={value[:20]}"


def _shown_paywall(page: Any) -> str:
    """The words that ask for a subscription in the place of the rest of the text; "" where there are none."""
    body = page.readings["body"].value if "body" in page.readings else ""
    if len(body) > SHORT_BODY:
        return ""
    text = "\n".join(block.text for block in page.blocks if 10 < len(block.text) < 250).casefold()
    phrase = next((phrase for phrase in _phrases()["paywall"] if phrase in text), "")
    return phrase if phrase and any(mark in page.utf8 for mark in _PAYWALLS) else ""
