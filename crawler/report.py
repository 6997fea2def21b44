"""The report of a crawl: what happened at each site, why pages were not archived, and how to look closer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crawler.tally import Tally

OUTCOMES = ("new", "changed", "same", "worse", "withdrawn")
MOST_NOTES = 5


def as_json(tallies: Sequence[Tally], run: dict[str, Any]) -> dict[str, Any]:
    """Give the report for scripts: the run, its sites, and the sums over them."""
    sums = {name: sum(tally.outcomes[name] for tally in tallies) for name in (*OUTCOMES, "refused", "failed")}
    sums |= {"found": sum(t.found for t in tallies), "fetched": sum(t.fetched for t in tallies)}
    return run | {"total": sums, "sites": [tally.to_dict() for tally in tallies]}


def show(console: Console, tallies: Sequence[Tally], db: Path, seconds: float) -> None:
    """Print the report for people."""
    console.print(_table(tallies))
    for tally in tallies:
        _why(console, tally)
    fetched = sum(tally.fetched for tally in tallies)
    rate = fetched / seconds if seconds > 0 else 0.0
    console.print(f"\n{fetched:,} pages in {seconds:.1f} s ({rate:.1f} a second). The archive is {escape(str(db))}")
    console.print(f"  pressmark browse {escape(str(db))}             read it")
    console.print(f"  pressmark search WORDS --db {escape(str(db))}  find in it")
    console.print(f"  pressmark why URL --db {escape(str(db))}       a page's whole story", highlight=False)


def _table(tallies: Sequence[Tally]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("site", overflow="fold")
    for name in ("found", "fetched", *OUTCOMES, "refused", "failed", "left"):
        table.add_column(name, justify="right", no_wrap=True)
    for tally in tallies:
        counts = [tally.found, tally.fetched, *(tally.outcomes[name] for name in (*OUTCOMES, "refused", "failed"))]
        style = "red" if tally.trouble else None
        table.add_row(escape(tally.site), *(f"{count:,}" for count in counts), f"{tally.left:,}", style=style)
    return table


def _why(console: Console, tally: Tally) -> None:
    """Say of one site what is in the way, why pages were not archived, and what else is worth knowing."""
    lines = [f"[red]trouble[/red]: {escape(text)}" for text in tally.trouble]
    for name, reasons in (("refused", tally.refused), ("failed", tally.failed)):
        if reasons:
            lines.append(f"{name}: " + ", ".join(f"{escape(word)} {count:,}" for word, count in reasons.most_common()))
    lines += [escape(text) for text in tally.notes[:MOST_NOTES]]
    if len(tally.notes) > MOST_NOTES:
        lines.append(f"and {len(tally.notes) - MOST_NOTES} notes more (--json has them all)")
    if not sum(tally.outcomes.values()) and not tally.trouble and tally.next_due:
        lines.append(f"nothing is due before {tally.next_due:%Y-%m-%d %H:%M} UTC (--refresh looks at everything now)")
    if lines:
        console.print(f"\n[bold]{escape(tally.site)}[/bold]")
        for line in lines:
            console.print(f"  {line}", highlight=False)


def exit_code(tallies: Sequence[Tally]) -> int:
    """Give 1 where a site is in trouble, or pages were fetched and none of them is an article; else 0.

    >>> exit_code([Tally("a")]), exit_code([Tally("a", trouble=["no answer"])]), exit_code([Tally("a", fetched=3)])
    (0, 1, 1)
    """
    good = sum(tally.outcomes[name] for tally in tallies for name in OUTCOMES)
    return int(any(tally.trouble for tally in tallies) or (not good and any(tally.fetched for tally in tallies)))
