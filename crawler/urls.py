"""URLs: one address for one article, and what a URL belongs to."""

from __future__ import annotations

import functools
import importlib.resources
import ipaddress
import re
import socket
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import idna
import tldextract

MAX_LENGTH = 2048  # characters; longer ones are traps or data, not addresses
DEFAULT_PORTS = {"http": 80, "https": 443}

MAYBE_SESSIONS = frozenset(("sid", "s_id", "sess", "session"))  # some sites number their articles so
AMP_PARAMETERS = frozenset(("amp", "outputtype"))

_SESSION_VALUE = re.compile(r"(?=.*[0-9])[0-9A-Za-z_-]{16,}")
_SESSION_PATH = re.compile(r"(?i);(?:jsessionid|phpsessid|sid)=[^/;?]*|/\((?:[sfax]\([^)]*\))+\)")
_VARIANT_HOST = re.compile(r"^(?:www\d?|m|mobile|amp|touch)\.(?=.+\..)")
_AMP_PATH = re.compile(r"(?i)^/amp(?=/.)|/amp/?$|\.amp(?=(?:\.html?)?$)|(?<=[^/])/amp(?=\.html?$)")
_PLAIN = re.compile(r"[A-Za-z0-9/_.~=&-]*")
# most addresses are normal already: they need not be taken apart
_NORMAL = re.compile(
    r"https?://(?=[^/]{1,253}/)(?:[a-z0-9][a-z0-9-]{0,61}\.)+[a-z]{2,}(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9_.~-]+)*(?<!/)/?"
)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")
_KEEP_PATH, _KEEP_QUERY = "/:@!$&'()*+,;=~%-._", "/:@!$&'()*+,;=~%-._?"

_registrable = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def normalize(url: str, base: str | None = None) -> str | None:
    """Give the one spelling of an http(s) URL, or None where it is no address to fetch.

    Idempotent. Tracking and session parameters, fragment, user name, default port, dot segments and double slashes go;
    the host becomes lower-case ASCII (IDNA), percent-encoding upper case; the order of parameters stays.

    >>> normalize("HTTP://Example.ORG:80/a//b/../c?utm_source=x&id=7#top")
    'http://example.org/a/c?id=7'
    >>> normalize("/news/1.html", "https://example.org/")
    'https://example.org/news/1.html'
    >>> normalize("javascript:alert(1)") is None
    True
    """
    if _NORMAL.fullmatch(url):
        return url if len(url) <= MAX_LENGTH else None
    parts = _parsed(url, base)
    if parts is None:
        return None
    path = _path(parts.path)
    found = urlunsplit((parts.scheme, parts.netloc, path, _query(parts.query, path), ""))
    return found if len(found) <= MAX_LENGTH else None


def resolve(url: str, base: str | None = None) -> str | None:
    """Give a URL as it is to be sent: absolute, ASCII, no user name or fragment, with every parameter; None as above.

    >>> resolve("/a//b?utm_source=x&b=\N{EURO SIGN}#c", "HTTP://user@Example.org/")
    'http://example.org/a//b?utm_source=x&b=%E2%82%AC'
    """
    parts = _parsed(url, base)
    if parts is None:
        return None
    path, query = _requote(parts.path, _KEEP_PATH) or "/", _requote(parts.query, _KEEP_QUERY)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _parsed(url: str, base: str | None) -> SplitResult | None:
    """Split a URL into parts, scheme and host already in their one spelling; None where it is no address to fetch."""
    try:
        parts = urlsplit(_absolute(url, base))
        netloc = _netloc(parts)
    except ValueError:  # what no URL parser accepts: brackets, ports, host names
        return None
    return parts._replace(scheme=parts.scheme.lower(), netloc=netloc) if netloc else None


def _absolute(url: str, base: str | None) -> str:
    """Resolve as browsers do: white space around and control characters inside go, a backslash is a slash."""
    url = _UNSAFE.sub("", url.strip()).strip()
    if len(url) > 4 * MAX_LENGTH:
        return ""
    head, mark, tail = url.partition("?")
    url = head.replace("\\", "/") + mark + tail
    return urljoin(base, url) if base else url


def _netloc(parts: SplitResult) -> str | None:
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    host, port = ascii_host(parts.hostname), parts.port
    return host if port is None or port == DEFAULT_PORTS[scheme] else f"{host}:{port}"


