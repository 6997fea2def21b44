"""The page: bytes parsed once, and what every field reads from the one tree."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Mapping
from typing import Any

from lxml import etree
from parsel import Selector

from articles.blocks import Block
from articles.bylines import Bylines, Called, called, called_bylines
from articles.classifier import judge
from articles.encoding import decode
from articles.labels import table_for
from articles.landmarks import Landmarks, find_landmarks
from articles.limits import bounded, flattened, lean, short_tags
from articles.marks import Marks, gather, text_of
from articles.reading import Reading
from articles.record import Problem
from articles.rules import NO_RULES, Rules
from articles.site import site_names
from articles.structured import Structured, addresses, microdata, read_structured
from articles.walk import walk
from articles.walls import wall_sign

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
EMPTY = b"<html><body></body></html>"


class Page:
    """One parsed page. Everything is read from `tree`; nothing parses again.

    `claims` maps an element to (verdict, why): what a field has taken, so that the body leaves it alone. Verdicts are
    "title", "lead", "key_points", "related", "caption", "meta", "noise".
    """

    def __init__(self, html: bytes, url: str, encoding: str | None = None, rules: Rules = NO_RULES) -> None:
        self.url = url
        self.rules = rules
        self.problems: list[Problem] = []
        self.claims: dict[Any, tuple[str, str]] = {}
        self.applied = 0  # how many of the claims have reached the blocks
        self.readings: dict[str, Reading[Any]] = {}  # the fields that have been read so far, by the record's names
        self.headline = 0  # index of the block that is the headline, once the blocks are read
        self.groups: tuple[list[int], list[int]] = ([], [])  # numbers of the blocks' looks and containers, likewise
        self.pictures: dict[Any, str] = {}  # the pictures within the article's part of the page, with what names each
        self.body: list[Block] | None = None  # the blocks of the body, once it has been read
        cut = bounded(html)
        if cut is not html:
            self.problems.append(Problem("page", f"{len(html):,} bytes: read in part"))
        thin = lean(cut)
        decoded = decode(thin, encoding)
        self.encoding = decoded.encoding
        if decoded.problem:
            self.problems.append(Problem("encoding", decoded.problem))
        self._bytes = cut
        self.markup = decoded.utf8  # as UTF-8, without scripts, to ask whether an attribute stands anywhere
        self.tree: Any = parse(decoded.utf8)

    @functools.cached_property
    def utf8(self) -> bytes:
        """The page's bytes as UTF-8, to ask whether a word stands anywhere before looking for it in the tree."""
        if self.encoding in ("utf-8", "ascii"):
            return self._bytes
        return self._bytes.decode(self.encoding, "replace").encode("utf-8", "replace")

    @functools.cached_property
    def bylines(self) -> Bylines:
        """The elements that are called bylines."""
        return called_bylines(self)

    @functools.cached_property
    def called(self) -> Called:
        """The elements that their attributes call bylines or properties of items."""
        return called(self.tree)

    def claim(self, element: Any, verdict: str, why: str) -> None:
        """Take an element, and all beneath it, out of the body; the first claim stands."""
        self.claims.setdefault(element, (verdict, why))

    @functools.cached_property
    def selector(self) -> Selector:
        """A parsel Selector on the tree, for site rules."""
        return Selector(root=self.tree, type="html")

    @functools.cached_property
    def blocks(self) -> list[Block]:
        """The text blocks of the page in order, each with its probability of being body text."""
        blocks = walk(self.tree)
        odd = [text for block in blocks if not (text := block.text).isprintable()]
        if odd and CONTROL.search("".join(odd)):
            without_controls(self.tree)
            blocks = walk(self.tree)
        if blocks:
            self.groups = judge(self, blocks)
        return blocks

    @functools.cached_property
    def lower_words(self) -> frozenset[str]:
        """The words of the page's text that are written in lower case: what a name is not made of."""
        return frozenset(word for block in self.blocks for word in block.text.split() if word[0].islower())

    @functools.cached_property
    def labels(self) -> Mapping[str, int]:
        """Folded label -> its kinds (`articles.labels`), the site's own among them."""
        return table_for(self.rules)

    @functools.cached_property
    def landmarks(self) -> Landmarks:
        """The labels among the blocks, and where the article begins and ends."""
        return find_landmarks(self)

    @functools.cached_property
    def marks(self) -> Marks:
        """Titles, headings, times, links and scripts, gathered in one pass."""
        return gather(self.tree)

    @functools.cached_property
    def structured(self) -> Structured:
        """The JSON-LD of the page, and the one object that is about it."""
        return read_structured(self)

    @functools.cached_property
    def headings(self) -> list[tuple[Any, str]]:
        """The first headings of the two highest levels with their texts: h1, then h2."""
        nodes = (*self.marks.headings[:12], *self.marks.subheadings[:6])
        return [(node, text_of(node, 400)) for node in nodes]

    @functools.cached_property
    def wall(self) -> str:
        """What shows that the page stands in an article's place, "" where nothing does; for when the body is read."""
        return wall_sign(self)

    @functools.cached_property
    def site_names(self) -> frozenset[str]:
        """Names by which the site goes, folded to letters and digits."""
        return site_names(self)

    @functools.cached_property
    def addresses(self) -> set[str]:
        """Keys of the addresses by which the page knows itself."""
        return addresses(self)

    @functools.cached_property
    def microdata(self) -> dict[str, list[Any]]:
        """Elements of the article's microdata by itemprop."""
        return microdata(self)

    @functools.cached_property
    def meta(self) -> dict[str, list[str]]:
        """Values of the meta tags by lower-case name, property or itemprop, in page order."""
        found: dict[str, list[str]] = {}
        for node in self.marks.metas:
            attributes = dict(node.items())
            content = attributes.get("content") or attributes.get("value")
            if content:
                for key in ("property", "name", "itemprop", "http-equiv"):
                    if name := attributes.get(key):
                        found.setdefault(name.strip().lower(), []).append(content.strip())
        return found

    @property
    def json_ld(self) -> tuple[dict[str, Any], ...]:
        """The objects of the page's JSON-LD, flat, in page order."""
        return self.structured.nodes


def parse(utf8: bytes) -> Any:
    """The tree of a page; an empty document where there is none."""
    html = short_tags(utf8) or EMPTY
    parser = _parser()
    tree = _parse(html, parser)
    trouble = parser.error_log.last_error
    if trouble is not None and trouble.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:  # the parser stopped there
        tree = _parse(flattened(html), parser)
    if tree is None:
        return etree.fromstring(EMPTY, parser)
    for stray in list(tree.itersiblings("html")):  # a second <html> within the page stands beside the first one
        tree.append(stray)
    return tree


def _parser() -> Any:
    """The thread's parser; one of its own for each page would keep the page until the next collection of garbage."""
    parser = getattr(_own, "parser", None)
    if parser is None:
        parser = _own.parser = etree.HTMLParser(
            encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
        )
    return parser


_own = threading.local()


def without_controls(tree: Any) -> None:
    """Take the control characters out of a tree's text."""
    for element in tree.iter():
        if element.text:
            element.text = CONTROL.sub("", element.text)
        if element.tail:
            element.tail = CONTROL.sub("", element.tail)


def _parse(utf8: bytes, parser: Any) -> Any:
    try:
        return etree.fromstring(utf8, parser)
    except etree.XMLSyntaxError:  # nothing in it but spaces or comments
        return None


__all__ = ["Page", "parse"]
