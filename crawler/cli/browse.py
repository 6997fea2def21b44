"""pressmark browse: the archive as pages to read, in Datasette."""

from __future__ import annotations

import contextlib
import webbrowser
from pathlib import Path

import click

from crawler.cli import INPUT, Trouble
from storage.connection import give_way
from storage.face.server import PortTaken, serve


@click.command()
@click.argument("db", type=click.Path(path_type=Path), default=Path("news.db"))
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port; 0 is any free one.")
@click.option("--open", "open_it", is_flag=True, help="Open it in the web browser.")
def browse(db: Path, port: int, open_it: bool) -> None:
    """Show an archive as pages: search, coverage, articles, and every table with its facets. Stop it with Ctrl-C.

    It is served to this machine only, and nothing can be written. A crawl may go on meanwhile.

    \b
    Example: pressmark browse news.db --open
    """

    give_way()

    def ready(address: str) -> None:
        click.echo(f"{db} at {address} (Ctrl-C ends it)")
        if open_it:
            webbrowser.open(address)

    try:
        with contextlib.suppress(KeyboardInterrupt):  # the way to end it
            serve(db, port, ready)
    except PortTaken as error:
        raise Trouble(str(error), INPUT) from error
