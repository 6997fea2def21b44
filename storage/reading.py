"""Readings: an `Article` as rows of the archive, as JSON, and back."""

from __future__ import annotations

import dataclasses
import html
import itertools
import json
import re
import sqlite3
import zlib
from datetime import datetime, timedelta, timezone
from typing import Any

from articles.record import Article, Image, LiveUpdate, Problem, RelatedLink, Section
from storage.errors import NotFound

_WINDOW = 32768  # bytes of a preset dictionary that deflate can use


def pack_html(body_html: str, body: str) -> bytes | None:
    """Pack the body's HTML: its tags, NUL in place of each block of the body, and the body as dictionary for the rest.

    >>> unpack_html(pack_html("<p>Ten words here</p>", "Ten words here"), "Ten words here")
    '<p>Ten words here</p>'
    """
    if not body_html:
        return None
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _dictionary(body))
    return packer.compress(_frame(body_html, body).encode("utf-8", "surrogatepass")) + packer.flush()


def unpack_html(packed: bytes | None, body: str) -> str:
    """Undo `pack_html`."""
    if packed is None:
        return ""
    text = zlib.decompressobj(-15, zdict=_dictionary(body)).decompress(packed)
    return _filled(text.decode("utf-8", "surrogatepass"), body)


_BLOCK, _SKIPPED = "\0", "\1"  # the body's next block; a block that is not there as it stands
_MARKS = re.compile("([\0\1])")


def _frame(body_html: str, body: str) -> str:
    r"""Put marks in place of the body's blocks; HTML that has such characters itself is left as it is.

    >>> _frame("<p>One</p><p><b>T</b>wo</p><p>Three</p>", "One\n\nTwo\n\nThree")
    '\x00<p>\x00</p><p><b>T</b>wo</p><p>\x01\x00</p>'
    """
    if _MARKS.search(body_html):
        return _SKIPPED + body_html
    parts, at, skipped = [_BLOCK], 0, ""
    for block in body.split("\n\n"):
        text = html.escape(block, quote=False)
        found = body_html.find(text, at) if text else -1
        if found < 0:
            skipped += _SKIPPED
            continue
        parts += [body_html[at:found], skipped, _BLOCK]
        at, skipped = found + len(text), ""
    return "".join(parts) + body_html[at:]


def _filled(frame: str, body: str) -> str:
    """Undo `_frame`."""
    if frame.startswith(_SKIPPED):
        return frame[1:]
    if not frame.startswith(_BLOCK):
        return frame
    blocks = iter(body.split("\n\n"))
    parts = []
    for part in _MARKS.split(frame[1:]):
        if part in (_BLOCK, _SKIPPED):
            block = next(blocks)
            part = html.escape(block, quote=False) if part == _BLOCK else ""
        parts.append(part)
    return "".join(parts)


def _dictionary(body: str) -> bytes:
    return body.encode("utf-8", "surrogatepass")[-_WINDOW:]


def pack_sections(sections: tuple[Section, ...], body: str) -> str | None:
    """Give the numbers of the body's blocks that are headings, as JSON; the sections themselves where those do not do.

    None stands for one section without a heading, and for an empty body.

    >>> pack_sections((Section(None, ("One",)), Section("Two", ("Three", "Four"))), "One\\n\\nTwo\\n\\nThree\\n\\nFour")
    '[1]'
    """
    numbers: list[int] = []
    blocks: list[str] = []
    for section in sections:
        if section.heading is not None:
            numbers.append(len(blocks))
            blocks.append(section.heading)
        blocks.extend(section.paragraphs)
    if blocks != (body.split("\n\n") if body else []) or any(_odd(s, i) for i, s in enumerate(sections)):
        return json.dumps([[s.heading, list(s.paragraphs)] for s in sections], ensure_ascii=False)
    return json.dumps(numbers) if numbers else None


def _odd(section: Section, position: int) -> bool:
    """Say whether a section cannot be told from the numbers of the headings."""
    return section.heading is None and (position > 0 or not section.paragraphs)


def unpack_sections(structure: str | None, body: str) -> tuple[Section, ...]:
    """Undo `pack_sections`.

    >>> unpack_sections("[0]", "Two\\n\\nThree")
    (Section(heading='Two', paragraphs=('Three',)),)
    """
    items = json.loads(structure) if structure else []
    if structure and (not items or isinstance(items[0], list)):
        return tuple(Section(heading, tuple(paragraphs)) for heading, paragraphs in items)
    blocks = body.split("\n\n") if body else []
    starts = [*([0] if blocks and 0 not in items else []), *items, len(blocks)]
    return tuple(_section(blocks[a:b], a in items) for a, b in itertools.pairwise(starts))


def _section(blocks: list[str], headed: bool) -> Section:
    return Section(blocks[0], tuple(blocks[1:])) if headed else Section(None, tuple(blocks))


