"""What kind of page it is: an article, or a home, section, tag, search, video, gallery, shop, forum or wall page."""

from __future__ import annotations

import math
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from articles.marks import holding
from articles.reading import Candidate, Reading
from articles.record import PageKind
from articles.structured import ARTICLE_TYPES, item_types, types_of

# What speaks for an article and what against it; fitted by bench/train_metadata.py on labelled pages.
WEIGHTS: dict[str, float] = {
    "author declared": 1.8,
    "url article": 1.78,
    "url words": 1.51,
    "date shown": 1.42,
    "url date": 1.17,
    "news type": 1.1,
    "published meta": 1.0,
    "body share": 0.98,
    "url digits": 0.78,
    "article type": 0.69,
    "paragraph size": 0.62,
    "author shown": 0.58,
    "section meta": 0.33,
    "date declared": 0.32,
    "url depth": 0.32,
    "body size": 0.18,
    "og article": 0.15,
    "place type": 0.05,
    "faq type": -0.19,
    "linked share": -0.29,
    "body short": -0.37,
    "list type": -0.5,
    "one h1": -0.54,
    "og none": -0.7,
    "headings": -0.79,
    "shop marks": -0.79,
    "shop type": -0.81,
    "text size": -0.95,
    "forum type": -0.98,
    "forum marks": -1.17,
    "many times": -1.19,
    "url root": -1.22,
    "og website": -1.37,
    "url other": -2.3,
}
BIAS = -0.7

MARKS_AT_MOST = 2.5  # what the marks of shops and forums can take from a score, with some to spare

# Characters of text; of two thousand labelled pages one article has fewer than 160, and that has a date.
SCRAP = 100
SCRAP_HEADED = 45  # under a headline

_wide = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # characters that say as much as two

_SIGNED = (
    "news type",
    "article type",
    "og article",
    "published meta",
    "date declared",
    "author declared",
    "author shown",
)

MARKED_BYTES = 200_000  # of a page, in which such marks are looked for

_NEWS = frozenset(
    name for name in ARTICLE_TYPES if name.endswith("newsarticle") or name in ("report", "liveblogposting")
)
_LISTS = frozenset(("itemlist", "collectionpage", "searchresultspage", "profilepage", "offercatalog"))
_SHOP = frozenset(("product", "productgroup", "offer", "aggregateoffer", "service", "softwareapplication", "course"))
_PLACES = frozenset(("localbusiness", "store", "restaurant", "hotel", "jobposting", "realestatelisting", "apartment"))
_FORUM = frozenset(("discussionforumposting", "qapage"))
_year = re.compile(r"/(?:19|20)\d\d[/-]?\d\d")
_not_article = re.compile(
    r"/(?:forums?|threads?|t|questions?|topics?|products?|p|shop|store|categor(?:y|ies|ia|ie)|kategorie|rubrik|tags?|"
    r"search|docs?|documentation|wiki|services?|solutions?|features?|collections?|authors?|users?|profile|help|support|about|"
    r"contact|pricing|courses?|programs?|jobs?|careers?|login|w|c|dp|manual|reference|api|tools?|calculators?|templates?)(?:/|$)|"
    r"viewtopic|showthread|index\.php\?threads",
    re.I,
)
_article_path = re.compile(
    r"/(?:news|articles?|artikel|article|story|stories|nachrichten|noticias?|politics?|politik|world|sports?|opinion|business|economy|"
    r"wirtschaft|society|culture|kultur|novosti|novyny|actualites?|actu|video|live|blogs?|posts?|magazine|panorama)(?:/|$)",
    re.I,
)
_words = re.compile(r"[^\W\d_]{2,}")
_SHOP_MARKS = (
    b"add-to-cart",
    b"addtocart",
    b"AddToCart",
    b"add_to_cart",
    b"Add to cart",
    b"Add to Cart",
    b"product-price",
)
_FORUM_MARKS = (
    b"viewtopic",
    b"showthread",
    b"phpbb",
    b"vbulletin",
    b"xenforo",
    b"discourse",
    b"XenForo",
    b"upvote",
    b"post-reply",
)


