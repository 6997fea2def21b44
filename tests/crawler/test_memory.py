"""The crawl's memory: garbage is looked for seldom, and found all the same."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc, weakref
from crawler.memory import rare_collections
often = gc.get_threshold()[0]
rare_collections()
assert gc.get_freeze_count() > 1000, "what was imported is still looked at"
assert gc.get_threshold()[0] > 10 * often
class Knot: pass
knot = Knot()
knot.self = knot
seen = weakref.ref(knot)
del knot
assert seen() is not None, "a cycle goes with the next look, not before"
made = [[] for _ in range(gc.get_threshold()[0] + 1)]
assert seen() is None, "the look that was due found nothing"
"""


def test_garbage_is_looked_for_seldom_and_found_all_the_same() -> None:
    """In a process of its own: the settings are the process's."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
