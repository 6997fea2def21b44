"""One guarded fetch outside a crawl, for `pressmark extract URL`: the crawl's guards and limits, without Scrapy."""

from __future__ import annotations

import asyncio
import dataclasses
import ssl
from typing import Any, cast

import aiohttp
import yarl

from crawler import safety, urls
from crawler.decode import ACCEPT_ENCODING, DecodeError, decode, decode_page
from crawler.refresh import destination
from crawler.safety import FetchError, Limits

REDIRECTS = frozenset((301, 302, 303, 307, 308))
AGENT = "pressmark"
DEFAULTS = Limits()


@dataclasses.dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: `body` unpacked, `headers` as sent and in order, `url` the last of the redirects, `ip` who sent it."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    ip: str | None
    redirects: tuple[str, ...] = ()

    @property
    def content_type(self) -> str | None:
        """Give the first Content-Type header."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), None)


class Answer(aiohttp.ClientResponse):
    """An answer that remembers who sent it: the connection is given back as soon as the last byte is there."""

    peer: str | None = None

    async def start(self, connection: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        name: Any = connection.transport.get_extra_info("peername") if connection.transport else None
        self.peer = str(name[0]) if name else None
        return await super().start(connection)


def fetch(url: str, *, allow_private: bool = False, agent: str = AGENT, limits: Limits = DEFAULTS) -> Fetched:
    """Fetch one URL, redirects included (off the site too: a person named the URL).

    Raises FetchError with a short `reason`: bad_url, bad_scheme, private_address, redirect_loop, too_many_redirects,
    dns, refused, tls, timeout, truncated, too_large, unpacked_too_large, bad_encoding, unknown_encoding, bad_answer,
    connection_lost.
    """
    return asyncio.run(fetch_async(url, safety.Resolver(allow_private=allow_private), agent=agent, limits=limits))


async def fetch_async(url: str, resolver: safety.Resolver, *, agent: str = AGENT, limits: Limits = DEFAULTS) -> Fetched:
    """Fetch one URL with a resolver of one's own; raises as `fetch` does."""
    start = urls.resolve(url)
    if start is None:
        safety.check_url(url, allow_private=resolver.allow_private)
        raise safety.Refused("bad_url", url[:120])
    safety.check_url(start, allow_private=resolver.allow_private)
    connector = safety.connector(allow_private=resolver.allow_private, resolver=resolver)
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        response_class=Answer,
        headers={"User-Agent": agent, "Accept": "text/html,*/*;q=0.5", "Accept-Encoding": ACCEPT_ENCODING},
        **safety.HEAD_LIMITS,
    )
    try:
        async with session, asyncio.timeout(limits.seconds):
            return await _follow(session, [start], resolver.allow_private, limits)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise named(error) from error


async def _follow(session: aiohttp.ClientSession, chain: list[str], allow_private: bool, limits: Limits) -> Fetched:
    while True:
        target = yarl.URL(chain[-1], encoded=True)
        async with session.get(target, allow_redirects=False) as answer:
            location = answer.headers.get("Location") if answer.status in REDIRECTS else None
            if not location:
                page = await _whole(cast(Answer, answer), chain, limits)
                location = _onward(page)
                if location is None or urls.resolve(location, page.url) == page.url:
                    return page
        chain.append(
            safety.check_redirect(
                chain, location, allow_private=allow_private, allow_offsite=True, limit=limits.redirects
            )
        )


def _onward(page: Fetched) -> str | None:
    declared = [value for name, value in page.headers if name.lower() == "refresh"]
    return destination(declared, page.body, page.content_type) if page.status == 200 else None


async def _whole(answer: Answer, chain: list[str], limits: Limits) -> Fetched:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.raw_headers)
    encodings = [value for name, value in headers if name.lower() == "content-encoding"]
    body = await read_body(answer, limits.wire)
    return Fetched(
        chain[-1], answer.status, headers, decode_page(body, encodings, limits.unpacked), answer.peer, tuple(chain[:-1])
    )


async def read_body(answer: aiohttp.ClientResponse, limit: int, *, cut: bool = False) -> bytes:
    """Read a body as it comes over the wire, and hang up as soon as it is longer than `limit` bytes.

    With `cut` the first `limit` bytes are the answer. A body that is shorter than announced is given all the same where
    it comes to the end of an HTML page: such a server counts wrong.
    """
    if (answer.content_length or 0) > limit and not cut:
        answer.close()
        raise FetchError("too_large", f"{answer.content_length} bytes, more than {limit}")
    chunks, size = [], 0
    try:
        async for chunk in answer.content.iter_any():
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                answer.close()
                if cut:
                    break
                raise FetchError("too_large", f"more than {limit} bytes")
    except aiohttp.ClientPayloadError:
        if not _is_whole(b"".join(chunks), answer.headers.getall("content-encoding", [])):
            raise
    return b"".join(chunks)[:limit]


def _is_whole(body: bytes, encodings: list[str]) -> bool:
    try:
        return decode(body, encodings)[-100:].rstrip().lower().endswith(b"</html>")
    except DecodeError:
        return False


_BadCertificate = ssl.SSLCertVerificationError
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timeout"),
    (aiohttp.ClientConnectorDNSError, "dns"),
    (aiohttp.ClientSSLError, "tls"),
    (ssl.SSLError, "tls"),
    (aiohttp.ClientConnectorError, "refused"),
    (ConnectionRefusedError, "refused"),
    (aiohttp.ClientPayloadError, "truncated"),
    (aiohttp.InvalidURL, "bad_url"),
    (aiohttp.ClientResponseError, "bad_answer"),
    (aiohttp.ClientError, "connection_lost"),
    (ValueError, "bad_answer"),
)


def named(error: Exception) -> FetchError:
    """Give what went wrong on the network the word that the archive keeps."""
    wrong = error.certificate_error if isinstance(error, aiohttp.ClientConnectorCertificateError) else error
    said = f"the certificate is not good: {wrong.verify_message}" if isinstance(wrong, _BadCertificate) else str(error)
    detail = " ".join(said.split())[:300] or type(error).__name__
    reason = error.reason if isinstance(error, DecodeError) else None
    return FetchError(
        reason or next((word for kind, word in _REASONS if isinstance(error, kind)), "connection_lost"), detail
    )
