"""pressmark search: find articles."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from crawler.cli import USAGE, Trouble
from crawler.cli.archive import db_option, json_option, print_json, safe
from storage import open_archive
from storage.search.engine import Hit, Results, Searcher
from storage.search.facets import facets
from storage.search.query import Filter, Group, Query, QueryError, parse

HELP = """Find articles. WORDS are found in all their inflections; docs/search.md tells the whole language.

    \b
    Україна                    the word, also as України, Україною
    "rain in the east"         a phrase, exactly
    elect*                     words that begin so
    storm -coast               without a word (also: NOT coast)
    flood OR (storm coast)     either
    title:storm  lead: points: body:                          in one field
    site:example.org  category:world  author:doe  tag:x  lang:uk
    after:2024-03  before:2024-04-15  on:2024-03-17           days of publication, UTC

    \b
    Example: pressmark search Україна title:вибори --since 2024-01-01 --by date
    Example: pressmark search --json '"power cut" -weather' | jq .hits[].url
    """
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    help=HELP,
    context_settings={
        "ignore_unknown_options": True,
        "help_option_names": ["--help"],
    },  # -word is a part of the query, so is -hail
)
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED)
@db_option
@click.option("--by", type=click.Choice(["rank", "date"]), default="rank", show_default=True, help="Order.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Articles to show.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Articles to pass over.")
@click.option("--site", help="Only this site.")
@click.option("--category", help="Only this section.")
@click.option("--lang", help="Only this language.")
@click.option("--since", type=_DAY, help="Published on this day or later.")
@click.option("--until", type=_DAY, help="Published on this day or earlier.")
@click.option("--exact", is_flag=True, help="Rank all matches, however long it takes.")
@click.option("--facets", "with_facets", is_flag=True, help="Count the matches by site, section and month.")
@json_option
def search(words: tuple[str, ...], db: Path, as_json: bool, with_facets: bool, **given: Any) -> int:
    with open_archive(db, readonly=True) as archive:
        try:
            results = Searcher(archive.db).search(_query(words, given), **_how(given))
        except QueryError as error:
            raise Trouble(str(error), USAGE) from error
        counted = facets(archive.db, results.ids) if with_facets else None
    if as_json:
        print_json(_as_dict(results) | ({"facets": counted} if counted else {}))
    else:
        console = Console(highlight=False)
        console.soft_wrap = not console.is_terminal  # lines of a pipe are whole
        _print(console, results, counted)
    return 0 if results.hits else 1


def _how(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("by", "limit", "offset", "exact")}


def _query(words: tuple[str, ...], given: dict[str, Any]) -> Query:
    """The query of the words, narrowed by the options."""
    query = parse(" ".join(words))
    kinds = [(kind, given[kind]) for kind in ("site", "category", "lang") if given[kind]]
    root = Group("and", (query.root, *(Filter(kind, value) for kind, value in kinds)))
    since, until = _day(given["since"]), _day(given["until"])
    first = max(filter(None, (query.first, since)), default=None)
    last = min(filter(None, (query.last, until)), default=None)
    return dataclasses.replace(query, root=root, first=first, last=last)


def _day(moment: datetime | None) -> Any:
    return moment.date() if moment else None


def _as_dict(results: Results) -> dict[str, Any]:
    return {
        "total": results.total,
        "total_is_estimate": results.total_is_estimate,
        "approximate": results.approximate,
        "seconds": round(results.seconds, 4),
        "hits": [hit.to_dict() for hit in results.hits],
    }


def _print(console: Console, results: Results, counted: dict[str, list[tuple[str, int]]] | None) -> None:
    for hit in results.hits:
        _print_hit(console, hit)
    about = "about " if results.total_is_estimate else ""
    number = f"{about}{results.total:,} article{'s' * (results.total != 1)}"
    console.print(Text(f"{number}, {results.seconds * 1000:.0f} ms", style="dim"))
    if results.approximate:
        console.print(Text(f"approximate: {results.approximate} (--exact)", style="yellow"))
    for kind, values in (counted or {}).items():
        if not values:
            continue
        shown = ", ".join(f"{safe(value)} {count:,}" for value, count in values[:12])
        console.print(Text(f"{kind:<9}", style="dim").append(shown, style="default"))


def _print_hit(console: Console, hit: Hit) -> None:
    title = Text()
    for piece in hit.title:
        title.append(safe(piece.text), style="bold yellow" if piece.found else "bold")
    console.print(title)
    where = "  ".join(filter(None, (hit.public_id, (hit.date_published or "undated")[:10], hit.site, hit.category)))
    console.print(Text(safe(where), style="cyan"))
    console.print(Text(safe(hit.url), style="dim"), soft_wrap=True)
    text = Text()
    for piece in hit.snippet:
        text.append(safe(piece.text), style="yellow" if piece.found else "")
    console.print(text)
    console.print()
