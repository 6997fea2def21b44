"""Structured data of a page: JSON-LD (broken or not) and microdata, and the one object that is about this page."""

from __future__ import annotations

import dataclasses
import functools
import html
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from articles.marks import text_of

Node = dict[str, Any]

LARGEST_SCRIPT = 4_000_000  # characters; a JSON-LD script beyond it is not worth its parse
DEEPEST = 8  # levels of @graph, lists and mainEntity that are followed
MOST_NODES = 400

ARTICLE_TYPES = frozenset(
    {
        "article",
        "newsarticle",
        "blogposting",
        "socialmediaposting",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "asknewsarticle",
        "advertisercontentarticle",
        "satiricalarticle",
        "techarticle",
        "scholarlyarticle",
        "liveblogposting",
        "report",
        "review",
        "criticreview",
        "medicalscholarlyarticle",
        "discussionforumposting",
    }
)
NEAR_TYPES = frozenset(
    {
        "webpage",
        "itempage",
        "aboutpage",
        "videoobject",
        "imagegallery",
        "recipe",
        "podcastepisode",
        "creativework",
        "medicalwebpage",
        "faqpage",
        "howto",
        "mediaobject",
        "audioobject",
        "newsmediaobject",
        "event",
        "radioepisode",
        "tvepisode",
        "book",
        "qapage",
    }
)
_PROPERTIES = frozenset(
    ("headline", "datePublished", "dateModified", "dateCreated", "author", "creator", "inLanguage", "publisher")
)
_item_type = re.compile(r"\s*https?://schema\.org/(\w{1,40})", re.I)
_wrapping = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_trailing_comma = re.compile(r",(?=\s*[}\]])")
_bad_escape = re.compile(r'\\(?!["\\/bfnrtu])')
_salvage = re.compile(
    r'"(@type|headline|datePublished|dateModified|dateCreated|inLanguage|articleSection|url)"\s*:\s*"((?:[^"\\]|\\.){1,600})"'
)
_salvage_author = re.compile(r'"author"\s*:\s*[\[{][^\]]{0,300}?"name"\s*:\s*"((?:[^"\\]|\\.){1,200})"', re.S)
_tag = re.compile(r"<[^<>]{1,300}>")


@dataclasses.dataclass(frozen=True, slots=True)
class Structured:
    """What a page's JSON-LD says: `nodes` in page order, `article` the object about this page, if any."""

    nodes: tuple[Node, ...] = ()
    article: Node | None = None
    types: frozenset[str] = frozenset()  # lower-case types of all nodes
    problems: tuple[str, ...] = ()

    def resolve(self, value: Any) -> Any:
        """Follow a reference ({"@id": ...} alone) to the node that has the id; anything else is given back."""
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            wanted = value["@id"]
            return next((node for node in self.nodes if node.get("@id") == wanted and len(node) > 1), value)
        return value


def clean(value: Any) -> str:
    """Text of a structured value: unescaped, without tags, spaces collapsed; "" for anything that is not text.

    >>> clean("Tom &amp;amp; <b>Jerry</b>")
    'Tom & Jerry'
    """
    if not isinstance(value, str):
        return ""
    if "&" in value:
        value = html.unescape(value)
        value = html.unescape(value) if "&" in value else value
    if "<" in value:
        value = _tag.sub("", value)
    return " ".join(value.replace("\u200b", "").replace("\u00ad", "").split())


def each(value: Any) -> list[Any]:
    """The value as a list: JSON-LD writes one thing bare and several as a list.

    >>> each(None), each("a"), each(["a", "b"])
    ([], ['a'], ['a', 'b'])
    """
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def types_of(node: Mapping[str, Any]) -> list[str]:
    """Lower-case type names, without a schema.org address before them.

    >>> types_of({"@type": ["http://schema.org/NewsArticle", "Thing"]})
    ['newsarticle', 'thing']
    """
    return [
        name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for name in each(node.get("@type")) if isinstance(name, str)
    ]


