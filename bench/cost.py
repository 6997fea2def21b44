"""Count the reader's instructions beside those of the bare lxml parse: a ratio that no busy machine changes.

    CORPORA=folder EVAL=folder python -m bench.cost [--pages 40]

Takes pages as speed.py in EVAL does, and runs each side under valgrind (which has to be installed), once with all pages
and once with none; what they differ by is the pages' own. Less than the ratio of times, for instructions of Python wait
for memory more often than those of the parser; but half a percent can be seen, where times vary by a fifth.
"""

from __future__ import annotations

import argparse
import gzip
import os
import pickle
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SIDES = {"lxml parse": "lxml.html:fromstring", "articles.extract": "articles:extract"}
SCRIPT = """
import gc, importlib, pickle, sys
module, name = sys.argv[2].split(":")
run, both = getattr(importlib.import_module(module), name), module == "articles"
pages = pickle.load(open(sys.argv[1], "rb"))
run(*pages[0]) if both else run(pages[0][0])  # what is loaded once
gc.collect()
for html, url in pages[1 : 1 + int(sys.argv[3])]:
    run(html, url) if both else run(html)
"""
REFS = re.compile(r"I\s+refs:\s+([\d,]+)")


def main() -> None:
    """Count, and print both sides and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=40)
    args = parser.parse_args()
    if not os.environ.get("CORPORA") or not os.environ.get("EVAL"):
        parser.error("say where the labelled pages and the scorer are: CORPORA=folder EVAL=folder")
    if shutil.which("valgrind") is None:
        parser.error("valgrind is not installed")
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "pages"
        file.write_bytes(pickle.dumps(sample(args.pages + 1)))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            runs = {
                (side, count): pool.submit(counted, file, side, count)
                for side in SIDES.values()
                for count in (0, args.pages)
            }
        spent = {
            name: (runs[side, args.pages].result() - runs[side, 0].result()) / args.pages
            for name, side in SIDES.items()
        }
    bare = spent["lxml parse"]
    for name, instructions in spent.items():
        print(f"{name:20}{instructions / 1e6:8.2f} million instructions a page  x{instructions / bare:.2f}")


def sample(count: int) -> list[tuple[bytes, str]]:
    """Pages of aeb and fundus with their addresses, the same ones each time."""
    sys.path.insert(0, os.environ["EVAL"])
    from score import load  # type: ignore[import-not-found]

    urls = {page["file"]: page.get("url") or "" for page in load({"aeb", "fundus"})}
    files = random.Random(11).sample(sorted(urls), min(count, len(urls)))
    return [(gzip.decompress(Path(file).read_bytes()), urls[file]) for file in files]


def counted(file: Path, side: str, pages: int) -> int:
    """Instructions of a run over that many pages."""
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    command += [sys.executable, "-c", SCRIPT, str(file), side, str(pages)]
    fixed = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env={**os.environ, **fixed}, capture_output=True, text=True, check=False)
    found = REFS.search(done.stderr)
    if done.returncode or found is None:
        raise SystemExit(f"valgrind failed: {done.stderr[-500:]}")
    return int(found[1].replace(",", ""))


if __name__ == "__main__":
    main()
