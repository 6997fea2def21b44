"""Links of a front or section page: which lead to articles and which to listings, told by shape, never by site."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from articles.encoding import decode
from articles.limits import bounded, lean
from articles.page import parse
from crawler.signals import read
from crawler.urls import is_home, normalize, same_site

FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"))
MAX_LINKS = 5000  # of one page; real front pages have some hundreds
ARTICLE = 0.5  # from this score on a link is one to an article

# path segments that no article's address has, in a few languages; folded
_NEVER = """
    login signin sign-in signup sign-up register logout account profile subscribe subscription subscriptions abo
    impressum imprint privacy datenschutz privacy-policy cookie-policy cookies terms terms-of-use terms-of-service
    contact contacts contact-us kontakt advertise advertising werbung cart shop search suche tag tags topic topics
    author authors autor autoren category categories wp-admin wp-login.php wp-json wp-content xmlrpc.php cdn-cgi
    feed rss share print
"""
# segments of pages about the site; articles may lie under them
_FRONTS = """
    about about-us aboutus newsletter newsletters jobs careers help faq sitemap feeds archive archives archiv
    weather wetter tv tv-guide horoscope horoscopes games donate podcasts podcast videos video apps mobile-apps
    accessibility corrections masthead team press live quiz crossword puzzles
"""
# segments under which articles lie
_HOUSES = """
    article articles artikel articolo articulo story stories news nyheter noticia noticias novosti novyny doc post
    posts read blog blogs archives archive content item entry beitrag
"""
NEVER, FRONTS, HOUSES = (frozenset(table.split()) for table in (_NEVER, _FRONTS, _HOUSES))
FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|json|xml|pdf|zip|gz|mp[34]|m4a|webm|avi|mov|docx?|xlsx?|apk|exe)$"
)
_DATE_PATH = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]?(?:0?[1-9]|[12]\d|3[01]))?(?:/|-|$)")
_ID = re.compile(
    r"(?:^|[^0-9])\d{5,}(?:$|[^0-9])|[0-9a-f]{8}-[0-9a-f]{4}-|-[0-9a-f]{12,}$"
    r"|(?:^|[-./,])[a-z]?\d{4,}(?:\.(?:s?html?|php))?/?$"
)
_CODE = re.compile(r"(?=(?:[^0-9]*[0-9]){2})(?=(?:[^a-z]*[a-z]){3})[0-9a-z]{8,}")  # letters and digits: c4n1l6wx98go
_QUERY_ID = re.compile(r"(?:^|&)(?:p|\w*(?:id|nr|no)|article|story|t)=[\w-]*\d{2,}", re.IGNORECASE)
_NO_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PAGER = re.compile(r"/(?:page|seite|p|strana|storinka)[/-]?\d+/?$|/\d{1,3}/?$")
# what a link to a listing's next page says, folded, arrows taken away
_NEXT = """
    next|next page|older|older posts|older stories|more|more news|load more|show more|weiter|nächste|nächste seite
    ältere|suivant|page suivante|siguiente|página siguiente|próxima|successiva|successivo|avanti|volgende|następna|dalej
    další|далі|наступна|наступна сторінка|далее|следующая|вперед|вперёд
    下一页|下一頁|次へ|次のページ|다음|التالي|הבא|sonraki
