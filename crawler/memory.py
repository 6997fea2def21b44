"""Memory: one heap for all threads."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8  # malloc.h of glibc


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
