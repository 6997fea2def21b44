"""What counts as the content of a reading: text without markup noise and clocks, and its hash."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import re
import unicodedata
from datetime import UTC, datetime

from articles.record import Article

HASH_RULES = b"\1"  # first byte of a hash: another number where what counts is another
COUNTED = ("title", "lead", "key_points", "body", "category", "authors", "tags", "date_published")

# Typography that pages change without editing: quotes, apostrophes, dashes; soft hyphens and zero-width marks go.
_TYPOGRAPHY = (
    dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‘’‚‛ʼ′`´", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"…": "..."}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
)
_TYPOGRAPHIC = re.compile(f"[{''.join(map(re.escape, _TYPOGRAPHY))}]")

_UNITS = (
    r"sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?|years?|секунд\w*|хвилин\w*|хв|годин\w*|год|днів|дні|день|"
    r"тижн\w*|місяц\w*|минут\w*|мин|час(?:а|ов)?|дней|дня|sekunden?|minuten?|stunden?|tagen?|minutes?|heures?|jours?|"
    r"minutos?|horas?|d[ií]as?|minuti|ore|giorni|minut\w*|godzin\w*|dni"
)
_AGO = re.compile(
    rf"\b(?:\d+|an?|one)\s+(?:{_UNITS})\s+(?:ago|тому|назад|temu|fa)\b"
    rf"|\b(?:vor|il y a|hace|há)\s+\d+\s+(?:{_UNITS})\b",
    re.I,
)


# What a match of _AGO has in it: words that end it, and words that a number follows
_AGO_ENDS = (" ago", " Ago", " AGO", " тому", " назад", " temu", " fa")
_AGO_STARTS = ("vor ", "Vor ", "l y a ", "ace ", "há ", "Há ")


@functools.cache
def clock_words() -> frozenset[str]:
    """Give the words of lines that only tell the time."""
    text = importlib.resources.files("storage").joinpath("clock_words.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TIME = re.compile(r"[\W_]*(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4})?[\W_]*(?:\d{1,2}[:.]\d{2}(?::\d{2})?)?[\W_]*")
_LONGEST_CLOCK = 90  # characters


def plain(text: str) -> str:
    """Give a text without what markup alone changes: spaces, typography, clocks.

    >>> plain("He\u00ad said: “No” –\u00a0twice.\\n\\nUpdated 14:05 GMT")
    'He said: "No" - twice.'
    >>> plain("Two dead (3 hours ago)") == plain("Two dead (5 hours ago)")
    True
    """
    text = _plainly_set(text)
    blocks = [block for block in text.split("\n") if not _is_clock(block)]
    joined = " ".join(" ".join(blocks).split())
    return " ".join(_AGO.sub("", joined).split()) if _may_say_ago(joined) else joined


def _may_say_ago(text: str) -> bool:
    """Whether it is worth to look for _AGO, which takes many times as long; in a text with single spaces.

    >>> [_may_say_ago(text) for text in ("in fact, facts", "3 giorni fa.", "vor Tagen", "vor 3 Tagen")]
    [False, True, False, True]
    """
    for word in _AGO_ENDS:
        at = text.find(word)
        while at >= 0:
            at += len(word)
            if not text[at : at + 1].isalnum():
                return True
            at = text.find(word, at)
    for word in _AGO_STARTS:
        at = text.find(word)
        while at >= 0:
            at += len(word)
            if text[at : at + 1].isdigit():
                return True
            at = text.find(word, at)
    return False


def _plainly_set(text: str) -> str:
    """Give a text composed and in a typewriter's characters; what `str.translate` does, in a fifth of its time."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        for mark in set(_TYPOGRAPHIC.findall(text)):
            text = text.replace(mark, _TYPOGRAPHY[mark])
    return text.replace("`", "'") if "`" in text else text


def _is_clock(block: str) -> bool:
    """Tell a line that says only what time it is, or how often it was read, from text."""
    if not 0 < len(block) <= _LONGEST_CLOCK or not any(map(str.isdigit, block)):
        return False
    words = _WORD.findall(block.lower())
    return all(word in clock_words() for word in words) if words else _TIME.fullmatch(block) is not None


def counted(article: Article) -> dict[str, str]:
    """The fields that make a reading distinct, in plain form, without the empty ones.

    Order of tags does not count, nor does the form of a date.
    """
    values = {
        "title": plain(article.title or ""),
        "lead": plain(article.lead or ""),
        "key_points": " | ".join(plain(point) for point in article.key_points),
        "body": plain(article.body),
        "category": plain(article.category or "").casefold(),
        "authors": " | ".join(plain(name) for name in article.authors),
        "tags": " | ".join(sorted(plain(tag).casefold() for tag in article.tags)),
        "date_published": utc(article.date_published) or "",
    }
    return {field: value for field, value in values.items() if value}


def content_hash(article: Article) -> bytes:
    """Sixteen bytes that are equal for readings that say the same.

    >>> a = Article(url="https://example.org/a", title="Two  words", body="One – two")
    >>> b = Article(url="https://example.org/b", title="Two words", body="One - two\\n\\n12:30")
    >>> content_hash(a) == content_hash(b)
    True
    """
    return hash_of(counted(article))


def hash_of(values: dict[str, str]) -> bytes:
    """Sixteen bytes of what `counted` gives; an absent field changes nothing, so that new fields make no revisions."""
    digest = hashlib.blake2b(digest_size=15)
    for field, value in sorted(values.items()):
        digest.update(f"{field}\0{value}\0".encode("utf-8", "surrogatepass"))
    return HASH_RULES + digest.digest()


def changed_fields(old: Article, new: Article) -> tuple[str, ...]:
    """The counted fields that two readings differ in, in the record's order."""
    before, after = counted(old), counted(new)
    return tuple(field for field in COUNTED if before.get(field) != after.get(field))


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC to the second; a naive time is taken as UTC.

    >>> from datetime import timedelta, timezone
    >>> utc(datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=3))))
    '2024-05-01T09:00:00Z'
    """
    if moment is None:
        return None
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:  # first and last days of the calendar
            moment = moment.replace(tzinfo=None)
    return moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def zone(moment: datetime | None) -> str | None:
    """The offset from UTC that a time carries, as +02:00; None for a naive one.

    >>> zone(datetime(2024, 5, 1, tzinfo=UTC)), zone(datetime(2024, 5, 1))
    ('+00:00', None)
    """
    if moment is None or moment.utcoffset() is None:
        return None
    return moment.isoformat()[-6:]


def shingles(text: str) -> frozenset[int]:
    """Hashes of runs of three words, for telling whether two texts are one."""
    words = text.casefold().split()
    return frozenset(hash(tuple(words[i : i + 3])) for i in range(max(1, len(words) - 2)))
