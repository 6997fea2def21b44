"""WACZ: a selection of snapshots in one file that replays in a browser (WACZ 1.1.1, specs.webrecorder.net)."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tempfile
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
from storage.verify import Progress, quiet
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


def write_wacz(
    archive: Archive, chosen: Sequence[Shot], target: Path, software: str, progress: Progress = quiet
) -> int:
    """Pack snapshots as a WACZ file; gives how many. Raises `NotFound` where there is none."""
    if not chosen:
        raise NotFound("none of these articles has a snapshot to pack.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        warc, index, pages = Path(folder) / _WARC, Path(folder) / "index.cdxj", Path(folder) / "pages.jsonl"
        _records(archive, chosen, (warc, index, pages), (software, progress))
        files = {f"archive/{_WARC}": warc, "indexes/index.cdxj": index, "pages/pages.jsonl": pages}
        package = json.dumps(_package(files, software), indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        finished = Path(folder) / "wacz"
        with zipfile.ZipFile(finished, "w", zipfile.ZIP_STORED) as bundle:  # stored, so that players can seek in it
            for name, path in files.items():
                bundle.write(path, name)
            bundle.writestr("datapackage.json", package)
            bundle.writestr("datapackage-digest.json", json.dumps(digest, indent=2))
        finished.replace(target)
    return len(chosen)


def _records(
    archive: Archive, chosen: Sequence[Shot], paths: tuple[Path, Path, Path], by: tuple[str, Progress]
) -> None:
    """Write the WARC file, its index and the list of pages."""
    packer, index = Packer(), list[str]()
    with paths[0].open("wb") as warc, paths[2].open("w", encoding="utf-8") as pages:
        pages.write(json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}) + "\n")
        warc.write(packer.info(_WARC, by[0]))
        for number, shot in enumerate(chosen):
            record = read_snapshot(archive.db, archive.folder, shot.snapshot_id)
            page = _page(record)
            member = packer.page(page)
            index.append(_cdxj(page, warc.tell(), len(member), header(record, "content-type")))
            pages.write(json.dumps(_listed(page, shot), ensure_ascii=False) + "\n")
            warc.write(member)
            by[1]("pages", number + 1, len(chosen))
    paths[1].write_text("".join(f"{line}\n" for line in sorted(index)), encoding="utf-8")


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


def _package(files: dict[str, Path], software: str) -> dict[str, Any]:
    resources = [
        {"name": path.name, "path": name, "hash": _sha256(path), "bytes": path.stat().st_size}
        for name, path in files.items()
    ]
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": "News articles as they were sent",
        "created": to_text(datetime.now(UTC)),
        "software": software,
        "resources": resources,
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