def read_kind(page: Any) -> Reading[dict[str, Any]]:
    """Read is_article and page_kind."""
    if page.wall:
        return Reading({"is_article": False, "page_kind": "wall"}, "structure")
    known = {**_declared(page), **_address(page.url), **_shape(page)}
    score = _score(known) + BIAS
    if 0 < score < MARKS_AT_MOST:  # only where they can still decide: they have to be looked for in the whole page
        known |= _marks(page)
        score = _score(known) + BIAS
    kind = _article_kind(page) if score > 0 and not _is_scrap(page, known) else _other_kind(page, known)
    article = kind in ("article", "live")
    spoken = [(name, WEIGHTS.get(name, 0.0) * value) for name, value in known.items() if value]
    found = tuple(Candidate(name, "model", f"{weight:+.1f}") for name, weight in spoken if abs(weight) >= 0.1)
    return Reading({"is_article": article, "page_kind": kind}, "model", found)


def features(page: Any) -> dict[str, float]:
    """What is known of a page that tells articles from other pages, each in 0..1 or thereabouts."""
    return {**_declared(page), **_address(page.url), **_shape(page), **_marks(page)}


def _score(known: dict[str, float]) -> float:
    return sum([WEIGHTS.get(name, 0.0) * value for name, value in known.items() if value])


def _marks(page: Any) -> dict[str, float]:
    found = holding(page.utf8, (*_SHOP_MARKS, *_FORUM_MARKS), MARKED_BYTES)
    shops = (1 << len(_SHOP_MARKS)) - 1
    return {"shop marks": float(found & shops != 0), "forum marks": float(found > shops)}


def _declared(page: Any) -> dict[str, float]:
    types = page.structured.types
    article = set(types_of(page.structured.article or {}))
    if not article & ARTICLE_TYPES:
        items = item_types(page)
        article |= items & ARTICLE_TYPES
        types |= items
    og = next(iter(page.meta.get("og:type", ())), "").lower()
    dated = page.readings["date_published"].source if "date_published" in page.readings else None
    named = page.readings["authors"].source if "authors" in page.readings else None
    return {
        "news type": float(bool(article & _NEWS)),
        "article type": float(bool(article & ARTICLE_TYPES - _FORUM)),
        "list type": float(bool(types & _LISTS)),
        "shop type": float(bool(types & _SHOP)),
        "place type": float(bool(types & _PLACES)),
        "forum type": float(bool(types & _FORUM)),
        "faq type": float("faqpage" in types),
        "og article": float(og == "article" or og.startswith("article")),
        "og website": float(og in ("website", "web site", "blog")),
        "og product": float("product" in og),
        "og none": float(not og),
        "section meta": float(
            "article:section" in page.meta or "news_keywords" in page.meta or "article:tag" in page.meta
        ),
        "published meta": float("article:published_time" in page.meta or "datepublished" in page.meta),
        "date declared": float(dated in ("json-ld", "meta", "microdata")),
        "date shown": float(dated in ("time", "text", "url")),
        "author declared": float(named in ("json-ld", "meta")),
        "author shown": float(named in ("byline", "text")),
    }


def _address(url: str) -> dict[str, float]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return {}
    path = unquote(parts.path)
    last = path.rstrip("/").rsplit("/", 1)[-1]
    words = _words.findall(last)
    return {
        "url known": float(bool(parts.netloc)),
        "url root": float(bool(parts.netloc) and path in ("", "/")),
        "url date": float(bool(_year.search(path))),
        "url depth": min(path.count("/"), 6) / 6,
        "url words": min(len(words), 8) / 8,
        "url digits": float(bool(re.search(r"\d{5,}", last))),
        "url query": float(len(parts.query) > 3),
        "url other": float(
            bool(_not_article.search(path)) or parts.netloc.startswith(("forum", "docs", "shop", "store", "help"))
        ),
        "url article": float(bool(_article_path.search(path))),
    }


