"""One host and its manners: one request at a time, at its own pace, never while it wants to be left alone."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from crawler import backoff
from crawler.robots import Robots

# What a host that wants us gone, or a list of what never was, answers to everything: the word for it, and how many
# such answers in a row end the crawl of the host.
DENIALS = {
    401: ("forbidden", 10),
    403: ("forbidden", 10),
    451: ("forbidden", 10),
    404: ("gone", 100),
    410: ("gone", 100),
}


class HostClosed(Exception):
    """Nothing may be asked of a host for now; `detail` says more.

    `reason` is robots_unavailable, busy, forbidden or gone.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


class Stopped(Exception):
    """The crawl was asked to stop before this request was made."""


class Host:
    """The pace of one host, what its robots.txt says, and whose turn it is."""

    def __init__(self, name: str, delay: float, connections: int, longest_wait: float) -> None:
        self.name = name
        self.floor = delay
        self.pace = backoff.Pace(floor=delay, delay=delay)
        self.longest_wait = longest_wait
        self.robots: Robots | None = None
        self.trouble = ""  # why the last request for robots.txt got no answer
        self.robots_lock = asyncio.Lock()
        self._denied = (0, 0)  # a status of DENIALS, and how many answers in a row had it
        self._slots = asyncio.Semaphore(connections)
        self._last = float("-inf")

    @asynccontextmanager
    async def turn(self, stop: asyncio.Event) -> AsyncIterator[None]:
        """Wait until a request may be made; the pause to the next one counts from the end of this one.

        Raises HostClosed where the host wants to be left alone for longer than a crawl waits, Stopped on `stop`.
        """
        async with self._slots:
            await self._wait(stop)
            self._last = time.monotonic()
            try:
                yield
            finally:
                self._last = time.monotonic()

    async def _wait(self, stop: asyncio.Event) -> None:
        status, count = self._denied
        if status and count >= DENIALS[status][1]:
            detail = f"the last {count} answers of {self.name} were {status}; the rest is left for the next run"
            raise HostClosed(DENIALS[status][0], detail)
        while not stop.is_set():
            now = time.monotonic()
            if self.pace.until - now > self.longest_wait:
                raise HostClosed("busy", f"{self.name} asks to be left alone for {self.pace.until - now:.0f} s more")
            pause = backoff.next_at(self.pace, self._last) - now
            if pause <= 0:
                return
            await sleep(pause, stop)
        raise Stopped

    def answered(self, status: int | None, retry_after: str | None = None) -> None:
        """Note how the host answered: it grows or heals its pace. None means that no answer came."""
        if status in DENIALS:
            self._denied = (status, self._denied[1] + 1 if self._denied[0] == status else 1)
        elif status is not None:
            self._denied = (0, 0)
        wait = backoff.parse_retry_after(retry_after, datetime.now(UTC))
        self.pace = backoff.after(self.pace, status, time.monotonic(), retry_after=wait, longest=600.0)

    def is_troubled(self, status: int | None) -> bool:
        """Say whether an answer, or that none came, was trouble for which the host is being left alone for a while."""
        troubled = status is None or status in backoff.BUSY or status in backoff.TROUBLED
        return troubled and self.pace.troubles > 0 and self.pace.until > time.monotonic()

    def rest(self, until: datetime) -> None:
        """Ask nothing before a time that an earlier run was told."""
        seconds = (until - datetime.now(UTC)).total_seconds()
        self.pace = dataclasses.replace(self.pace, until=max(self.pace.until, time.monotonic() + seconds))

    def obey(self, robots: Robots, agent: str) -> None:
        """Take over what robots.txt says; its Crawl-delay wins where it is longer than ours."""
        floor = max(self.floor, 1.01 * (robots.crawl_delay(agent) or 0.0))  # clocks and networks are not exact
        grown = self.pace.delay > self.pace.floor
        delay = max(floor, self.pace.delay) if grown else floor
        self.pace = backoff.Pace(floor, delay, self.pace.until, self.pace.troubles)
        self.robots = robots


async def sleep(seconds: float, stop: asyncio.Event) -> None:
    """Sleep, but no longer than until `stop`."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
