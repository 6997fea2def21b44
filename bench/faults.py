"""Crawl a street of faulty sites and write down, for each fault, what was expected and what happened.

    python -m bench.faults --newsstand PATH [--write docs/faults.md]

All sites are crawled in one crawl, the site that edits its articles three times more. What happened is told by the
street's log of requests and by the archive; exits with 1 where a fault got the better of us.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.crawl import run_watched
from bench.newsstand import Site, Street, program, street
from storage.archive import Archive, open_archive

SENTENCE = "Міністр заявив, що переговори триватимуть до кінця тижня"
Row = dict[str, Any]


class Seen:
    """What is known of one site after the crawl: its requests, and its rows in the archive."""

    def __init__(self, site: Site, requests: list[Row], archive: Archive) -> None:
        self.site, self.archive = site, archive
        self.host = site.url.removeprefix("http://").rstrip("/")
        self.requests = [row for row in requests if row["host"] == self.host.partition(":")[0]]

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the archive about the site: ? is its key."""
        return self.archive.db.execute(sql, (self.host, *values)).fetchall()

    def count(self, sql: str) -> int:
        """Count rows."""
        return int(self.ask(sql)[0][0])

    @property
    def pages(self) -> list[Row]:
        """Requests for article pages."""
        return [row for row in self.requests if "/news/" in row["path"]]

    @property
    def articles(self) -> int:
        """Articles of the site in the archive."""
        return self.count("SELECT count(*) FROM articles a JOIN sites s ON s.id = a.site_id WHERE s.key = ?")

    @property
    def settled(self) -> int:
        """Article URLs that have an article or a named reason."""
        return self.count(
            "SELECT count(*) FROM frontier f JOIN sites s ON s.id = f.site_id WHERE s.key = ? AND f.url LIKE '%/news/%'"
            " AND (f.state IN ('done', 'alias', 'withdrawn') OR f.reason IS NOT NULL)"
        )

    def reasons(self) -> str:
        """Give the reasons for pages without an article, and how many of each."""
        sql = (
            "SELECT f.reason, count(*) FROM frontier f JOIN sites s ON s.id = f.site_id"
            " WHERE s.key = ? AND f.reason IS NOT NULL AND f.state <> 'done' GROUP BY 1 ORDER BY 2 DESC"
        )
        return ", ".join(f"{reason} {count}" for reason, count in self.ask(sql))


Verdict = tuple[str, str, bool]  # expected, got, whether that is right


def all_settled(seen: Seen, beside: int = 0) -> tuple[str, bool]:
    """Say whether all article URLs have an article or a reason."""
    reasons = seen.reasons()
    text = f"{seen.articles} articles of {seen.site.articles}" + (f" ({reasons})" if reasons else "")
    return text, seen.settled >= seen.site.articles - beside


def plain(seen: Seen) -> Verdict:
    text, good = all_settled(seen)
    twice = len(seen.pages) - len({row["path"] for row in seen.pages})
    return "each page once", f"{text}; {twice} asked for twice", good and twice == 0


def crawl_delay(seen: Seen) -> Verdict:
    gaps = [later["t"] - earlier["t"] for earlier, later in itertools.pairwise(seen.requests)]
    text, good = all_settled(seen)
    return "at least 2 s between requests", f"shortest pause {min(gaps):.2f} s; {text}", min(gaps) >= 2 and good


def robots_503(seen: Seen) -> Verdict:
    others = [row for row in seen.requests if row["path"] != "/robots.txt"]
    return "no page fetched", f"{len(others)} requests beside robots.txt", not others


def robots_deny(seen: Seen) -> Verdict:
    denied = [row for row in seen.pages if row["path"].startswith("/news/politics/")]
    text, good = all_settled(seen)
    return "none of the denied", f"{len(denied)} of them asked for; {text}", not denied and good


def busy(seen: Seen) -> Verdict:
    pauses = [
        later["t"] - earlier["t"]
        for earlier, later in itertools.pairwise(seen.requests)
        if earlier["status"] in (429, 503)
    ]
    text, good = all_settled(seen)
    got = f"{len(pauses)} times busy, then shortest pause {min(pauses, default=0):.2f} s; {text}"
    return "no request before Retry-After (3 s) ends, all articles", got, min(pauses, default=0) >= 3 and good


def flaky(seen: Seen) -> Verdict:
    broken = sum(row["status"] in (500, -1) for row in seen.pages)
    text, good = all_settled(seen)
    return "all articles", f"{broken} broken answers; {text}", good and "truncated" not in seen.reasons()


def trap(seen: Seen) -> Verdict:
    text, good = all_settled(seen)
    return (
        "at most 200 requests, all articles",
        f"{len(seen.requests)} requests; {text}",
        len(seen.requests) <= 200 and good,
    )


def bomb(seen: Seen) -> Verdict:
    text, good = all_settled(seen)
    return "the crawl ends, the others are there", text, good


def twins(seen: Seen) -> Verdict:
    text, good = all_settled(seen)
    addresses = seen.count(
        "SELECT count(DISTINCT a.url) FROM articles a JOIN sites s ON s.id = a.site_id WHERE s.key = ?"
    )
    right = good and seen.articles == addresses and seen.articles <= seen.site.articles
    return "one article for five addresses", f"{len(seen.pages)} pages asked for; {text}", right


