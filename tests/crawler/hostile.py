"""A server of bad answers on loopback, each at a path of its own; `asked` is the log of request heads."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gzip
import threading
import zlib
from types import TracebackType
from typing import Self

PAGE = b"<!doctype html><title>Weir</title><p>The weir was opened."


class HostileServer:
    """Use as a context manager: `url` is its address."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.connections = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._client, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            first = await reader.readexactly(1)
            if first == b"\x16":  # a TLS handshake is answered in plain text
                writer.write(answer(b"", "400 Bad Request"))
                await reader.read()
            head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.asked.append(head)
            await self._answer(head.split(" ")[1], writer)
        writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        name, _, rest = path[1:].partition("/")
        endless = {"endless": b"<p>more", "drip": b"a", "headers": b"X-More: " + b"a" * 1000 + b"\r\n"}
        if name in endless:
            writer.write(b"HTTP/1.1 200 OK\r\n" + (b"" if name == "headers" else b"Content-Type: text/html\r\n\r\n"))
            while True:
                writer.write(endless[name] * (1 if name == "drip" else 100))
                await writer.drain()
                await asyncio.sleep(0.05 if name == "drip" else 0)
        writer.write(self._whole(name, rest))
        await writer.drain()

    def _whole(self, name: str, rest: str) -> bytes:
        if name == "to":
            return answer(b"", "302 Found", f"Location: {rest}\r\n")
        if name == "chain":
            return answer(b"", "301 Moved", f"Location: /chain/{int(rest) - 1}\r\n") if int(rest) else answer(PAGE)
        bodies = {
            "gzip": answer(gzip.compress(PAGE), more="Content-Encoding: gzip\r\n"),
            "bomb": answer(_bomb(), more="Content-Encoding: gzip\r\n"),
            "half": answer(PAGE).replace(b"Content-Length: ", b"Content-Length: 9"),
            "large": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + PAGE,
            "garbage": b"\x00\x01 not HTTP at all\r\n\r\n",
            "long-line": b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n" + PAGE,
            "cookie": answer(b"", "302 Found", "Location: /page\r\nSet-Cookie: id=1; Path=/\r\n"),
            "silent": b"",
        }
        return bodies.get(name, answer(PAGE))


def answer(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    """Give a whole answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode("latin-1") + body


@functools.cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"a" * 1_000_000) for _ in range(50)) + packer.flush()