@functools.lru_cache(4096)
def ascii_host(host: str) -> str:
    """Give a host in the spelling that a resolver sees; 0x7f.1 and 2130706433 are addresses too.

    Raises ValueError where it is none.
    """
    host = unquote_to_bytes(host).decode("utf-8").rstrip(".")
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host.partition('%')[0])}]"
    if not host.isascii():
        host = idna.encode(host, uts46=True, transitional=False).decode("ascii")
    host = host.lower()
    if re.fullmatch(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", host):
        return _ipv4(host)
    if len(host) > 253 or not re.fullmatch(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_][a-z0-9_-]{0,62}", host):
        raise ValueError(f"not a host name: {host[:80]!r}")
    return host


def _ipv4(host: str) -> str:
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError as error:
        raise ValueError(f"not an address: {host[:80]!r}") from error


def _path(path: str) -> str:
    path = _SESSION_PATH.sub("", _requote(path, _KEEP_PATH))
    return _without_dots(re.sub(r"(?<!:)/{2,}", "/", path)) or "/"


def _requote(text: str, keep: str) -> str:
    """Decode what needs no percent-encoding, encode what does, write the rest in upper case."""
    if _PLAIN.fullmatch(text):
        return text
    text = quote(text.encode("utf-8", "surrogatepass"), safe=keep)
    return re.sub(r"%([0-9A-Fa-f]{2})", _one_escape, text)


def _one_escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char.isascii() and (char.isalnum() or char in "-._~") else match[0].upper()


def _without_dots(path: str) -> str:
    """Resolve "." and ".." (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str, path: str) -> str:
    pairs = [_requote(pair, _KEEP_QUERY) for pair in query.split("&") if pair.strip("=")]
    return "&".join(pair for pair in pairs if not _idle(pair, path))


@functools.cache
def tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    """Give the names of parameters that never name a page, and the beginnings of such names; from tracking.txt."""
    text = importlib.resources.files("crawler").joinpath("tracking.txt").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    whole = frozenset(line for line in lines if not line.endswith("*"))
    return whole, tuple(line[:-1] for line in lines if line.endswith("*"))


def _idle(pair: str, path: str) -> bool:
    """Say whether a parameter does not help to name the page."""
    name, _, value = pair.partition("=")
    name = name.lower()
    names, beginnings = tracking()
    if name in names or name.startswith(beginnings):
        return True
    return name in MAYBE_SESSIONS and (path == "/" or _SESSION_VALUE.fullmatch(value) is not None)


def site_of(url: str) -> str:
    """Give the key of the site that a normalized URL belongs to: its host without www, m or amp, and an unusual port.

    >>> site_of("https://www.example.org/a"), site_of("http://127.0.0.1:8600/")
    ('example.org', '127.0.0.1:8600')
    """
    return _VARIANT_HOST.sub("", urlsplit(url).netloc.rpartition("@")[2].lower())


@functools.lru_cache(4096)
def registrable(netloc: str) -> tuple[str, str]:
    """Give the registrable domain of a host (else the host or address itself), and its port where unusual.

    >>> registrable("news.example.co.uk"), registrable("127.0.0.1:8600")
    (('example.co.uk', ''), ('127.0.0.1', '8600'))
    """
    host, port = netloc.lower(), ""
    if match := re.fullmatch(r"(.+):(\d+)", host):
        host, port = match[1], match[2]
    domain = "" if host.startswith("[") else _registrable(host).top_domain_under_public_suffix
    return domain or host, port


def same_site(url: str, other: str) -> bool:
    """Say whether two normalized URLs belong to one site: same registrable domain (or address), no stray port.

    >>> same_site("https://news.example.org/a", "http://www.example.org/")
    True
    >>> same_site("https://example.org/a", "https://example.net/a")
    False
    >>> same_site("http://example.org:22/", "http://example.org/")
    False
    """
    return registrable(urlsplit(url).netloc) == registrable(urlsplit(other).netloc)


def variant_of(url: str) -> str | None:
    """Give the plain address of which a normalized URL seems the AMP or mobile variant, else None. A hint, not a fact.

    >>> variant_of("https://m.example.org/news/1.html?amp=1")
    'https://example.org/news/1.html'
    >>> variant_of("https://example.org/amp/news/1.html")
    'https://example.org/news/1.html'
    """
    parts = urlsplit(url)
    host = re.sub(r"^(?:m|mobile|amp|touch)\.(?=.+\..)", "", parts.netloc)
    path = _AMP_PATH.sub("", parts.path) or "/"
    query = "&".join(p for p in parts.query.split("&") if p and p.partition("=")[0].lower() not in AMP_PARAMETERS)
    plain = urlunsplit((parts.scheme, host, path, query, ""))
    return plain if plain != url else None


def article_key(url: str) -> str:
    """Give what the addresses of one article have in common: no scheme, no www/m/amp, sorted parameters.

    For comparing, not for fetching.

    >>> article_key("https://www.example.org/news/1.html") == article_key("http://m.example.org/amp/news/1.html/")
    True
    """
    url = normalize(url) or url
    for _ in range(4):  # amp on a mobile host, and so on; no address has more
        url = variant_of(url) or url
    parts = urlsplit(url)
    path = re.sub(r"/index\.(?:html?|php)$", "/", parts.path).rstrip("/")
    query = "&".join(sorted(parts.query.split("&")))
    return site_of(url) + path + ("?" + query if query else "")


def is_home(url: str) -> bool:
    """Say whether a normalized URL is a front page: of the site or of one of its languages.

    >>> is_home("https://example.org/"), is_home("https://example.org/en/"), is_home("https://example.org/a/1")
    (True, True, False)
    """
    parts = urlsplit(url)
    home = r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w+)?)?/?"
    return re.fullmatch(home, parts.path.lower()) is not None and not parts.query


def accept_canonical(url: str, canonical: str | None, *, shared: int = 0) -> bool:
    """Say whether a page's declared canonical address can be believed.

    `shared` is how many pages of the site with another text already claim this canonical. One that is off the site, the
    home page, a listing, or claimed by two others is a template's mistake.

    >>> accept_canonical("https://example.org/amp/news/1-a.html", "https://example.org/news/1-a.html")
    True
    >>> accept_canonical("https://example.org/news/1-a.html", "https://example.org/")
    False
    """
    declared = normalize(canonical, url) if canonical else None
    if declared is None or shared >= 2 or not same_site(declared, url):
        return False
    if article_key(declared) == article_key(url):
        return True
    return not is_home(declared) and (_names_article(declared) or not _names_article(url))


def _names_article(url: str) -> bool:
    """Say whether a URL has what tells articles from listings: a number, a slug of several words, a query."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    return bool(re.search(r"\d{3,}", parts.path) or re.search(r"\d", last) or last.count("-") >= 3 or parts.query)
