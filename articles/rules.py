"""Rules: what is special about one site's pages, given to the reader from outside."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from articles.page import Page

Rule = Callable[["Page"], Any]  # gives the field's value, or None to leave it to the generic reader


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """A site's own knowledge. All of it is optional; the generic reader does the rest.

    `fields` maps a record field to a function of the page (its `selector` is a parsel Selector on the tree
    that is already parsed). `key_point_labels` and `related_labels` add headings of such boxes, `card_labels` the words
    that a card shows before its category and date, `noise` whole lines that are never text; `title_suffix` is what
    the site hangs behind its titles.
    """

    fields: Mapping[str, Rule] = dataclasses.field(default_factory=dict)
    title_suffix: str | None = None
    site: str | None = None
    key_point_labels: frozenset[str] = frozenset()
    related_labels: frozenset[str] = frozenset()
    card_labels: Mapping[str, str] = dataclasses.field(default_factory=dict)  # label, casefolded -> "category" | "date"
    noise: frozenset[str] = frozenset()  # casefolded


NO_RULES = Rules()