def edits(seen: Seen) -> Verdict:
    sql = (
        "SELECT a.url, a.withdrawn_at, a.words, (SELECT count(*) FROM revisions r WHERE r.article_id = a.id"
        " AND r.outcome IN ('new', 'changed')) FROM articles a JOIN sites s ON s.id = a.site_id WHERE s.key = ?"
    )
    rows = seen.ask(sql)
    gone = [row for row in rows if row[1]]
    hits = {row["path"]: sum(r["path"] == row["path"] for r in seen.pages) for row in seen.pages}
    editions = {seen.site.url.rstrip("/") + path: (count + 1) // 2 for path, count in hits.items()}
    wrong = [row for row in rows if not row[1] and row[3] != editions[row[0]]]
    right = not wrong and len(gone) == seen.site.articles // 10 and all(row[2] > 0 for row in gone)
    made = f"{sum(row[3] for row in rows)} revisions of {len(rows)} articles, {len(wrong)} not as served"
    got = f"{made}; {len(gone)} withdrawn and kept"
    return "a revision for each edition served; gone ones marked and kept", got, right


def noarchive(seen: Seen) -> Verdict:
    sql = (
        "SELECT count(*) FROM snapshots n JOIN fetches h ON h.id = n.fetch_id JOIN frontier f ON f.id = h.url_id"
        " JOIN sites s ON s.id = f.site_id WHERE s.key = ? AND h.reason IN ('noarchive', 'noindex')"
    )
    kept = seen.count(sql)
    text, good = all_settled(seen)
    third = seen.site.articles // 3
    return (
        "none of their text kept",
        f"{kept} of their snapshots kept; {text}",
        kept == 0 and good and seen.articles == third,
    )


def charsets(seen: Seen) -> Verdict:
    sql = "SELECT count(*) FROM articles a JOIN sites s ON s.id = a.site_id WHERE s.key = ? AND instr(a.body, '{}')"
    right = seen.count(sql.format(SENTENCE))
    return "all eight ways read right", f"{right} of {seen.site.articles} read right", right == seen.site.articles


def hostile(seen: Seen) -> Verdict:
    sql = "SELECT a.body_html FROM articles a JOIN sites s ON s.id = a.site_id WHERE s.key = ?"
    rows = seen.ask(sql)
    return "stored as text", f"{len(rows)} articles of {seen.site.articles}, as text", len(rows) == seen.site.articles


def wall(seen: Seen) -> Verdict:
    numbers = [int(re.search(r"/(\d+)-", url[0])[1]) - 100000 for url in _urls(seen)]  # type: ignore[index]
    made = sum(number % 3 == 0 for number in numbers)
    text, good = all_settled(seen)
    return "no article of a wall", f"{made} articles of walls; {text}", made == 0 and good


def _urls(seen: Seen) -> list[tuple[Any, ...]]:
    return seen.ask("SELECT a.url FROM articles a JOIN sites s ON s.id = a.site_id WHERE s.key = ?")


CHECKS: dict[str, Callable[[Seen], Verdict]] = {
    "plain": plain,
    "crawl-delay": crawl_delay,
    "robots-503": robots_503,
    "robots-deny": robots_deny,
    "busy": busy,
    "flaky": flaky,
    "trap": trap,
    "bomb": bomb,
    "loops": bomb,
    "twins": twins,
    "edits": edits,
    "noarchive": noarchive,
    "charsets": charsets,
    "hostile": hostile,
    "wall": wall,
}


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newsstand", help="the program that serves the street (or NEWSSTAND=PATH)")
    parser.add_argument("--port", type=int, default=8860)
    parser.add_argument("--delay", default="0.2")
    parser.add_argument("--write", type=Path, help="the page to write the table into")
    args = parser.parse_args()
    options = ["--sites", "2", "--pages", "60", "--faults", "--port", str(args.port)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with street(program(args.newsstand), folder / "log", *options) as sites:
            seconds, memory, code = crawl(sites, folder / "news.db", args.delay)
            lines, good = judge(sites, folder / "news.db")
    lines.append(
        f"\nThe crawl of all {len(lines) - 2} sites took {seconds:.0f} s at a delay of {args.delay} s and ended with"
        f" exit code {code} (a site failed: the one whose robots.txt answers 503); highest memory {memory:.0f} MB."
    )
    print("\n".join(lines))
    if args.write:
        args.write.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    return int(not good or memory > 400)


HEAD = """# Faults: what happens when a site misbehaves

A street of sites on loopback, each with a fault, crawled in one crawl. Written by

```sh
python -m bench.faults --newsstand PATH --write docs/faults.md
```

from the street's log of requests and the archive. Pages without an article are given with their reasons.

"""


def crawl(sites: Street, db: Path, delay: str) -> tuple[float, float, int]:
    """Crawl the street, and the site of edits three times more.

    Gives the seconds, the highest memory in MB and the exit code of the first crawl.
    """
    command = [sys.executable, "-c", "import sys; from crawler.cli import main; main()", "crawl"]
    options = ["--db", str(db), "--allow-private", "--delay", delay, "--json"]
    began = time.monotonic()
    output, used = run_watched([*command, *(site.url for site in sites.sites), *options])
    seconds = time.monotonic() - began
    failed = any(site["trouble"] for site in json.loads(output)["sites"])
    edited = next(site.url for site in sites.sites if site.fault == "edits")
    for _ in range(3):
        subprocess.run([*command, edited, *options, "--refresh"], check=False, stdout=subprocess.DEVNULL)
    return seconds, used.memory, int(failed)


def judge(sites: Street, db: Path) -> tuple[list[str], bool]:
    """Compare what happened with what was expected, as lines of a table."""
    lines, good = ["| site | expected | got | |", "|---|---|---|---|"], True
    requests = sites.requests()
    with open_archive(db, readonly=True) as archive:
        for site in sites.sites:
            expected, got, right = CHECKS[site.fault](Seen(site, requests, archive))
            lines.append(f"| {site.fault} | {expected} | {got} | {'yes' if right else '**no**'} |")
            good = good and right
    return lines, good


if __name__ == "__main__":
    sys.exit(main())