"""
_NEXT_WORDS = frozenset(word.strip() for line in _NEXT.split("\n") for word in line.split("|") if word.strip())
_ARROWS = " .:›»→>⟩▶▸"


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """A link: `url` normalized, `text` the anchor's own, `score` from 0 (a listing) to 1 (an article)."""

    url: str
    text: str = ""
    score: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Links:
    """What a page links to on its own site, each URL once, in page order, and what its head names.

    `others` are the links that have neither the shape of an article nor that of a section.
    """

    articles: tuple[Link, ...] = ()
    sections: tuple[Link, ...] = ()
    others: tuple[Link, ...] = ()
    next_page: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def article_score(url: str, text: str = "") -> float:
    """Judge by a normalized URL and its anchor text alone how likely it leads to an article, from 0 to 1.

    >>> article_score("https://example.org/news/2026/11/23/town-hall-opens-again-after-fire")
    1.0
    >>> article_score("https://example.org/politics/")
    0.0
    """
    parts = urlsplit(url)
    path = unquote(parts.path).lower()
    segments = [segment for segment in path.split("/") if segment]
    if is_home(url) or FILES.search(path) or NEVER.intersection(segments[:-1]) or _stem(path) in NEVER | FRONTS:
        return 0.0
    score = _by_path(path, segments, parts.query) + _by_text(text)
    return round(min(max(score, 0.0), 1.0), 2)


def _stem(path: str) -> str:
    """Give a path's last segment without its file extension."""
    return re.sub(r"\.[a-z]{2,5}$", "", path.rstrip("/").rpartition("/")[2])


def _words(segment: str) -> int:
    return sum(1 for word in re.split(r"[-_+ ]", segment) if re.search(r"[^\W\d]", word))


def _by_path(path: str, segments: list[str], query: str) -> float:
    stem = _stem(path)
    words = _words(stem)
    if words <= 1 and re.search(r"\d", stem):  # /the-slug/146774/
        words = max([words, *map(_words, segments[-2:-1])])
    named = bool(_ID.search(path) or _CODE.fullmatch(stem.rpartition(".")[2]))
    score = 0.15 * min(words, 5) if words > 1 else 0.0
    score += 0.4 if named else 0.0
    score += 0.2 if HOUSES.intersection(segments[:-1]) and (named or words > 1) else 0.0
    score += 0.4 if _DATE_PATH.search(path) else 0.0
    score += 0.15 if re.search(r"\.(?:s?html?|php|aspx?|story)$", path) else 0.0
    score += 0.45 if _QUERY_ID.search(query) else 0.0
    score -= 0.3 if FRONTS.intersection(segments[:1]) and not named and not _DATE_PATH.search(path) else 0.0
    return score - (0.5 if _PAGER.search(path) and words < 2 and not named else 0.0)


def _by_text(text: str) -> float:
    """A headline is several words long; a section's name is one or two. Scripts without blanks count by length."""
    words = len(text.split())
    if words >= 6 or (words <= 3 and len(_NO_BLANKS.findall(text)) >= 12):
        return 0.3
    return 0.15 if words >= 4 else 0.0


def find_links(page: Any, url: str) -> Links:
    """Find the links of a page: an lxml tree, or its bytes.

    Only links to the page's own site; an article is told by its shape (`article_score`), a section by being short. A
    page that says nofollow by meta tag has none, but its feeds and sitemaps.
    """
    tree = _tree(page)
    base = _base(tree, url)
    follow = not _nofollow(tree)
    next_page = _next_page(tree, base, url) if follow else None
    anchors = [link for link in _anchors(tree, base, url) if follow and link.url != next_page]
    articles = _agreed([link for link in anchors if link.score >= ARTICLE])
    chosen = set(articles)
    rest = [link for link in anchors if link not in chosen]
    return Links(
        articles=tuple(articles),
        sections=tuple(link for link in rest if is_section(link.url)),
        others=tuple(link for link in rest if not is_section(link.url)),
        next_page=next_page,
        feeds=_named_feeds(tree, base, url),
        sitemaps=_named(tree, base, "sitemap"),
    )


def _agreed(links: list[Link]) -> list[Link]:
    """Where nearly all of a page's articles bear a number or a date, those that do not are something else."""
    marked = [link for link in links if is_marked(link.url)]
    return marked if len(marked) >= 8 and len(marked) >= 0.6 * len(links) else links