def is_article_node(node: Mapping[str, Any]) -> bool:
    """Whether a node's type is one of the article types of schema.org."""
    return any(name in ARTICLE_TYPES for name in types_of(node))


def loads(text: str) -> list[Any]:
    """Values of one JSON-LD script, mended where that is possible. Raises ValueError where nothing can be had.

    >>> loads('{"headline": "A",}')
    [{'headline': 'A'}]
    >>> loads('{"a": 1} {"b": 2}')
    [{'a': 1}, {'b': 2}]
    """
    text = text.strip()
    if text[:1] not in ("{", "[") or text[-1:] not in ("}", "]"):
        text = _wrapping.sub("", text).strip().removesuffix(";")
    for mend in _MENDS:
        try:
            return _decode_all(mend(text))
        except (ValueError, RecursionError):
            continue
    found = _salvaged(text)
    if not found:
        raise ValueError("not JSON")
    return [found]


def _unescaped(text: str) -> str:
    return html.unescape(text) if "&quot;" in text or "&#34;" in text else text


def _mended(text: str) -> str:
    return _trailing_comma.sub("", _bad_escape.sub(r"\\\\", text))


_MENDS: Sequence[Callable[[str], str]] = (str, _unescaped, _mended)
_decoder = json.JSONDecoder(strict=False)


def _decode_all(text: str) -> list[Any]:
    """Decode one value after another; what follows the first may be rubbish."""
    values: list[Any] = []
    at = 0
    while at < len(text) and len(values) < 50:
        try:
            value, at = _decoder.raw_decode(text, at)
        except ValueError:
            if values:
                break
            raise
        values.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return values


def _salvaged(text: str) -> Node:
    """Pick the plain fields out of JSON that cannot be decoded; first one wins."""
    node: Node = {}
    for name, value in _salvage.findall(text[:200_000]):
        node.setdefault(name, _unquoted(value))
    author = _salvage_author.search(text[:200_000])
    if node and author:
        node["author"] = {"@type": "Person", "name": _unquoted(author.group(1))}
    return node


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def json_ld(scripts: Iterable[str]) -> tuple[list[Node], list[str]]:
    """All typed objects of JSON-LD scripts in page order, and what is wrong with the scripts."""
    nodes: list[Node] = []
    problems: list[str] = []
    for text in scripts:
        if len(text) > LARGEST_SCRIPT:
            problems.append(f"JSON-LD script of {len(text)} characters not read")
        elif text.strip():
            try:
                nodes.extend(_flat(loads(text)))
            except ValueError:
                problems.append("JSON-LD script cannot be read")
    return nodes[:MOST_NODES], problems


def _flat(values: Iterable[Any], depth: int = 0) -> Iterator[Node]:
    for value in values:
        if isinstance(value, list) and depth < DEEPEST:
            yield from _flat(value, depth + 1)
        elif isinstance(value, dict):
            if "@type" in value or "headline" in value:
                yield value
            if depth < DEEPEST:
                inner = [value[key] for key in _CONTAINERS if isinstance(value.get(key), (dict, list))]
                yield from _flat(inner, depth + 1)


_CONTAINERS = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "subjectOf", "item")


def read_structured(page: Any) -> Structured:
    """The page's JSON-LD with the article object that is about this page."""
    nodes, problems = json_ld(page.marks.json_ld)
    types = frozenset(name for node in nodes for name in types_of(node))
    return Structured(tuple(nodes), about_this_page(nodes, page), types, tuple(problems))


def about_this_page(nodes: Sequence[Node], page: Any) -> Node | None:
    """Choose the article object by address, then by headline, then by how much it says; the first of equals."""
    articles = [node for node in nodes if is_article_node(node)] or [
        node for node in nodes if ("headline" in node or "datePublished" in node) and _is_near(node)
    ]
    if len(articles) < 2:
        return articles[0] if articles else None
    here, shown = addresses(page), _shown_titles(page)
    return max(articles, key=lambda node: _fitness(node, here, shown, page.url))


def _is_near(node: Node) -> bool:
    names = types_of(node)
    return not names or any(name in NEAR_TYPES for name in names)


