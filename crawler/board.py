"""The board: a crawl's progress, redrawn in a terminal, a line a minute in a log."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence

from rich.console import Console
from rich.live import Live
from rich.table import Table

from crawler.tally import Tally

logger = logging.getLogger(__name__)
REDRAW = 0.25  # seconds
MINUTE = 60.0
MOST_ROWS = 30  # sites shown one by one; the rest is summed up


class Board:
    """Shows how far a crawl is. Without a console it writes log lines."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console
        self.began = time.monotonic()

    @classmethod
    def for_log(cls) -> Board:
        """Give a board that writes to the log."""
        return cls(None)

    async def follow(self, tallies: Sequence[Tally]) -> None:
        """Show the tallies until cancelled."""
        if self.console is None:
            while True:
                await asyncio.sleep(MINUTE)
                logger.info("%s", self.line(tallies))
        with Live(self.table(tallies), console=self.console, auto_refresh=False, transient=True) as live:
            while True:
                await asyncio.sleep(REDRAW)
                live.update(self.table(tallies), refresh=True)

    def line(self, tallies: Sequence[Tally]) -> str:
        """Give the state in one line."""
        fetched, seconds = sum(t.fetched for t in tallies), max(time.monotonic() - self.began, 0.001)
        done = sum(t.done for t in tallies)
        parts = [f"{name} {sum(t.outcomes[name] for t in tallies)}" for name in ("new", "changed", "refused", "failed")]
        return (
            f"{done} of {len(tallies)} sites done, found {sum(t.found for t in tallies)}, fetched {fetched}"
            f" ({fetched / seconds:.1f}/s), {', '.join(parts)}"
        )

    def table(self, tallies: Sequence[Tally]) -> Table:
        """Give the state as a table, a row for each site."""
        seconds = max(time.monotonic() - self.began, 0.001)
        table = Table(box=None, pad_edge=False)
        table.add_column("site", max_width=40, overflow="ellipsis", no_wrap=True)
        for name in ("found", "fetched", "new", "changed", "refused", "failed", "per s", "left"):
            table.add_column(name, justify="right", no_wrap=True)
        shown = sorted(tallies, key=lambda tally: tally.done)[:MOST_ROWS]
        for tally in shown:
            table.add_row(*_row(tally, seconds), style="dim" if tally.done else None)
        if len(tallies) > 1:
            table.add_row(*_row(_sum(tallies), seconds), style="bold")
        return table


def _row(tally: Tally, seconds: float) -> list[str]:
    rate = tally.fetched / seconds
    waiting = max(tally.found - sum(tally.outcomes.values()), 0)
    counts = [tally.found, tally.fetched, *(tally.outcomes[n] for n in ("new", "changed", "refused", "failed"))]
    left = "done" if tally.done else _span(waiting / rate) if rate > 0 and waiting else "…"
    return [tally.site, *(f"{count:,}" for count in counts), f"{rate:.1f}", left]


def _sum(tallies: Sequence[Tally]) -> Tally:
    total = Tally(f"{len(tallies)} sites", done=all(tally.done for tally in tallies))
    for tally in tallies:
        total.found += tally.found
        total.fetched += tally.fetched
        total.outcomes.update(tally.outcomes)
    return total


def _span(seconds: float) -> str:
    """Give a time in short.

    >>> _span(59.6), _span(3700)
    ('1 min', '1 h 2 min')
    """
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
