"""Differences between two readings of an article, in words."""

from __future__ import annotations

import dataclasses
import difflib
import re
from typing import Literal

from articles.record import Article
from storage.normal import COUNTED, plain

Kind = Literal["same", "removed", "added"]
_TOKENS = re.compile(r"\s+|[^\s\w]|\w+")


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that both readings have, or one of them."""

    kind: Kind
    text: str


def field_texts(article: Article) -> dict[str, str]:
    """Give the fields that make a reading distinct, as texts."""
    return {
        "title": article.title or "",
        "lead": article.lead or "",
        "key_points": "\n".join(article.key_points),
        "body": article.body,
        "category": article.category or "",
        "authors": ", ".join(article.authors),
        "tags": ", ".join(article.tags),
        "date_published": article.date_published.isoformat() if article.date_published else "",
    }


def differences(before: Article, after: Article) -> dict[str, tuple[Part, ...]]:
    """Give, for each field that says something else, its text in parts; fields in the record's order.

    >>> old, new = Article(url="a", title="Two dead in storm"), Article(url="a", title="Three dead in storm")
    >>> [(part.kind, part.text) for part in differences(old, new)["title"]]
    [('removed', 'Two'), ('added', 'Three'), ('same', ' dead in storm')]
    """
    old, new = field_texts(before), field_texts(after)
    changed = [field for field in COUNTED if plain(old[field]) != plain(new[field])]
    return {field: tuple(text_parts(old[field], new[field])) for field in changed}


def text_parts(old: str, new: str) -> list[Part]:
    """Compare two texts: paragraph by paragraph, and those that differ word by word."""
    parts: list[Part] = []
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        left, right = "".join(a[i:j]), "".join(b[k:m])
        parts += [Part("same", left)] if tag == "equal" else _words(left, right)
    return _joined(parts)


def _words(old: str, new: str) -> list[Part]:
    a, b = _TOKENS.findall(old), _TOKENS.findall(new)
    parts: list[Part] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=len(a) > 2000).get_opcodes():
        if tag == "equal":
            parts.append(Part("same", "".join(a[i:j])))
        else:
            parts += [Part("removed", "".join(a[i:j]))] if j > i else []
            parts += [Part("added", "".join(b[k:m]))] if m > k else []
    return parts


def _joined(parts: list[Part]) -> list[Part]:
    """Join neighbours of one kind."""
    joined: list[Part] = []
    for part in parts:
        if joined and joined[-1].kind == part.kind:
            joined[-1] = Part(part.kind, joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined
