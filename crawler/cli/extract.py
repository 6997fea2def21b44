"""pressmark extract, pressmark explain: read one page, from a file or an address."""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from articles import Article
from articles.page import Page
from articles.reader import read
from crawler import fetch
from crawler.cli import INPUT, Trouble
from crawler.safety import FetchError
from crawler.site import rules_for
from crawler.visits import charset

LARGEST = 100 * 1024 * 1024  # bytes of a file
NOWHERE = "https://unknown.invalid/"  # the address of a file whose own is not given: links stay readable, none is real


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Bytes of a page, where they are from, and the encoding that the server declared."""

    html: bytes
    url: str
    encoding: str | None = None


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """The argument and the options that both commands have."""
    for option in (
        click.option("--allow-private", is_flag=True, help="Let a URL lead to this machine or its network."),
        click.option("--url", help="The address that a file is from: relative links and the site's rules need it."),
        click.argument("target", metavar="FILE-OR-URL"),
    ):
        command = option(command)
    return command


@click.command()
@_options
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def extract(target: str, url: str | None, allow_private: bool, as_json: bool) -> None:
    """Read an article page into the record, and print it. `-` reads the page from standard input.

    \b
    Example: pressmark extract page.html --url https://example.org/news/1.html --json
    """
    article = read(_page(load(target, url, allow_private)))
    if as_json:
        json.dump(article.to_dict(), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        show(Console(soft_wrap=True, highlight=False), article)


@click.command()
@_options
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the page [stdout]."
)
@click.option("--open", "open_it", is_flag=True, help="Open it in the browser.")
def explain(target: str, url: str | None, allow_private: bool, output: Path | None, open_it: bool) -> None:
    """Show how a page was read: its blocks by verdict, each field with the candidates that lost, as one HTML page.

    \b
    Example: pressmark explain page.html -o explained.html --open
    """
    from articles import explain as explaining

    page = _page(load(target, url, allow_private))
    told = explaining.explain(page, read(page))
    if output is None and not open_it:
        sys.stdout.write(told)
        return
    path = output or Path(tempfile.mkdtemp(prefix="pressmark-")) / "explained.html"
    try:
        path.write_text(told, encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}. Name another file with -o.", INPUT) from error
    click.echo(f"Written to {path}", err=True)
    if open_it:
        webbrowser.open(path.resolve().as_uri())


def load(target: str, url: str | None, allow_private: bool) -> Source:
    """The bytes of a file, of standard input ("-") or of an address. Raises Trouble with exit code 4."""
    if target.startswith(("http://", "https://")):
        return _fetched(target, allow_private)
    if url is not None and not url.startswith(("http://", "https://")):
        raise click.UsageError(f"--url {url}: an address begins with http:// or https://")
    return Source(_read_file(target), url or NOWHERE)


def _fetched(url: str, allow_private: bool) -> Source:
    try:
        answer = fetch.fetch(url, allow_private=allow_private)
    except FetchError as error:
        hint = " Allow it with --allow-private." if error.reason == "private_address" else ""
        raise Trouble(f"{url} cannot be read: {error}.{hint}", INPUT) from error
    if answer.status != 200:
        raise Trouble(f"{url} cannot be read: the server answers {answer.status}.", INPUT)
    kind = (answer.content_type or "text/html").partition(";")[0].strip().lower()
    if not ("html" in kind or "xml" in kind or kind.startswith("text/")):
        raise Trouble(f"{url} is no page: its type is {kind}.", INPUT)
    return Source(answer.body, answer.url, charset(answer.content_type))


def _read_file(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(LARGEST)
    path = Path(name)
    try:
        if path.stat().st_size > LARGEST:
            raise Trouble(f"{name} is larger than {LARGEST >> 20} MB: no page is.", INPUT)
        html = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Trouble(f"{name} cannot be read: {reason}. Give a file or an http(s) address.", INPUT) from error
    if b"\0" in html[:1000] and not html.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Trouble(f"{name} is no page: it holds binary data. Give an HTML file.", INPUT)
    return html


def _page(source: Source) -> Page:
    return Page(source.html, source.url, source.encoding, rules_for(source.url))


def show(console: Console, article: Article) -> None:
    """Print a record for a person: the head, the text, what surrounds it, where it came from."""
    console.print(f"[bold]{plain(article.title or '(no title)')}[/bold]")
    if article.lead:
        console.print(f"[italic]{plain(article.lead)}[/italic]")
    _rows(console, _head(article))
    _list(console, "Key points", article.key_points)
    for section in article.sections:
        if section.heading:
            console.print(f"\n[bold]{plain(section.heading)}[/bold]")
        for paragraph in section.paragraphs:
            console.print(f"\n{plain(paragraph)}")
    _list(
        console,
        "Related",
        (_one_line(link.title, link.category, link.date_published, link.url) for link in article.related_links),
    )
    _list(console, "Images", (_one_line(image.caption, image.credit, image.url) for image in article.images))
    _list(console, "Problems", (f"{problem.field}: {problem.reason}" for problem in article.problems))


def _head(article: Article) -> Iterable[tuple[str, str, str]]:
    """What stands above the text as (name, value, the record's field)."""
    yield "by", ", ".join(article.authors), "authors"
    yield "published", str(article.date_published or ""), "date_published"
    yield "modified", str(article.date_modified or ""), "date_modified"
    yield "category", " › ".join(article.category_path or (article.category or "",)), "category"
    yield "tags", ", ".join(article.tags), "tags"
    yield "site", article.site or "", "site"
    yield "language", article.language or "", "language"
    yield "kind", f"{article.page_kind}, {article.access}", "page_kind"
    yield "address", article.canonical_url or article.url, "canonical_url"


def _rows(console: Console, rows: Iterable[tuple[str, str, str]]) -> None:
    for name, value, _ in rows:
        if value:
            console.print(f"[dim]{name:>10}[/dim]  {plain(value)}")


def _list(console: Console, name: str, items: Iterable[str]) -> None:
    shown = list(items)
    if shown:
        console.print(f"\n[bold cyan]{name}[/bold cyan]")
    for item in shown:
        console.print(f"  • {plain(item)}")


def _one_line(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


def plain(text: str) -> str:
    """Text of a page for a terminal: no control characters, no markup of rich's.

    >>> plain("a\\x1b[31mb [bold]c")
    'a[31mb \\\\[bold]c'
    """
    return escape("".join(character for character in text if character.isprintable() or character == "\n"))
