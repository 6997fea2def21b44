"""Memory: one heap for all threads, and garbage looked for less often."""

from __future__ import annotations

import ctypes
import gc
import sys

_M_ARENA_MAX = -8  # malloc.h of glibc
YOUNG = 20_000  # objects made since the last look for garbage; a page makes some thousands


def one_heap() -> None:
    """Keep glibc from giving each thread a heap of its own; what one thread frees, another can use.

    A crawl's pages are parsed in one thread and stored in another: with a heap for each it takes half as much again.
    Does nothing where there is no glibc.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def rare_collections() -> None:
    """Look for garbage about once a page in place of a dozen times, and never in what the program itself is made of.

    Pages hold no reference cycles, so that next to nothing is ever found; looking took a twentieth of a crawl's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
