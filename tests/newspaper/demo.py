"""`make demo`: crawl the made-up newspaper into an archive, and say what came of it."""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.newspaper.server import Newspaper

PRESSMARK = Path(sys.executable).with_name("pressmark")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.newspaper.demo", description=__doc__)
    parser.add_argument("--db", type=Path, default=Path("demo/news.db"), help="default: %(default)s")
    parser.add_argument("--port", type=int, default=8517, help="the newspaper's port; a second run needs the same one")
    options = parser.parse_args()
    options.db.parent.mkdir(parents=True, exist_ok=True)
    try:
        newspaper = Newspaper(options.port)
    except OSError as error:
        print(f"Port {options.port} cannot be had ({error.strerror}): make demo PORT=…", file=sys.stderr)
        return 1
    with newspaper:
        print(f"The Veslyn Courier is out at {newspaper.url}/ – crawling it into {options.db}\n", flush=True)
        crawl = [
            str(PRESSMARK),
            "crawl",
            f"{newspaper.url}/",
            "--db",
            str(options.db),
            "--allow-private",
            "--delay",
            "0.02",
        ]
        code = subprocess.run(crawl, check=False).returncode
    if code == 0:
        print(report(options.db))
    return code


def report(path: Path) -> str:
    """What the last run did, what is in the archive, and what to try next."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        run = db.execute("SELECT max(id) FROM runs WHERE kind = 'crawl'").fetchone()[0]
        outcomes = dict(db.execute("SELECT outcome, count(*) FROM fetches WHERE run_id = ? GROUP BY 1", (run,)))
        refused = db.execute(
            "SELECT f.reason, count(*), min(u.url) FROM fetches f JOIN frontier u ON u.id = f.url_id "
            "WHERE f.run_id = ? AND f.outcome IN ('refused', 'failed', 'worse', 'withdrawn') GROUP BY 1 ORDER BY 2 DESC",
            (run,),
        ).fetchall()
        count, points = (
            db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("articles", "key_points")
        )
    told = ", ".join(f"{outcomes.get(name, 0)} {name}" for name in ("new", "changed", "same"))
    lines = [f"\nArticles of this run: {told}", *(f"  not archived: {n} × {why} (as {url})" for why, n, url in refused)]
    lines += [
        f"The archive is {path}: {count} articles with {points} key points, pages as sent in the WARC files beside it.",
        "",
        "Try next:",
    ]
    lines += [
        f"  {PRESSMARK.relative_to(Path.cwd()) if PRESSMARK.is_relative_to(Path.cwd()) else PRESSMARK} {words}"
        for words in commands(path)
    ]
    return "\n".join(lines)


def commands(path: Path) -> list[str]:
    return [
        f"browse {path}",
        f"search --db {path} пором",
        f"export --db {path} --format csv --output demo/articles.csv",
    ]


if __name__ == "__main__":
    sys.exit(main())
