"""pressmark diff: what changed in an article, and when it was seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from crawler.cli import USAGE, Trouble
from crawler.cli.archive import db_option, find, json_option, print_json, safe
from storage import open_archive
from storage.diff import Part, differences
from storage.history import Revision, revisions

_STYLES = {"same": "", "removed": "red strike", "added": "green underline"}
_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_AROUND = 80  # characters shown of what stayed the same, on either side of a change


@click.command()
@click.argument("article", metavar="ID|URL")
@click.option("--between", nargs=2, type=int, metavar="N M", help="Compare these two revisions only (numbers from 1).")
@click.option("--worse", is_flag=True, help="Include readings that were worse and never became current.")
@click.option("--full", is_flag=True, help="Show unchanged text in full.")
@db_option
@json_option
def diff(article: str, between: tuple[int, int] | None, worse: bool, full: bool, db: Path, as_json: bool) -> None:
    """Show what changed in an article from one revision to the next, word by word.

    Removed words are red [-like this-], added ones green {+like this+}.

    \b
    Example: pressmark diff pm-nistlw4b2pqd --db news.db
    Example: pressmark diff https://example.org/news/1.html --between 1 3 --json
    """
    with open_archive(db, readonly=True) as archive:
        past = revisions(archive.db, find(archive, article))
    pairs = _pairs(past, between, worse)
    if as_json:
        print_json([_json(old, new) for old, new in pairs])
        return
    console = Console(soft_wrap=True, highlight=False)
    if not pairs:
        console.print("There is one reading: nothing has changed since it was first seen.")
    for old, new in pairs:
        _print(console, old, new, full)


def _pairs(past: list[Revision], between: tuple[int, int] | None, worse: bool) -> list[tuple[Revision, Revision]]:
    if between is not None:
        if not all(1 <= number <= len(past) for number in between):
            raise Trouble(f"there are {len(past)} revisions; give two numbers from 1 to {len(past)}.", USAGE)
        return [(past[between[0] - 1], past[between[1] - 1])]
    pairs: list[tuple[Revision, Revision]] = []
    good = None
    for item in past:
        if good is not None and (worse or item.outcome != "worse"):
            pairs.append((good, item))
        if item.outcome != "worse":
            good = item
    return pairs


def _json(old: Revision, new: Revision) -> dict[str, Any]:
    fields = {
        name: [{"kind": part.kind, "text": part.text} for part in parts]
        for name, parts in differences(old.article, new.article).items()
    }
    return {
        "from": old.number,
        "to": new.number,
        "outcome": new.outcome,
        "reason": new.reason,
        "seen": new.seen_first,
        "last_seen_before": old.seen_last,
        "fields": fields,
    }


def _print(console: Console, old: Revision, new: Revision, full: bool) -> None:
    note = f", {new.outcome}: {safe(new.reason)}" if new.reason else ""
    head = f"revision {old.number} → {new.number}  seen {new.seen_first}, last seen otherwise {old.seen_last}{note}"
    console.print(Text(head, style="bold"))
    changed = differences(old.article, new.article)
    if not changed:
        console.print(Text("  the same, as this reader reads both", style="dim"))
    for name, parts in changed.items():
        console.print(Text(f"{name}", style="cyan"))
        console.print(_text(parts, full, console.is_terminal))
    console.print()


def _text(parts: tuple[Part, ...], full: bool, coloured: bool) -> Text:
    text = Text()
    for number, part in enumerate(parts):
        shown = safe(part.text)
        if part.kind == "same" and not full:
            shown = _shortened(shown, number == 0, number == len(parts) - 1)
        before, after = ("", "") if coloured else _MARKS[part.kind]
        text.append(before + shown + after, style=_STYLES[part.kind])
    return text


def _shortened(text: str, first: bool, last: bool) -> str:
    """Leave out the middle of an unchanged stretch; at the ends of a text, its outer part."""
    head, tail = (0 if first else _AROUND), (0 if last else _AROUND)
    if len(text) <= head + tail + 20:
        return text
    return text[:head] + " … " + (text[-tail:] if tail else "")
