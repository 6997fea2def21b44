"""The compiled part of the search: forms of words, in C where there was a compiler; as `articles.compiled` is.

`native` is the module `storage.search.native`, or None; the index is the same.
"""

from __future__ import annotations

from articles.compiled import load

native, why = load("storage.search.native")
