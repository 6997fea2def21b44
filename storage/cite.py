"""Citations: BibTeX, RIS and CSL-JSON of an article, with the time and the digest of the snapshot it was read from."""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from articles.record import Article
from storage.reading import load

_SNAPSHOT = """SELECT a.public_id, s.key, f.started, lower(hex(n.digest))
 FROM articles a JOIN sites s ON s.id = a.site_id LEFT JOIN revisions r ON r.article_id = a.id AND r.reading IS NULL
 LEFT JOIN snapshots n ON n.id = r.snapshot_id LEFT JOIN fetches f ON f.id = n.fetch_id WHERE a.id = ?"""


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """What is cited: the article, its id, and the snapshot (times are UTC; None where there is no snapshot)."""

    article: Article
    public_id: str
    site: str
    accessed: datetime | None
    digest: str | None  # SHA-256 of the body as it came over the wire, hexadecimal

    @property
    def note(self) -> str:
        """Where the archived page is to be found, in words."""
        parts = [f"Pressmark archive, {self.public_id}"]
        parts += [f"snapshot of {self.accessed:%Y-%m-%dT%H:%M:%SZ}"] if self.accessed else []
        parts += [f"sha256:{self.digest}"] if self.digest else []
        return ", ".join(parts)


def source(db: sqlite3.Connection, article_id: int) -> Source:
    """Gather what a citation of an article needs; raises `NotFound`."""
    article = load(db, article_id)
    public_id, site, started, digest = db.execute(_SNAPSHOT, (article_id,)).fetchone()
    return Source(article, public_id, site, datetime.fromisoformat(started) if started else None, digest)


_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "{}$&%#_"},
}


def _tex(text: str) -> str:
    r"""Text for BibTeX, on one line.

    >>> _tex("50% of {x}\n_y_")
    '50\\% of \\{x\\} \\_y\\_'
    """
    return "".join(_TEX.get(sign, sign) for sign in _line(text))


def _line(text: str) -> str:
    """Text on one line: a line break would begin another field."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())


def _uri(text: str) -> str:
    r"""An address for BibTeX: braces, backslashes and spaces percent-encoded, percent signs escaped.

    >>> _uri("https://example.org/a%20b?q={x}")
    'https://example.org/a\\%20b?q=\\%7Bx\\%7D'
    """
    encoded = re.sub(r"[\s{}\\]", lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), text)
    return encoded.replace("%", "\\%")


def bibtex(cited: Source) -> str:
    """An @online entry of biblatex, which BibTeX styles read as @misc."""
    article = cited.article
    fields = {
        "title": "{" + _tex(article.title or article.url) + "}",
        "author": " and ".join("{" + _tex(name) + "}" for name in article.authors),
        "organization": "{" + _tex(article.site or cited.site) + "}",
        "date": article.date_published.date().isoformat() if article.date_published else "",
        "url": _uri(article.url),
        "urldate": cited.accessed.date().isoformat() if cited.accessed else "",
        "langid": article.language or "",
        "note": _tex(cited.note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{{cited.public_id},", *lines, "}"]) + "\n"


def ris(cited: Source) -> str:
    """A record of type NEWS."""
    article = cited.article
    lines = [("TY", "NEWS"), ("ID", cited.public_id), ("TI", article.title or article.url)]
    lines += [("AU", name) for name in article.authors]
    lines += [("T2", article.site or cited.site)]
    if article.date_published:
        lines += [("PY", f"{article.date_published:%Y}"), ("DA", f"{article.date_published:%Y/%m/%d}")]
    lines += [("UR", article.url)]
    lines += [("Y2", f"{cited.accessed:%Y/%m/%d}")] if cited.accessed else []
    lines += [("LA", article.language)] if article.language else []
    lines += [("KW", tag) for tag in article.tags]
    lines += [("AB", article.lead)] if article.lead else []
    lines += [("N1", cited.note), ("ER", "")]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines)


def csl(cited: Source) -> dict[str, Any]:
    """An item of CSL-JSON, as Zotero and pandoc read it."""
    article = cited.article
    item: dict[str, Any] = {
        "id": cited.public_id,
        "type": "article-newspaper",
        "title": article.title or article.url,
        "author": [{"literal": name} for name in article.authors],
        "container-title": article.site or cited.site,
        "issued": _date_parts(article.date_published),
        "accessed": _date_parts(cited.accessed),
        "URL": article.url,
        "language": article.language,
        "abstract": article.lead,
        "section": article.category,
        "archive": "Pressmark",
        "archive_location": cited.public_id,
        "note": cited.note,
    }
    return {name: value for name, value in item.items() if value}


def _date_parts(when: datetime | None) -> dict[str, Any] | None:
    return {"date-parts": [[when.year, when.month, when.day]]} if when else None


def csl_json(cited: Source) -> str:
    """A list of one CSL item, as text."""
    return json.dumps([csl(cited)], ensure_ascii=False, indent=2) + "\n"


STYLES: dict[str, Callable[[Source], str]] = {"bibtex": bibtex, "ris": ris, "csl-json": csl_json}
