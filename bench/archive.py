"""Measure the archive: python bench/archive.py [--articles 100000] [--folder DIR] [--keep] [--again]

On generated articles. Prints how fast they are written (with lemmas, full-text index, facets and near-duplicates), how
large they are, how long searches, facets and single articles take, and what four readers at full speed cost the writer.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.generated import Stream, language
from storage import Archive, open_archive, runs
from storage.connection import give_way
from storage.reading import load
from storage.search.engine import Searcher
from storage.search.facets import facets
from storage.search.fold import folded
from storage.workers import cores
from storage.writer import Writer

BATCH = 100
MADE = 2_000  # articles that are generated at once, outside the time that is counted
READERS = 4
TURNS = 3  # of writing to a large and to a small archive
SAMPLES = 20  # queries of each kind
_SIZES = """SELECT CASE WHEN name LIKE 'articles_fts%' THEN 'full-text index'
 WHEN name LIKE 'duplicate%' THEN 'near-duplicates' WHEN name = 'articles' THEN 'articles with their text'
 ELSE 'everything else' END, sum(pgsize) FROM dbstat GROUP BY 1 ORDER BY 2 DESC"""


class Ledger:
    """What was written: seconds of each batch, of the processor in all, bytes of text, the longest write-ahead log."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.processor = 0.0
        self.text = 0
        self.wal = 0


