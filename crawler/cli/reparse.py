"""pressmark reparse: the stored pages, read with today's reader."""

from __future__ import annotations

import pickle
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.table import Table

from crawler.cli import USAGE, Trouble
from crawler.cli.archive import Bars, db_option, json_option, print_json
from crawler.reread import EXTRACTOR_VERSION, read
from storage import Archive, open_archive
from storage.connection import DatabaseError
from storage.corrections import Reading
from storage.reparse import Reread, Selection, Task, reread, tasks
from storage.runs import begin, finish
from storage.workers import batches

_SAMPLES = 3  # of each field, in the report


@click.command()
@click.option("--site", help="Only articles of this site.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only articles first seen since this day.")
@click.option("--where", metavar="SQL", help="Only articles that meet a condition on the columns of articles_flat.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Change without asking.")
@click.option("--jobs", type=click.IntRange(1), help="Processes.  [default: one per core]")
@db_option
@json_option
def reparse(site: str | None, since: datetime | None, where: str | None, db: Path, **given: Any) -> None:
    """Read stored pages again with today's reader, without the network.

    Shows per field how many articles would change, then asks before it writes. Every revision is read again, so that a
    diff shows what the site changed and not what the reader learned; pages that an earlier reader took for no articles
    are looked at too. A reading that is worse than the stored one is left alone. What the reader changed is told in the
    table rereadings, apart from the revisions.

    \b
    Example: pressmark reparse --dry-run --db news.db
    Example: pressmark reparse --site example.org --where "lead IS NULL" --yes
    """
    selection = Selection(site, since.replace(tzinfo=UTC) if since else None, where)
    as_json: bool = given["as_json"]
    with open_archive(db) as archive, tempfile.TemporaryFile() as results:
        chosen = _tasks(archive, selection)
        report = _read(archive, chosen, given["jobs"], results)
        report["written"] = False
        if not as_json:
            _print(report)
        if report["to_write"] and not given["dry_run"] and _wanted(given["yes"]):
            _write(archive, results, report, selection)
            report["written"] = True
    if as_json:
        print_json(report)
    elif report["written"]:
        click.echo("Written. The changes are in the table rereadings.")


def _tasks(archive: Archive, selection: Selection) -> list[Task]:
    try:
        return tasks(archive.db, selection)
    except DatabaseError as error:
        raise Trouble(f"--where is no condition that SQLite understands: {error}.", USAGE) from error


def _read(archive: Archive, chosen: list[Task], jobs: int | None, results: IO[bytes]) -> dict[str, Any]:
    """Read all tasks; the results wait in a file until it is clear that they are wanted."""
    verdicts: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    examples: dict[str, list[int]] = {}
    problems: list[str] = []
    with Bars() as bars:
        for result in reread(archive, chosen, read, jobs):
            verdicts[result.verdict] += 1
            if result.verdict == "changed":
                fields.update(result.fields)
                for field in result.fields:
                    _example(examples, field, result)
            problems += [result.problem] if result.problem else []
            pickle.dump(result, results)
            bars("pages", verdicts.total(), len(chosen))
    return {
        "pages": len(chosen),
        "verdicts": dict(verdicts),
        "fields": dict(fields.most_common()),
        "examples": {field: _names(archive, numbers) for field, numbers in examples.items()},
        "problems": problems,
        "to_write": verdicts["changed"] + verdicts["new"],
    }


def _example(examples: dict[str, list[int]], field: str, result: Reread) -> None:
    numbers = examples.setdefault(field, [])
    number = result.task.article_id
    if number is not None and number not in numbers and len(numbers) < _SAMPLES:
        numbers.append(number)


def _names(archive: Archive, numbers: list[int]) -> list[str]:
    sql = "SELECT public_id FROM articles WHERE id = ?"
    return [archive.db.execute(sql, (number,)).fetchone()[0] for number in numbers]


def _print(report: dict[str, Any]) -> None:
    console = Console(highlight=False)
    verdicts = report["verdicts"]
    told = (
        ("same", "read the same"),
        ("changed", "read otherwise"),
        ("new", "are articles now, and were none"),
        ("worse", "would be worse, left alone"),
        ("none", "are no articles, as before"),
        ("failed", "could not be read"),
    )
    console.print(f"{report['pages']} pages: " + ", ".join(f"{verdicts[k]} {w}" for k, w in told if verdicts.get(k)))
    if report["fields"]:
        table = Table("field", "would change in", "for example", box=None, pad_edge=False)
        for field, count in report["fields"].items():
            table.add_row(field, str(count), " ".join(report["examples"][field]))
        console.print(table)
    for problem in report["problems"][:10]:
        console.print(f"! {problem}", markup=False)


def _wanted(yes: bool) -> bool:
    if not yes and not sys.stdin.isatty():
        raise Trouble("say --yes to write this, or --dry-run to leave it at that.", USAGE)
    return yes or click.confirm("Write this?")


def _write(archive: Archive, results: IO[bytes], report: dict[str, Any], selection: Selection) -> None:
    arguments = {"site": selection.site, "where": selection.where, "since": str(selection.since or "") or None}
    counts = {name: report[name] for name in ("pages", "verdicts", "fields")}
    with archive.writer() as writer, Bars() as bars:
        with writer.transaction() as db:
            run_id = begin(db, "reparse", version("pressmark"), arguments, datetime.now(UTC))
        done = 0
        for batch in batches(_stored(results), 100):
            writer.correct(batch, Reading(run_id, EXTRACTOR_VERSION))
            done += len(batch)
            bars("written", done, report["pages"])
        with writer.transaction() as db:
            finish(db, run_id, "finished", counts, datetime.now(UTC))


def _stored(results: IO[bytes]) -> Iterator[Reread]:
    """Give the results back; the file is ours alone and has no name."""
    results.seek(0)
    while True:
        try:
            yield pickle.load(results)
        except EOFError:
            return
