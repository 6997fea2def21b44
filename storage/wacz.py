"""WACZ: a selection of snapshots in one file that replays in a browser (WACZ 1.1.1, specs.webrecorder.net)."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from storage.archive import Archive
from storage.errors import NotFound
from storage.snapshots import header, read_snapshot
from storage.times import from_text, to_text
from storage.warc import Packer, Page, Record, digest_of, digest_text

_WARC = "data.warc.gz"


@dataclasses.dataclass(frozen=True, slots=True)
class Shot:
    """A snapshot to pack: its number, the article's title where it is one, and its public id."""

    snapshot_id: int
    title: str | None = None
    public_id: str | None = None


def shots(archive: Archive, article_ids: Sequence[int]) -> list[Shot]:
    """Give the snapshots of articles' revisions, oldest first."""
    sql = """SELECT DISTINCT s.id, a.title, a.public_id FROM revisions r JOIN articles a ON a.id = r.article_id
 JOIN snapshots s ON s.id = r.snapshot_id WHERE a.id = ? AND s.warc_id IS NOT NULL ORDER BY s.id"""
    return [Shot(*row) for number in article_ids for row in archive.db.execute(sql, (number,))]


def write_wacz(archive: Archive, chosen: Sequence[Shot], target: Path, software: str) -> int:
    """Pack snapshots as a WACZ file; gives how many. Raises `NotFound` where there is none."""
    if not chosen:
        raise NotFound("none of these articles has a snapshot to pack.")
    warc, index, pages = _records(archive, chosen, software)
    files = {
        f"archive/{_WARC}": warc,
        "indexes/index.cdxj": "".join(f"{line}\n" for line in sorted(index)).encode(),
        "pages/pages.jsonl": "".join(f"{json.dumps(page, ensure_ascii=False)}\n" for page in pages).encode(),
    }
    package = _package(files, software)
    files["datapackage.json"] = json.dumps(package, indent=2).encode()
    digest = {"path": "datapackage.json", "hash": _sha256(files["datapackage.json"])}
    files["datapackage-digest.json"] = json.dumps(digest, indent=2).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:  # stored, so that players can seek in it
        for name, content in files.items():
            bundle.writestr(name, content)
    return len(chosen)


def _records(archive: Archive, chosen: Sequence[Shot], software: str) -> tuple[bytes, list[str], list[dict[str, Any]]]:
    packer, warc = Packer(), io.BytesIO()
    index: list[str] = []
    pages: list[dict[str, Any]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
    warc.write(packer.info(_WARC, software))
    for shot in chosen:
        record = read_snapshot(archive.db, archive.folder, shot.snapshot_id)
        page = _page(record)
        member = packer.page(page)
        index.append(_cdxj(page, warc.tell(), len(member), header(record, "content-type")))
        pages.append(_listed(page, shot))
        warc.write(member)
    return warc.getvalue(), index, pages


def _page(record: Record) -> Page:
    """Give a page that stands by itself: a revisit gets the body it refers to."""
    url, date = record.fields["warc-target-uri"], from_text(record.fields["warc-date"])
    return Page(url, date, record.status or 200, record.headers, record.body, digest=digest_of(record.body))


def _listed(page: Page, shot: Shot) -> dict[str, Any]:
    return {
        "id": f"{shot.public_id}-{shot.snapshot_id}",
        "url": page.url,
        "ts": to_text(page.date),
        "title": shot.title,
    }


def _cdxj(page: Page, offset: int, length: int, content_type: str | None) -> str:
    """One line of the index: key, time, and where the record stands."""
    fields = {
        "url": page.url,
        "mime": (content_type or "text/html").partition(";")[0].strip().lower(),
        "status": str(page.status),
        "digest": digest_text(page.digest),
        "length": str(length),
        "offset": str(offset),
        "filename": _WARC,
    }
    return f"{surt(page.url)} {page.date.astimezone(UTC):%Y%m%d%H%M%S} {json.dumps(fields)}"


def surt(url: str) -> str:
    """Give a URL's sort key: the host turned round, then port and path in lower case.

    >>> surt("https://news.example.org:8080/A?b=1")
    'org,example,news:8080)/a?b=1'
    """
    parts = urlsplit(url)
    host = ",".join(reversed((parts.hostname or "").split(".")))
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{query}".lower().replace(" ", "%20")


def _package(files: dict[str, bytes], software: str) -> dict[str, Any]:
    resources = [
        {"name": name.rpartition("/")[2], "path": name, "hash": _sha256(content), "bytes": len(content)}
        for name, content in files.items()
    ]
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": "News articles as they were sent",
        "created": to_text(datetime.now(UTC)),
        "software": software,
        "resources": resources,
    }


def _sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