def _shape(page: Any) -> dict[str, float]:
    total = sum([len(block.text) for block in page.blocks]) or 1
    linked = sum([block.linked for block in page.blocks])
    body = page.readings["body"].value if "body" in page.readings else ""
    paragraphs = body.count("\n\n") + 1
    return {
        "body size": math.log1p(len(body)) / 10,
        "body short": float(len(body) < 600),
        "body share": min(1.0, len(body) / total),
        "linked share": linked / total,
        "text size": math.log1p(total) / 10,
        "paragraph size": min(len(body) / paragraphs, 400) / 400,
        "headings": min(len(page.marks.subheadings), 30) / 30,
        "many times": min(len(page.marks.times), 20) / 20,
        "one h1": float(len(page.marks.headings) == 1),
    }


def _is_scrap(page: Any, known: dict[str, float]) -> bool:
    """Whether an address promises an article, but nothing of its page does: "Account suspended.", "It works!"."""
    dated = page.readings["date_published"].source if "date_published" in page.readings else None
    if any(known[name] for name in _SIGNED) or dated in ("time", "text"):
        return False
    said = " ".join([page.readings[name].value or "" for name in ("body", "lead") if name in page.readings]).strip()
    return 0 < len(said) + len(_wide.findall(said)) < (SCRAP_HEADED if page.marks.headings else SCRAP)


def _article_kind(page: Any) -> PageKind:
    """Which kind of article page: pages of a video or of pictures alone have next to no text."""
    types = set(types_of(page.structured.article or {}))
    if "liveblogposting" in types or ("updates" in page.readings and page.readings["updates"].value):
        return "live"
    body = page.readings["body"].value if "body" in page.readings else ""
    og = next(iter(page.meta.get("og:type", ())), "").lower()
    if len(body) < 500 and (
        og.startswith("video") or (_video.search(page.url) and "videoobject" in page.structured.types)
    ):
        return "video"
    if len(body) < 800 and ("imagegallery" in page.structured.types or _gallery.search(page.url)):
        return "gallery"
    return "article"


def _other_kind(page: Any, known: dict[str, float]) -> PageKind:
    if known.get("url root") or _edition.search(page.url):
        return "home"
    if "searchresultspage" in page.structured.types or _search.search(page.url):
        return "search"
    if _tag.search(page.url):
        return "tag"
    body = page.readings["body"].value if "body" in page.readings else ""
    if len(body) < 500 and next(iter(page.meta.get("og:type", ())), "").startswith("video"):
        return "video"
    listed = known["linked share"] > 0.45 or known["list type"] or _linked_headings(page) >= LISTED
    return "section" if listed else "other"


def _linked_headings(page: Any) -> int:
    """Count the headings that are nothing but a link: the cards of a listing, whose teasers may be longer than they."""
    return sum(block.tag in _HEADINGS and block.linked > 0.9 * len(block.text) for block in page.blocks)


_HEADINGS = frozenset(("h2", "h3", "h4"))
LISTED = 4  # cards that make a page without an article a listing


_edition = re.compile(r"^https?://[^/]+/[a-z]{2}(?:-[a-z]{2})?/?$", re.I)  # the front page of a language's edition
_video = re.compile(r"/(?:videos?|watch|tv|mediathek|media)[/?]", re.I)
_gallery = re.compile(
    r"/(?:galler(?:y|ies)|galeri[ae]s?|galerie|fotostrecken?|bilder(?:strecke|galerie)?|photos?|fotos?|slideshows?)(?:/|-|$)",
    re.I,
)
_search = re.compile(
    r"/(?:search|suche|recherche|buscar|busca|cerca|zoeken|sok|szukaj|hledat|poisk|poshuk)(?:/|\?|$)|[?&](?:q|s|query)=",
    re.I,
)
_tag = re.compile(r"/(?:tags?|topics?|themen?|stichwort|etiquetas?|mot-cle|tema|tagy|tegi|tehy)/", re.I)
