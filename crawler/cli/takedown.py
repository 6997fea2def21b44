"""pressmark takedown: remove an article for good."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import click

from crawler.cli import USAGE, Trouble
from crawler.cli.archive import db_option, find, safe
from storage import Archive, open_archive
from storage.errors import NotFound
from storage.reading import load
from storage.takedown import sweep, take_down, vacuum


@click.command()
@click.argument("article", metavar="ID|URL")
@click.option("--reason", required=True, help="Why; kept with the tombstone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@db_option
def takedown(article: str, reason: str, yes: bool, db: Path) -> None:
    """Remove an article from every file of the archive: text, readings, pages, index.

    A tombstone with the reason is left, and its addresses are never fetched again. This cannot be undone. The WARC
    files with its pages are written anew and the database is vacuumed, which takes a while for a large archive.

    \b
    Example: pressmark takedown pm-nistlw4b2pqd --reason "court order 12/26" --db news.db
    """
    if not reason.strip():
        raise Trouble("give a reason: --reason TEXT.", USAGE)
    with open_archive(db) as archive:
        try:
            number = find(archive, article)
        except NotFound:
            _finish(archive, article)
            return
        if not yes:
            click.confirm(f"Remove {safe(load(archive.db, number).title)!r} for good?", abort=True)
        removed = take_down(archive, number, reason.strip(), version("pressmark"))
    click.echo(
        f"{removed.public_id} is taken down: {removed.snapshots} snapshots removed, {removed.url} is not fetched again."
    )


def _finish(archive: Archive, article: str) -> None:
    """An earlier takedown that could not empty the log, because others read it: do that now."""
    sql = "SELECT 1 FROM tombstones WHERE public_id = ?1 OR url = ?1"
    if archive.db.execute(sql, (article,)).fetchone() is None:
        raise NotFound(f"{archive.path} has no article {article!r}, and no tombstone of one.")
    sweep(archive)
    vacuum(archive)
    click.echo(f"{article} was taken down before; nothing of it is left.")
