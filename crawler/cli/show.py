"""pressmark show: one article, whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from articles.record import Article
from crawler.cli.archive import db_option, find, json_option, print_json, safe
from storage import Archive, open_archive
from storage.history import Revision, revisions
from storage.reading import load


@click.command()
@click.argument("article", metavar="ID|URL")
@db_option
@json_option
def show(article: str, db: Path, as_json: bool) -> None:
    """Show an article of the archive: the record, where its values came from, its addresses and its revisions.

    \b
    Example: pressmark show pm-nistlw4b2pqd --db news.db
    Example: pressmark show https://example.org/news/1.html --json
    """
    with open_archive(db, readonly=True) as archive:
        number = find(archive, article)
        record, past = load(archive.db, number), revisions(archive.db, number)
        facts = _facts(archive, number)
    if as_json:
        print_json(facts | record.to_dict() | {"revisions": [_revision(item) for item in past]})
    else:
        _print(Console(soft_wrap=True, highlight=False), facts, record, past)


def _facts(archive: Archive, number: int) -> dict[str, Any]:
    sql = """SELECT a.public_id, a.id, s.key, a.first_seen, a.last_seen, a.withdrawn_at, a.words
 FROM articles a JOIN sites s ON s.id = a.site_id WHERE a.id = ?"""
    names = ("public_id", "number", "site_key", "first_seen", "last_seen", "withdrawn_at", "words")
    facts: dict[str, Any] = dict(zip(names, archive.db.execute(sql, (number,)).fetchone(), strict=True))
    sql = "SELECT f.url FROM article_urls u JOIN frontier f ON f.id = u.url_id WHERE u.article_id = ? ORDER BY f.id"
    facts["addresses"] = [row[0] for row in archive.db.execute(sql, (number,))]
    return facts


def _revision(item: Revision) -> dict[str, Any]:
    return {
        "number": item.number,
        "seen_first": item.seen_first,
        "seen_last": item.seen_last,
        "outcome": item.outcome,
        "reason": item.reason,
        "current": item.current,
        "snapshot": item.snapshot_id,
        "extractor_version": item.extractor_version,
    }


def _print(console: Console, facts: dict[str, Any], record: Article, past: list[Revision]) -> None:
    console.print(Text(safe(record.title) or "(no title)", style="bold"))
    for name, value in _lines(facts, record):
        if value:
            console.print(Text(f"{name:<10} ", style="dim").append(safe(value), style="default"))
    if record.lead:
        console.print(Text("\n" + safe(record.lead), style="italic"))
    for point in record.key_points:
        console.print(Text(f"  • {safe(point)}"))
    console.print()
    headings = {section.heading for section in record.sections}
    for block in record.body.split("\n\n"):
        console.print(Text(safe(block) + "\n", style="bold" if block in headings else ""))
    for link in record.related_links:
        console.print(Text("→ ", style="dim").append(safe(f"{link.title or ''} {link.url}"), style="default"))
    console.print(Text("from       " + safe(", ".join(f"{k}: {v}" for k, v in record.provenance.items())), style="dim"))
    for item in past:
        note = f" ({safe(item.reason)})" if item.reason else ""
        mark = " ← shown here" if item.current else ""
        line = f"revision {item.number}: {item.outcome}{note}, seen {item.seen_first} to {item.seen_last}{mark}"
        console.print(Text(line, style="dim"))


def _lines(facts: dict[str, Any], record: Article) -> list[tuple[str, str | None]]:
    published = record.date_published.isoformat(" ") if record.date_published else None
    modified = record.date_modified.isoformat(" ") if record.date_modified else None
    return [
        ("id", facts["public_id"]),
        ("address", record.url),
        ("also", "  ".join(url for url in facts["addresses"] if url != record.url)),
        ("site", f"{record.site or ''} ({facts['site_key']})"),
        ("by", ", ".join(record.authors)),
        ("published", published),
        ("modified", modified),
        ("category", " › ".join(record.category_path) or record.category),
        ("tags", ", ".join(record.tags)),
        ("language", record.language),
        ("access", record.access if record.access != "free" else None),
        ("withdrawn", facts["withdrawn_at"]),
    ]
