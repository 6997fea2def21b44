"""Cards: what a link to another article shows of it: a title, and perhaps its category and date."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from articles import labels
from articles.blocks import Block
from articles.marks import text_of
from articles.moments import NoDate, read_moment
from articles.record import RelatedLink
from articles.site import absolute
from articles.structured import address_key

LONGEST_TITLE = 250
NO_NAMES = labels.BUTTON | labels.DATE | labels.CATEGORY | labels.TAGS | labels.RELATED
_not_articles = re.compile(  # this and the next two are for lower case
    r"/(?:tags?|topics?|topic-?pages?|themen?|temas?|etiquetas?|autor(?:es)?|authors?|auteurs?|profile?|people|users?|search"
    r"|categor(?:y|ies|ia|ie)|kategori(?:e|en|a)?|rubriques?|rubric|schlagwort(?:e)?|stichwort|keywords?|label|hashtag|login|signin|register"
    r"|subscribe|subscription|abo|newsletters?|comments?|share|sharer?|contact|kontakt|about|impressum|privacy|datenschutz|shop|help|tema|emne|amne|konu|topik)"
    r"(?:/|$|\.php|\?)",
)
_elsewhere = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|instagram|linkedin|pinterest|reddit|whatsapp|wa|telegram|t|youtube|youtu|tiktok|vk|ok|viber"
    r"|taboola|outbrain|doubleclick|googleadservices|googlesyndication|apple|play\.google|plus\.google|threads|bsky|flipboard"
    r"|getpocket|weibo|line|addtoany|addthis|amazon|amzn|mgid|revcontent|dable|plista)\.(?:com|ru|me|net|be|to|app|co|it|social|de)$",
)
_files = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp3|mp4|zip|docx?|xml|rss)$")
_slug = re.compile(r"\d{3,}|[^/]*[-_][^/]*[-_][^/]*[-_]|\.s?html?$|\.php$|%[0-9A-F]{2}|[^\x00-\x7f]{6}", re.IGNORECASE)
_dated = re.compile(r"/(?:19|20)\d\d/|\d{4,}")
_absent = re.compile(r"^[\s\-–—.…/|·•]*$")
_wide = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


MOST_PIECES, MOST_PARTS, MOST_SAME = 80, 60, 20  # texts of a card, elements of a link, links of a card; pages nest them
MOST_OFFERED = 300  # elements of a card that may name its category
MOST_ANCHORS = 60  # of one element; a paragraph or card of more is none


def anchors(block: Block, most: int = MOST_ANCHORS) -> list[Any]:
    """The links within a block, or the one that it is within."""
    found = [link for link in block.anchors[:most] if link.get("href")]
    if len(found) > 1 and block.box.size > 1:  # it may be one of several paragraphs parted by empty lines
        found = [link for link in found if text_of(link, 300) in block.text]
    return found


def links_of(block: Block, most: int = MOST_ANCHORS) -> list[tuple[Any, str]]:
    """The links of a block with their texts; that of the block, where one link is all of it."""
    found = anchors(block, most)
    if len(found) == 1 and block.linked + 2 >= len(block.text) and block.box.size == 1:
        return [(found[0], block.text)]
    return [(link, text_of(link, 300)) for link in found]


def resolved(href: str, base: str) -> str | None:
    """As `site.absolute`, faster for the commonest links: those to the page's own host."""
    if " " not in href and ".." not in href and href.isprintable():
        origin = _origin(base)
        if origin and href[:1] == "/" and href[1:2] != "/":
            return origin + href
        if origin and href.startswith(origin) and href[len(origin) : len(origin) + 1] == "/":
            return href
        if _plain.fullmatch(href) and "/." not in href:
            return href
    return absolute(href, base)


