"""Labels: the headings and small words that news sites put on their boxes and cards, in many languages.

One text file a language, its sections the kinds below; docs/labels.md tells how to add one. All languages are one
table: pages quote each other's words, declare wrong languages, and mix two.
"""

from __future__ import annotations

import functools
import re
from importlib import resources

from articles.rules import Rules

KEY_POINTS, SUMMARY, RELATED, OTHER, TAGS, CATEGORY, DATE, HOME, BUTTON = (1 << bit for bit in range(9))
SECTIONS = {
    "key points": KEY_POINTS,  # heads the points of the article
    "summary": SUMMARY,  # heads them, or a paragraph, or a chapter of the text: believed only over a list
    "related": RELATED,  # heads articles on the subject, within the text or after it
    "other lists": OTHER,  # heads a box that has nothing of this article: most read, latest, comments
    "tags": TAGS,
    "category": CATEGORY,  # stands before a section's name
    "date": DATE,  # stands before a date
    "home": HOME,  # the crumbs of a breadcrumb that are no section
    "buttons": BUTTON,  # what is pressed, never text
}
BOXES = KEY_POINTS | SUMMARY | RELATED | TAGS
STEMS = "related stems"  # section of beginnings of words: a heading with such a word heads related articles
CARD_KINDS = {"category": CATEGORY, "date": DATE}  # the words of `Rules.card_labels`
LONGEST = 60  # characters of a label
EDGES = (
    " \t\n:：.…,;·•|–—-‐―_~*#+/\\\"'“”„‘’«»‹›<>[]()!?？！\u200b\u200e\u200f\ufe0f"
    "■□◆◇●○▶►▼▲▸▹▻→⇒➔➜➤✓✔★☆⚡🔑📌📝💡👉🗝❗ℹ「」『』【】《》〈〉（）"
)
_parting = re.compile(r"\s*[|–—:：/·•]\s*|\s+-\s+")
_SAME = (
    ("’", "'"),
    ("ʼ", "'"),
    ("‘", "'"),
    ("`", "'"),
    ("ё", "е"),
    ("\u00a0", " "),
    ("\u200c", ""),
    ("أ", "ا"),
    ("إ", "ا"),
)


def fold(text: str) -> str:
    """A label for comparing: no case, no bullets, quotes or colons around it.

    >>> fold("⚡ Key points: ") == fold("KEY POINTS")
    True
    """
    text = text.strip(EDGES).casefold()
    return text if text.isascii() else same(text)


def same(text: str) -> str:
    """A folded text with one character for those that are written in two ways."""
    for one, other in _SAME:  # str.translate costs ten times as much
        if one in text:
            text = text.replace(one, other)
    return text


@functools.cache
def table() -> dict[str, int]:
    """Folded label -> its kinds."""
    found: dict[str, int] = {}
    for text in _files():
        for label, kind in parse(text):
            if kind:
                found[label] = found.get(label, 0) | kind
    return found


@functools.cache
def stems() -> tuple[str, ...]:
    """What the words begin with that make a heading one of related articles; alphabets with a space before."""
    found = {label for text in _files() for label, kind in parse(text) if not kind}
    return tuple(stem if _unspaced(stem) else f" {stem}" for stem in sorted(found))


@functools.cache
def _related_heads() -> frozenset[str]:
    """The first words of the labels of related articles that have several."""
    return frozenset(label.split()[0] for label, kind in table().items() if kind & RELATED and " " in label)


@functools.cache
def _stems_by_start() -> dict[str, list[str]]:
    """The stems by the first letters of their first word; those of scripts without spaces under ""."""
    found: dict[str, list[str]] = {}
    for stem in stems():
        found.setdefault(stem.split()[0][:3] if stem[0] == " " else "", []).append(stem)
    return found


def _unspaced(word: str) -> bool:
    """Whether a word is of a script that parts no words: Thai, Chinese, Japanese, Korean."""
    return any("\u0e00" <= character <= "\u0e7f" or "\u3040" <= character <= "\ud7af" for character in word)


def _files() -> list[str]:
    folder = resources.files(__name__)
    return [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".txt")]


def table_for(rules: Rules) -> dict[str, int]:
    """The table with a site's own labels in it."""
    own = [(label, KEY_POINTS) for label in rules.key_point_labels]
    own += [(label, RELATED) for label in rules.related_labels]
    own += [(label, CARD_KINDS[kind]) for label, kind in rules.card_labels.items() if kind in CARD_KINDS]
    own += [(label, BUTTON) for label in rules.noise]
    return table() | {fold(label): kind for label, kind in own} if own else table()


def parse(text: str) -> list[tuple[str, int]]:
    """Read one language's file: (folded label, kind) of each line, 0 for stems. Raises ValueError: unknown section.

    >>> parse("# English\\n[related]\\nRead also\\n") == [("read also", RELATED)]
    True
    """
    kind, found = 0, []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            if line[1:-1] not in SECTIONS and line[1:-1] != STEMS:
                raise ValueError(f"unknown section {line}")
            kind = SECTIONS.get(line[1:-1], 0)
        elif line and not line.startswith("#"):
            found.append((fold(line), kind))
    return found


@functools.lru_cache(16_384)  # a site's headings and menus stand on each of its pages
def kinds(text: str) -> int:
    """What a short text is as a label: bits of its kinds, 0 for none.

    >>> kinds("Головні тези") == KEY_POINTS and kinds("A storm is coming") == 0
    True
    """
    return table().get(fold(text), 0) if len(text) <= LONGEST else 0


@functools.lru_cache(4096)
def heading_kinds(text: str) -> int:
    """As `kinds`, for a text that is known to be a heading: one part of it may be the label.

    >>> bool(heading_kinds("TL;DR – Key takeaways") & KEY_POINTS), bool(heading_kinds("Key takeaways: the budget"))
    (True, True)
    """
    if len(text) > LONGEST:
        return 0
    folded = fold(text)
    if whole := table().get(folded, 0):
        return whole
    found = 0
    if _parting.search(text):
        parts = [part for part in _parting.split(text) if part]
        found = next((found for part in parts if (found := kinds(part) & BOXES)), 0) if len(parts) > 1 else 0
    return found or _related_kind(folded)


def _related_kind(folded: str) -> int:
    """RELATED for a heading that begins with such a label ("more on the election") or has such a word in it."""
    words = folded.split()
    known = table()
    if (
        words
        and words[0] in _related_heads()
        and any(known.get(" ".join(words[:count]), 0) & RELATED for count in (4, 3, 2) if count < len(words))
    ):
        return RELATED
    if len(words) > 6:
        return 0
    spaced, starts = f" {folded}", _stems_by_start()
    for start in {word[:3] for word in words} if folded.isascii() else {"", *(word[:3] for word in words)}:
        if start in starts and any(stem in spaced for stem in starts[start]):
            return 0 if any(known.get(word, 0) & TAGS for word in words) else RELATED
    return 0
