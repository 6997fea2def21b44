"""The hook for what is kept up with the articles: the full-text index, the clusters of duplicates.

An indexer's functions run inside the writer's transaction, so that an index never differs from the articles.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from articles.record import Article

if TYPE_CHECKING:
    from storage.search.terms import Indexed


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What became of one article: `before` is None for a new one, `after` is None for one that was taken down.

    `row` is what the full-text index holds of `after`, where that was worked out before.
    """

    article_id: int
    public_id: str
    site_id: int
    before: Article | None
    after: Article | None
    row: Indexed | None = None


class Indexer(Protocol):
    """Something that follows the articles. `put` is called once a batch, after the articles' rows are written."""

    def put(self, db: sqlite3.Connection, changes: Sequence[Change]) -> None:
        """Follow changes, in their order; an article may come more than once. A taken-down one leaves no trace."""

    def settle(self, db: sqlite3.Connection) -> bool:
        """Take a step towards the form in which the index is smallest and fastest; True once it has it."""

    def forget(self) -> None:
        """Forget what a transaction wrote that was undone."""

    def rebuild(self, db: sqlite3.Connection) -> None:
        """Make everything anew from the articles' rows."""

    def check(self, db: sqlite3.Connection) -> list[str]:
        """Say in a line each what is wrong, nothing where all is well."""


def indexers() -> tuple[Indexer, ...]:
    """Give what follows the articles of an archive, new for each writer."""
    from storage.search.index import SearchIndex

    return (SearchIndex(),)
