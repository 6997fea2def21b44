"""Datelines: the dates that a page shows to its readers, found in the short lines around the headline."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

LEAST = -1.0  # weight below which a line is not taken for the dateline
STRONG = 3.0  # weight from which a line is believed more than a vague meta tag
MOST_LINES = 600  # lines with dates that are weighed
LONGEST_LINE = 160  # characters of a line that may be a dateline
_clock = re.compile(r"\d\s?[:.h時时시]\s?\d\d")
_digit = re.compile(r"\d")
_year = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)25\d\d(?!\d)|\d[./-]\d{2}(?!\d)|’\d\d|[٠-٩۰-۹०-९]{4}")
_date_class = re.compile(r"date|time|publish|posted|meta|byline|dateline|info|stamp|author", re.I)
_update_class = re.compile(r"updat|modif|aktualis", re.I)
_foot = re.compile(r"footer|copyright|comment|related|sidebar|widget|teaser|card|recent|popular|archive|calendar", re.I)


@functools.cache
def _labels() -> Mapping[str, re.Pattern[str]]:
    """Patterns of the words before a date, by what they say of it."""
    table = json.loads(resources.files("articles").joinpath("bylines.json").read_text(encoding="utf-8"))
    return {
        role: re.compile(
            r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, table[role]), key=len, reverse=True)) + ")", re.I
        )
        for role in ("published", "updated")
    }


def shown_clocks(page: Any) -> Iterator[tuple[Any, float, str, str]]:
    """Dates with a time that stand close to the headline, as (role, weight, source, text): they may tell the zone."""
    head = _headline_at(page.blocks, page)
    for block in page.blocks[max(0, head - 6) : head + 16]:
        if len(block.text) <= LONGEST_LINE and _clock.search(block.text) and _year.search(block.text):
            yield "published", 2.0, "text", block.text


def visible_dates(page: Any) -> Iterator[tuple[Any, float, str, str]]:
    """Dates shown on the page as (role, weight, source, text): the likeliest few."""
    blocks = page.blocks
    head = _headline_at(blocks, page)
    found = []
    label, weighed = "", 0
    for at, block in enumerate(blocks):
        text = block.text
        if len(text) <= LONGEST_LINE and _digit.search(text) and _year.search(text):
            weight = _weight(block, text, label, at - head)
            if weight > LEAST:
                found.append((weight, at, text, label))
            weighed += 1
            if weighed == MOST_LINES:
                break
        label = text if len(text) < 40 else ""
    found.sort(key=lambda item: (-item[0], item[1]))
    for weight, _, text, label in found[:4]:
        strong = 5.0 if weight >= STRONG else 2.5 + min(weight, 6.0) / 3
        yield _role(text, label), strong, "text", text


def _headline_at(blocks: list[Any], page: Any) -> int:
    """Index of the block that shows the headline; 0 where none does."""
    titled = {node for node, claim in page.claims.items() if claim[0] == "title"}
    for at, block in enumerate(blocks):
        if block.element in titled or (block.tag == "h1" and not titled):
            return at
    return 0


def _role(text: str, label: str) -> str:
    labels = _labels()
    updated = labels["updated"].search(text) or labels["updated"].search(label)
    published = labels["published"].search(text) or labels["published"].search(label)
    return "modified" if updated and not published else "published"


def _weight(block: Any, text: str, label: str, distance: int) -> float:
    """How much a line looks like the article's dateline: its place, label, class and how little else it says."""
    labels = _labels()
    names = _names(block.box)
    weight = 3.0 - len(text) / 60
    weight += 2.5 if labels["published"].search(text) or labels["published"].search(label) else 0.0
    weight += 1.5 if _date_class.search(names) or block.tag == "time" else 0.0
    weight -= 4.0 if _foot.search(names) or "©" in text else 0.0
    weight -= min(abs(distance), 60) / 12 if distance > 0 else min(abs(distance), 60) / 8
    return weight - (1.5 if block.linked > len(text) / 2 else 0.0)


def _names(box: Any) -> str:
    """Classes of the boxes around a line, with the names of the elements that hold other matter."""
    names = []
    for level in range(8):
        if box is None:
            break
        if level < 3:
            names.append(box.name)
        if box.tag in ("aside", "footer"):
            names.append("sidebar")
        box = box.parent
    return " ".join(names)
