"""Kill a crawl at random moments, again and again, and count what is lost or doubled.

    python -m bench.kill --pages 1000 --kills 100 --seed 1

One crawl of a made-up site on loopback is killed (SIGKILL) and started again until it has had all its kills, then
runs to its end. Each life is as long as chance says: from the first import to the middle of a transaction. Prints what
the archive holds in the end, and exits with 1 where a page is lost or doubled, or a check fails.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from storage.archive import open_archive
from tests.crawler.web import Web, article


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delay", type=float, default=0.15, help="between requests, so that the kills spread out")
    parser.add_argument("--folder", type=Path, help="where the archive goes; a temporary folder by default")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, Web() as web:
        db = (args.folder or Path(temporary)) / "news.db"
        began = time.monotonic()
        kills = murder(web, db, args)
        print(f"{kills} kills, seed {args.seed}, {time.monotonic() - began:.0f} s")
        return judge(web, db, args.pages)


def murder(web: Web, db: Path, args: argparse.Namespace) -> int:
    """Crawl `args.pages` pages, killing the crawl `args.kills` times; gives how often it was killed."""
    chance = random.Random(args.seed)
    web.articles(args.pages)
    for number, path in enumerate([path for path in web.pages if path.startswith("/news/")]):
        web.add(path, article(f"Story {number} of the town", number))
    program = [sys.executable, "-c", "from crawler.cli import main; main()"]
    command = [*program, "crawl", web.url, "--allow-private", "--quiet", "--db", str(db)]
    start = _startup(command)
    kills = 0
    while kills < args.kills:
        process = subprocess.Popen([*command, "--delay", str(args.delay)])
        try:
            process.wait(chance.uniform(0.6 * start, 2.0 * start))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            if sys.stderr.isatty():
                print(f"\r{kills} kills, {len(web.asked)} requests", end="", file=sys.stderr)
        else:
            break  # done before its last kill
    subprocess.run([*command, "--delay", "0"], check=True)
    return kills


def _startup(command: list[str]) -> float:
    """Give how long the program takes to start, in seconds."""
    began = time.monotonic()
    subprocess.run([*command[:3], "crawl", "no-site", "--db", command[-1]], check=False, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def judge(web: Web, db: Path, pages: int) -> int:
    """Compare the archive with the site; print and give 1 where they differ."""
    with open_archive(db) as archive:
        ask = archive.db.execute
        figures = {
            "articles": ask("SELECT count(*) FROM articles").fetchone()[0],
            "addresses of articles": ask("SELECT count(DISTINCT url) FROM articles").fetchone()[0],
            "URLs that are done": ask("SELECT count(*) FROM frontier WHERE state = 'done'").fetchone()[0],
            "URLs with a lease": ask("SELECT count(*) FROM frontier WHERE lease_until IS NOT NULL").fetchone()[0],
            "revisions": ask("SELECT count(*) FROM revisions").fetchone()[0],
            "fetches": ask("SELECT count(*) FROM fetches").fetchone()[0],
            "integrity_check": ask("PRAGMA integrity_check").fetchone()[0],
            "foreign_key_check": len(ask("PRAGMA foreign_key_check").fetchall()),
        }
        folder = archive.folder
    checked = subprocess.run(["warcio", "check", *map(str, sorted(folder.glob("*.warc*")))], check=False, env=_path())
    figures["warcio check"] = checked.returncode
    figures["requests for pages"] = sum(path.startswith("/news/") for path in web.paths())
    for name, value in figures.items():
        print(f"{name:24}{value}")
    lost, doubled = pages - figures["addresses of articles"], figures["articles"] - figures["addresses of articles"]
    print(f"{lost} lost, {doubled} doubled")
    sound = (figures["integrity_check"], figures["foreign_key_check"], figures["warcio check"]) == ("ok", 0, 0)
    return int(bool(lost or doubled or figures["revisions"] != pages or not sound))


def _path() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


if __name__ == "__main__":
    sys.exit(main())
