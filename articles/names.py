"""Names: the persons that a byline names, without "By", roles, places, addresses."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from importlib import resources

from articles.moments import month_of

LONGEST_NAME = 60  # characters
MOST_NAMES = 30
_contact = re.compile(r"\S+@\S+|https?://\S*|www\.\S+|(?<!\w)@\w+")
_brackets = re.compile(r"\s*[(\[{][^)\]}]{0,80}[)\]}]")
_hard = re.compile(r"\s*(?:[;|•·/\n\t、،؛]|\s[–—-]\s|\s&\s|\s\+\s)\s*")
_from_digit = re.compile(
    r"(?:\s+(?:um|at|on|le|à|am|el|il|den|vom|the|alle|ore|às|vor|prije|pre|hace|há|sedan|siden))*[\s,.·|-]+\d{1,4}(?:[.:/,\s]|st|nd|rd|th|$).*$",
    re.S | re.I,
)
_labelled = re.compile(r"([^\W\d_]{2,20})\s*[:：]\s*([^:：]*?)(?=\s+[^\W\d_]{2,20}\s*[:：]|$)")
_edges = " \t\r\n.,:;·•●|-–—*\"'“”„«»‹›<>_~=/→←➔➜▸▶\u00a0\u200b"
_korean = re.compile(r"^(?:.{1,20}=)?([가-힣]{2,4})\s?(?:기자|특파원|선임기자|논설위원).*$")
_han = re.compile(r"^[\u4e00-\u9fff·]{2,12}$")
PARTICLES = frozenset((
    "von", "van", "der", "den", "de", "da", "di", "do", "dos", "das", "du", "del", "della", "la", "le", "les",
    "el", "al", "bin", "ibn", "ben", "ter", "ten", "te", "zu", "zum", "zur", "y", "e", "i", "und", "af", "av",
    "v.", "d.",
))  # fmt: skip
_domain = re.compile(r"(?:[\w-]+\.)+[a-z]{2,6}|\w+_\w+", re.I)
_last_initial = re.compile(r"\s[^\W\d_]\.$")
_DANGLING = frozenset(("von", "by", "par", "por", "und", "and", "für", "for", "of", "the"))
_letters = re.compile(r"[^\W\d_]")


@functools.cache
def words() -> Mapping[str, frozenset[str]]:
    """The word lists of bylines.json: by, and, roles, agencies, all casefolded."""
    table = json.loads(resources.files("articles").joinpath("bylines.json").read_text(encoding="utf-8"))
    return {
        key: frozenset(word.casefold() for word in table[key])
        for key in ("by", "and", "roles", "agencies", "not", "organisations", "published", "updated", "surnames")
    }


@functools.cache
def _by() -> re.Pattern[str]:
    alternatives = "|".join(sorted(map(re.escape, words()["by"]), key=len, reverse=True))
    return re.compile(
        rf"^\W*(?:{alternatives})(?:\s*[:：﹕|]\s*|\s+(?=\S)|(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff]))"
        r"|^(?-i:By|Von|Par|Por)(?=(?-i:[A-Z])[^\W\d_]*[. ])",
        re.I,
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
    if _plain.fullmatch(text) and _ordinary().isdisjoint(text.casefold().split()):
        return [text]
    text = without_by(_trimmed(_contact.sub(" ", _brackets.sub("", text[:600]))))
    found: dict[str, None] = {}
    for part in _hard.split(_labelled_names(text)):
        for name in _names_of_part(part):
            found.setdefault(name)
    return list(found)[:MOST_NAMES]


_plain = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+){1,2}")  # the commonest names by far


@functools.cache
def _ordinary() -> frozenset[str]:
    """Words that are, or may be, no part of a name."""
    phrases = {*words()["by"], *words()["and"], *words()["roles"], *words()["not"], *_DANGLING}
    return frozenset(word for phrase in phrases for word in phrase.split())


def _labelled_names(text: str) -> str:
    """What stands behind "Author:" in a line of labels; the text itself where no label is one of authorship.

    >>> _labelled_names("Datum: 19.11.2021 Autor: Fritz Muster Quelle: Beispiel")
    'Fritz Muster'
    """
    if ":" not in text and "：" not in text:
        return text
    return next((value for label, value in _labelled.findall(text) if label.casefold() in words()["by"]), text)


def _names_of_part(part: str) -> Iterator[str]:
    part = without_by(without_date(part))
    korean = _korean.match(part)
    if korean:
        yield korean[1]
        return
    segments = [_trimmed(segment) for group in _and().split(part) for segment in group.split(",")]
    yield from map(_said_once, _kept([segment for segment in segments if segment]))


def _said_once(name: str) -> str:
    """A name that a byline repeats, as the text of a picture beside it.

    >>> _said_once("Ann Mary Lee Ann Mary Lee"), _said_once("Ann Lee")
    ('Ann Mary Lee', 'Ann Lee')
    """
    parts = name.split(" ")
    for size in range(2, len(parts) - 1):
        if parts[size:] == parts[: len(parts) - size]:
            return " ".join(parts[:size])
    return name


def _trimmed(text: str) -> str:
    """The text without marks at its ends; the point of a last initial stays."""
    bare = text.strip(_edges)
    return bare + "." if _last_initial.search(text.strip()) else bare


@functools.cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase.split()[0].strip(_edges) for phrase in words()["by"])


def _may_begin_by(text: str) -> bool:
    """Whether it is worth to look for words such as "By" at the beginning: cheap, and never wrong in saying no."""
    first = re.match(r"\W*([^\W\d_]+)", text)
    if first is None:
        return False
    word = first[1]
    return word.casefold() in _first_words() or word.startswith(("By", "Von", "Par", "Por")) or word[0] > "\u2fff"


def without_by(text: str) -> str:
    """Drop the words before a name.

    >>> without_by("Ein Kommentar von Jo Hain"), without_by("Byron Lee"), without_by("作者：王明")
    ('Jo Hain', 'Byron Lee', '王明')
    """
    for _ in range(3):
        if not _may_begin_by(text):
            break
        shorter = _by().sub("", text, count=1)
        if shorter == text or not _letters.search(shorter):
            break
        text = shorter
    return _trimmed(text)


def _kept(segments: list[str]) -> list[str]:
    """Segments that are names: behind a full name, a single word is a place and a role is a role."""
    named = [segment for segment in segments if is_name(segment)]
    named = [segment for segment in named if not has_role(segment)] or named
    full = [segment for segment in named if " " in segment or _han.match(segment)]
    written = [segment for segment in full if is_written_as_name(segment)]
    return written or full[:1] or named[:1]


def _is_role(word: str) -> bool:
    return word.casefold().strip(_edges) in words()["roles"]


def has_role(text: str) -> bool:
    """Whether a role is among the words: "BBC correspondent" is no name where a name stands beside it."""
    return any(map(_is_role, text.split()))


def is_written_as_name(text: str) -> bool:
    """Whether every word but the particles begins with a capital, as names do; true of scripts without case.

    >>> is_written_as_name("Ludwig van Beethoven"), is_written_as_name("faculty of social studies")
    (True, False)
    """
    return all(not part[0].islower() or part in PARTICLES or "’" in part or "'" in part for part in text.split())


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person or of a desk.

    >>> is_name("Ann Lee"), is_name("senior reporter"), is_name("Read more about the author of this long story here")
    (True, False, False)
    """
    if not 2 <= len(text) <= LONGEST_NAME or not _letters.search(text):
        return False
    parts = text.split()
    if (
        not text[0].isalnum()
        or any(part.strip(_edges).isdigit() for part in parts)
        or parts[-1].casefold() in _DANGLING
    ):
        return False
    roles = sum(_is_role(part) for part in parts)
    if (
        text.casefold() in words()["not"]
        or text.casefold().split(":")[0].strip() in words()["not"]
        or "©" in text
        or "@" in text
        or (len(parts) == 1 and _tells_time(text))
    ):
        return False
    return len(parts) <= 6 and roles < len(parts) and not text.startswith(("http", "@"))


