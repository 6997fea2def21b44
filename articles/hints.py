"""Hints: what an element's class, id, role and itemprop say about what it holds, as bits of an integer."""

from __future__ import annotations

import re

# One line a hint. A word of a class, id, role, itemprop or data-* name gives the hint where it is one of the stems, or
# holds one of four letters or more. The stems are those that content systems of many countries share; none is one
# publisher's own.
STEMS: tuple[tuple[str, ...], ...] = (
    ("article", "articulo", "artikel", "artigo", "story", "post", "entry", "news", "noticia", "nota"),
    ("body", "text", "texto", "texte", "inhalt", "contenu", "cuerpo", "corpo", "richtext", "wysiwyg", "prose", "copy"),
    ("content", "contents", "contenido", "conteudo"),
    ("articlebody", "storybody", "entrycontent", "postcontent", "articletext", "articlecontent", "postbody"),
    ("paragraph", "para", "absatz"),
    (
        "caption",
        "figcaption",
        "legend",
        "credit",
        "copyright",
        "photo",
        "foto",
        "image",
        "img",
        "picture",
        "figure",
        "media",
        "wp-caption",
    ),
    ("gallery", "galerie", "slideshow", "slider", "carousel", "swiper", "slide", "slick"),
    (
        "related",
        "relacionad",
        "recommend",
        "more",
        "also",
        "similar",
        "further",
        "weiter",
        "mehr",
        "leggi",
        "outbrain",
        "taboola",
        "readmore",
        "verwandt",
    ),
    ("teaser", "card", "promo", "item", "thumb", "tile", "preview", "listing", "list", "grid", "feed", "loop"),
    (
        "popular",
        "trending",
        "latest",
        "mostread",
        "most",
        "top",
        "recent",
        "ranking",
        "meistgelesen",
        "ticker",
        "breaking",
    ),
    ("sidebar", "aside", "rail", "secondary", "complementary", "right", "widget", "module", "region"),
    ("share", "social", "sharing", "facebook", "twitter", "follow", "whatsapp", "addthis", "teilen", "compartir"),
    ("comment", "comments", "disqus", "respond", "reply", "replies", "kommentar", "comentario", "discussion"),
    ("author", "byline", "autor", "auteur", "writer", "bio", "contributor", "reporter", "vcard", "profile"),
    ("meta", "info", "date", "time", "published", "posted", "datum", "fecha", "timestamp", "details"),
    (
        "tag",
        "tags",
        "topic",
        "topics",
        "keyword",
        "category",
        "categories",
        "taxonomy",
        "label",
        "labels",
        "kicker",
        "section",
    ),
    ("newsletter", "subscribe", "subscription", "signup", "optin", "mailing", "abo", "mailchimp", "form", "cta"),
    (
        "ad",
        "ads",
        "advert",
        "advertisement",
        "sponsor",
        "sponsored",
        "banner",
        "promotion",
        "dfp",
        "anzeige",
        "werbung",
        "publicidad",
    ),
    (
        "cookie",
        "consent",
        "gdpr",
        "privacy",
        "modal",
        "popup",
        "overlay",
        "lightbox",
        "dialog",
        "paywall",
        "piano",
        "barrier",
    ),
    (
        "nav",
        "navigation",
        "menu",
        "breadcrumb",
        "breadcrumbs",
        "navbar",
        "pagination",
        "pager",
        "next",
        "prev",
        "toc",
        "skip",
        "tabs",
    ),
    ("header", "masthead", "head", "topbar", "kopf"),
    ("footer", "foot", "bottom", "colophon", "legal", "disclaimer", "imprint", "disclosure"),
    ("title", "headline", "titulo", "titel", "titre", "heading", "subject"),
    (
        "lead",
        "lede",
        "intro",
        "standfirst",
        "summary",
        "dek",
        "deck",
        "subtitle",
        "subhead",
        "subheadline",
        "description",
        "excerpt",
        "abstract",
        "chapo",
        "entradilla",
        "bajada",
        "teasertext",
        "vorspann",
        "sapo",
        "anons",
    ),
    ("quote", "pullquote", "blockquote", "zitat", "cita", "tweet", "embed", "instagram", "iframe"),
    (
        "table",
        "infobox",
        "factbox",
        "fact",
        "box",
        "sidebox",
        "aside-box",
        "callout",
        "highlight",
        "highlights",
        "keypoints",
        "key",
        "takeaways",
    ),
    (
        "hide",
        "hidden",
        "invisible",
        "sr",
        "screenreader",
        "visuallyhidden",
        "offscreen",
        "print",
        "noprint",
        "mobile",
        "d-none",
    ),
    (
        "search",
        "login",
        "account",
        "register",
        "user",
        "rating",
        "vote",
        "poll",
        "quiz",
        "donate",
        "support",
        "shop",
        "buy",
        "price",
        "product",
    ),
    ("video", "player", "audio", "podcast", "listen", "embedvideo", "youtube", "transcript"),
    ("main", "primary", "hentry", "single", "maincontent"),
    ("live", "liveblog", "update", "updates", "timeline", "entry-live"),
    ("footnote", "reference", "references", "source", "sources", "endnote", "cite", "correction", "note"),
)
NAMES = """
    article body content article-body paragraph caption gallery related card popular sidebar share comment author meta
    tag newsletter advert modal nav header footer title lead quote box hidden form video main live footnote
""".split()  # noqa: SIM905
_SPLIT = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}(?![a-z])")
_WORDS: dict[str, int] = {}
for _bit, _stems in enumerate(STEMS):
    for _stem in _stems:
        _WORDS[_stem] = _WORDS.get(_stem, 0) | 1 << _bit