_plain = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*/[^\s?#;]*(?:\?[^\s#]+)?(?:#\S+)?")


def split_address(url: str) -> tuple[str, str, str]:
    """Host, path and query of an absolute http(s) address, without the cost of `urlsplit`.

    >>> split_address("https://example.org:80/a/b?c=1#d"), split_address("https://example.org")
    (('example.org', '/a/b', 'c=1'), ('example.org', '', ''))
    """
    rest, _, query = url.partition("#")[0].partition("?")
    host, slash, path = rest.partition("://")[2].partition("/")
    return host.rpartition("@")[2].partition(":")[0].lower(), slash + path, query


@functools.lru_cache(256)
def _origin(base: str) -> str | None:
    root = absolute("/", base)
    return root and root.rstrip("/")


def article_address(link: Any, base: str, own: Iterable[str]) -> str | None:
    """The absolute address of a link that may lead to another article; None for pages that are none, or this one."""
    href = (link.get("href") or "").strip()
    if not href or href[0] == "#" or len(href) > 2000:
        return None
    url = resolved(href, base)
    if url is None:
        return None
    host, path, query = split_address(url)
    if len(path.strip("/")) < 3 and not query:
        return None
    low = path.lower()
    if _not_articles.search(low) or _files.search(low) or _elsewhere.search(host):
        return None
    if ("%" in url or any(key.rsplit("/", 1)[-1] in url for key in own)) and address_key(url) in own:
        return None
    return url


@functools.lru_cache(512)
def is_title(text: str, url: str) -> bool:
    """Whether a link's text reads like a headline, the more easily the more its address looks like an article's.

    >>> is_title("World", "https://example.org/world/"), is_title("Storm over the lake", "https://example.org/a-1234")
    (False, True)
    """
    length = len(text) + 2 * len(_wide.findall(text))
    words = text.count(" ") + 1
    if labels.kinds(text) or length < 8:
        return False
    _, path, query = split_address(url)
    slug = unquote(path.rstrip("/").rsplit("/", 1)[-1]) + ("?" + query if query else "")
    if len(slug) > 24 or _slug.search(slug) or _dated.search(path):
        return length >= 12 and (words > 1 or length > 24)
    return length >= 30 and (words >= 4 or length > 60)


def read_card(url: str, links: list[Any], root: Any, own: Mapping[str, int]) -> RelatedLink:
    """What a card shows: `links` all lead to `url`, `root` is the element that holds nothing but this card."""
    title = _bare(_title(links, root, url))
    texts = (" ".join(piece.split()) for piece in root.itertext())
    pieces = list(itertools.islice(filter(None, texts), MOST_PIECES))
    if pieces == [title] and root.tag != "time" and next(root.iter("time"), None) is None:
        return RelatedLink(url, title)  # the card is a title and nothing else
    category, date = labelled(pieces, own, title)
    date = date or _shown_date(root, pieces, title)
    return RelatedLink(url, title, category or _shown_category(root, links, title), date)


def _bare(title: str | None) -> str | None:
    """A title without the label that the link begins with: "Read also: ..."."""
    head, mark, rest = (title or "").partition(":")
    return rest.strip() if mark and labels.kinds(head) & labels.RELATED and rest.strip() else title


def _title(links: list[Any], root: Any, url: str) -> str | None:
    headings = (node for holder in (*links, root) for node in holder.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    for node in dict.fromkeys(itertools.islice(headings, MOST_PARTS)):
        text = text_of(node, LONGEST_TITLE)
        if is_title(text, url):
            return text
    texts = [text for link in links[:MOST_SAME] for text in _parts(link)]
    best = max(texts, key=lambda text: (is_title(text, url), len(text) if len(text) < LONGEST_TITLE else 1), default="")
    return best or next((link.get("title") for link in links if link.get("title")), None)


def _parts(link: Any) -> list[str]:
    """The whole text of a link, or those of the block-level elements within it."""
    nodes = itertools.islice(link.iterdescendants("div", "p", "li", "strong", "span"), MOST_PARTS)
    blocks = [text_of(node, LONGEST_TITLE) for node in nodes]
    whole = text_of(link, LONGEST_TITLE)
    inner = [text for text in blocks if text and text != whole]
    if not inner or max(map(len, inner)) < 0.6 * len(whole):
        return [whole]
    return inner


def labelled(pieces: list[str], own: Mapping[str, int], title: str | None) -> tuple[str | None, str | None]:
    """Category and date that stand behind their labels."""
    category = date = None
    for index, piece in enumerate(pieces):
        name, value = piece, pieces[index + 1] if index + 1 < len(pieces) else ""
        kind = own.get(labels.fold(piece), 0) if len(piece) <= labels.LONGEST else 0
        if not kind and len(piece) < 80 and ":" in piece:
            name, _, value = piece.partition(":")
            kind = own.get(labels.fold(name), 0)
        if not kind & (labels.CATEGORY | labels.DATE) or _absent.match(value) or value == title:
            continue
        if (
            kind & labels.CATEGORY
            and category is None
            and len(value) <= 60
            and not own.get(labels.fold(value), 0) & NO_NAMES
        ):
            category = value.strip()
        elif kind & labels.DATE and date is None:
            date = iso_date(value)
    return category, date


_digit = re.compile(r"\d")


def iso_date(text: str) -> str | None:
    """The date that a short text is, as ISO 8601; only a day where no time is given.

    >>> iso_date("2024-11-29"), iso_date("-")
    ('2024-11-29', None)
    """
    if len(text) > 60 or not _digit.search(text):
        return None
    try:
        moment = read_moment(text)
    except NoDate:
        return None
    return moment.value.isoformat() if moment.timed else moment.value.date().isoformat()


def _shown_date(root: Any, pieces: list[str], title: str | None) -> str | None:
    for node in root.iter("time"):
        found = iso_date(node.get("datetime") or "") or iso_date(text_of(node, 80))
        if found:
            return found
    for text in pieces:
        if 6 <= len(text) <= 40 and text != title and (found := iso_date(text)):
            return found
    return None


_category_class = re.compile(
    r"categor|rubri[ck]|section|kicker|channel|ressort|taxonomy|topic|tag\b|label|overline", re.I
)


@functools.lru_cache(4096)
def _is_category(name: str) -> bool:
    return bool(_category_class.search(name))


def _shown_category(root: Any, links: list[Any], title: str | None) -> str | None:
    """A short text of the card that its class, or a link of its own, says is the category."""
    for node in itertools.islice(root.iter("a", "span", "div", "p", "li", "small", "strong"), MOST_OFFERED):
        if node in links or len(node) > 2:
            continue
        linked = node.tag == "a" and bool(node.get("href"))
        if linked or _is_category(node.get("class") or ""):
            text = text_of(node, 60)
            if (
                2 <= len(text) <= 30
                and text != title
                and not labels.kinds(text) & NO_NAMES
                and not any(map(str.isdigit, text))
            ):
                return text
    return None
