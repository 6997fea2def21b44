"""Names: the persons that a byline names, without "By", roles, places, addresses."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from importlib import resources

LONGEST_NAME = 60  # characters
MOST_NAMES = 30
_contact = re.compile(r"\S+@\S+|https?://\S*|www\.\S+|(?<!\w)@\w+")
_brackets = re.compile(r"\s*[(\[{][^)\]}]{0,80}[)\]}]")
_hard = re.compile(r"\s*(?:[;|•·/\n\t、،؛]|\s[–—-]\s|\s&\s|\s\+\s)\s*")
_from_digit = re.compile(r"[\s,.·|-]*\d.*$", re.S)
_edges = " \t\r\n.,:;·•|-–—*\"'“”„«»‹›<>_~=/\u00a0\u200b"
_korean = re.compile(r"^(?:.{1,20}=)?([가-힣]{2,4})\s?(?:기자|특파원|선임기자|논설위원).*$")
_han = re.compile(r"^[\u4e00-\u9fff·]{2,12}$")
_letters = re.compile(r"[^\W\d_]")


@functools.cache
def words() -> Mapping[str, frozenset[str]]:
    """The word lists of bylines.json: by, and, roles, agencies, all casefolded."""
    table = json.loads(resources.files("articles").joinpath("bylines.json").read_text(encoding="utf-8"))
    return {key: frozenset(word.casefold() for word in table[key]) for key in ("by", "and", "roles", "agencies")}


@functools.cache
def _by() -> re.Pattern[str]:
    alternatives = "|".join(sorted(map(re.escape, words()["by"]), key=len, reverse=True))
    return re.compile(
        rf"^\W*(?:{alternatives})(?:\s*[:：﹕|]\s*|\s+(?=\S)|(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff]))", re.I
    )


@functools.cache
def _and() -> re.Pattern[str]:
    alternatives = "|".join(sorted(map(re.escape, words()["and"]), key=len, reverse=True))
    return re.compile(rf",?\s+(?:{alternatives})\s+", re.I)


def names_of(text: str) -> list[str]:
    """Names in the text of a byline, in order, each once.

    >>> names_of("By Ann Lee and Bob Ray, Science Correspondent")
    ['Ann Lee', 'Bob Ray']
    >>> names_of("Von Eva Groß, Madrid"), names_of("Автори: Іван Франко та Леся Українка")
    (['Eva Groß'], ['Іван Франко', 'Леся Українка'])
    >>> names_of("ann.lee@example.org | @annlee")
    []
    """
    text = _brackets.sub("", _contact.sub(" ", text[:600]))
    found: dict[str, None] = {}
    for part in _hard.split(text):
        for name in _names_of_part(part):
            found.setdefault(name)
    return list(found)[:MOST_NAMES]


def _names_of_part(part: str) -> Iterator[str]:
    part = without_by(_from_digit.sub("", part).strip(_edges))
    korean = _korean.match(part)
    if korean:
        yield korean[1]
        return
    for group in _and().split(part):
        segments = [segment.strip(_edges) for segment in group.split(",")]
        yield from _kept([segment for segment in segments if segment])


def without_by(text: str) -> str:
    """Drop the words before a name.

    >>> without_by("Ein Kommentar von Jo Hain"), without_by("Byron Lee"), without_by("作者：王明")
    ('Jo Hain', 'Byron Lee', '王明')
    """
    for _ in range(3):
        shorter = _by().sub("", text, count=1)
        if shorter == text or not _letters.search(shorter):
            break
        text = shorter
    return text.strip(_edges)


def _kept(segments: list[str]) -> list[str]:
    """Segments that are names: behind a full name, a single word is a place and a role is a role."""
    named = [segment for segment in segments if is_name(segment)]
    full = [segment for segment in named if " " in segment or _han.match(segment)]
    return full if full else named[:1]


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person or of a desk.

    >>> is_name("Ann Lee"), is_name("senior reporter"), is_name("Read more about the author of this long story here")
    (True, False, False)
    """
    if not 2 <= len(text) <= LONGEST_NAME or not _letters.search(text):
        return False
    parts = text.split()
    roles = sum(part.casefold().strip(_edges) in words()["roles"] for part in parts)
    return len(parts) <= 6 and roles < max(1, len(parts) - 1) and not text.startswith(("http", "@"))


def is_agency(name: str) -> bool:
    """Whether a name is a news agency's.

    >>> is_agency("DPA"), is_agency("Ann Lee")
    (True, False)
    """
    return name.casefold().strip(_edges) in words()["agencies"]
