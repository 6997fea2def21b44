"""`make demo`: crawl the made-up newspaper into an archive, and say what came of it."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.newspaper.server import Newspaper

PRESSMARK = Path(sys.executable).with_name("pressmark")
OUTCOMES = ("new", "changed", "same", "worse", "withdrawn")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.newspaper.demo", description=__doc__)
    parser.add_argument("--db", type=Path, default=Path("demo/news.db"), help="default: %(default)s")
    parser.add_argument(
        "--port", type=int, default=8517, help="the newspaper's; another run needs the same one (default: %(default)s)"
    )
    options = parser.parse_args()
    options.db.parent.mkdir(parents=True, exist_ok=True)
    try:
        newspaper = Newspaper(options.port)
    except OSError as error:
        print(f"Port {options.port} cannot be had ({error.strerror}): make demo PORT=8518", file=sys.stderr)
        return 1
    with newspaper:
        print(f"The Veslyn Courier is out at {newspaper.url}/, and Pressmark crawls it into {options.db} …", flush=True)
        code, result = crawl(newspaper.url, options.db)
    if result is None:
        return code or 1
    print(report(result, options.db))
    return code or int(not any(result["total"][name] for name in OUTCOMES[:3]))


def crawl(url: str, db: Path) -> tuple[int, dict | None]:
    """Crawl a site with the progress display on the terminal; the exit code, and the report where there is one."""
    # --refresh: another `make demo` looks at every page again at once, and finds it unchanged
    options = ["--db", str(db), "--allow-private", "--delay", "0.02", "--refresh", "--json"]
    done = subprocess.run([PRESSMARK, "crawl", f"{url}/", *options], stdout=subprocess.PIPE, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else None


def report(result: dict, db: Path) -> str:
    """What the run did and why pages were not archived, what is in the archive, what to try next."""
    total = result["total"]
    told = ", ".join(f"{total[name]} {name}" for name in OUTCOMES if total[name] or name in OUTCOMES[:3])
    reasons = [why for site in result["sites"] for kind in ("refused", "failed") for why in site[kind].items()]
    refused = ", ".join(f"{count} {reason}" for reason, count in reasons) or "none"
    words = [
        f"\n{total['fetched']} pages in {result['seconds']} s",
        f"  articles:     {told}",
        f"  not archived: {refused}",
        f"  the archive:  {db} with {contents(db)}",
        "\nTry next:",
        *(f"  {short(PRESSMARK)} {command}" for command in commands(db)),
    ]
    return "\n".join(words)


def contents(db: Path) -> str:
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        articles, points, snapshots = (
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("articles", "key_points", "snapshots")
        )
    return f"{articles} articles, {points} key points, {snapshots} pages as they were sent"


def short(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def commands(db: Path) -> list[str]:
    return [
        f"browse {db}",
        f"search --db {db} пором",
        f"export {db.with_name('articles.csv')} --db {db}",
    ]


if __name__ == "__main__":
    sys.exit(main())
