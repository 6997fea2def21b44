"""pressmark repair: bring back what can be brought back."""

from __future__ import annotations

import dataclasses
from importlib.metadata import version
from pathlib import Path

import click

from crawler.cli import DONE, FAILED
from crawler.cli.archive import Bars, db_option, json_option, print_json
from crawler.due import after_visit
from crawler.reread import EXTRACTOR_VERSION, read
from storage.rebuild import By
from storage.repair import repair as repaired


@click.command()
@db_option
@json_option
def repair(db: Path, as_json: bool) -> int:
    """Mend an archive from its WARC files.

    A database that is gone or broken is made anew from them, read with today's reader; the old one is kept beside it.
    In a sound database, texts that do not fit their hashes are read again, records it does not know are taken in,
    indexes are rebuilt, and damaged WARC files are written anew without the damage (the old ones go to the folder
    "damaged").
    Ends with 1 where something is lost for good.

    \b
    Example: pressmark repair --db news.db
    """
    with Bars() as bars:
        result = repaired(db, By(read, EXTRACTOR_VERSION, version("pressmark"), after_visit), bars)
    if as_json:
        print_json(dataclasses.asdict(result))
    else:
        for line in result.done:
            click.echo(f"done: {line}")
        for line in result.lost:
            click.echo(f"lost: {line}")
        if not result.done and not result.lost:
            click.echo(f"{db} needs no repair.")
    return FAILED if result.lost else DONE
