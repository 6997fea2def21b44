"""The compiled part of the reader: its innermost loops in C, built where there was a compiler when it was installed.

`native` is the module `articles.native`, or None; then the same is done in Python, and `why` says what was wrong. What
a page is read as does not depend on it (but for the rounding of a probability), only how long that takes.
"""

from __future__ import annotations

import importlib
from typing import Any


def _load() -> tuple[Any, str]:
    try:
        return importlib.import_module("articles.native"), ""
    except ModuleNotFoundError:
        return None, "there was no C compiler when it was installed"
    except (ImportError, TypeError, ValueError) as error:  # the latter two: what it was built for has changed
        return None, f"{error}"


native, why = _load()
