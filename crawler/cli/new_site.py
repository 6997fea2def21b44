"""`pressmark new-site`: a site file, its recorded page and its expected record, to be filled in and checked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from articles import Article, extract
from articles.page import Page
from crawler.cli import DONE, FAILED, INPUT, USAGE, Trouble

NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")

SITE_FILE = '''"""{publisher}, at {address}."""

from __future__ import annotations

from articles.rules import Rules
from crawler.site import Site


class {cls}(Site):
    """Everything below but the name is optional: delete what the crawl finds out by itself."""

    name = "{name}"
    hosts = ({host},)
    # feeds, sitemaps and section pages; empty: robots.txt and the front page tell
    sources = ()
    # what an article's path looks like; its group "id" is the same in all addresses of one article
    article = {article}
    rules = Rules({suffix})
'''

# the record's fields that a person can check on the page; the others follow from them
CHECKED = (
    "url", "title", "lead", "key_points", "sections", "category", "category_path", "tags", "authors",
    "date_published", "date_modified", "language", "related_links", "images", "access",
)  # fmt: skip


@click.command("new-site")
@click.argument("name")
@click.argument("source", metavar="URL-OR-FILE")
@click.option("--url", help="The page's address, where a file does not name it by a canonical link.")
@click.option("--allow-private", is_flag=True, help="Let the page come from a private or loopback address.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=".", help="The checkout; default: here."
)
@click.option("--force", is_flag=True, help="Write over the files of a site that is there already.")
def new_site(name: str, source: str, folder: Path, force: bool, **given: Any) -> int:
    """Write a site file with a recorded page and its expected record.

    NAME becomes spiders/NAME.py. URL-OR-FILE is one typical article of the site. Nothing is crawled: the page is
    fetched once, or read from the file.

    \b
    Example: pressmark new-site example_org https://example.org/news/a-typical-story-123/
    Example: pressmark new-site example_org page.html --url https://example.org/news/a-typical-story-123/
    """
    files = _files(folder, name, force)
    html, url = _page(source, given["url"], given["allow_private"])
    article = extract(html, url)
    if not article.title and not article.body:
        raise Trouble(f"{source}: no title and no text was found there. Name a typical article page.", FAILED)
    texts = (site_file(name, article, title_suffix(html, article)).encode(), html, record(article).encode())
    for file, text in zip(files, texts, strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
        click.echo(f"wrote {file}")
    click.echo(
        f"Next: check {files[2].name} against the page, field by field; then: python -m pytest tests/spiders -k {name}"
    )
    return DONE


def _files(folder: Path, name: str, force: bool) -> tuple[Path, Path, Path]:
    """Give the site file, the recorded page and the record; raises Trouble where they must not be written."""
    if not NAME.fullmatch(name):
        raise Trouble(f"{name!r} cannot name a site: use small letters, digits and _, as in example_org.", USAGE)
    if not (folder / "scrapy.cfg").is_file() or not (folder / "spiders").is_dir():
        raise Trouble(f"{folder} is no checkout of Pressmark (no scrapy.cfg). Go there, or say --folder.", USAGE)
    tests = folder / "tests" / "spiders" / name
    files = (folder / "spiders" / f"{name}.py", tests / "article.html", tests / "article.json")
    there = [str(file) for file in files if file.exists()]
    if there and not force:
        raise Trouble(f"{there[0]} is there already. Take another name, or say --force.", USAGE)
    return files


def _page(source: str, url: str | None, allow_private: bool) -> tuple[bytes, str]:
    """Give the page's bytes and address."""
    if "://" in source:
        from crawler.fetch import fetch
        from crawler.safety import FetchError

        try:
            fetched = fetch(source, allow_private=allow_private)
        except FetchError as error:
            raise Trouble(f"{source} could not be fetched: {error}", FAILED) from error
        if fetched.status != 200:
            raise Trouble(f"{source} answered {fetched.status}. Name an article that is there.", FAILED)
        return fetched.body, url or fetched.url
    try:
        html = Path(source).read_bytes()
    except OSError as error:
        raise Trouble(f"{source} cannot be read: {error.strerror}.", INPUT) from error
    address = url or extract(html, "https://unknown.invalid/").canonical_url
    if not address or urlsplit(address).hostname == "unknown.invalid":
        raise Trouble(f"{source} does not name its address. Say --url.", USAGE)
    return html, address


def title_suffix(html: bytes, article: Article) -> str:
    """Give what the page's <title> has behind the headline, which is what the site hangs behind all of them."""
    node = Page(html, article.url).tree.find(".//title")
    shown = " ".join((node.text or "").split()) if node is not None else ""
    headline = article.title or ""
    return shown.removeprefix(headline) if headline and shown.startswith(headline) else ""


def site_file(name: str, article: Article, suffix: str = "") -> str:
    """Give the text of a site file for an article's site."""
    parts = urlsplit(article.url)
    pattern = path_pattern(parts.path)
    return SITE_FILE.format(
        name=name,
        address=parts.netloc.rpartition("@")[2],
        cls="".join(word.title() for word in name.split("_")),
        host=json.dumps(parts.netloc.rpartition("@")[2]),
        publisher=_one_line(article.site or parts.hostname or name),
        article=f'r"{pattern}"' if pattern else None,
        suffix=f"title_suffix={json.dumps(suffix, ensure_ascii=False)}" if suffix else "",
    )


def _one_line(text: str) -> str:
    """Give a publisher's name as it may stand in a docstring."""
    return re.sub(r'["\\\s]+', " ", text).strip()[:60]


def path_pattern(path: str) -> str | None:
    """Guess from one article's path what all of them look like; None where it has no number to go by.

    >>> path_pattern("/en/city/night-ferry-1001/")
    '-(?P<id>\\\\d{4,})/?$'
    >>> path_pattern("/news/2026/11/19/123456")
    '/(?P<id>\\\\d{6,})/?$'
    >>> path_pattern("/news/123456/night-ferry")
    '/(?P<id>\\\\d{6,})/[^/]+/?$'
    >>> path_pattern("/about/") is None
    True
    """
    for pattern, guess in (
        (r"-(\d{4,})(\.html?)?/?$", r"-(?P<id>\d{%d,}){tail}/?$"),
        (r"/(\d{4,})(\.html?)?/?$", r"/(?P<id>\d{%d,}){tail}/?$"),
        (r"/(\d{4,})()/[^/]*[a-z][^/]*/?$", r"/(?P<id>\d{%d,})/[^/]+/?$"),
    ):
        found = re.search(pattern, path)
        if found:
            return (guess % len(found[1])).replace("{tail}", re.escape(found[2] or ""))
    return None


def record(article: Article) -> str:
    """Give what is read of the page today as the expected record, to be checked by a person."""
    plain = article.to_dict()
    fields = {name: plain[name] for name in CHECKED if plain[name] not in (None, [], "")}
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"