def write(writer: Writer, stream: Stream, count: int, run: int) -> Ledger:
    """Write that many articles in batches; generating them is not counted."""
    ledger = Ledger()
    log = Path(f"{writer.path}-wal")
    for begun in range(0, count, MADE):
        batches = [list(stream.visits(BATCH, run)) for _ in range(min(MADE, count - begun) // BATCH)]
        started, busy = time.perf_counter(), time.process_time()
        for _ in writer.store_all(batches):
            ledger.wal = max(ledger.wal, log.stat().st_size if log.exists() else 0)
        ledger.seconds += [(time.perf_counter() - started) / len(batches)] * len(batches)
        ledger.processor += time.process_time() - busy
        ledger.text += sum(text_bytes(visit.article) for visits in batches for visit in visits)
        show(f"{stream.made:,} of {stream.total:,} written")
    return ledger


def text_bytes(article: Any) -> int:
    """Bytes of what a reader reads: title, lead, key points and body."""
    return len("".join((article.title, article.lead, *article.key_points, article.body)).encode())


def rate(seconds: list[float]) -> float:
    """Articles a second over some batches."""
    return len(seconds) * BATCH / sum(seconds)


def queries(archive: Archive) -> dict[str, Callable[[random.Random], str]]:
    """Kinds of queries; phrases are taken from articles of the archive."""
    last, first = (archive.db.execute(f"SELECT {name}(id) FROM articles").fetchone()[0] for name in ("max", "min"))

    def phrase(rng: random.Random) -> str:
        sql = "SELECT body FROM articles WHERE id >= ? ORDER BY id LIMIT 1"
        words = folded(archive.db.execute(sql, (rng.randrange(first, last),)).fetchone()[0])
        start = rng.randrange(len(words) - 3)
        return '"' + " ".join(words[start : start + rng.choice((2, 3))]) + '"'

    def word(low: int, high: int) -> Callable[[random.Random], str]:
        return lambda rng: language(rng.choice(("en", "uk"))).words[rng.randrange(low, high)]

    return {
        "commonest word": word(0, 1),
        "very common word": word(1, 30),
        "common word": word(100, 1_000),
        "rare word": word(20_000, 60_000),
        "rarest word": word(90_000, 95_000),
        "phrase": phrase,
        "two fields": lambda rng: f"title:{word(0, 50)(rng)} body:{word(100, 2_000)(rng)}",
        "commonest and rare word": lambda rng: f"{word(0, 1)(rng)} {word(5_000, 20_000)(rng)}",
        "word of one site": lambda rng: f"site:site{rng.randrange(1, 30)}.example {word(0, 30)(rng)}",
        "word of one month": lambda rng: f"on:2017-0{rng.randrange(1, 10)} {word(0, 30)(rng)}",
        "either of two": lambda rng: f"{word(0, 30)(rng)} OR {word(1_000, 9_000)(rng)}",
    }


def measure_searches(archive: Archive) -> None:
    """Print median and 95th percentile of each kind of query, by rank and by date."""
    searcher, rng = Searcher(archive.db), random.Random(3)
    for code in ("en", "uk"):  # dictionaries are read once for a program, not for a query
        searcher.search(language(code).words[50])
    for kind, make in queries(archive).items():
        for by in ("rank", "date"):
            results, busy = [], []
            for _ in range(SAMPLES):
                query, began = make(rng), time.process_time()
                results.append(searcher.search(query, by=by))  # type: ignore[arg-type]
                busy.append(time.process_time() - began)
            approximate = sum(result.approximate is not None for result in results)
            note = f"  approximate in {approximate} of {SAMPLES}" if approximate else ""
            processor = f"   processor's {sorted(busy)[SAMPLES * 95 // 100 - 1] * 1000:6.1f} ms"
            line(f"search: {kind}, by {by}", percentiles([r.seconds for r in results]) + processor + note)


def measure_reading(archive: Archive) -> None:
    """Print what facets and single articles take."""
    rng = random.Random(4)
    line("facets of all articles", percentiles([timed(lambda: facets(archive.db)) for _ in range(SAMPLES)]))
    ids = Searcher(archive.db).search(language("en").words[0]).ids
    line("facets of a search", percentiles([timed(lambda: facets(archive.db, ids)) for _ in range(SAMPLES)]))
    numbers = [row[0] for row in archive.db.execute("SELECT id FROM articles")]
    sample = rng.sample(numbers, min(300, len(numbers)))
    line("one article with all its parts", percentiles([timed(lambda n=n: load(archive.db, n)) for n in sample]))


def timed(work: Callable[[], Any]) -> float:
    """Seconds that something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def percentiles(seconds: list[float]) -> str:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(seconds)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"median {statistics.median(ordered) * 1000:7.1f} ms   p95 {high * 1000:7.1f} ms"


def read_on(path: Path, stop: Event, done: Any) -> None:
    """Read at full speed until told to stop; puts how many searches were made, or the error."""
    rng, made = random.Random(os.getpid()), 0
    try:
        give_way()  # as pressmark browse, export and verify do
        with open_archive(path, readonly=True) as archive:
            searcher = Searcher(archive.db)
            while not stop.is_set():
                searcher.search(language("en").words[rng.randrange(5_000)], by=rng.choice(("rank", "date")))  # type: ignore[arg-type]
                made += 1
    except Exception as error:  # noqa: BLE001  whatever it is, it is the finding
        done.put(repr(error))
        return
    done.put(made)


def measure_readers(archive: Archive, writer: Writer, stream: Stream, run: int) -> None:
    """Print the writer's rate with readers beside it and without, just before."""
    count = max(BATCH * 10, min(5_000, stream.made // 10))
    alone = rate(write(writer, stream, count, run).seconds)
    with readers(archive.path) as done:
        beside = write(writer, stream, count, run)
    answers = [done.get() for _ in range(READERS)]
    failed = [answer for answer in answers if isinstance(answer, str)]
    line(
        f"writing beside {READERS} readers",
        f"{rate(beside.seconds):.0f}/s, {rate(beside.seconds) / alone:.2f} of {alone:.0f}/s",
    )
    line("searches they made meanwhile", f"{sum(a for a in answers if isinstance(a, int))}, failed: {failed or 'none'}")
    line("longest write-ahead log", f"{beside.wal / 2**20:.0f} MB")


@contextmanager
def readers(path: Path) -> Iterator[Any]:
    """Processes that read while the block runs."""
    context = multiprocessing.get_context("spawn")
    stop, done = context.Event(), context.Queue()
    processes = [context.Process(target=read_on, args=(path, stop, done)) for _ in range(READERS)]
    for process in processes:
        process.start()
    try:
        yield done
    finally:
        stop.set()
    for process in processes:
        process.join(60)


def measure_sizes(archive: Archive, ledger: Ledger, count: int) -> None:
    """Print bytes per article, by part, beside the text's own."""
    archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = archive.path.stat().st_size
    line("text of an article", f"{ledger.text / count:,.0f} bytes (title, lead, key points, body)")
    line(
        "an article in the database",
        f"{whole / count:,.0f} bytes; all but the text: {whole / ledger.text - 1:.2f} of it",
    )
    for name, size in parts(archive.path):
        line(f"  {name}", f"{size / count:,.0f} bytes, {size / ledger.text:.2f} of the text")


def parts(path: Path) -> list[tuple[str, int]]:
    """Bytes of the parts of a database, where Python's own SQLite can tell; empty where not.

    In a process of its own: two copies of SQLite in one process undo each other's locks on a file.
    """
    code = "import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))"
    asked = subprocess.run([sys.executable, "-c", code, str(path), _SIZES], capture_output=True, text=True, check=False)
    return [(name, size) for name, size in json.loads(asked.stdout)] if asked.returncode == 0 else []


def line(name: str, value: str) -> None:
    """Print one figure."""
    print(f"{name:<44} {value}", flush=True)


def show(text: str) -> None:
    """Show progress, in a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{text} ", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Build an archive and measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000, help="how many (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where to build it (default: a temporary folder)")
    parser.add_argument("--jobs", type=int, default=cores(), help="processes that prepare articles (%(default)s)")
    parser.add_argument("--keep", action="store_true", help="leave the archive there")
    parser.add_argument("--again", action="store_true", help="go on with what --keep left in --folder")
    options = parser.parse_args()
    if options.again:
        measure_again(parser, options.folder, options.jobs)
        return
    folder = options.folder or Path(tempfile.mkdtemp(prefix="pressmark-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    count = max(BATCH * 10, options.articles // BATCH * BATCH)
    line(
        "machine",
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; {count:,} articles, {options.jobs} jobs",
    )
    try:
        with open_archive(folder / "bench.db", create=True) as archive, archive.writer(jobs=options.jobs) as writer:
            measure(archive, writer, count)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def measure_again(parser: argparse.ArgumentParser, folder: Path | None, jobs: int) -> None:
    """Print what searches, facets and single articles of a kept archive take, and writing to it and to a new one."""
    if folder is None or not (folder / "bench.db").exists():
        parser.error("--again reads the archive of an earlier run: give its --folder")
    with open_archive(folder / "bench.db", readonly=True) as archive:
        count = archive.db.execute("SELECT count(*) FROM articles").fetchone()[0]
        line("machine", f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; {count:,} articles")
        measure_searches(archive)
        measure_reading(archive)
    with (
        tempfile.TemporaryDirectory(prefix="pressmark-bench-") as other,
        open_archive(folder / "bench.db") as large,
        open_archive(Path(other) / "bench.db", create=True) as small,
    ):
        measure_growth(large, small, jobs)
    line("load at the end", f"{os.getloadavg()[0]:.1f}")


def measure_growth(large: Archive, small: Archive, jobs: int) -> None:
    """Write the same number of articles to both in turn, and print both rates; the large one keeps them."""
    seen = large.db.execute("SELECT max(id) FROM fetches").fetchone()[0]
    spent: dict[Archive, list[float]] = {large: [], small: []}
    streams: dict[Archive, tuple[Writer, Stream, int]] = {}
    with large.writer(jobs=jobs) as one, small.writer(jobs=jobs) as other:
        for writer, archive, made in ((one, large, seen + 1), (other, small, 0)):
            stream = Stream(2 * seen, seed=seen)
            stream.made = made
            with writer.transaction() as db:
                run = runs.begin(db, "crawl", "bench", {}, datetime.now(UTC))
            streams[archive] = writer, stream, run
        for turn in range(TURNS + 1):
            for archive, (writer, stream, run) in streams.items():
                seconds = write(writer, stream, MADE, run).seconds
                spent[archive] += seconds if turn else []  # the first turn fills what is remembered
    more, fresh = rate(spent[large]), rate(spent[small])
    line("writing more", f"{more:.0f}/s, to a new archive {fresh:.0f}/s in turn: {more / fresh:.2f}")


def measure(archive: Archive, writer: Writer, count: int) -> None:
    """Print all figures."""
    with writer.transaction() as db:
        run = runs.begin(db, "crawl", "bench", {}, datetime.now(UTC))
    stream = Stream(count + count // 5)
    ledger = write(writer, stream, count, run)
    part = max(1, min(100_000, count // 10 if count < 1_000_000 else 100_000) // BATCH)
    first, last = rate(ledger.seconds[:part]), rate(ledger.seconds[-part:])
    alone = f"{count / ledger.processor:.0f} for each second of the processor's own time"
    line("writing", f"{rate(ledger.seconds):.0f} articles/s; {alone}")
    line(f"the last {part * BATCH:,} beside the first", f"{last:.0f}/s beside {first:.0f}/s: {last / first:.2f}")
    line("longest write-ahead log", f"{ledger.wal / 2**20:.0f} MB")
    settling = timed(writer.settle)
    line("settling, as at a crawl's end", f"{settling:.1f} s, {settling / sum(ledger.seconds):.3f} of the writing")
    measure_sizes(archive, ledger, count)
    measure_searches(archive)
    measure_reading(archive)
    measure_readers(archive, writer, stream, run)
    clusters = archive.db.execute("SELECT count(*), count(DISTINCT cluster_id) FROM duplicates").fetchone()
    line("near-duplicates", f"{clusters[0]:,} articles in {clusters[1]:,} clusters")
    line("load at the end", f"{os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
