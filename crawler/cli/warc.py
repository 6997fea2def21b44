"""pressmark warc: the WARC files, or a selection of pages packed to be replayed."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import click

from crawler.cli import INPUT, USAGE, Trouble
from crawler.cli.archive import Bars, db_option, find
from storage import Archive, open_archive
from storage.connection import DatabaseError
from storage.wacz import shots, write_wacz


@click.command()
@click.argument("articles", nargs=-1, metavar="[ID|URL]...")
@click.option("--wacz", type=click.Path(path_type=Path, dir_okay=False), help="Pack the pages in this WACZ file.")
@click.option("--site", help="All articles of a site.")
@click.option("--where", metavar="SQL", help="Articles that meet a condition on the columns of articles_flat.")
@db_option
def warc(articles: tuple[str, ...], wacz: Path | None, site: str | None, where: str | None, db: Path) -> None:
    """Name the WARC files of an archive, or pack the pages of articles as a WACZ file.

    A WACZ file replays in a browser, with ReplayWeb.page for example. It has the pages of all revisions of the articles
    that are named, chosen by --site or --where; without any of these, of all articles.

    \b
    Example: pressmark warc --db news.db
    Example: pressmark warc --wacz storm.wacz --where "title LIKE '%storm%'" --db news.db
    """
    with open_archive(db, readonly=True) as archive:
        if wacz is None:
            if articles or site or where:
                raise Trouble("say where the pages go: --wacz FILE.", USAGE)
            for filename, length in archive.db.execute("SELECT filename, length FROM warcs ORDER BY id"):
                click.echo(f"{archive.folder / filename}\t{length}")
            return
        chosen = shots(archive, _numbers(archive, articles, site, where))
        try:
            with Bars() as bars:
                count = write_wacz(archive, chosen, wacz, f"Pressmark {version('pressmark')}", bars)
        except OSError as error:
            raise Trouble(f"{wacz} cannot be written: {error.strerror}.", INPUT) from error
    click.echo(f"{wacz}: {count} pages, {wacz.stat().st_size} bytes")


def _numbers(archive: Archive, articles: tuple[str, ...], site: str | None, where: str | None) -> list[int]:
    if articles:
        return [find(archive, name) for name in articles]
    sql = f"SELECT id FROM articles_flat WHERE (? IS NULL OR site = ?) AND ({where or '1'}) ORDER BY id"
    try:
        return [row[0] for row in archive.db.execute(sql, (site, site))]
    except DatabaseError as error:
        raise Trouble(f"--where is no condition that SQLite understands: {error}.", USAGE) from error
