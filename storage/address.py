"""Addresses: which URL an article is known by, and the public name made from it."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urljoin, urlsplit

_VARIANT = re.compile(r"^(?:www\d?|m|mobile|amp|touch)\.(?=.+\..)")
_HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w+)?)?/?")
_NAMES_ARTICLE = re.compile(r"[0-9]{3}|[^\W_]+[-_][^\W_]+[-_][^\W_]")  # a number, or three words


def trusted_canonical(url: str, declared: str | None) -> str | None:
    """Give the address that a page declares as its own, or None where it cannot be.

    A template's mistake is one on another host, the home page, or a listing above the page itself. The crawl, which
    knows how sites spell their URLs, hands over its own verdict in `Visit.canonical_url`; this is for those who do not.

    >>> trusted_canonical("https://www.example.org/a/1?ref=x", "https://example.org/a/1")
    'https://example.org/a/1'
    >>> trusted_canonical("https://example.org/a/1", "https://example.org/a/")
    >>> trusted_canonical("https://example.org/a/1", "https://example.net/a/1")
    """
    if not declared:
        return None
    try:
        there, here = urlsplit(urljoin(url, declared)), urlsplit(url)
    except ValueError:
        return None
    if there.scheme not in ("http", "https") or _host(there.netloc) != _host(here.netloc):
        return None
    if (_HOME.fullmatch(there.path) and not there.query) or _above(there.path, here.path):
        return None
    return there._replace(fragment="", path=there.path or "/").geturl()


def _host(netloc: str) -> str:
    return _VARIANT.sub("", netloc.rpartition("@")[2].lower())


def _above(path: str, page: str) -> bool:
    """Say whether a path is a folder that the page stands in (not the page itself under /amp or a page number)."""
    folder = path.rstrip("/") + "/"
    if not page.startswith(folder) or page == folder:
        return False
    return re.fullmatch(r"(?:amp(?:\.html)?|print|page/\d+)/?", page[len(folder) :]) is None


def related(url: str, other: str) -> bool:
    """Say whether two addresses of a site may be of one article: the same slug or number, or more parameters.

    >>> related("https://example.org/news/17231-fog.html", "https://example.org/sea/17231-fog.html?from=home")
    True
    >>> related("https://example.org/a.php?id=17", "https://example.org/a.php?id=17&from=home")
    True
    >>> related("https://example.org/a.php?id=17", "https://example.org/a.php?id=18")
    False
    """
    try:
        one, two = urlsplit(url), urlsplit(other)
    except ValueError:
        return False
    stems = {parts.path.rstrip("/").rpartition("/")[2] for parts in (one, two)}
    if len(stems) == 1 and _NAMES_ARTICLE.search(stems.pop()):
        return True
    mine, theirs = set(one.query.split("&")) - {""}, set(two.query.split("&")) - {""}
    return one.path == two.path and bool(mine & theirs) and (mine <= theirs or theirs <= mine)


def public_id(site: str, url: str, attempt: int = 0) -> str:
    """Give an article's name for citing: "pm-" and twelve characters of a hash of its site and address.

    `attempt` makes another name should two addresses ever hash to one.

    >>> public_id("example.org", "https://example.org/a")
    'pm-nistlw4b2pqd'
    """
    text = f"{site}\n{url}" + (f"\n{attempt}" if attempt else "")
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return "pm-" + base64.b32encode(digest).decode("ascii").lower()[:12]
