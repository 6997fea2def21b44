"""How fast a whole crawl is, beside bare Scrapy that only downloads the same pages.

    python -m bench.crawl --newsstand PATH [--pages 2000] [--processes 2] [--rounds 3] [--peers-python peers/bin/python]

In one run, on one street of sites: bare Scrapy with its default settings; our crawl (fetch, snapshot, read, store) with
politeness off in one process, first as on a new machine, where the dictionaries of the sites' languages are made on the
way, then with those; the same in several processes, the sites shared out. As a machine's speed changes within minutes,
the runs that are compared take turns, several rounds; told are those of the median rate. With --peers-python,
news-please of that environment fetches and reads the same pages, eight at once, and stores nothing. (Fundus reads the
publishers that it knows and no other site, so that it cannot be asked.) Prints pages a second and the ratios to bare
Scrapy.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.newsstand import Street, program, street

BARE = """
import sys, time, json, scrapy
from scrapy.crawler import CrawlerProcess
urls = open(sys.argv[1]).read().split()
class Bare(scrapy.Spider):
    name = "bare"
    seen = 0
    async def start(self):
        for url in urls:
            yield scrapy.Request(url)
    def parse(self, response):
        Bare.seen += 1
began = time.monotonic()
process = CrawlerProcess({"LOG_LEVEL": "ERROR"})
process.crawl(Bare)
process.start()
print(json.dumps({"pages": Bare.seen, "seconds": time.monotonic() - began}))
"""

NEWS_PLEASE = """
import sys, time, json, socket, contextlib
from concurrent.futures import ThreadPoolExecutor
resolve = socket.getaddrinfo
def here(host, *rest, **more):
    if not str(host).startswith("127."):
        raise socket.gaierror(f"{host}: not asked in a bench")
    return resolve(host, *rest, **more)
socket.getaddrinfo = here
from newsplease import NewsPlease
def read(url):
    try:
        article = NewsPlease.from_url(url, request_args={"timeout": 60}, fetch_images=False)
    except Exception as error:
        print(f"{url}: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    return bool(article and (article.title or article.maintext))
urls = open(sys.argv[1]).read().split()
began = time.monotonic()
with contextlib.redirect_stdout(sys.stderr), ThreadPoolExecutor(8) as pool:
    pages = sum(pool.map(read, urls))
print(json.dumps({"pages": pages, "seconds": time.monotonic() - began}))
"""


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newsstand", help="the program that serves the street (or NEWSSTAND=PATH)")
    parser.add_argument("--pages", type=int, default=2000, help="in all")
    parser.add_argument("--sites", type=int, default=2)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=8850)
    parser.add_argument("--peers-python", help="the Python of the virtual environment that has news-please")
    args = parser.parse_args()
    options = ["--sites", str(args.sites), "--pages", str(args.pages // args.sites), "--port", str(args.port)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with street(program(args.newsstand), folder / "log", *options) as sites:
            peer = run_script(NEWS_PLEASE, sites, folder, args.peers_python) if args.peers_python else None
            os.environ["XDG_CACHE_HOME"] = str(folder / "cache")  # where the dictionaries are kept
            first = run_ours(sites, folder / "first", 1)
            rounds = [run_round(sites, folder / str(number), args.processes) for number in range(args.rounds)]
    bare, one, several = (
        sorted(same, key=lambda run: run["rate"])[len(same) // 2] for same in zip(*rounds, strict=True)
    )
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {args.rounds} rounds")
    tell("bare Scrapy, download only", bare, bare)
    if peer:
        tell("news-please, download and read", peer, bare)
    tell("pressmark, the first on a machine", first, bare)
    tell("pressmark, whole crawl, 1 process", one, bare)
    tell(f"pressmark, whole crawl, {args.processes} processes", several, bare)
    print(
        "1 process against bare Scrapy, round by round:", *(f"{run[1]['rate'] / run[0]['rate']:.2f}" for run in rounds)
    )
    print(f"{args.processes} processes against one: {several['rate'] / one['rate']:.2f}")


def run_round(sites: Street, folder: Path, processes: int) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Bare Scrapy, a crawl in one process, a crawl in several, one after the other."""
    folder.mkdir()
    return run_bare(sites, folder), run_ours(sites, folder / "one", 1), run_ours(sites, folder / "several", processes)


def run_bare(sites: Street, folder: Path) -> dict[str, Any]:
    """Download all articles with bare Scrapy."""
    return run_script(BARE, sites, folder, sys.executable)


def run_script(text: str, sites: Street, folder: Path, python: str) -> dict[str, Any]:
    """Run a program that gets a file with the URLs of all articles and prints what it did."""
    script, urls = folder / "script.py", folder / "urls"
    script.write_text(text)
    urls.write_text("\n".join(url for site in sites.sites for url in articles_of(site.url)))
    output, used = run_watched([python, str(script), str(urls)])
    return _rated(json.loads(output), used)


def articles_of(front: str) -> list[str]:
    """Give the article URLs that a site's plain sitemaps list."""
    index = urlopen(f"{front}sitemap.xml").read().decode()
    found: list[str] = []
    for url in re.findall(r"<loc>([^<]*sitemap-\d+\.xml\.gz)</loc>", index):
        found += re.findall(r"<loc>([^<]*)</loc>", gzip.decompress(urlopen(url).read()).decode())
    return found


def run_ours(sites: Street, folder: Path, processes: int) -> dict[str, Any]:
    """Crawl the street into a fresh archive with politeness off."""
    folder.mkdir()
    command = [sys.executable, "-c", "from crawler.cli import main; main()", "crawl"]
    command += [site.url for site in sites.sites]
    command += ["--db", str(folder / "news.db"), "--allow-private", "--delay", "0", "--host-connections", "8", "--json"]
    output, used = run_watched([*command, "--processes", str(processes)])
    report = json.loads(output)
    return _rated({"pages": report["total"]["fetched"], "seconds": report["seconds"]}, used)


def _rated(result: dict[str, Any], used: Used) -> dict[str, Any]:
    if not result["pages"]:
        raise SystemExit("not one page was fetched")
    return {**result, "rate": result["pages"] / result["seconds"], "used": used}


@dataclasses.dataclass(frozen=True, slots=True)
class Used:
    """What a program used: its largest process's memory in MB, and seconds of processor with all its processes."""

    memory: float
    cpu: float


def run_watched(command: list[str]) -> tuple[str, Used]:
    """Run a program; gives what it printed, and what it used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = [0.0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
    watcher.start()
    output, _ = process.communicate()
    done.set()
    watcher.join()
    if process.returncode not in (0, 1):  # 1: some page or site had trouble
        raise SystemExit(f"{command[0]} ended with exit code {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return output, Used(peak[0], cpu)


def _watch(pid: int, peak: list[float], done: threading.Event) -> None:
    while not done.wait(0.5):
        for number in [pid, *_children(pid)]:
            try:
                status = Path(f"/proc/{number}/status").read_text()
            except OSError:
                continue
            match = re.search(r"VmRSS:\s+(\d+)", status)
            peak[0] = max(peak[0], int(match[1]) / 1024 if match else 0.0)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def tell(name: str, result: dict[str, Any], bare: dict[str, Any]) -> None:
    """Print one line of the table."""
    used: Used = result["used"]
    ratio, cpu = result["rate"] / bare["rate"], 1000 * used.cpu / result["pages"]
    line = f"{name:40}{result['pages']:6} pages {result['rate']:8.1f} a second  x{ratio:.2f}  {cpu:6.1f} ms CPU a page"
    print(f"{line}  {used.memory:.0f} MB", flush=True)


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"{time.monotonic() - began:.0f} s in all")
