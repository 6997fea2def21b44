"""Reads mutated pages of our own newspaper until the time is up: `make fuzz ARGS="--seconds 600"`.

A page that makes the reader fail, or take over two seconds of processor time, is written to the folder and named; the
exit code is 1 then. The same --seed gives the same pages.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import articles
from tests.newspaper.markups import MARKUPS, Paper, Sheet
from tests.newspaper.stories import load

SLOW = 2.0  # seconds
GRAFTS = (
    b"<",
    b">",
    b"'",
    b'"',
    b"\0",
    b"&#x110000;",
    b"<!--",
    b"</",
    b"<svg>",
    b"<table><tr>",
    b"]]>",
    b"\xff\xfe",
    b"{",
)


def pages() -> list[tuple[bytes, str]]:
    """Every story in every markup that it can be in."""
    sheets = [(Sheet(Paper(), story), markup) for story in load().values() for markup in MARKUPS.values()]
    return [(m.render(sheet).encode(), sheet.url) for sheet, m in sheets if sheet.story.kind in m.kinds]


def mutated(page: bytes, rng: random.Random) -> bytes:
    """The page after one to eight accidents: a piece lost, doubled, moved, or something grafted in many times."""
    for _ in range(rng.randint(1, 8)):
        start = rng.randrange(len(page) + 1)
        piece = page[start : start + int(rng.expovariate(1 / 200))]
        accident = rng.randrange(5)
        if accident == 0:
            page = page[:start] + page[start + len(piece) :]
        elif accident == 1:
            page = page[:start] + piece * rng.choice((2, 3, 500)) + page[start:]
        elif accident == 2:
            place = rng.randrange(len(page) + 1)
            page = page[:place] + piece + page[place:]
        elif accident == 3:
            page = page[:start] + rng.choice(GRAFTS) * rng.choice((1, 1, 1000)) + page[start:]
        else:
            page = page[:start] + bytes(rng.randrange(256) for _ in range(8)) + page[start + 8 :]
    return page


def trouble(page: bytes, url: str) -> str | None:
    """What is wrong with how a page is read."""
    start = time.process_time()
    article = articles.extract(page, url)
    spent = time.process_time() - start
    failed = next((problem.reason for problem in article.problems if "the reader failed" in problem.reason), None)
    return failed or (f"{spent:.1f} s" if spent > SLOW else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("fuzz"), help="where bad pages are written")
    args = parser.parse_args()
    rng, known, end = random.Random(args.seed), pages(), time.monotonic() + args.seconds
    count = bad = 0
    while time.monotonic() < end:
        page, url = rng.choice(known)
        page = mutated(page, rng)
        count += 1
        if reason := trouble(page, url):
            bad += 1
            args.folder.mkdir(exist_ok=True)
            file = args.folder / f"{args.seed}-{count}.html"
            file.write_bytes(page)
            print(f"{file}: {reason} ({url})")
    print(f"{count} mutated pages read, {bad} badly")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
