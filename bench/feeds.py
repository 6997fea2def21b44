"""Reading feeds and sitemaps: `python -m bench.feeds`. feedparser is measured beside ours where it is installed."""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import resource
import time
from collections.abc import Callable

from crawler import feeds, sitemaps

URL = "https://example.org/feed.xml"
TEXT = "The weir was opened by the miller. " * 12


def rss(count: int) -> bytes:
    """Make a feed of so many entries with summaries."""
    items = "".join(
        f"<item><title><![CDATA[Weir &amp; mill {n}]]></title><link>https://example.org/news/{n}-weir-and-mill.html?utm_source=r"
        f"</link><guid isPermaLink='false'>{n}</guid><pubDate>Mon, 23 Nov 2026 10:{n % 60:02}:00 GMT</pubDate>"
        f"<description><![CDATA[<p>{TEXT}</p>]]></description></item>"
        for n in range(count)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def urlset(count: int) -> bytes:
    """Make a gzipped sitemap of so many URLs."""
    rows = "".join(
        f"<url><loc>https://example.org/news/{n}-weir-and-mill.html</loc><lastmod>2026-11-23T10:00:00Z</lastmod></url>"
        for n in range(count)
    )
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return gzip.compress(f"{head}{rows}</urlset>".encode())


def measure(name: str, read: Callable[[bytes], object], body: bytes) -> None:
    """Print the best of three."""
    best = min(_seconds(read, body) for _ in range(3))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:40} {best * 1000:7.0f} ms   peak of the process {peak} MB")


def _seconds(read: Callable[[bytes], object], body: bytes) -> float:
    began = time.perf_counter()
    read(body)
    return time.perf_counter() - began


def main() -> None:
    feed = rss(1000)
    measure(f"feeds.parse, 1,000 entries, {len(feed) // 1000} kB", lambda body: feeds.parse(body, URL), feed)
    if importlib.util.find_spec("feedparser"):
        measure("feedparser, the same", importlib.import_module("feedparser").parse, feed)
    measure("sitemaps.parse, 50,000 URLs, gzipped", lambda body: sitemaps.parse(body, URL), urlset(50_000))


if __name__ == "__main__":
    main()
