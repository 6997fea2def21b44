"""Polite fetching: every request asks robots.txt, waits its turn, and follows redirects within the site only."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler import backoff
from crawler import robots as robotstxt
from crawler.decode import ACCEPT_ENCODING, DecodeError, decode
from crawler.download import Wire
from crawler.host import Host, HostClosed
from crawler.options import AGENT, Options
from crawler.reasons import meaning
from crawler.refresh import onward
from crawler.safety import FetchError, Refused, check_redirect
from crawler.urls import normalize, resolve

REDIRECTS = frozenset((301, 302, 303, 307, 308))
MAX_COOKIES = 20  # of a host, within one page's redirects
MAX_COOKIE = 1024  # characters
ROBOTS_TRIES = 2  # more of a robots.txt whose server says that it is busy
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT_SOURCE = "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.8"

Download = Callable[[Request], Awaitable[Response]]


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What came in the end: the last address, and its answer; `refused` says why a redirect was not followed."""

    url: str
    wire: Wire
    hops: tuple[str, ...] = ()
    refused: Refused | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """One page to ask for, with the validators of what is already known of it."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str = ACCEPT
    browser: bool = False
    first: int | None = None  # bytes of a longer answer that will do


def _location(wire: Wire) -> str | None:
    """Give where an answer leads, "" where it does not say; None where it is the answer."""
    if wire.status in REDIRECTS:
        return wire.header("location") or ""
    return onward(wire.status, wire.headers, wire.body)


class Cookies:
    """The cookies of one page's redirects, each for the host that set it: many a site asks for its own, and goes on.

    They end with the page: nothing is told from one page to the next.
    """

    def __init__(self) -> None:
        self._hosts: dict[str, dict[str, str]] = {}

    def take(self, url: str, headers: Iterable[tuple[str, str]]) -> bool:
        """Take what an answer sets; says whether that is something new."""
        held = self._hosts.setdefault(urlsplit(url).netloc, {})
        before = dict(held)
        for name, value in headers:
            if name.lower() == "set-cookie" and len(held) < MAX_COOKIES:
                key, equals, text = value.partition(";")[0].strip().partition("=")
                if key and equals and len(key) + len(text) <= MAX_COOKIE:
                    held[key] = text
        return held != before

    def header(self, url: str) -> dict[str, str]:
        """Give the header to send."""
        held = self._hosts.get(urlsplit(url).netloc)
        return {"Cookie": "; ".join(f"{key}={value}" for key, value in held.items())} if held else {}


class Fetcher:
    """All requests of one process go through here."""

    def __init__(self, download: Download, options: Options, stop: asyncio.Event) -> None:
        self._download = download
        self._options = options
        self._agent = options.user_agent
        self._stop = stop
        self._hosts: dict[str, Host] = {}
        self._connections = asyncio.Semaphore(options.connections)

    def host(self, url: str, delay: float | None = None) -> Host:
        """Give the host of a URL; `delay` is the one its site file asks for."""
        name = urlsplit(url).netloc
        if name not in self._hosts:
            options = self._options
            pause = max(options.delay, delay or 0.0)
            self._hosts[name] = Host(name, pause, options.host_connections, options.longest_wait)
        return self._hosts[name]

    async def get(self, asked: Asked) -> Answer:
        """Fetch one page.

        Raises Refused (not to be fetched), FetchError (no whole answer), HostClosed (not now), Stopped.
        """
        chain = [asked.url]
        cookies = Cookies()
        seen: set[str] = set()  # asked with the cookies as they are
        await self._permit(asked.url)
        while True:
            wire = await self._ask(chain[-1], asked, cookies)
            location = _location(wire)
            if location is None:
                return Answer(chain[-1], wire, tuple(chain))
            seen.add(chain[-1])
            if cookies.take(chain[-1], wire.headers):
                seen.clear()
            elif wire.status not in REDIRECTS and resolve(location, chain[-1]) == chain[-1]:
                return Answer(chain[-1], wire, tuple(chain))  # a page that loads itself again
            try:
                target = check_redirect(chain, location, allow_private=self._options.allow_private, seen=seen)
                await self._permit(target)
            except Refused as refused:
                return Answer(chain[-1], wire, tuple(chain), refused)
            chain.append(target)

    async def _permit(self, url: str) -> None:
        """Raise Refused where robots.txt forbids a URL, HostClosed where it could not be read."""
        rules = await self.robots(url)
        if rules.allowed(url, AGENT):
            return
        if rules.kind == "deny_all":
            host = self.host(url)
            answer = f"answered {rules.status}" if rules.status else f"gave no answer ({host.trouble})"
            raise HostClosed("robots_unavailable", f"robots.txt of {host.name} {answer}: nothing may be fetched")
        raise Refused("robots", "disallowed by robots.txt")

    async def robots(self, url: str) -> robotstxt.Robots:
        """Give the rules of a URL's host, fetched at most a day ago."""
        host = self.host(url)
        now = datetime.now(UTC)
        if host.robots is not None and not host.robots.expired(now):
            return host.robots
        async with host.robots_lock:
            if host.robots is None or host.robots.expired(now):
                host.obey(await self._read_robots(urljoin(url, "/robots.txt")), AGENT)
            assert host.robots is not None
            return host.robots

    async def _read_robots(self, url: str) -> robotstxt.Robots:
        """Fetch robots.txt, following up to five redirects wherever they lead (RFC 9309, 2.3.1.2).

        Where the host says that it is busy, and for how long, it is asked again then.
        """
        redirects = busy = 0
        host = self.host(url)
        while True:
            try:
                wire = await self._ask(url, Asked(url, first=robotstxt.MAX_BYTES))
                body = decode(wire.body, wire.header("content-encoding") or "", robotstxt.MAX_BYTES, cut=True)
            except FetchError as error:
                why = f": {error.detail}" if error.reason == "tls" else ""
                where = "" if self.host(url) is host else f" by {self.host(url).name}, where it leads"
                host.trouble = f"{error.reason}: {meaning(error.reason)}{where}{why}"
                return robotstxt.read(None, b"", datetime.now(UTC))
            except DecodeError:
                return robotstxt.read(500, b"", datetime.now(UTC))
            if wire.status in backoff.BUSY and wire.header("retry-after") and busy < ROBOTS_TRIES:
                busy += 1
                continue
            target = normalize(wire.header("location") or "", url) if wire.status in REDIRECTS else None
            redirects += target is not None
            if target is None or redirects > robotstxt.MAX_REDIRECTS:
                return robotstxt.read(wire.status, body, datetime.now(UTC), redirects=redirects)
            url = target

    async def _ask(self, url: str, asked: Asked, cookies: Cookies | None = None) -> Wire:
        """Make one request in its host's turn."""
        host = self.host(url)
        async with host.turn(self._stop), self._connections:
            meta: dict[str, object] = {"playwright": asked.browser or None}
            if asked.first is not None:
                meta |= {"download_maxsize": asked.first, "cut": True}
            headers = self._headers(asked, url) | (cookies.header(url) if cookies else {})
            request = Request(url, headers=headers, meta=meta)
            try:
                response = await self._download(request)
            except FetchError as error:
                if error.reason in ("timeout", "connection_lost", "refused", "truncated", "dns"):
                    host.answered(None)
                raise
        wire: Wire = response.meta["wire"]
        host.answered(wire.status, wire.header("retry-after"))
        return wire

    def _headers(self, asked: Asked, url: str) -> dict[str, str]:
        headers = {"User-Agent": self._agent, "Accept": asked.accept, "Accept-Encoding": ACCEPT_ENCODING}
        if url == asked.url:
            headers |= {"If-None-Match": asked.etag} if asked.etag else {}
            headers |= {"If-Modified-Since": asked.last_modified} if asked.last_modified else {}
        return headers
