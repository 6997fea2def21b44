"""SQL functions, so that any SQL on the archive searches as `pressmark search` does.

SELECT title FROM articles WHERE id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH pressmark_match('...'))
SELECT pressmark_snippet(body, language, 'Україна') FROM articles
SELECT pressmark_fold('П’ять')
"""

from __future__ import annotations

import functools
import sqlite3

from storage.search.fold import folded
from storage.search.match import HIGHEST, LOWEST, Compiler, Match
from storage.search.query import QueryError, parse
from storage.search.snippets import snippet

_NOTHING = '"qnothing"'


def register(db: sqlite3.Connection, *, strict: bool = True) -> None:
    """Give a connection the functions; without `strict`, a bad query finds nothing instead of being an error."""
    compiled = functools.lru_cache(256)(lambda query: Compiler(db).compile(parse(query)))

    def match(query: str | None) -> str:
        try:
            return _expression(compiled(query or ""))
        except QueryError:
            if strict:
                raise
            return _NOTHING

    def shown(text: str | None, language: str | None, query: str | None) -> str:
        found = snippet((text,), language, compiled(query or "").marked)
        return "".join(f"«{piece.text}»" if piece.found else piece.text for piece in found)

    db.create_function("pressmark_match", 1, match)
    db.create_function("pressmark_snippet", 3, shown)
    db.create_function("pressmark_fold", 1, lambda text: " ".join(folded(text or "")), deterministic=True)


def _expression(match: Match) -> str:
    if (match.lowest, match.highest) != (LOWEST, HIGHEST):
        raise QueryError("dates cannot stand in pressmark_match; compare date_published in the SQL instead.")
    return match.expression() or _NOTHING
