"""Whether the text can be had: free, behind a paywall, or not at all, with a wall page in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from articles.marks import holding
from articles.reading import Candidate, Reading
from articles.record import Access
from articles.structured import each
from articles.walls import phrases

SHORT_BODY = 3500  # characters that a paywalled page shows at most, where nothing but its words tell that it is one
_PAYWALLS = (b"paywall", b"Paywall", b"piano", b"premium", b"subscriber", b"abo-")


def read_access(page: Any) -> Reading[Access]:
    """Read whether the page shows its text to everybody."""
    if page.wall:
        return Reading("wall", "structure", (Candidate("wall", "structure", page.wall),))
    for source, why in _declared_paywall(page):
        return Reading("paywall", source, (Candidate("paywall", source, why),))
    phrase = _shown_paywall(page)
    if phrase:
        return Reading("paywall", "text", (Candidate("paywall", "text", phrase),))
    return Reading("free", "structure")


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
    phrase = next((phrase for phrase in phrases()["paywall"] if phrase in text), "")
    return phrase if phrase and holding(page.utf8, _PAYWALLS, len(page.utf8)) else ""
