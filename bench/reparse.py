"""Reading an archive again: its rate against the bare reader's in as many processes, one and on all cores.

python -m bench.reparse [--articles 400]      on pages of the made-up newspaper
CORPORA=folder python -m bench.reparse        on the *.html and *.html.gz files found there
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as on the command line; before numpy is loaded

from articles.record import Article
from crawler.reread import read
from storage import open_archive, runs
from storage.reparse import Selection, reread, tasks
from storage.sent import SentPage, nothing_more
from storage.visit import Visit
from storage.workers import batches, cores, on_all_cores
from tests.newspaper.markups import MARKUPS, Paper, Sheet
from tests.newspaper.stories import load


def pages() -> Iterator[bytes]:
    """Give pages, over and over."""
    folder = os.environ.get("CORPORA")
    if folder:
        names = (Path(top) / name for top, _, names in os.walk(folder, followlinks=True) for name in names)
        found = sorted(path for path in names if ".html" in path.suffixes)
        texts = [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in found[:400]]
    else:
        sheets = [(Sheet(Paper(), story, 1), story.kind) for story in load().values()]
        texts = [m.render(sheet).encode() for sheet, kind in sheets for m in MARKUPS.values() if kind in m.kinds]
    yield from itertools.cycle(texts)


def fill(path: Path, count: int) -> list[SentPage]:
    """Make an archive of so many articles; gives their pages."""
    sent: list[SentPage] = []
    with open_archive(path, create=True) as archive, archive.writer() as writer:
        with writer.transaction() as db:
            runs.begin(db, "crawl", "bench", {}, datetime.now(UTC))
        for batch in batches(itertools.islice(_visits(), count), 100):
            sent += [SentPage(visit.url, visit.site, "text/html", gzip.decompress(visit.body)) for visit in batch]
            writer.store(batch)
    return sent


def _visits() -> Iterator[Visit]:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
    for number, page in enumerate(pages()):
        url = f"https://bench.example/{number}"
        article: Article = read(SentPage(url, "bench.example", "text/html", page), nothing_more)
        body = gzip.compress(page + b"<!-- %d -->" % number, 3)
        yield Visit(url, "bench.example", 1, datetime.now(UTC), status=200, headers=headers, body=body, article=article)


def bare(page: SentPage) -> None:
    """Read a page and leave it at that."""
    read(page, nothing_more)


def rate(results: Iterator[object]) -> float:
    """How many results come in a second."""
    began = time.perf_counter()
    return sum(1 for _ in results) / (time.perf_counter() - began)


def main() -> None:
    """Print rates of the bare reader and of reparse, each in as many processes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        sent = fill(path, given.articles)
        with open_archive(path) as archive:
            chosen = tasks(archive.db, Selection())
            for jobs in (1, cores()):
                alone = rate(on_all_cores(bare, sent, jobs, ("crawler.reread",)))
                kept = rate(reread(archive, chosen, read, jobs))
                print(
                    f"{jobs} processes: bare reader {alone:6.1f} pages/s, reparse {kept:6.1f}: {kept / alone:.2f} of it"
                )
        print(f"load {os.getloadavg()[0]:.1f} on {cores()} cores")


if __name__ == "__main__":
    main()
