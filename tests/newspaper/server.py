"""The newspaper's server: loopback, HTTP/1.1, conditional requests, gzip; up in well under a second."""

from __future__ import annotations

import gzip
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

from tests.newspaper.markups import Paper
from tests.newspaper.site import Answer, answer

COMPRESSED = ("text/", "application/xml", "application/rss+xml", "application/atom+xml", "image/svg+xml")


class Handler(BaseHTTPRequestHandler):
    """Answers from the newspaper; every request is written down in `server.requests`."""

    protocol_version = "HTTP/1.1"
    server: Newspaper
    wbufsize = -1  # head and body in one write

    def do_GET(self) -> None:
        found = answer(urlsplit(self.path).path, self.server.paper)
        self.server.requests.append((self.command, self.path, dict(self.headers)))
        tag = f'"{hashlib.sha256(found.body).hexdigest()[:16]}"'
        if found.status == 200 and self.fresh(found, tag):
            self.reply(304, found, b"", tag)
        else:
            self.reply(found.status, found, found.body, tag)

    do_HEAD = do_GET

    def fresh(self, found: Answer, tag: str) -> bool:
        """Whether the client has this already (RFC 9110 13.2.2: the tag rules out the date)."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            return tag in known
        return dict(found.headers).get("Last-Modified", "-") == self.headers.get("If-Modified-Since")

    def reply(self, status: int, found: Answer, body: bytes, tag: str) -> None:
        packed = "gzip" in self.headers.get("Accept-Encoding", "") and found.kind.startswith(COMPRESSED) and body
        self.send_response(status)
        for name, value in (
            ("Content-Type", found.kind),
            ("ETag", tag),
            ("Cache-Control", "max-age=0"),
            *found.headers,
        ):
            self.send_header(name, value)
        if packed:
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet: the requests are in the list."""


class Newspaper(ThreadingHTTPServer):
    """The newspaper on a loopback port (0: a free one), until the `with` block ends.

    `edition` may be raised while it runs: from 2 on the corrected story is served.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int = 0, edition: int = 1, host: str = "127.0.0.1") -> None:
        super().__init__((host, port), Handler)
        self.url = f"http://{host}:{self.server_port}"
        self.edition = edition
        self.requests: list[tuple[str, str, dict[str, str]]] = []

    @property
    def paper(self) -> Paper:
        return Paper(self.url, self.edition)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is none of our business; anything else is printed as usual."""
        import sys

        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
