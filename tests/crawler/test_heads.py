"""Heads of answers as real servers send them: mended where a browser would read on, told where nobody could."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch import fetch
from crawler.heads import mended
from crawler.safety import FetchError

BODY = b"<html><body><p>The ferry came at noon.</p></body></html>"
LENGTH = b"Content-Length: %d" % len(BODY)
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)


@contextmanager
def answering(*pieces: bytes) -> Iterator[str]:
    """A server that answers each request with these bytes, and hangs up."""

    class Answer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            for piece in pieces:
                self.request.sendall(piece)

    with socketserver.TCPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def head(*lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join([status, b"Content-Type: text/html", *lines, b"", b""])


@pytest.mark.parametrize(
    "answer",
    [
        head(LENGTH, LENGTH) + BODY,
        head(b"Content-Length: %d, %d" % (len(BODY), len(BODY))) + BODY,
        head(b"Content-Length: 5", b"Transfer-Encoding: chunked") + CHUNKED,
        head(b"Transfer-Encoding: chunked", LENGTH) + CHUNKED,
        head(b"Content-Length: many") + BODY,
        head(b"Content-Length: -1") + BODY,
        head(b"nonsense", LENGTH) + BODY,
        head(b": nameless", LENGTH) + BODY,
        head(b"X Bad: name", LENGTH) + BODY,
        head(b"Content-Length : %d" % len(BODY)) + BODY,
        head(b"X-Nul: a\0b", LENGTH) + BODY,
        head(b"X-Long: a", b"\t b", LENGTH) + BODY,
        head(LENGTH, status=b"http/1.1  200   OK") + BODY,
        head(LENGTH, status=b"HTTP/1.1 200") + BODY,
        head(LENGTH).replace(b"\r\n", b"\n") + BODY,
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + head(LENGTH) + BODY,
        head(status=b"HTTP/1.0 200 OK") + BODY,
        head(LENGTH) + BODY + b"and more than it said\r\n\r\n",
    ],
)
def test_an_answer_that_browsers_read_is_read(answer: bytes) -> None:
    with answering(answer) as url:
        assert fetch(url, allow_private=True).body == BODY
    pieces = [answer[at : at + 7] for at in range(0, len(answer), 7)]
    with answering(*pieces) as url:
        assert fetch(url, allow_private=True).body == BODY


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (head(b"Content-Length: 5", b"Content-Length: 7") + BODY, "bad_answer"),
        (b"SSH-2.0-OpenSSH_9.0\r\n", "bad_answer"),
        (BODY, "bad_answer"),
        (b"\x00\x00\x12\x04\x00\x00", "bad_answer"),
        (head(b"Transfer-Encoding: chunked") + BODY, "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: te", "connection_lost"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 3, "connection_lost"),
        (b"", "connection_lost"),
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 400_000, "bad_answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 40_000, "bad_answer"),
    ],
)
def test_an_answer_that_nobody_could_read_is_told(answer: bytes, reason: str) -> None:
    with answering(answer) as url, pytest.raises(FetchError) as caught:
        fetch(url, allow_private=True)
    assert caught.value.reason in (reason, "bad_answer")


def test_a_body_where_none_may_be_is_left() -> None:
    with answering(head(LENGTH, status=b"HTTP/1.1 204 No Content") + BODY) as url:
        assert (fetch(url, allow_private=True).status, fetch(url, allow_private=True).body) == (204, b"")


_NAMES = st.from_regex(rb"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True)
_VALUES = st.from_regex(rb"( ?[!-~\x80-\xff]{1,20}){0,3}", fullmatch=True)
_PARTS = st.sampled_from([b"\r\n", b"\n", b" ", b":", b"a", b"\0", b"Content-Length: 1", b"Transfer-Encoding: chunked"])


@given(st.lists(st.tuples(_NAMES, _VALUES).filter(lambda header: header[0].lower() != b"content-length"), max_size=8))
def test_a_good_head_passes_as_it_is(headers: list[tuple[bytes, bytes]]) -> None:
    whole = b"\r\n".join([b"HTTP/1.1 200 OK", *(name + b": " + value for name, value in headers), b"", b""])
    assert mended(whole) == whole


@given(st.binary(max_size=200) | st.lists(_PARTS).map(b"".join))
def test_any_head_becomes_one_that_is_mended_already(raw: bytes) -> None:
    once = mended(b"HTTP/1.1 200 OK\r\n" + raw + b"\r\n\r\n")
    assert mended(once) == once
