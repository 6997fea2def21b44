"""The clerk: brings visits to the desk in batches, and asks it things.

A desk in this process stores where the crawl runs, between two of its steps. In a thread beside it storing took a tenth
more of the crawl's time, and won nothing: SQLite gives the interpreter away at each statement, the reader takes it, and
two hundred times a page one waits for the other. All other calls, and those of a desk in another process, are made from
a thread: they are few, and may take long.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from crawler.desk import Verdict
from storage.visit import Visit

BATCH = 100  # visits in one transaction
PATIENCE = 1.0  # seconds that a visit waits for others
BACKLOG = 3 * BATCH  # visits in memory; beyond it the crawl waits for the archive

Ask = Callable[[str, tuple[Any, ...]], Any]  # name of one of Desk's methods and its arguments -> its answer
Note = Callable[[Visit, Verdict], None]  # told of each visit that is stored, and what became of it


class Clerk:
    """Calls the desk, one call at a time. `ask` makes the call: of a desk here (`near`), or over a pipe."""

    def __init__(self, ask: Ask, failed: Callable[[BaseException], None], *, near: bool) -> None:
        self._ask = ask
        self._failed = failed
        self._near = near
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._pending: list[tuple[Visit, Note]] = []
        self._lock = asyncio.Lock()
        self._full, self._room = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def call(self, name: str, *args: Any) -> Any:
        """Ask the desk. What goes wrong there ends the crawl, and is raised here, too."""
        async with self._turn:
            try:
                if self._near and name == "store":
                    return self._ask(name, args)
                return await asyncio.get_running_loop().run_in_executor(self._thread, self._ask, name, args)
            except Exception as error:
                self._failed(error)
                raise

    async def submit(self, visit: Visit, note: Note) -> None:
        """Hand over a visit; it is stored within about a second."""
        self._pending.append((visit, note))
        if self._task is None:
            self._task = asyncio.create_task(self._serve())
        if len(self._pending) >= BATCH:
            self._full.set()
        while len(self._pending) >= BACKLOG:
            self._room.clear()
            await self._room.wait()

    async def _serve(self) -> None:
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._full.wait(), PATIENCE)
                self._full.clear()
                await self.flush()
        except Exception:  # noqa: BLE001 - told to the crawl by `call`; whoever waits for room need not wait longer
            self._pending.clear()
            self._room.set()

    async def flush(self) -> None:
        """Store all that has been handed over."""
        async with self._lock:
            while self._pending:
                batch = self._pending[:BATCH]
                verdicts = await self.call("store", [visit for visit, _ in batch])
                del self._pending[: len(batch)]
                self._room.set()
                for (visit, note), verdict in zip(batch, verdicts, strict=True):
                    note(visit, verdict)

    async def close(self) -> None:
        """Store what is left, and end the thread."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            await self.flush()
        finally:
            self._thread.shutdown(wait=True)
