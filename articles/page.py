"""The page: bytes parsed once, and what every field reads from the one tree."""

from __future__ import annotations

import functools
from typing import Any

import lxml.html
from lxml import etree
from parsel import Selector

from articles.rules import NO_RULES, Rules


class Page:
    """One parsed page. Everything is read from `tree`; nothing parses again."""

    def __init__(self, html: bytes, url: str, encoding: str | None = None, rules: Rules = NO_RULES) -> None:
        self.url = url
        self.rules = rules
        parser = lxml.html.HTMLParser(encoding=encoding, huge_tree=True)
        self.tree: Any = lxml.html.document_fromstring(html or b"<html></html>", parser=parser)

    @functools.cached_property
    def selector(self) -> Selector:
        """A parsel Selector on the tree, for site rules."""
        return Selector(root=self.tree, type="html")

    @functools.cached_property
    def meta(self) -> dict[str, list[str]]:
        """Values of the meta tags by lower-case name, property or itemprop, in page order."""
        found: dict[str, list[str]] = {}
        for node in self.tree.iter("meta"):
            content = node.get("content")
            if content:
                for key in ("property", "name", "itemprop", "http-equiv"):
                    name = node.get(key)
                    if name:
                        found.setdefault(name.strip().lower(), []).append(content.strip())
        return found


__all__ = ["Page", "etree"]