def moment(text: str | None, zone: str | None) -> datetime | None:
    """A time of the archive as the page gave it: in its zone, naive where it gave none.

    >>> moment("2024-05-01T09:00:00Z", "+03:00").isoformat(), moment("2024-05-01T09:00:00Z", None).isoformat()
    ('2024-05-01T12:00:00+03:00', '2024-05-01T09:00:00')
    """
    if text is None:
        return None
    naive = datetime.fromisoformat(text).replace(tzinfo=None)
    if zone is None:
        return naive
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6])) * (-1 if zone[0] == "-" else 1)
    try:
        return (naive + offset).replace(tzinfo=timezone(offset))
    except OverflowError:  # first and last days of the calendar
        return naive.replace(tzinfo=timezone(offset))


def raw_date(when: datetime | None, raw: str | None) -> str | None:
    """What is kept of a date's raw text: nothing where the time and its zone say the same."""
    same = when is not None and raw in (when.isoformat(), when.isoformat().replace("+00:00", "Z"))
    return None if same else raw


def to_json(article: Article) -> str:
    """A whole reading as JSON, empty fields left out."""
    items = ((key, value) for key, value in article.to_dict().items() if value not in (None, "", [], {}))
    return json.dumps(dict(items), ensure_ascii=False, separators=(",", ":"))


_PARTS: dict[str, Any] = {"sections": Section, "related_links": RelatedLink, "images": Image, "problems": Problem}


def from_json(text: str) -> Article:
    """Undo `to_json`; fields that this program does not know are left out.

    >>> article = Article(url="https://example.org/a", sections=(Section("One", ("Two",)),), tags=("a", "b"))
    >>> from_json(to_json(article)) == article
    True
    """
    known = {field.name for field in dataclasses.fields(Article)}
    return Article(**{key: _typed(key, value) for key, value in json.loads(text).items() if key in known})


def _typed(key: str, value: Any) -> Any:
    if key in ("date_published", "date_modified"):
        return datetime.fromisoformat(value)
    if key == "updates":
        return tuple(LiveUpdate(u["heading"], u["body"], _when(u.get("date"))) for u in value)
    if key == "sections":
        return tuple(Section(item["heading"], tuple(item["paragraphs"])) for item in value)
    if key in _PARTS:
        return tuple(_PARTS[key](**item) for item in value)
    return tuple(value) if isinstance(value, list) else value


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_ROW = """SELECT a.url, s.name, a.title, a.lead, a.key_points, a.category, a.category_path,
 a.date_published, a.date_published_zone, a.date_published_raw, a.date_modified, a.date_modified_zone,
 a.date_modified_raw, a.language, a.access, a.page_kind, p.provenance, a.updates, a.structure, a.body, a.body_html
 FROM articles a JOIN sites s ON s.id = a.site_id LEFT JOIN provenances p ON p.id = a.provenance_id WHERE a.id = ?"""


def load(db: sqlite3.Connection, article_id: int) -> Article:
    """Give the current reading of an article; raises `NotFound`."""
    row = db.execute(_ROW, (article_id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no article {article_id} in this archive.")
    (url, site, title, lead, points, category, path, published, zone, raw, modified, zone_m, raw_m, *rest) = row
    language, access, kind, provenance, updates, structure, body, packed = rest
    date_published, date_modified = moment(published, zone), moment(modified, zone_m)
    return Article(
        url=url,
        canonical_url=url,
        site=site,
        title=title,
        lead=lead,
        key_points=tuple(points.split("\n")) if points else (),
        body=body,
        sections=unpack_sections(structure, body),
        body_html=unpack_html(packed, body),
        category=category,
        category_path=tuple(json.loads(path)) if path else (),
        tags=_list(db, _TAGS, article_id),
        authors=_list(db, _AUTHORS, article_id),
        date_published=date_published,
        date_published_raw=raw or (date_published.isoformat() if date_published else None),
        date_modified=date_modified,
        date_modified_raw=raw_m or (date_modified.isoformat() if date_modified else None),
        language=language,
        related_links=tuple(RelatedLink(*link) for link in db.execute(_LINKS, (article_id,))),
        images=tuple(Image(*image) for image in db.execute(_IMAGES, (article_id,))),
        updates=_typed("updates", json.loads(updates)) if updates else (),
        is_article=True,
        page_kind=kind,
        access=access,
        provenance=json.loads(provenance) if provenance else {},
        problems=tuple(Problem(*problem) for problem in db.execute(_PROBLEMS, (article_id,))),
    )


_TAGS = "SELECT n.name FROM article_tags l JOIN tags n ON n.id = l.tag_id WHERE l.article_id = ? ORDER BY l.position"
_AUTHORS = _TAGS.replace("tag", "author")
_LINKS = "SELECT url, title, category, date_published FROM related_links WHERE article_id = ? ORDER BY position"
_IMAGES = "SELECT url, caption, credit FROM images WHERE article_id = ? ORDER BY position"
_PROBLEMS = "SELECT field, reason FROM problems WHERE article_id = ? ORDER BY position"


def _list(db: sqlite3.Connection, sql: str, article_id: int) -> tuple[str, ...]:
    return tuple(row[0] for row in db.execute(sql, (article_id,)))
