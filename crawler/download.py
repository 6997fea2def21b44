"""The download handler: Scrapy's http and https by aiohttp, keeping each answer exactly as it came over the wire.

Scrapy's own handler costs four times as much a page, and its responses have lost the order and spelling of their
headers, which a snapshot must keep.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import aiohttp
import yarl
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler import safety
from crawler.fetch import Answer, named, read_body
from crawler.safety import FetchError as FetchError

Headers = tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Wire:
    """An answer as it was sent: headers in order, body still content-encoded. Elapsed is in seconds."""

    status: int
    headers: Headers
    body: bytes
    request_headers: Headers
    ip: str | None
    elapsed: float

    def header(self, name: str) -> str | None:
        """Give the first header of that name (lower case), else None."""
        return next((value for key, value in self.headers if key.lower() == name), None)


class DownloadHandler(BaseDownloadHandler):
    """Fetch http and https; redirects are not followed, cookies not kept, `response.meta["wire"]` is the Wire.

    Raises FetchError: timeout, refused, dns, tls, private_address, truncated, too_large, bad_answer, connection_lost.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._limit = settings.getint("DOWNLOAD_MAXSIZE")
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._private = settings.getbool("PRESSMARK_ALLOW_PRIVATE")
        self._open: aiohttp.ClientSession | None = None

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._open is None:  # needs the running loop
            self._open = aiohttp.ClientSession(
                connector=safety.connector(allow_private=self._private, limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._timeout, sock_connect=min(self._timeout, 15)),
                auto_decompress=False,
                response_class=Answer,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
                **safety.HEAD_LIMITS,
            )
        return self._open

    async def download_request(self, request: Request) -> Response:
        """Fetch one URL whole, within the limits of size and time."""
        safety.check_url(request.url, allow_private=self._private)
        sent = [(k.decode("latin-1"), v.decode("latin-1")) for k, vs in request.headers.items() for v in vs]
        began = time.monotonic()
        async with self._answer(request, sent) as answer:
            limit, cut = request.meta.get("download_maxsize", self._limit), request.meta.get("cut", False)
            body = await read_body(answer, limit, cut=cut)
        headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in answer.raw_headers)
        host = yarl.URL(request.url, encoded=True).raw_authority
        asked = (("Host", host), *sent)
        request.meta["wire"] = Wire(answer.status, headers, body, asked, answer.peer, time.monotonic() - began)
        return Response(request.url, status=answer.status, body=body, request=request)

    @asynccontextmanager
    async def _answer(self, request: Request, headers: list[tuple[str, str]]) -> AsyncIterator[Answer]:
        try:
            url = yarl.URL(request.url, encoded=True)
            async with self._session.request(
                request.method, url, headers=headers, data=request.body or None, allow_redirects=False
            ) as answer:
                yield cast(Answer, answer)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise named(error) from error

    async def close(self) -> None:
        """Close the connections."""
        if self._open is not None:
            await self._open.close()
            self._open = None
