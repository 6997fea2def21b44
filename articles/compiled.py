"""The compiled part of the reader: its innermost loops in C, built where there was a compiler when it was installed.

`native` is the module `articles.native`, or None; then the same is done in Python, and `why` says what was wrong. What
a page is read as does not depend on it (but for the rounding of a probability), only how long that takes.
"""

from __future__ import annotations

import importlib
from typing import Any


def load(name: str) -> tuple[Any, str]:
    """Give a compiled module, or None and why there is none."""
    try:
        return importlib.import_module(name), ""
    except ModuleNotFoundError:
        return None, "there was no C compiler when it was installed"
    except (ImportError, TypeError, ValueError) as error:  # the latter two: what it was built for has changed
        return None, f"{error}"


native, why = load("articles.native")
