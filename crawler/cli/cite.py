"""pressmark cite: how to cite an article of the archive."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.cli.archive import db_option, safe
from storage import open_archive
from storage.cite import STYLES, source


@click.command()
@click.argument("articles", metavar="ID|URL...", nargs=-1, required=True)
@db_option
@click.option(
    "--format",
    "style",
    type=click.Choice(list(STYLES)),
    default="bibtex",
    show_default=True,
    help="BibTeX, RIS or CSL.",
)
def cite(articles: tuple[str, ...], db: Path, style: str) -> None:
    """Print citations, with the time of the snapshot that was read and its SHA-256 digest.

    \b
    Example: pressmark cite pm-nistlw4b2pqd --format ris >> thesis.ris
    """
    with open_archive(db, readonly=True) as archive:
        for name in articles:
            text = STYLES[style](source(archive.db, archive.find(name)))
            click.echo("\n".join(safe(line) for line in text.splitlines()))
