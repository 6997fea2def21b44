"""From a parsed query to FTS5: every word quoted, filters as q-words, dates as ranges of article numbers."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from collections.abc import Collection, Iterator

from storage.search.fold import folded, surface_words, tidy
from storage.search.ids import first_id, last_id
from storage.search.lemmas import lemma_language, query_lemmas
from storage.search.query import Filter, Group, Node, Query, QueryError, Text
from storage.search.terms import EVERY, TITLE, language_word, site_word

LOWEST, HIGHEST = -(2**62), 2**62
SHORTEST_PREFIX = 3  # letters; shorter ones stand for too many words
_TEXT_COLUMNS = "{title lead key_points body}"
_MOST_LANGUAGES = 4  # whose dictionaries are read for one query
_CYRILLIC = frozenset(("uk", "ru", "be", "bg", "mk", "sr", "kk", "ky", "tg", "mn"))
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")


@dataclasses.dataclass(frozen=True, slots=True)
class Leaf:
    """One condition as FTS5 writes it; `probes` are the words that have to be looked up for it, one by one."""

    expression: str
    probes: tuple[str, ...]
    filter: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Branch:
    """All or any of `parts`, and none of `without`."""

    join: str
    parts: tuple[Tree, ...]
    without: tuple[Tree, ...] = ()


Tree = Leaf | Branch


@dataclasses.dataclass(frozen=True, slots=True)
class Marked:
    """What a snippet shows as found: folded words, folded beginnings of words, and phrases."""

    words: frozenset[str]
    prefixes: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """A query ready to be run."""

    tree: Branch
    lowest: int
    highest: int
    marked: Marked

    def expression(self, dropped: Collection[Leaf] = ()) -> str | None:
        """The query in FTS5's syntax, without the dropped conditions; None where nothing else is asked."""
        return render(self.tree, dropped)

    def leaves(self) -> list[Leaf]:
        """The conditions that must or may be true, not those of NOT."""
        return list(dict.fromkeys(_positive(self.tree)))


