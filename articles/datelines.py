"""Datelines: the dates that a page shows to its readers, found in the short lines around the headline."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, NamedTuple

from articles.evidence import Role
from articles.marks import is_own_aside

LEAST = -1.0  # weight below which a line is not taken for the dateline while there is anything else
LEAST_ALONE = -4.0  # the same where nothing else is
STRONG = 3.0  # weight from which a line is believed more than a vague meta tag
MOST_LINES = 600  # lines with dates that are weighed
NEAREST = 1.0  # weight of a line among the first below the headline
SHORT_LINE = 45  # characters: a date, with a name or a label
LONGEST_LINE = 160  # characters of a line that may be a dateline
BEFORE, BEHIND = 6, 18  # lines before and behind the headline in which the article's own date stands
FURTHEST = 30  # lines from the headline beyond which distance says no more
_clock = re.compile(r"\d\s?[:.h時时시]\s?\d\d")
_digit = re.compile(r"\d")
_year = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)"
    r"|(?<=[\s./-])20\d\d(?=\d)|(?<!\d)25\d\d(?!\d)|\d[./-]\d{2}(?!\d)|’\d\d|[٠-٩۰-۹०-९]{4}"
)
_date_class = re.compile(r"date|time|publish|posted|meta|byline|dateline|info|stamp|author", re.I)
_foot = re.compile(
    r"(?:^|[\s_]|site-|page-|main-|global-)footer|copyright|comment|related|sidebar|(?<!elementor-)widget|teaser|card"
    r"|recent|popular|archive|calendar|newslist|popup|modal|tweet|caption|header-(?:date|bar)|current-?date|today",
    re.I,
)
_words = re.compile(r"[^\W\d_]{2,}")
_elsewhere = re.compile(r"originally (?:published|posted|appeared)|first (?:appeared|published) (?:in|on)", re.I)
# A paragraph that begins with its date: "12.11.2021 – The council", "Berlin (3 May 2024). The council"
_opening = re.compile(
    r"(?:(?:[^\W\d_]+[,.]?\s+){0,2}[(\[])?(?:\d{1,2}[./]?\s?(?:\d{1,2}[./]|[^\W\d_]{3,12}\.?\s)\s?\d{4}(?!\d)|[^\W\d_]{3,12}\.?\s\d{1,2},\s\d{4}\s?[)\]–—:-])"
)


class Line(NamedTuple):
    """A line with a date, or the part of it that holds the date; `distance` counts the lines from the headline."""

    role: Role
    weight: float
    text: str
    distance: int

    @property
    def likely(self) -> float:
        """The weight, with what a short line among the first below the headline has beside others."""
        return self.weight + (NEAREST if 0 < self.distance < 4 and len(self.text) < SHORT_LINE else 0.0)


@functools.cache
def _labels() -> Mapping[str, re.Pattern[str]]:
    """Patterns of the words before a date, by what they say of it; for folded text."""
    table = json.loads(resources.files("articles").joinpath("bylines.json").read_text(encoding="utf-8"))
    words = {role: sorted({word.casefold() for word in table[role]}, key=len, reverse=True) for role in _ROLES}
    return {role: re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words[role])) + ")") for role in _ROLES}


_ROLES = ("published", "updated")


@functools.lru_cache(2048)
def _label(role: str, text: str) -> tuple[int, int] | None:
    """Where a short text has a label of that role."""
    folded = text.lower()  # not casefold(): it would move the places
    found = _labels()[role].search(folded) if folded else None
    return found.span() if found else None


def near_lines(page: Any) -> list[Line]:
    """The lines with a date that stand close to the headline, in page order."""
    head = headline_at(page)
    first = max(0, head - BEFORE)
    return list(_lines(page.blocks[first : head + BEHIND], first - head))


def with_clock(text: str) -> bool:
    """Whether a line tells a time of the day."""
    return bool(_clock.search(text))


def visible_dates(page: Any, least: float = LEAST) -> list[Line]:
    """The lines of the page that may be its dateline, likeliest first."""
    found = [line for line in _lines(page.blocks, -headline_at(page)) if line.weight > least]
    return sorted(found[:MOST_LINES], key=lambda line: -line.likely)


def openings(page: Any) -> Iterator[str]:
    """The beginnings of the first paragraphs that begin with a date."""
    head = headline_at(page)
    for block in page.blocks[head + 1 : head + BEHIND]:
        if len(block.text) > 60 and _opening.match(block.text):
            yield block.text[:50]


def _lines(blocks: list[Any], distance: int) -> Iterator[Line]:
    label = ""
    for at, block in enumerate(blocks, distance):
        text = block.text
        if len(text) <= LONGEST_LINE and _digit.search(text) and _year.search(text):
            part = _dated_part(text)
            yield Line(_role(part, label), _weight(block, text, label, at), part, at)
        label = text if len(text) < 40 else ""


def _dated_part(text: str) -> str:
    """The part of a line that tells of the publication, where another part tells of the last change.

    >>> _dated_part("Updated: 7 May 2024. Published: 3 May 2024"), _dated_part("3 May 2024. Updated: 7 May 2024")
    ('Published: 3 May 2024', '3 May 2024. ')
    """
    updated = _label("updated", text)
    if updated is None:
        return text
    published = _label("published", text)
    if published and published[0] > updated[0] and _year.search(text, published[1]):
        return text[published[0] :]
    year = _year.search(text)
    return text[: updated[0]] if year and year.start() < updated[0] else text


def headline_at(page: Any) -> int:
    """Index of the block that shows the headline; 0 where none does."""
    titled = {node for node, claim in page.claims.items() if claim[0] == "title"}
    for at, block in enumerate(page.blocks):
        if block.element in titled or (block.tag == "h1" and not titled):
            return at
    return 0


def _role(text: str, label: str) -> Role:
    if _label("updated", text):
        return "published" if _label("published", text) else "modified"
    return "modified" if _label("updated", label) and not _is_published(text, label) else "published"


def _is_published(text: str, label: str) -> bool:
    return bool(_label("published", text) or _label("published", label))


def _weight(block: Any, text: str, label: str, distance: int) -> float:
    """How much a line looks like the article's dateline: its place, label, class and how little else it says."""
    named = _called(block.box.name)[0] if block.box is not None else False
    near = named and abs(distance) < 4  # then it is the article's, whatever else its class says
    names = _names(block.box, near)
    weight = 3.0 - len(text) / 60
    weight += 2.5 if _is_published(text, label) else 0.0
    dated, elsewhere = _called(names)
    weight += 1.5 if named or dated or block.tag == "time" else 0.0
    weight -= 4.0 if _elsewhere.search(text) else 0.0
    weight -= 4.0 if elsewhere or "©" in text else 0.0
    weight -= 4.0 if "comment" in names or "aside" in names else 0.0
    weight -= 1.5 if text[-1] in ".!?" and len(_words.findall(text)) > 3 else 0.0  # a sentence
    weight -= min(abs(distance), FURTHEST) / (12 if distance > 0 else 8) + min(abs(distance), 300) / 300
    return weight - (1.5 if block.linked > len(text) / 2 else 0.0)


@functools.lru_cache(4096)
def _called(names: str) -> tuple[bool, bool]:
    """Whether classes are those of a dateline, and whether they are those of other matter."""
    return bool(_date_class.search(names)), bool(_foot.search(names))


def _names(box: Any, near: bool) -> str:
    """Classes of the boxes around a line, with the names of the elements that hold other matter.

    Where the line is called a dateline and stands near the headline, its own class says no more.
    """
    names = []
    for level in range(8):
        if box is None:
            break
        if level < 3 and not (near and level == 0):
            names.append(box.name)
        apart = box.tag in ("aside", "footer") and "entry" not in box.name and "article" not in box.name
        if apart and not near and not (box.tag == "aside" and is_own_aside(box.element)):
            names.append("sidebar " + box.tag)
        box = box.parent
    return " ".join(names)
