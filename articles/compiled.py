"""The compiled part of the reader: its innermost loops in C, built where there was a compiler when it was installed.

`native` is the module `articles.native`, or None; then the same is done in Python, and `why` says what was wrong. What
a page is read as does not depend on it, only how long that takes.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

why = ""
native: Any = None


def _load() -> tuple[ModuleType | None, str]:
    try:
        from articles import native as found
    except (ImportError, TypeError, ValueError) as error:  # the latter: built for another lxml
        return None, f"{error}"
    return found, ""


native, why = _load()