def is_marked(url: str) -> bool:
    """Say whether a normalized URL bears a number, a code or a date such as articles have.

    >>> is_marked("https://example.org/news/town-hall-4711234.html"), is_marked("https://example.org/our-town-hall")
    (True, False)
    """
    parts = urlsplit(url)
    path = unquote(parts.path).lower()
    code = _CODE.fullmatch(_stem(path).rpartition(".")[2])
    return bool(_ID.search(path) or _DATE_PATH.search(path) or _QUERY_ID.search(parts.query) or code)


def is_section(url: str) -> bool:
    """Say whether a normalized URL has the shape of a section front: short words, no ids, no files.

    >>> is_section("https://example.org/news/politics/"), is_section("https://example.org/login")
    (True, False)
    """
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    if parts.query or len(segments) > 3 or FILES.search(parts.path.lower()) or (NEVER | FRONTS).intersection(segments):
        return False
    return not any(re.search(r"\d{3,}", segment) or segment.count("-") > 3 or len(segment) > 40 for segment in segments)


def _tree(page: Any) -> Any:
    return parse(decode(lean(bounded(page)), None).utf8) if isinstance(page, bytes) else page


def _nofollow(tree: Any) -> bool:
    tags = [node for node in tree.iter("meta") if (node.get("name") or "").lower() in ("robots", "pressmark")]
    return any(read((), {"robots": [node.get("content") or ""]}).nofollow for node in tags)


def _base(tree: Any, url: str) -> str:
    declared = next((node.get("href") for node in tree.iter("base") if node.get("href")), None)
    return (normalize(declared, url) if declared else None) or url


def _anchors(tree: Any, base: str, url: str) -> list[Link]:
    found: dict[str, Link] = {}
    for node in itertools.islice(tree.iter("a"), MAX_LINKS):
        target = normalize(node.get("href") or "", base)
        if target and same_site(target, url) and target != url:
            link = Link(target, text := _text(node), article_score(target, text))
            if target not in found or link.score > found[target].score:
                found[target] = link
    return list(found.values())


def _text(node: Any) -> str:
    text = " ".join("".join(_visible(node)).split())
    return (text or " ".join((node.get("title") or node.get("aria-label") or "").split()))[:300]


def _visible(node: Any) -> Iterator[str]:
    """Give the text that is shown: no style, script, fallback markup, comment."""
    if not isinstance(node.tag, str) or node.tag in ("style", "script", "noscript", "template", "svg"):
        return
    yield node.text or ""
    for child in node:
        yield from _visible(child)
        yield child.tail or ""


def _next_page(tree: Any, base: str, url: str) -> str | None:
    """Find the next page of a listing: rel=next, else a link that says so."""
    for node in tree.iter("link", "a"):
        if "next" in (node.get("rel") or "").lower().split():
            return _on_site(node, base, url)
    for node in tree.iter("a"):
        if _says_next(_text(node)) and (found := _on_site(node, base, url)):
            return found
    return None


def _says_next(text: str) -> bool:
    word = text.lower().strip(_ARROWS)
    return word in _NEXT_WORDS or (not word and len(text) == 1)


def _on_site(node: Any, base: str, url: str) -> str | None:
    target = normalize(node.get("href") or "", base)
    return target if target and target != url and same_site(target, url) else None


def _named(tree: Any, base: str, rel: str) -> tuple[str, ...]:
    """Give the URLs that the head's <link rel> names, normalized, in order."""
    nodes = [node for node in tree.iter("link") if rel in (node.get("rel") or "").lower().split()]
    return tuple(found for node in nodes if (found := normalize(node.get("href") or "", base)))


def _named_feeds(tree: Any, base: str, url: str) -> tuple[str, ...]:
    nodes = [
        node for node in tree.iter("link") if (node.get("type") or "").lower().partition(";")[0].strip() in FEED_TYPES
    ]
    found = [normalize(node.get("href") or "", base) for node in nodes]
    return tuple(dict.fromkeys(feed for feed in found if feed and "/comments/" not in feed and same_site(feed, url)))
