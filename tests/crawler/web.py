"""A small web of our own on loopback: sites whose answers a test writes down, and the log of what was asked."""

from __future__ import annotations

import asyncio
import dataclasses
import ssl
import threading
import time
from collections.abc import Callable

HTML = "text/html; charset=utf-8"


@dataclasses.dataclass(frozen=True)
class Asked:
    """One request: when (monotonic seconds), which path, its headers in lower case, requests being answered with it."""

    at: float
    path: str
    headers: dict[str, str]
    together: int


@dataclasses.dataclass(frozen=True)
class Reply:
    """An answer. `cut` closes the connection after so many bytes of the body; `pause` waits before it."""

    body: bytes = b""
    status: int = 200
    kind: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    pause: float = 0.0


Page = Reply | Callable[[Asked], Reply]


class Web:
    """One host on loopback. `pages` maps paths to answers; what is not there is 404; `asked` is the log."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self._tls = tls
        self.asked: list[Asked] = []
        self.news = threading.Condition()  # told of each request
        self._together = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._ready = threading.Event()

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    def add(self, path: str, body: str | bytes = b"", **more: object) -> None:
        """Put a page up."""
        self.pages[path] = Reply(body.encode() if isinstance(body, str) else body, **more)  # type: ignore[arg-type]

    def articles(self, count: int) -> list[str]:
        """Put up articles of our own, a sitemap that lists them, and an empty front page; gives their paths."""
        paths = [f"/news/{1000 + number}-a-story-about-town-{number}.html" for number in range(count)]
        for number, path in enumerate(paths):
            self.add(path, article(f"Story {number} of the town", number))
        self.sitemap(paths)
        self.add("/", "<html><head><title>Town Paper</title></head><body><p>Welcome.</p></body></html>")
        self.add("/robots.txt", f"User-agent: *\nSitemap: {self.url}/sitemap.xml\n", kind="text/plain")
        return paths

    def sitemap(self, paths: list[str], path: str = "/sitemap.xml") -> None:
        """Put up a sitemap."""
        urls = "".join(f"<url><loc>{self.url}{each}</loc></url>" for each in paths)
        text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        self.add(path, text, kind="application/xml")

    def __enter__(self) -> Web:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._client, "127.0.0.1", 0, ssl=self._tls))
        self.url = f"http{'s' if self._tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        server.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        self._together += 1
        try:
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            asked = Asked(time.monotonic(), head[0].split(" ")[1], headers, self._together)
            with self.news:
                self.asked.append(asked)
                self.news.notify_all()
            page = self.pages.get(asked.path, Reply(b"<html><body>not here</body></html>", 404))
            reply = page(asked) if callable(page) else page
            await asyncio.sleep(reply.pause)
            writer.write(_bytes(reply))
            await writer.drain()
        finally:
            self._together -= 1
        return reply.cut is None


def _bytes(reply: Reply) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} X", f"Content-Type: {reply.kind}", f"Content-Length: {len(reply.body)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    body = reply.body if reply.cut is None else reply.body[: reply.cut]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if reply.status == 304 else body)


def article(title: str, number: int = 0, *, head: str = "", text: str = "") -> str:
    """Write an article page of our own."""
    said = text or (
        f"The council of the town met for the {number}th time this year and spoke about the bridge over the river. "
        "Nobody was in a hurry, and the meeting went on until the evening bells were heard from the square."
    )
    paragraphs = "".join(
        f"<p>{said} Point {point} of {number} was put off once more, as the mayor said.</p>" for point in range(6)
    )
    return (
        f"<!doctype html><html lang='en'><head><title>{title} - Town Paper</title>{head}"
        f"<meta property='og:type' content='article'><meta property='og:title' content='{title}'>"
        "<meta property='article:published_time' content='2026-11-20T10:00:00+00:00'></head>"
        f"<body><nav><a href='/'>Home</a></nav><main><article><h1>{title}</h1>"
        f"<time datetime='2026-11-20T10:00:00+00:00'>20 November 2026</time>{paragraphs}</article></main>"
        "<footer>Town Paper</footer></body></html>"
    )
