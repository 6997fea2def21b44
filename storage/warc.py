"""WARC 1.1 records: how one fetch is written, and read again."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import http
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastwarc.stream_io import GzipWriter, ZstdWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, metadata, response, revisit, warcinfo

from storage.errors import ArchiveDamaged, ArchiveError

Pairs = tuple[tuple[str, str], ...]

SAME_BYTES = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SUFFIXES = {"gzip": ".warc.gz", "zstd": ".warc.zst"}
MAX_HEADERS = 1 << 20
_LEVEL, _STORED = 4, 0  # gzip: pages sent plain are packed, packed ones are only wrapped


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """What one record holds. `refers_to` is the URL and time of the record that has the body, for a revisit record."""

    url: str
    date: datetime
    status: int
    headers: Pairs = ()
    body: bytes = b""
    ip: str | None = None
    digest: bytes = b""  # SHA-256 of the body
    refers_to: tuple[str, str] | None = None
    notes: Pairs = ()  # extension fields of the record: what the crawl knew beside the answer


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """A record as read: its type, its own headers, and for HTTP answers status line, headers and body."""

    kind: str  # warcinfo, response, revisit, metadata
    fields: dict[str, str]  # names in lower case
    status: int | None
    headers: Pairs
    body: bytes
    offset: int = 0
    length: int = 0


def digest_of(body: bytes) -> bytes:
    """SHA-256 of a body as it came over the wire."""
    return hashlib.sha256(body).digest()


def digest_text(digest: bytes) -> str:
    """A digest as WARC headers give it.

    >>> digest_text(bytes(32))[:20]
    'sha256:AAAAAAAAAAAAA'
    """
    return "sha256:" + base64.b32encode(digest).decode("ascii")


def digest_bytes(text: str) -> bytes:
    """Undo `digest_text`.

    >>> digest_bytes(digest_text(bytes(range(32)))) == bytes(range(32))
    True
    """
    return base64.b32decode(text.partition(":")[2])


class Packer:
    """Packs records into members of their own, so that each can be read from its offset alone."""

    def __init__(self, compression: str = "gzip") -> None:
        if compression not in SUFFIXES:
            raise ArchiveError(f"WARC files are packed with {' or '.join(SUFFIXES)}, not with {compression!r}.")
        self.suffix = SUFFIXES[compression]
        self.buffer = io.BytesIO()
        zstd = compression == "zstd"
        self._pack: Any = ZstdWriter(self.buffer, compression_level=3) if zstd else self._gzip(_LEVEL)
        self._wrap: Any = ZstdWriter(self.buffer, compression_level=1) if zstd else self._gzip(_STORED)

    def _gzip(self, level: int) -> Any:
        return GzipWriter(self.buffer, compression_level=level)

    def page(self, page: Page) -> bytes:
        """Pack the answer to one request, or a revisit record where its body is kept already."""
        record = WarcRecord()
        block = _http_block(page)
        record.init_headers(revisit if page.refers_to else response, content_length=len(block))
        head = record.headers
        head.set("WARC-Date", _warc_date(page.date))
        head.set("WARC-Target-URI", page.url)
        head.set("Content-Type", "application/http; msgtype=response")
        head.set("WARC-Payload-Digest", digest_text(page.digest))
        if page.ip:
            head.set("WARC-IP-Address", page.ip)
        if page.refers_to:
            head.set("WARC-Profile", NOT_MODIFIED if page.status == 304 else SAME_BYTES)
            head.set("WARC-Refers-To-Target-URI", page.refers_to[0])
            head.set("WARC-Refers-To-Date", page.refers_to[1])
        for name, value in page.notes:
            head.append(name, value)
        record.set_bytes_content(block)
        packed = any(name.lower() == "content-encoding" for name, _ in page.headers)
        return self._member(record, self._wrap if packed else self._pack)

    def info(self, filename: str, software: str) -> bytes:
        """Pack the record that begins a file."""
        text = f"software: {software}\r\nformat: WARC file version 1.1\r\n".encode()
        return self._fields(warcinfo, text, (("WARC-Filename", filename),))

    def note(self, url: str, text: bytes, notes: Pairs) -> bytes:
        """Pack a metadata record: what stands in the place of something taken down."""
        return self._fields(metadata, text, (("WARC-Target-URI", url), *notes))

    def _fields(self, kind: Any, text: bytes, extra: Pairs) -> bytes:
        record = WarcRecord()
        record.init_headers(kind, content_length=len(text))
        record.headers.set("WARC-Date", _warc_date(datetime.now(UTC)))
        record.headers.set("Content-Type", "application/warc-fields")
        for name, value in extra:
            record.headers.append(name, value)
        record.set_bytes_content(text)
        return self._member(record, self._pack)

    def _member(self, record: WarcRecord, writer: Any) -> bytes:
        self.buffer.seek(0)
        self.buffer.truncate()
        record.write(writer)
        writer.finish()
        writer.flush()
        return self.buffer.getvalue()


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _http_block(page: Page) -> bytes:
    """The answer as sent; its transfer coding is undone already, so that header only records what it was."""
    try:
        phrase = http.HTTPStatus(page.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {page.status} {phrase}"]
    for name, value in page.headers:
        coded = name.lower() == "transfer-encoding"
        lines.append(f"{'X-Archive-Orig-' if coded else ''}{_line(name)}: {_line(value)}")
    text = "\r\n".join(lines) + "\r\n\r\n"
    try:
        head = text.encode("latin-1")  # as HTTP/1.1 has it, and as it is read again
    except UnicodeEncodeError:
        head = text.encode("utf-8", "surrogateescape")
    return head if page.refers_to else head + page.body


def _line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def read_record(path: Path, offset: int, length: int) -> Record:
    """Read the record at an offset; raises `ArchiveDamaged` where none stands there."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            data = file.read(length)
        found = next(records(io.BytesIO(data)), None)
    except OSError as error:
        raise ArchiveDamaged(f"{path.name}, offset {offset}: {error}; run: pressmark repair") from error
    if found is None or len(data) < length:
        raise ArchiveDamaged(f"{path.name} has no record at offset {offset}; run: pressmark repair")
    return dataclasses.replace(found, offset=offset, length=length)


def records(stream: Any) -> Iterator[Record]:
    """Yield the records of a WARC stream with their offsets; lengths are left to `members`."""
    for record in ArchiveIterator(stream, parse_http=False, max_header_len=MAX_HEADERS):
        fields = {name.lower(): value for name, value in record.headers.to_tuples()}
        kind = fields.get("warc-type", "unknown")
        is_http = fields.get("content-type", "").startswith("application/http")
        if is_http:
            record.parse_http(max_header_len=MAX_HEADERS)
        yield Record(
            kind=kind,
            fields=fields,
            status=record.http_headers.status_code if is_http else None,
            headers=tuple(record.http_headers.to_tuples()) if is_http else (),
            body=record.reader.read(),
            offset=record.stream_pos,
        )
