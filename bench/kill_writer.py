"""A writer killed with kill -9 a hundred times: nothing acknowledged is lost, verify and the WARC check are clean.

python -m bench.kill_writer [--kills 100] [--seed 1]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.storage.test_kill import survive


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        acknowledged = survive(Path(folder) / "news.db", given.kills, given.seed)
    seconds = time.perf_counter() - began
    print(
        f"{given.kills} kills, {acknowledged} articles acknowledged, 0 lost, 0 doubled, verify clean ({seconds:.0f} s)"
    )


if __name__ == "__main__":
    main()
