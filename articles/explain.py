"""Explain: one HTML page that shows what became of each block of an article's page, and how each field was chosen.

It is all text of ours or escaped text of the page; its policy lets nothing run and nothing load.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable
from html import escape
from importlib import resources
from typing import Any

from articles.blocks import Block
from articles.landmarks import boxes_above
from articles.page import Page
from articles.reading import Candidate, Reading
from articles.record import Article

VERDICTS = {
    "title": "title",
    "lead": "lead",
    "key_points": "key points",
    "body": "body",
    "caption": "caption",
    "related": "related",
    "meta": "about it",
    "noise": "noise",
}
# fields with the verdict whose blocks light up when a field is pointed at
FIELDS = {
    "title": "title",
    "lead": "lead",
    "key_points": "key_points",
    "body": "body",
    "category": "",
    "category_path": "",
    "tags": "",
    "authors": "meta",
    "date_published": "",
    "date_modified": "",
    "language": "",
    "related_links": "related",
    "images": "caption",
    "site": "",
    "canonical_url": "",
    "updates": "",
    "next_page": "",
    "page_kind": "",
    "access": "",
    "robots": "",
}
LONG_RUN = 4  # blocks of noise in a row that are folded
LONGEST = 1_200  # characters of a block or a value that are shown
MOST_BLOCKS = 3_000


def explain(page: Page, article: Article) -> str:
    """The page that explains a reading: `article` is what `articles.reader.read(page)` gave."""
    style = resources.files("articles").joinpath("explain.css").read_text(encoding="utf-8") + _switches()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = text(article.title or article.url)
    return "\n".join(
        (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="referrer" content="no-referrer">'
            f"<title>{title} – explained</title><style>{style}</style></head><body>",
            _header(page, article, title),
            _legend(page.blocks),
            f'<main><section aria-label="The page">{_blocks(page.blocks)}</section>',
            f'<aside class="fields" aria-label="The fields">{_fields(page, article)}</aside></main></body></html>',
        )
    )


def text(value: object, limit: int = LONGEST) -> str:
    """Escaped text without what could turn it around or hide in it; cut with an ellipsis.

    >>> text("<b>\\u202eevil")
    '&lt;b&gt;evil'
    """
    shown = "".join(
        character for character in str(value) if character not in _HIDDEN and (character >= " " or character == "\n")
    )
    return escape(shown if len(shown) <= limit else shown[:limit] + " …", quote=True)


_HIDDEN = frozenset(map(chr, set(range(32)) - {10})) | frozenset(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\x7f"
)


def _switches() -> str:
    """The filters and the lights, without a script: an unchecked box hides a verdict, a field lights it."""
    hide = (f"body:not(:has(#show-{name}:checked)) .block.{name} {{ display: none !important; }}" for name in VERDICTS)
    light = (
        f"body:has(#field-{field}:hover) .block.{verdict} {{ background: var(--hover); }}"
        for field, verdict in FIELDS.items()
        if verdict
    )
    runs = "body:not(:has(#show-noise:checked)) .run { display: none; }"
    return "\n".join((*hide, *light, runs))


def _header(page: Page, article: Article, title: str) -> str:
    tags = [article.page_kind, f"access: {article.access}", f"encoding: {page.encoding}", f"{len(page.blocks)} blocks"]
    marks = " ".join(f'<span class="tag">{text(tag, 60)}</span>' for tag in tags)
    problems = "".join(f'<p class="small problem">{text(p.field)}: {text(p.reason, 300)}</p>' for p in article.problems)
    return f'<header><h1>{title}</h1><p class="small">{_link(article.url)}</p><p>{marks}</p>{problems}</header>'


def _link(url: str) -> str:
    shown = text(url, 200)
    safe = url.startswith(("https://", "http://"))
    return f'<a href="{escape(url, quote=True)}" rel="noreferrer noopener">{shown}</a>' if safe else shown


def _legend(blocks: list[Block]) -> str:
    counts = Counter(_verdict(block) for block in blocks)
    return (
        '<div class="legend">'
        + "".join(
            f'<label><input type="checkbox" id="show-{name}" checked><span class="dot {name}"></span>{label} '
            f'<span class="small">{counts[name]}</span></label>'
            for name, label in VERDICTS.items()
        )
        + "</div>"
    )


def _verdict(block: Block) -> str:
    return block.verdict if block.verdict in VERDICTS else "noise"


def _blocks(blocks: list[Block]) -> str:
    """The blocks in page order; long runs of noise are folded, to be opened by a click."""
    parts = []
    grouped = itertools.groupby(blocks[:MOST_BLOCKS], key=lambda block: _verdict(block) == "noise")
    for number, (noise, group) in enumerate(grouped):
        run = list(group)
        shown = "".join(map(_block, run))
        if noise and len(run) >= LONG_RUN:
            words = text(" · ".join(block.text[:30] for block in run[:4]), 110)
            shown = (
                f'<div class="run"><input type="checkbox" id="run-{number}"><label for="run-{number}">'
                f"{len(run)} blocks of noise: {words}</label>{shown}</div>"
            )
        parts.append(shown)
    if len(blocks) > MOST_BLOCKS:
        parts.append(f'<p class="small">{len(blocks) - MOST_BLOCKS} more blocks are not shown.</p>')
    return "".join(parts)


def _block(block: Block) -> str:
    verdict = _verdict(block)
    heading = " h" if block.tag in ("h1", "h2", "h3", "h4", "h5", "h6") else ""
    why = block.why or f"text with probability {block.probability:.2f}"
    label = VERDICTS[verdict]
    where = text(" › ".join(reversed([_name(box.tag, box.name) for box in boxes_above(block.box)[:4]])), 200)
    return (
        f'<div class="block {verdict}{heading}"><p dir="auto">{text(block.text)}</p>'
        f'<div class="where"><span>{where}</span><span>{label}: {text(why, 160)}</span></div></div>'
    )


def _name(tag: str, name: str) -> str:
    return ".".join((str(tag), *name.split()[:2]))


def _fields(page: Page, article: Article) -> str:
    return "".join(_field(name, page.readings.get(name), article) for name in FIELDS if hasattr(article, name))


def _field(name: str, reading: Reading[Any] | None, article: Article) -> str:
    value = getattr(article, name)
    absent = value in (None, "", ())
    source = article.provenance.get(name, "")
    shown = "nothing found" if absent else _value(name, value)
    badge = f'<span class="tag">{text(source, 60)}</span>' if source else ""
    state = "field absent" if absent else "field"
    lost = _candidates(reading.candidates if reading else (), value)
    return (
        f'<section class="{state}" id="field-{name}"><h2>{name.replace("_", " ")} {badge}</h2>'
        f'<div class="value" dir="auto">{shown}</div>{lost}</section>'
    )


def _value(name: str, value: Any) -> str:
    if name == "body":
        return f"{len(value.split()):,} words in {value.count(chr(10) * 2) + 1} paragraphs"
    if isinstance(value, tuple):
        tag = "ol" if name in ("key_points", "category_path") else "ul"
        return f"<{tag}>" + "".join(f"<li>{_item(item)}</li>" for item in value[:60]) + f"</{tag}>"
    return _link(value) if isinstance(value, str) and value.startswith("http") else text(value)


def _item(item: Any) -> str:
    """One thing of a list; a record as its parts, the address as a link."""
    if not dataclasses.is_dataclass(item):
        return text(item, 400)
    parts = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
    url = parts.pop("url", None)
    lines = [_part(key, value) for key, value in parts.items() if value]
    return "<br>".join(lines + ([f"<small>{_link(url)}</small>"] if url else []))


def _part(name: str, value: Any) -> str:
    shown = text(value, 300)
    return shown if name in ("title", "caption", "body") else f"<small>{name.replace('_', ' ')}: {shown}</small>"


def _candidates(candidates: Iterable[Candidate], value: Any) -> str:
    rows = [_row(candidate, candidate.value == value) for candidate in itertools.islice(candidates, 15)]
    if not rows:
        return ""
    noun = "candidate" if len(rows) == 1 else "candidates"
    return f"<details><summary>{len(rows)} {noun}</summary><table>{''.join(rows)}</table></details>"


def _row(candidate: Candidate, won: bool) -> str:
    shown, source, why = text(_plain(candidate.value), 220), text(candidate.source, 60), text(candidate.why, 160)
    mark = ' class="won"' if won else ""
    return f'<tr{mark}><td dir="auto">{shown}</td><td>{source}</td><td>{why}</td></tr>'


def _plain(value: Any) -> str:
    return " · ".join(map(str, value)) or "–" if isinstance(value, (tuple, list)) else str(value)
