"""pressmark why: a URL's whole story."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from crawler.cli import INPUT, Trouble
from crawler.links import article_score
from crawler.reasons import meaning
from crawler.urls import normalize
from storage.archive import open_archive
from storage.story import story


@click.command()
@click.argument("url")
@click.option("--db", type=click.Path(path_type=Path), default=Path("news.db"), show_default=True, help="The archive.")
@click.option("--json", "as_json", is_flag=True, help="Print the story as JSON.")
def why(url: str, db: Path, as_json: bool) -> None:
    """Tell a URL's whole story: its source, what robots.txt said, each fetch, the snapshots, what was decided.

    \b
    Example: pressmark why https://example.org/news/1.html --db news.db
    """
    plain = normalize(url)
    if plain is None:
        raise Trouble(f"{url!r} is no http(s) address.", INPUT)
    with open_archive(db, readonly=True) as archive:
        told = story(archive.db, url) or story(archive.db, plain)
    if as_json:
        json.dump(told, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    if told is None:
        raise Trouble(_unknown(plain, db), INPUT)
    if not as_json:
        _tell(Console(soft_wrap=True, highlight=False), told)


def _unknown(url: str, db: Path) -> str:
    shape = "looks like an article" if article_score(url) >= 0.5 else "does not look like an article"
    return f"{db} has never heard of {url}: no source named it (by its shape it {shape}). Crawl its site first."


def _tell(console: Console, told: dict[str, Any]) -> None:
    console.print(f"[bold]{escape(told['url'])}[/bold]  ({escape(told['site'])})")
    console.print(_found(told))
    console.print(_state(told))
    for fetch in told["fetches"]:
        console.print(_fetch(fetch))
    if told["article"]:
        _article(console, told)


def _found(told: dict[str, Any]) -> str:
    source = f"{told['source_kind']} {told['source_url']}" if told["source_url"] else "no source (asked for, or linked)"
    when = f", published {told['published']}" if told["published"] else ""
    return escape(f"  found    {told['first_seen']} by {source}{when}")


def _state(told: dict[str, Any]) -> str:
    reason = f" ({told['reason']}: {meaning(told['reason'])})" if told["reason"] else ""
    due = f"due {told['due_at']}" if told["due_at"] else "never due again"
    lease = f", leased by {told['lease_owner']} until {told['lease_until']}" if told["lease_until"] else ""
    return escape(f"  state    {told['state']}{reason}, {due}{lease}")


def _fetch(fetch: dict[str, Any]) -> str:
    status = fetch["status"] or "no answer"
    parts = [f"  fetch    {fetch['started']} run {fetch['run_id']}: {status}, {fetch['bytes'] or 0:,} bytes"]
    parts.append(f"in {fetch['elapsed'] or 0:.2f} s -> {fetch['outcome']}")
    if fetch["reason"]:
        parts.append(f"({fetch['reason']}: {meaning(fetch['reason'])})")
    lines = [" ".join(parts)]
    for label, value in (("led to", fetch["final_url"]), ("detail", fetch["detail"])):
        lines += [f"           {label} {value}"] if value else []
    lines += [f"           {name}: {value}" for name, value in fetch["signals"].items()]
    if fetch["snapshot_id"]:
        place = f"{fetch['warc']} at {fetch['offset']:,}" if fetch["warc"] else "taken down"
        same = ", same bytes as before" if fetch["revisit_of"] else ""
        lines.append(f"           snapshot {fetch['snapshot_id']}: {place}{same}")
    return escape("\n".join(lines))


def _article(console: Console, told: dict[str, Any]) -> None:
    article = told["article"]
    gone = f", withdrawn {article['withdrawn_at']}" if article["withdrawn_at"] else ""
    console.print(escape(f"  article  {article['public_id']} “{article['title']}”, {article['words']:,} words{gone}"))
    console.print(escape(f"           {article['url']}"))
    for revision in told["revisions"]:
        fields = f" ({', '.join(json.loads(revision['changed']))})" if revision["changed"] else ""
        console.print(escape(f"  revision {revision['seen_first']} {revision['outcome']}{fields}"))
    for alias in told["aliases"][:20]:
        console.print(escape(f"  also at  {alias}"))
