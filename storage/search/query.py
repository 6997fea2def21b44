"""The query language: words, "phrases", prefix*, -not, OR, (groups), field:value. A query is data, never FTS5 syntax.

Parsing gives a tree of plain values; what is wrong with a query is a `QueryError` that says what to write instead.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import date, timedelta

from storage.errors import ArchiveError

TEXT_FIELDS = {
    "title": "title",
    "lead": "lead",
    "points": "key_points",
    "key_points": "key_points",
    "body": "body",
    "text": "body",
}
FILTERS = {"site": "site", "category": "category", "author": "author", "tag": "tag", "lang": "lang", "language": "lang"}
DATES = ("after", "before", "on", "since", "until")
LONGEST = 2_000  # characters
MOST_WORDS = 64
DEEPEST = 20  # groups within groups


class QueryError(ArchiveError):
    """A query cannot be understood; the message says how to write it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """Words in a row, as typed: one word finds its inflections, a phrase is found as it stands."""

    text: str
    column: str | None = None
    phrase: bool = False
    prefix: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Filter:
    """What must be true of the article besides its text."""

    kind: str
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """All of `parts` ("and") or any of them ("or"), and none of `without`."""

    join: str
    parts: tuple[Node, ...]
    without: tuple[Node, ...] = ()


Node = Text | Filter | Group


@dataclasses.dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; `first` and `last` bound the day of publication, both included."""

    root: Group
    first: date | None = None
    last: date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # open, close, or, not, phrase, word
    text: str = ""
    field: str | None = None


_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<or>OR\b|\|)|(?P<not>NOT\b(?=\s|\()|[-−–](?=[^\s\-]))|(?P<and>AND\b(?=\s|\())
    |(?:(?P<field>[^\W\d]\w*):)?(?:["“”„«](?P<phrase>[^"“”«»]*)(?P<end>["“”»]|$)|(?P<word>[^\s()"“”„«»]+)))""",
    re.VERBOSE,
)


def parse(text: str) -> Query:
    """Parse a query.

    >>> parse("title:вибори -спорт").root
    Group(join='and', parts=(Text(text='вибори', column='title', phrase=False, prefix=False),), \
without=(Text(text='спорт', column=None, phrase=False, prefix=False),))
    >>> parse("rain after:2024-03").first
    datetime.date(2024, 3, 1)

    Raises:
        QueryError: if the query is empty, too long, or not well formed
    """
    if len(text) > LONGEST:
        raise QueryError(f"the query is longer than {LONGEST} characters; search for fewer words.")
    tokens = _tokens(text)
    if not tokens:
        raise QueryError('the query is empty; try a word, a "phrase", or title:word.')
    parser = _Parser(tokens)
    root = parser.group(0)
    return Query(root, parser.first, parser.last)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise QueryError(f"cannot read the query from {text[position : position + 20]!r} on; put it in quotes.")
        position = match.end()
        if (token := _token(match)) is not None:
            found.append(token)
    if len(found) > MOST_WORDS:
        raise QueryError(f"the query has more than {MOST_WORDS} words; search for fewer.")
    return found


def _token(match: re.Match[str]) -> _Token | None:
    if match["and"]:
        return None  # words are joined by AND anyhow
    for kind in ("open", "close", "or", "not"):
        if match[kind]:
            return _Token(kind)
    field = match["field"]
    if match["phrase"] is not None:
        if not match["end"]:
            raise QueryError(f'a quotation mark is missing after "{match["phrase"][:30]}; close the phrase with ".')
        return _Token("phrase", match["phrase"], field and field.lower())
    return _Token("word", match["word"], field and field.lower())


