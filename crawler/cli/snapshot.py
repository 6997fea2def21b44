"""pressmark snapshot: the page as it was sent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import click

from crawler.cli import INPUT, USAGE, Trouble
from crawler.cli.archive import db_option, find
from storage import Archive, open_archive
from storage.errors import NotFound
from storage.history import revisions
from storage.snapshots import decoded_body, read_snapshot


@click.command()
@click.argument("article", metavar="ID|URL")
@click.option("--revision", type=click.IntRange(1), help="Number of the revision.  [default: the current one]")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--headers", is_flag=True, help="Begin with the answer's status line and headers.")
@click.option("--raw", is_flag=True, help="Leave the content coding (gzip, br, ...) as it was sent.")
@db_option
def snapshot(article: str, revision: int | None, output: Path | None, headers: bool, raw: bool, db: Path) -> None:
    """Write the page that an article was read from, exactly as its server sent it.

    \b
    Example: pressmark snapshot pm-nistlw4b2pqd -o page.html --db news.db
    """
    with open_archive(db, readonly=True) as archive:
        record = read_snapshot(archive.db, archive.folder, _number(archive, article, revision))
    content = record.body if raw else decoded_body(record)
    if headers:
        lines = [f"HTTP/1.1 {record.status}", *(f"{name}: {value}" for name, value in record.headers)]
        content = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + content
    if output is None and sys.stdout.isatty() and raw:
        raise Trouble("packed bytes do not belong on a terminal; give a file with -o.", USAGE)
    try:
        _write(click.open_file(str(output or "-"), "wb"), content)
    except OSError as error:
        raise Trouble(f"{output} cannot be written: {error.strerror}.", INPUT) from error


def _number(archive: Archive, name: str, revision: int | None) -> int:
    past = revisions(archive.db, find(archive, name))
    chosen = [item for item in past if (item.current if revision is None else item.number == revision)]
    if not chosen:
        raise NotFound(f"{name} has {len(past)} revisions, no number {revision}.")
    if chosen[0].snapshot_id is None:
        raise NotFound(f"no page was kept for revision {chosen[0].number} of {name}.")
    return chosen[0].snapshot_id


def _write(file: IO[bytes], content: bytes) -> None:
    with file:
        file.write(content)