def is_organisation(name: str) -> bool:
    """Whether a name is a desk's, a company's or a web address rather than a person's.

    >>> is_organisation("Example Media GmbH"), is_organisation("example.org"), is_organisation("Ann Lee")
    (True, True, False)
    """
    parts = name.casefold().replace("-", " ").split()
    return any(part.strip(_edges) in words()["organisations"] for part in parts) or bool(_domain.fullmatch(name))


def is_desk(text: str) -> bool:
    """Whether a text names those who write for a paper rather than one of them.

    >>> is_desk("Redaktion"), is_desk("Staff reporter"), is_desk("Ann Lee"), is_desk("senior reporter")
    (True, True, False, False)
    """
    parts = [word.casefold().strip(_edges) for word in text.split()]
    return text[0].isalnum() and any(part in words()["organisations"] for part in parts)


def without_date(text: str) -> str:
    """The text before the first date or number in it.

    >>> [without_date(text) for text in ("Ann Lee, 3 May 2024", "Ann Lee Updated July 3", "Ann Lee vor 26 Minuten")]
    ['Ann Lee', 'Ann Lee', 'Ann Lee']
    """
    cut = _from_digit.search(text)
    if cut is None:
        return _trimmed(text)
    parts = text[: cut.start()].split()
    if text[cut.start()].isspace() and len(parts) > 1 and month_of(parts[-1]):
        parts.pop()
    while len(parts) > 1 and _tells_time(parts[-1]):
        parts.pop()
    return _trimmed(" ".join(parts))


def _tells_time(word: str) -> bool:
    """Whether a word stands before a date: "Updated"."""
    bare = word.casefold().strip(_edges)
    return bare in words()["updated"] or bare in words()["published"]


def is_agency(name: str) -> bool:
    """Whether a name is a news agency's.

    >>> is_agency("DPA"), is_agency("Ann Lee")
    (True, False)
    """
    return name.casefold().strip(_edges) in words()["agencies"]