def _fitness(node: Node, here: set[str], shown: str, base: str) -> float:
    headline = fold(clean(node.get("headline") or node.get("name")))
    score = 4.0 * any(url_key(url, base) in here for url in _node_urls(node))
    score += 3.0 * (len(headline) > 3 and headline in shown)
    score += 1.0 * ("datePublished" in node) + 0.5 * ("headline" in node) + 0.5 * ("author" in node)
    return score - 1.5 * ("review" in types_of(node))


def _node_urls(node: Node) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        value = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(value, str) and value:
            yield value


def _shown_titles(page: Any) -> str:
    texts = [*page.meta.get("og:title", []), *page.marks.titles[:3], *map(text_of, page.marks.headings[:5])]
    return "\n".join(fold(text) for text in texts)


def addresses(page: Any) -> set[str]:
    """Keys of the addresses by which the page knows itself: its URL, canonical link, og:url."""
    urls = [page.url, *page.meta.get("og:url", [])[:2], *page.marks.canonical[:1]]
    return {url_key(url, page.url) for url in urls if url} - {""}


def url_key(url: str, base: str = "") -> str:
    """Host and path of an address, for comparing; "" where there is no path to tell pages apart.

    >>> url_key("https://www.example.org/news/an-article/?x=1#y") == url_key("//m.example.org/news/an-article")
    True
    """
    url = url.strip()
    if url.startswith("http") and _whole.fullmatch(url):
        return address_key(url)
    try:
        parts = urlsplit(urljoin(base, url))
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/")
    host = parts.netloc.lower().removeprefix("www.").removeprefix("m.")
    query = f"?{parts.query}" if parts.query and len(path) < 12 else ""
    return host + path + query if path or query else ""


_whole = re.compile(r"https?://[^\s/?#\[\]\\;]+/[^\s\\;]*")  # an address that needs no joining


@functools.lru_cache(512)
def address_key(url: str) -> str:
    """As `url_key`, faster, for an absolute address.

    >>> address_key("https://www.example.org/news/an-article/?x=1#y"), address_key("https://example.org/?id=3")
    ('example.org/news/an-article', 'example.org?id=3')
    """
    rest, _, query = url.partition("#")[0].partition("?")
    host, slash, path = rest.partition("://")[2].partition("/")
    path = unquote(slash + path).rstrip("/")
    host = host.lower().removeprefix("www.").removeprefix("m.")
    query = f"?{query}" if query and len(path) < 12 else ""
    return host + path + query if path or query else ""


_quotes = str.maketrans("‘’‚‛ʼ`´“”„‟«»‐‑‒–—―−\u00a0", "'''''''\"\"\"\"\"\"------- ", "\u200b\u00ad\u200e\u200f\ufeff")


@functools.lru_cache(2048)
def fold(text: str) -> str:
    """Text for comparing: case, quotes, dashes and spaces made one.

    >>> fold("“Tom’s”  – Día")
    '"tom\\'s" - día'
    """
    return " ".join(text.translate(_quotes).casefold().split())


def microdata(page: Any) -> dict[str, list[Any]]:
    """Elements of the article properties by itemprop, in page order; those of comments and cards are left out."""
    found: dict[str, list[Any]] = {}
    for node in page.called.items:
        name = node.get("itemprop")
        if name in _PROPERTIES and not _inside_other_item(node):
            found.setdefault(name, []).append(node)
    return found


def item_types(page: Any) -> frozenset[str]:
    """Lower-case types of the page's microdata items."""
    return frozenset(match[1].lower() for kind in page.called.types if (match := _item_type.match(kind)))


def _inside_other_item(node: Any) -> bool:
    """Whether the nearest item above an element is a comment, a card in a list or the like."""
    for above in itertools.islice(node.iterancestors(), 60):
        if above.get("itemscope") is not None:
            kind = (above.get("itemtype") or "").rsplit("/", 1)[-1].lower()
            return bool(kind) and kind not in ARTICLE_TYPES and kind not in NEAR_TYPES
    return False