class _Parser:
    """Recursive descent over the tokens; dates are gathered as they are met."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.first: date | None = None
        self.last: date | None = None

    def peek(self) -> str:
        return self.tokens[self.position].kind if self.position < len(self.tokens) else "end"

    def take(self) -> _Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def group(self, depth: int) -> Group:
        """alternatives = all ("OR" all)*; ends at a closing bracket inside one, at the end outside."""
        if depth > DEEPEST:
            raise QueryError(f"brackets stand more than {DEEPEST} deep; write the query with fewer.")
        choices = [self.all(depth, single=False)]
        while self.peek() == "or":
            self.take()
            choices.append(self.all(depth, single=True))
        if self.peek() == "close" and depth == 0:
            raise QueryError("a closing bracket has no opening one; add ( or remove ).")
        if len(choices) == 1:
            return choices[0]
        return Group("or", tuple(choices))

    def all(self, depth: int, *, single: bool) -> Group:
        """All the terms up to an OR, a closing bracket or the end."""
        parts: list[Node] = []
        without: list[Node] = []
        seen = self.position
        while self.peek() not in ("or", "close", "end"):
            negated = self.negations()
            node = self.term(depth, negated=negated)
            if node is not None:
                (without if negated else parts).append(node)
        if self.position == seen:
            raise QueryError("OR needs a word on both sides." if single or self.peek() == "or" else "() is empty.")
        if self.peek() == "or" or single:
            self.refuse_dates_in_or(parts, without)
        return Group("and", tuple(parts), tuple(without))

    def refuse_dates_in_or(self, parts: list[Node], without: list[Node]) -> None:
        if not parts and not without:
            raise QueryError("a date cannot stand beside OR; put it before the query: after:2024 (a OR b).")

    def negations(self) -> bool:
        negated = False
        while self.peek() == "not":
            self.take()
            negated = not negated
        if negated and self.peek() in ("or", "close", "end"):
            raise QueryError("NOT (or -) needs a word after it.")
        return negated

    def term(self, depth: int, *, negated: bool) -> Node | None:
        token = self.take()
        if token.kind == "open":
            inner = self.group(depth + 1)
            if self.peek() != "close":
                raise QueryError("a closing bracket is missing; add ).")
            self.take()
            return inner
        if token.field in DATES:
            if negated or depth:
                raise QueryError(f"{token.field}: bounds the whole query; write it outside of brackets, without NOT.")
            self.bound(token.field, token.text)
            return None
        return _node(token)

    def bound(self, field: str, text: str) -> None:
        start, end = days(text)
        if field in ("after", "since", "on"):
            self.first = max(self.first or start, start)
        if field == "before":
            self.last = min(self.last or date.max, date.fromordinal(max(1, start.toordinal() - 1)))
        if field in ("until", "on"):
            self.last = min(self.last or end, end)


def _node(token: _Token) -> Node | None:
    if token.field is None and token.text.endswith(":") and token.text[:-1].lower() in {*TEXT_FIELDS, *FILTERS, *DATES}:
        raise QueryError(f"{token.text} needs its value right behind the colon, without a space.")
    if token.field in FILTERS:
        if not token.text.strip():
            raise QueryError(f'{token.field}: needs a value; write {token.field}:word or {token.field}:"two words".')
        return Filter(FILTERS[token.field], token.text)
    column = TEXT_FIELDS.get(token.field) if token.field else None
    text = token.text
    if token.field and column is None:
        text = f"{token.field} {token.text}"  # "Live: the vote" or 12:30 is text, not a field
    prefix = token.kind == "word" and text.endswith("*")
    phrase = token.kind == "phrase" or (token.field is not None and column is None)
    return Text(text.rstrip("*"), column, phrase, prefix)


def days(text: str) -> tuple[date, date]:
    """First and last day of a year, month or day.

    >>> days("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))

    Raises:
        QueryError: if it is none of them
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        start = date(year, month or 1, day or 1)
        if day:
            return start, start
        later = date(year + 1, 1, 1) if not month or month == 12 else date(year, month + 1, 1)
    except ValueError:
        raise QueryError(f"{text!r} is not a date; write 2024, 2024-03 or 2024-03-17.") from None
    return start, later - timedelta(days=1)
