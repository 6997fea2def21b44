"""Crawl a street of real pages, crawl it again, look at everything once more, and write down what happened.

    python -m bench.report --newsstand PATH [--write docs/crawl-report.md]

Checks what must hold: every URL of the sitemaps has a fetch, a snapshot (unless the page asks not to be kept) and an
article or a named reason; no exception, no duplicate; the second run asks for nothing it need not; no run makes a
revision. Exits with 1 where one does not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.crawl import articles_of
from bench.newsstand import Street, program, street
from storage.archive import open_archive

UNKEPT = ("noarchive", "noindex", "nosnippet", "none", "tdm_reserved", "unavailable_after")
HEAD = """# A crawl of real pages

Four hundred pages of many publishers, on two sites on loopback, with a news sitemap, plain sitemaps, feeds and
sections. Written by

```sh
python -m bench.report --newsstand PATH --write docs/crawl-report.md
```

`--delay 0` only because it is our own machine; the default is a second.
"""


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newsstand", help="the program that serves the street (or NEWSSTAND=PATH)")
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--write", type=Path, help="the page to write")
    args = parser.parse_args()
    options = ["--sites", "2", "--pages", "200", "--port", str(args.port)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with street(program(args.newsstand), folder / "log", *options) as sites:
            text, good = story(sites, folder)
    print(text)
    if args.write:
        args.write.write_text(f"{HEAD}\n{text}\n", "utf-8")
    return int(not good)


def story(sites: Street, folder: Path) -> tuple[str, bool]:
    """Crawl three times; gives the page's text, and whether all holds."""
    fronts = [site.url for site in sites.sites]
    command = ["crawl", *fronts, "--allow-private", "--delay", "0", "--db", "news.db"]
    parts, counts = [], [0]
    for title, more in (("First run", []), ("Second run", []), ("Everything looked at again", ["--refresh"])):
        shown = " ".join(["pressmark", *command, *more])
        output, errors = _run([*command, *more], folder)
        counts.append(len(sites.requests()))
        parts.append(f"## {title}\n\n```\n$ {shown}\n{output.rstrip()}\n```\n")
        if "Traceback" in errors:
            parts.append(f"**An exception**: {errors[-2000:]}\n")
    known = {url for front in fronts for url in articles_of(front)}
    checks = list(judge(sites, folder / "news.db", known, counts))
    lines = ["## What must hold\n", "| | | |", "|---|---|---|"]
    lines += [f"| {what} | {got} | {'yes' if right else '**no**'} |" for what, got, right in checks]
    return "\n".join([*parts, *lines]), all(right for _, _, right in checks)


def _run(args: list[str], folder: Path) -> tuple[str, str]:
    program = [sys.executable, "-c", "from crawler.cli import main; main()"]
    done = subprocess.run([*program, *args], check=False, capture_output=True, text=True, cwd=folder)
    return done.stdout, done.stderr


def judge(sites: Street, db: Path, known: set[str], counts: list[int]) -> Iterator[tuple[str, str, bool]]:
    """Give (what must hold, what was found, whether it is right)."""
    marks = ", ".join("?" * len(UNKEPT))
    with open_archive(db, readonly=True) as archive:

        def ask(sql: str, *values: object) -> list[Any]:
            return [row[0] for row in archive.db.execute(sql, values)]

        fetched = known & set(ask("SELECT f.url FROM frontier f JOIN fetches h ON h.url_id = f.id"))
        yield "URLs of the sitemaps that were fetched", f"{len(fetched)} of {len(known)}", fetched == known
        kept = known & set(
            ask(
                "SELECT f.url FROM frontier f JOIN fetches h ON h.url_id = f.id"
                " LEFT JOIN snapshots s ON s.fetch_id = h.id"
                f" WHERE s.id IS NOT NULL OR h.reason IN ({marks})",
                *UNKEPT,
            )
        )
        yield "… that have a snapshot, or ask not to be kept", f"{len(kept)} of {len(known)}", kept == known
        settled = known & set(
            ask(
                "SELECT f.url FROM frontier f LEFT JOIN article_urls a ON a.url_id = f.id"
                " WHERE a.article_id IS NOT NULL OR f.reason IS NOT NULL"
            )
        )
        yield "… that have an article or a named reason", f"{len(settled)} of {len(known)}", settled == known
        [articles] = ask("SELECT count(*) FROM articles")
        [addresses] = ask("SELECT count(DISTINCT url) FROM articles")
        yield "duplicates", f"{articles - addresses} of {articles} articles", articles == addresses
        [revisions] = ask("SELECT count(*) FROM revisions WHERE outcome <> 'new'")
        yield "revisions made by the later runs", str(revisions), revisions == 0
    yield "requests of the second run", str(counts[2] - counts[1]), counts[2] == counts[1]
    requests = sites.requests()
    full = [sum(row["status"] == 200 for row in requests[a:b]) for a, b in ((0, counts[1]), (counts[2], counts[3]))]
    share = full[1] / full[0]
    yield "full downloads when all is looked at again", f"{full[1]} of {full[0]} ({share:.1%})", share <= 0.05


if __name__ == "__main__":
    sys.exit(main())
