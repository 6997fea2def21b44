"""How a dictionary of lemmas lies in its file: what `hashed` writes and `dictionaries` reads."""

from __future__ import annotations

import struct

HEAD = struct.Struct("<8sQQQ")  # mark, length of the file, number of words, of buckets
MARK = b"pmlemma3"
SHIFT = 32  # what is added to a number of bytes, so that it is neither a tab nor a line's end