class Compiler:
    """Turns queries into matches for one archive: knows its sites and its languages."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.languages: tuple[str, ...] = ()
        self.words: dict[str, None] = {}
        self.prefixes: dict[str, None] = {}
        self.phrases: dict[tuple[str, ...], None] = {}

    def compile(self, query: Query) -> Match:
        """Give the match of a query; raises `QueryError` for an unknown site and for words without letters."""
        self.languages = self._asked(query.root) or self._present()
        tree = self._group(query.root)
        if tree is None or not isinstance(tree, Branch):
            raise QueryError("the query has no letters or digits to look for; add a word.")
        lowest = first_id(query.first) if query.first else LOWEST
        highest = last_id(query.last) if query.last else HIGHEST
        if lowest > highest:
            raise QueryError("the dates leave no day between them; put the earlier one behind after:.")
        marked = Marked(frozenset(self.words), tuple(self.prefixes), tuple(self.phrases))
        return Match(tree, lowest, highest, marked)

    def _group(self, group: Group) -> Tree | None:
        if group.join == "or":
            choices = [tree for part in group.parts if (tree := self._tree(part)) is not None]
            return Branch("or", tuple(choices)) if choices else None
        parts = [tree for part in group.parts if (tree := self._tree(part)) is not None]
        if group.parts and not parts:
            return None
        shown = (self.words.copy(), self.prefixes.copy(), self.phrases.copy())
        without = [tree for part in group.without if (tree := self._tree(part)) is not None]
        self.words, self.prefixes, self.phrases = shown
        return Branch("and", tuple(parts or [_leaf(EVERY, filtering=True)]), tuple(without))

    def _tree(self, node: Node) -> Tree | None:
        if isinstance(node, Group):
            return self._group(node)
        if isinstance(node, Filter):
            return self._filter(node)
        words = folded(node.text)
        if not words:
            return None
        if node.phrase or node.prefix or len(words) > 1:
            return self._phrase(node, words)
        return self._word(node, words[0])

    def _phrase(self, node: Text, words: list[str]) -> Leaf:
        if node.prefix:
            if len(words[-1]) < SHORTEST_PREFIX:
                raise QueryError(f"{words[-1]}* stands for too many words; give {SHORTEST_PREFIX} letters or more.")
            self.prefixes[words[-1]] = None
            self.words.update(dict.fromkeys(words[:-1]))
        elif len(words) > 1:
            self.phrases[tuple(words)] = None
        else:
            self.words[words[0]] = None
        columns = f"{{{node.column}}}" if node.column else _TEXT_COLUMNS
        expression = f"{columns} : {_quoted(' '.join(words))}{' *' if node.prefix else ''}"
        probed = words[:-1] if node.prefix else words
        return Leaf(f"({expression})", tuple(map(_quoted, probed)) or (expression,))

    def _word(self, node: Text, word: str) -> Leaf:
        surface = surface_words(tidy(node.text))[0]
        lemmas = query_lemmas(surface, _of_script(word, self.languages))
        self.words.update(dict.fromkeys((word, *lemmas)))
        known = [_quoted(form) for form in (word, *lemmas)]
        headline = [f"search_terms : {_quoted(TITLE + form)}" for form in (word, *lemmas)]
        probe = (f"({' OR '.join(known)})",)
        if node.column is None:
            return Leaf(f"({' OR '.join((*known, *headline))})", probe)
        if node.column == "title":
            return Leaf(f"({' OR '.join((f'{{title}} : {known[0]}', *headline))})", probe)
        beside = [f"search_terms : {form}" for form in known]
        return Leaf(f"({' OR '.join((f'{{{node.column}}} : {known[0]}', *beside))})", probe)

    def _filter(self, node: Filter) -> Tree | None:
        if node.kind == "site":
            return Branch("or", tuple(_leaf(site_word(number), filtering=True) for number in self._sites(node.value)))
        if node.kind == "lang":
            return _leaf(language_word(node.value), filtering=True)
        letter = {"category": "qc", "author": "qa", "tag": "qt"}[node.kind]
        words = folded(node.value)
        return Branch("and", tuple(_leaf(letter + word, filtering=True) for word in words)) if words else None

    def _sites(self, value: str) -> list[int]:
        """Sites by key, by name, or by the end of the key: example.org finds www.example.org."""
        sql = "SELECT id, key, name FROM sites"
        wanted = value.lower().removeprefix("https://").removeprefix("http://").rstrip("/")
        sites = self.db.execute(sql).fetchall()
        exact = [number for number, key, name in sites if wanted in (key.lower(), (name or "").lower())]
        found = exact or [number for number, key, _ in sites if key.lower().endswith("." + wanted)]
        if not found:
            some = ", ".join(sorted(key for _, key, _ in sites)[:5]) or "none yet"
            raise QueryError(f"no site {value!r} in this archive; its sites are {some}{' ...' * (len(sites) > 5)}.")
        return found

    def _asked(self, group: Group) -> tuple[str, ...]:
        """The languages that the query names itself."""
        named = [lemma_language(part.value) for part in group.parts if isinstance(part, Filter) and part.kind == "lang"]
        return tuple(language for language in named if language)

    def _present(self) -> tuple[str, ...]:
        """The archive's languages, the commonest first."""
        sql = "SELECT value FROM facet_counts WHERE kind = 'language' ORDER BY articles DESC"
        named = (lemma_language(value) for (value,) in self.db.execute(sql))
        return tuple(dict.fromkeys(language for language in named if language))


def render(tree: Tree, dropped: Collection[Leaf] = ()) -> str | None:
    """Write a tree in FTS5's syntax.

    >>> render(Branch("and", (Leaf('"a"', ()), Leaf('"b"', ())), (Leaf('"c"', ()),)))
    '(("a" AND "b") NOT "c")'
    """
    if isinstance(tree, Leaf):
        return None if tree in dropped else tree.expression
    parts = [text for part in tree.parts if (text := render(part, dropped)) is not None]
    if not parts:
        return None
    joined = parts[0] if len(parts) == 1 else f"({f' {tree.join.upper()} '.join(parts)})"
    for part in tree.without:
        if (text := render(part)) is not None:
            joined = f"({joined} NOT {text})"
    return joined


def _positive(tree: Tree) -> Iterator[Leaf]:
    if isinstance(tree, Leaf):
        yield tree
        return
    for part in tree.parts:
        yield from _positive(part)


def _leaf(word: str, *, filtering: bool) -> Leaf:
    expression = f"search_terms : {_quoted(word)}"
    return Leaf(f"({expression})", (expression,), filtering)


def _quoted(words: str) -> str:
    """A string of FTS5: what stands in it is never syntax.

    >>> print(_quoted('say "hi" twice'))
    "say ""hi"" twice"
    """
    return '"' + words.replace('"', '""') + '"'


def _of_script(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    cyrillic = bool(_CYRILLIC_LETTER.search(word))
    return tuple(language for language in languages if (language in _CYRILLIC) == cyrillic)[:_MOST_LANGUAGES]
