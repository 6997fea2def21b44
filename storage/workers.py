"""Work on all cores: a function over many items, in order, by processes that are started afresh."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW = 64  # items that are done before a process has started
CHUNK = 16


def cores() -> int:
    """How many processes may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_all_cores(
    function: Callable[[Item], Result], items: Sequence[Item], jobs: int | None = None, modules: Sequence[str] = ()
) -> Iterator[Result]:
    """Yield the function's results in the items' order; the function and the items must be picklable.

    `modules` are those that the function needs: they are imported once for all processes, where the system can.
    """
    jobs = min(jobs or cores(), max(1, len(items) // FEW))
    if jobs <= 1:
        yield from map(function, items)
        return
    with fresh_processes(modules).Pool(jobs, end_with_parent) as pool:
        yield from pool.imap(function, items, CHUNK)


def fresh_processes(modules: Sequence[str]) -> BaseContext:
    """Give the way to start processes: from a fresh one that has nothing of ours open, and the modules imported."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    return context


def end_with_parent() -> None:
    """Have this process end when the one that wants its work is gone, even by kill -9; it would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Part items into lists of a size.

    >>> list(batches("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
