"""pressmark export: articles as files for other programs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crawler.cli import FAILED, USAGE, Trouble
from crawler.cli.archive import Bars, db_option
from storage import Archive, open_archive
from storage.connection import give_way
from storage.export import ENDINGS, FORMATS, STREAMS, ExportError, MissingExtra, Selection, SelectionError
from storage.export import export as write
from storage.search.query import QueryError

HELP = """Write articles to TARGET: a file, a folder, or - for standard output (CSV, JSON Lines, JSON-LD).

    The format is told by the ending (.csv .jsonl .jsonld .parquet) or by --format. Formats text (a file per article,
    with a table beside them) and datapackage (Frictionless) make a folder. docs/research.md describes each.

    \b
    Example: pressmark export vote.csv --query 'вибори OR election' --since 2024-01-01
    Example: pressmark export corpus --format text --where "language = 'uk' AND words > 100"
    Example: pressmark export - --format jsonl --site example.org | gzip > example.jsonl.gz
    """
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(help=HELP)
@click.argument("target")
@db_option
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="Format, where the ending does not tell.")
@click.option("--query", help="Only what this search finds.")
@click.option("--site", help="Only this site, by its key.")
@click.option("--since", type=_DAY, help="Published on this day or later.")
@click.option("--until", type=_DAY, help="Published on this day or earlier.")
@click.option("--where", metavar="SQL", help="Only where this condition on columns of articles_flat is true.")
@click.option("--quiet", is_flag=True, help="Say nothing.")
def export(target: str, db: Path, form: str | None, quiet: bool, **given: Any) -> int:
    chosen = _form(target, form)
    days = {name: _day(given[name]) for name in ("since", "until")}
    selection = Selection(given["query"], given["site"], where=given["where"], **days)
    give_way()
    with open_archive(db, readonly=True) as archive:
        try:
            number = _write(archive, selection, target, chosen)
        except (QueryError, SelectionError) as error:
            raise Trouble(str(error), USAGE) from error
        except (ExportError, MissingExtra) as error:
            raise Trouble(str(error), FAILED) from error
    if not quiet:
        click.echo(f"{number:,} articles written to {target}" if number else "no article fulfils this", err=True)
    return 0 if number else FAILED


def _write(archive: Archive, selection: Selection, target: str, form: str) -> int:
    ids = selection.ids(archive.db)
    if not ids:
        return 0
    with Bars() as bars:
        done = 0

        def tick() -> None:
            nonlocal done
            done += 1
            if done % 20 == 0 or done == len(ids):
                bars("articles", done, len(ids))

        if target == "-":
            STREAMS[form](archive.db, ids, sys.stdout, tick)
        else:
            write(archive.db, ids, Path(target), form, tick)
    return len(ids)


def _form(target: str, form: str | None) -> str:
    chosen = form or ENDINGS.get(Path(target).suffix.lower())
    if chosen is None:
        raise Trouble(f"the format of {target!r} is not told; add --format ({', '.join(FORMATS)}).", USAGE)
    if target == "-" and chosen not in STREAMS:
        raise Trouble(f"{chosen} cannot go to standard output; name a file or folder.", USAGE)
    return chosen


def _day(moment: datetime | None) -> Any:
    return moment.date() if moment else None
