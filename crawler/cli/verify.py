"""pressmark verify: whether the archive holds what it says."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from crawler.cli import ARCHIVE, DONE
from crawler.cli.archive import Bars, db_option, json_option, print_json
from storage import open_archive
from storage.connection import give_way
from storage.verify import verify as verified


@click.command()
@db_option
@json_option
def verify(db: Path, as_json: bool) -> int:
    """Check the whole archive and name what is wrong.

    Looks at the database's pages and references, the texts, the indexes, and every record of the WARC files.

    Ends with 3 where something is wrong; pressmark repair brings back what can be brought back.

    \b
    Example: pressmark verify --db news.db
    """
    give_way()
    with open_archive(db) as archive, Bars() as bars:
        faults = list(verified(archive, bars))
        counts = archive.db.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM snapshots)")
        articles, snapshots = counts.fetchone() if not faults else (None, None)
    if as_json:
        print_json({"sound": not faults, "faults": [dataclasses.asdict(fault) for fault in faults]})
    elif faults:
        for fault in faults:
            click.echo(str(fault))
        click.echo(f"{len(faults)} faults. Try: pressmark repair --db {db}", err=True)
    else:
        click.echo(f"{db} is sound: {articles} articles, {snapshots} snapshots.")
    return ARCHIVE if faults else DONE