INNER_STEMS = sorted((word for word in _WORDS if len(word) > 3), key=len, reverse=True)
_INNER = re.compile("|".join(INNER_STEMS))
COUNT = len(STEMS)
_BASE = COUNT
TAG_BITS = {
    name: 1 << (_BASE + index)
    for index, name in enumerate(
        """
        article main section aside header footer figure figcaption
        blockquote table ul ol dl form address details pre
        """.split()  # noqa: SIM905
    )
}
_BASE += len(TAG_BITS)
HIDDEN, BODY_PROP, LIVE_PROP, INLINE_HIDDEN = (1 << (_BASE + index) for index in range(4))
WIDTH = _BASE + 4
NAMING = frozenset(("class", "id", "role", "data-component", "data-testid", "data-type"))
_CACHE: dict[str, int] = {}
_CACHE_SIZE = 20_000  # class strings; crawled pages may make up new ones for ever


class _Parts(dict[str, int]):
    """The hints of one class of a class string; a new string is mostly made of known ones."""

    def __missing__(self, part: str) -> int:
        bits = 0
        for word in _SPLIT.findall(part):
            low = word.lower()
            found = _WORDS.get(low, 0) or _WORDS.get(low.removesuffix("s"), 0)
            if not found and len(low) > 6:  # words run together: "commentlist", "relatedposts"
                for stem in _INNER.findall(low):
                    found |= _WORDS[stem]
            bits |= found
        if len(self) > _CACHE_SIZE:
            self.clear()
        self[part] = bits
        return bits


_PARTS = _Parts()


def word_bits(name: str) -> int:
    """The hints in a class or id string.

    >>> bool(word_bits("c-articleBody__share") & _WORDS["share"])
    True
    """
    known = _CACHE.get(name)
    if known is not None:
        return known
    bits = 0
    for part in name[:300].split():
        bits |= _PARTS[part]
    if len(_CACHE) > _CACHE_SIZE:
        _CACHE.clear()
    _CACHE[name] = bits
    return bits


def hint_bits(tag: str, attributes: list[tuple[str, str]]) -> int:
    """All hints of one element: its tag's, its class's, its id's, its role's and itemprop's."""
    bits = TAG_BITS.get(tag, 0) if "-" not in tag else word_bits(tag)  # a custom element: <amp-consent>
    for key, value in attributes:
        if key in NAMING:
            found = _CACHE.get(value)
            bits |= word_bits(value) if found is None else found
        elif key == "itemprop":
            bits |= BODY_PROP if value == "articleBody" else word_bits(value)
        elif key == "hidden" or (key == "aria-hidden" and value == "true"):
            bits |= HIDDEN
        elif key == "style" and "display" in value and "none" in value:
            bits |= INLINE_HIDDEN
    return bits
