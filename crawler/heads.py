"""Heads of answers that break HTTP's rules in ways every browser puts up with, mended before the parser sees them.

aiohttp's parser refuses them, and with them every page of a site behind such a server: a Content-Length sent twice, or
beside a chunked body (RFC 9112, 6.3), a line that is no header, spaces in a header's name, control characters in a
value. A well-formed head is passed on byte for byte.
"""

from __future__ import annotations

import asyncio
import functools
import re
from typing import Any, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler

MAX_HEAD = 1 << 18  # bytes that are waited for; aiohttp's own limits are smaller and judge what is passed on

_END = re.compile(rb"\r?\n\r?\n")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LENGTH = re.compile(rb"(?i)\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r")
_BODILESS = re.compile(rb"HTTP/1\.[01] (?:204|304)")
_INTERIM = re.compile(rb"HTTP/1\.[01] 1(?!01)[0-9][0-9]")  # "100 Continue", "103 Early Hints"; not a change of protocol


def mended(head: bytes) -> bytes:
    r"""Mend a head, up to and with the empty line that ends it.

    >>> mended(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nnonsense\r\nContent-Length: 5\r\n\r\n")
    b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
    """
    first, *lines = [line.removesuffix(b"\r") for line in head.split(b"\n")]
    headers = _headers(lines)
    chunked = any(name.lower() == b"transfer-encoding" and b"chunked" in value.lower() for name, value, _ in headers)
    lengths = {part.strip() for name, value, _ in headers if _is_length(name) for part in value.split(b",")}
    kept, told = [_status_line(first)], False
    for name, _, line in headers:
        if not _is_length(name):
            kept.append(line)
        elif not chunked and not told and len(lengths) == 1 and (length := next(iter(lengths))).isdigit():
            kept.append(name + b": " + length)
            told = True
        elif not chunked and len(lengths) > 1:
            kept.append(line)  # they differ: nobody can say where the body ends, and the parser refuses them
    return b"\r\n".join([*kept, b"", b""])


def body_length(head: bytes) -> int | None:
    r"""Give how long the body is that follows a mended head, where that is told.

    >>> body_length(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), body_length(b"HTTP/1.1 204 No Content\r\n\r\n")
    (5, 0)
    """
    if _BODILESS.match(head):
        return 0
    found = _LENGTH.findall(head)
    return int(found[0]) if len(found) == 1 else None


def _is_length(name: bytes) -> bool:
    return name.lower() == b"content-length"


def _status_line(line: bytes) -> bytes:
    version, *rest = line.split(None, 2)
    return b" ".join([version.upper(), *rest]) if version[:5].upper() == b"HTTP/" else line


def _headers(lines: list[bytes]) -> list[tuple[bytes, bytes, bytes]]:
    """Give name, value and line of the headers, continued lines joined; what is no header is left out."""
    joined: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and joined:
            joined[-1] += b" " + line.strip()
        elif line:
            joined.append(line)
    found = []
    for line in joined:
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t")
        if colon and _NAME.fullmatch(name):
            value = _CONTROL.sub(b" ", value)
            found.append((name, value.strip(), name + b":" + value))
    return found


class Handler(ResponseHandler):
    """aiohttp's protocol of one connection; holds each answer's head back until it is whole."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._head: bytearray | None = None  # None: the head is passed on, or no answer is awaited
        self._left: int | None = None  # bytes that the body still has by its Content-Length; None: nobody knows

    def set_response_params(self, **params: Any) -> None:
        """Await an answer: aiohttp calls this before each request."""
        self._head, self._left = bytearray(), None
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        """Take bytes from the network."""
        if self._head is None or not data:
            super().data_received(self._within(data))
            return
        seen = max(len(self._head) - 3, 0)  # what was looked through before, but for the beginning of an end
        self._head += data
        while self._head is not None and (end := _END.search(self._head, seen)):
            head = bytes(self._head[: end.end()])
            if _INTERIM.match(head):
                del self._head[: end.end()]
                seen = 0
                continue
            rest = bytes(self._head[end.end() :])
            self._head = None
            head = mended(head)
            self._left = body_length(head)
            super().data_received(head + self._within(rest))
        if self._head is not None and (len(self._head) > MAX_HEAD or not b"HTTP/".startswith(self._head[:5].upper())):
            self._pass_on()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let the parser judge a head that never ended."""
        self._pass_on()
        super().connection_lost(exc)

    def _within(self, data: bytes) -> bytes:
        """Give what of the data belongs to the answer; a connection with more is not used again."""
        if self._left is None:
            return data
        if len(data) > self._left:
            self.force_close()
        data = data[: self._left]
        self._left -= len(data)
        return data

    def _pass_on(self) -> None:
        held, self._head = self._head, None
        if held:
            super().data_received(bytes(held))


class Connector(aiohttp.TCPConnector):
    """aiohttp's connector, with such a protocol on each of its connections."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        loop = asyncio.get_running_loop()
        self._factory = functools.partial(cast(type[ResponseHandler], Handler), loop=loop)
