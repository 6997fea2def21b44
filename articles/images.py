"""Images: the article's pictures, the main one first, with caption and credit apart."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from articles.cards import resolved, split_address
from articles.marks import text_of
from articles.reading import Candidate, Reading
from articles.record import Image
from articles.structured import clean, each

if TYPE_CHECKING:
    from articles.page import Page

MOST = 60
MOST_SOURCES, MOST_BESIDE = 12, 40  # elements around a picture that are looked at
SMALLEST = 120  # pixels; less is an icon
LONGEST_CAPTION = 1_000
_lazy = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-full-src",
    "data-url",
    "data-hi-res-src",
    "src",
)
_sets = ("data-srcset", "data-lazy-srcset", "srcset")
_no_picture = re.compile(  # for lower case: ignoring it takes several times as long
    r"(?:^|[/_.-])(?:pixel|tracker|tracking|beacon|spacer|blank|transparent|placeholder|sprite|icons?|logos?|avatars?|gravatar|emoji|smil(?:ey|ies)|favicon"
    r"|1x1|loading|loader|badge|button|captcha)(?:[/_.?-]|$)|gravatar\.com|doubleclick\.|scorecardresearch|facebook\.com/tr|\.svg(?:$|\?)"
)
_no_box = re.compile(
    r"avatar|author|byline|logo|icon|social|share|related|teaser|promo|comment|sidebar|newsletter|advert|\bad-|recommend|popular|emoji",
    re.I,
)
_credit_class = re.compile(
    r"credit|copyright|source|photographer|fotograf|bildquelle|quelle|autor|byline|rights|kuva|crédit|fonte|fuente",
    re.I,
)
_WORDS = """
    photograph photos photo images? pictures? pic photo[ ]credit image[ ]credit credit source
    fotos? fotografie fotografía bilder bildquelle bild quelle crédits? imagen imagem fuente fonte fot\\.?
    zdjęcie kuva kép
    görsel фото світлина джерело источник снимка صورة المصدر 写真 撮影 图片来源 图源 圖片來源 圖 사진
"""
_word = "(?:" + "|".join(_WORDS.split()) + ")"
_credit = re.compile(
    rf"(?:^|[\s(\[|/.–—-])((?:{_word}\s*(?:by|von|de|di|par|:|：|/|©|\|)|©|\(c\)|copyright)\s*.{{2,120}})$",
    re.IGNORECASE | re.DOTALL,
)
_AGENCIES = (
    "AP AFP Reuters REUTERS Getty EPA dpa DPA Shutterstock Bloomberg NTB TT ANP PAP Xinhua Укрінформ УНІАН РИА ТАСС"
)
_agency = re.compile(
    rf"[(\[]\s*((?:[^()\[\]]{{0,60}}\b)?(?:{'|'.join(_AGENCIES.split())})\b[^()\[\]]{{0,60}})[)\]]\.?\s*$"
)
_size = re.compile(r"\s+(\d+(?:\.\d+)?)([wx])$")


def read_images(page: Page) -> Reading[tuple[Image, ...]]:
    """Read the pictures; captions are kept out of the body."""
    found: dict[str, Image] = {}
    for node, caption_node in islice(_pictures(page), 2 * MOST):
        url = address(node, page.url)
        if url is None:
            continue
        caption, credit = _caption(page, node, caption_node)
        page.pictures[node] = key = picture_key(url)
        if key not in found or (found[key].caption is None and caption):
            found[key] = Image(url, caption, credit)
        if len(found) >= MOST:
            break
    shown = tuple(found.values())
    declared = list(islice(_declared(page), 1))
    images = _main_first(shown, declared)
    source = ("structure" if shown else "metadata") if images else None
    seen = [Candidate(url, "metadata") for url in declared[:3]] + [
        Candidate(image.url, "structure") for image in shown[:10]
    ]
    return Reading(images, source, tuple(seen))


def _main_first(shown: tuple[Image, ...], declared: list[str]) -> tuple[Image, ...]:
    """The declared main picture before the others, with the caption that it has where it is shown."""
    if not declared:
        return shown
    key = picture_key(declared[0])
    same = next((image for image in shown if picture_key(image.url) == key), None)
    if same is not None:
        return (same, *(image for image in shown if image is not same))
    return (Image(declared[0]), *shown)


def _declared(page: Page) -> Iterator[str]:
    """Addresses of the main picture in the metadata."""
    article = page.structured.article or {}
    names = ("og:image", "og:image:secure_url")
    metas = [value for name in names for value in page.meta.get(name, [])[:1]]
    for value in (*metas, *each(article.get("image")), *page.meta.get("twitter:image", [])[:1]):
        value = page.structured.resolve(value)
        raw = value.get("url") or value.get("contentUrl") or value.get("@id") if isinstance(value, dict) else value
        raw = raw[0] if isinstance(raw, list) and raw else raw
        url = resolved(clean(raw), page.url) if isinstance(raw, str) and raw.strip() else None
        if url and not _no_picture.search(split_address(url)[1].lower()):
            yield url


_suffix = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_size_suffix = re.compile(
    r"[-_@](?:\d{2,4}x\d{2,4}|\d+w|\d+x|scaled|large|medium|small|thumb(?:nail)?)$", re.IGNORECASE
)


@functools.lru_cache(256)
def picture_key(url: str) -> str:
    """What two sizes of one picture have in common: the file's name without its size.

    >>> picture_key("https://a.org/x/bridge-1024x768.jpg?w=3") == picture_key("https://cdn.a.org/y/bridge.jpg")
    True
    """
    path = split_address(url)[1].rstrip("/")
    bare = _size_suffix.sub("", _suffix.sub("", path.rsplit("/", 1)[-1]))
    return bare.lower() if len(bare) > 4 else path.lower()


def _pictures(page: Page) -> Iterator[tuple[Any, Any]]:
    """Each img of the article's region with the element of its caption (None where it has none)."""
    marks, blocks = page.landmarks, page.blocks
    if marks.start < 0:
        return
    first = blocks[max(marks.title, 0) if 0 <= marks.title <= marks.start else marks.start]
    region = _region(first.element, blocks[marks.end].element)
    last = blocks[marks.end].element
    passed = False
    known: dict[Any, bool] = {}
    for node in region.iter("img", "amp-img", "figcaption", *([last.tag] if last.tag.isprintable() else [])):
        if node is last:
            passed = True
        if node.tag == "figcaption":
            page.claim(node, "caption", "the caption of a figure")
        if node.tag != "img" and node.tag != "amp-img":
            continue
        above = list(_above(node, 6))
        figure = next((outer for outer in above if outer.tag == "figure"), None)
        if (passed and figure is None) or _is_decoration(node, figure, region, above, known):
            continue
        yield node, _caption_of(node, figure)


def _region(first: Any, last: Any) -> Any:
    """The innermost element that holds the headline and the end of the text."""
    above = {first, *first.iterancestors()}
    return next((node for node in (last, *last.iterancestors()) if node in above), first)


def _above(node: Any, levels: int) -> Iterator[Any]:
    return islice(node.iterancestors(), levels)


def _is_decoration(node: Any, figure: Any, region: Any, around: list[Any], known: dict[Any, bool]) -> bool:
    """Whether a picture is an icon, a face, a tracker or part of a card, by itself and the elements around it.

    `known` keeps which elements are called so, for the pictures to come.
    """
    for name in ("width", "height"):
        value = (node.get(name) or "").strip().removesuffix("px")
        if value.isdigit() and 0 < int(value) < SMALLEST:
            return True
    if _is_no_box(node.get("class") or ""):
        return True
    for above in around:
        if above is region:
            break
        if figure is None and (above.tag in _ASIDE or (above.tag == "a" and not _leads_to_picture(above))):
            return True
        if above is not figure:
            named = known.get(above)
            if named is None:
                named = known[above] = _is_no_box(f"{above.get('class') or ''} {above.get('id') or ''}")
            if named:
                return True
    return False


_ASIDE = frozenset(("nav", "footer", "aside", "noscript"))


@functools.lru_cache(4096)
def _is_no_box(name: str) -> bool:
    return bool(_no_box.search(name))


def _leads_to_picture(link: Any) -> bool:
    return bool(re.search(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", link.get("href") or "", re.IGNORECASE))


def address(node: Any, base: str) -> str | None:
    """The absolute address of a picture: the largest of its set, a lazily loaded one before a placeholder."""
    own = dict(node.items())
    plain = next((value for name in _lazy if name in own and (value := own[name].strip()) and value[:5] != "data:"), "")
    good = bool(plain) and not _no_picture.search(plain.lower())
    if good and (url := resolved(plain, base)):
        return url
    return _usable(_of_set(node), base) or (None if good else _usable(plain, base))


def _usable(raw: str, base: str) -> str | None:
    """The absolute address, where it may be that of a picture."""
    url = resolved(raw, base) if raw and not raw.startswith("data:") else None
    return url if url and not _no_picture.search("".join(split_address(url)[:2]).lower()) else None


def _of_set(node: Any) -> str:
    """The largest of the first set of sizes that a picture, or a source beside it, has."""
    for holder in (node, *_sources(node)):
        sets = [value for name in _sets if (value := holder.get(name))]
        if sets and (found := max(map(_largest, sets))[1]):
            return found
    return ""


def _sources(node: Any) -> Iterator[Any]:
    """The source elements beside a picture (around it, by a parser that does not know them to be empty)."""
    picture = next((above for above in _above(node, 3) if above.tag == "picture"), None)
    if picture is not None:
        yield from islice(picture.iter("source"), MOST_SOURCES)


def _largest(srcset: str) -> tuple[float, str]:
    """Size and address of the largest picture of a srcset.

    >>> _largest("/a.jpg 320w, /b.jpg 1280w")
    (1280.0, '/b.jpg')
    """
    found = [(0.0, "")]
    for part in re.split(r",\s+|,(?=https?:|/)", srcset.strip())[:30]:
        match = _size.search(part)
        url = part[: match.start()].strip() if match else part.strip()
        if url and not url.startswith("data:"):
            found.append((float(match.group(1)) if match else 1.0, url))
    return max(found)


_caption_class = re.compile(
    r"caption|legend|bildunterschrift|bildtext|podpis|img-desc|image-desc|photo-desc|pie-?de-?foto|didascalia", re.I
)


@functools.lru_cache(4096)
def _is_caption(name: str) -> bool:
    return bool(_caption_class.search(name))


def _caption_of(node: Any, figure: Any) -> Any:
    """The element of a picture's caption: figcaption, or what is called so in the box around the picture."""
    if figure is not None:
        found = next(figure.iter("figcaption"), None)
        if found is not None:
            return found
    for above in _above(node, 3):
        if above.tag in ("body", "main", "article") or _is_long(above, 2 * LONGEST_CAPTION):
            break
        for inner in islice(above.iter("div", "p", "span", "figcaption", "small", "em", "td", "dd"), MOST_BESIDE):
            if _is_caption(inner.get("class") or "") and next(inner.iter("img"), None) is None:
                return inner
        if above is figure:
            break
    return _beside(node)


def _is_long(element: Any, limit: int) -> bool:
    """Whether an element has more text than `limit` characters, or more pieces of it than a caption has."""
    size = 0
    for count, text in enumerate(element.itertext()):
        size += len(text)
        if size > limit or count > 3 * MOST_BESIDE:
            return True
    return False


def _beside(node: Any) -> Any:
    """The one short text right after a picture, where the two have an element to themselves."""
    after = node.getnext()
    after = after.getnext() if after is not None and after.tag == "br" else after
    if after is not None and after.tag in ("small", "i", "em") and 8 < len(text_of(after, 400)) < 400:
        return after
    above = node.getparent()
    above = above.getparent() if above is not None and above.tag in ("picture", "a") else above
    if (
        above is None
        or above.tag in ("body", "main", "article", "td")
        or len(list(islice(above.iter("img", "amp-img"), 2))) != 1
    ):
        return None
    texts = [child for child in above if child.tag in ("div", "p", "span", "i", "em", "small") and text_of(child, 9)]
    alone = len(texts) == 1 and not _is_long(above, 400)
    return texts[0] if alone else None


def _caption(page: Page, node: Any, element: Any) -> tuple[str | None, str | None]:
    if element is None:
        return None, None
    page.claim(element, "caption", "the caption of a picture")
    text = text_of(element, 2 * LONGEST_CAPTION)[:LONGEST_CAPTION]
    for part in element.iter("span", "div", "small", "cite", "em", "p", "strong"):
        names = f"{part.get('class') or ''} {part.get('itemprop') or ''}"
        if (
            part is not element
            and (part.tag == "cite" or _credit_class.search(names))
            and (credit := text_of(part, 200))
        ):
            rest = " ".join(text.replace(credit, " ", 1).split()).strip(" |/–—-")
            return rest or None, bare_credit(credit)
    caption, split = split_credit(text)
    return caption or None, split or _credit_beside(page, element)


def _credit_beside(page: Page, caption: Any) -> str | None:
    """The credit in an element of its own after the caption's."""
    after = caption.getnext()
    if after is None or not _credit_class.search(f"{after.get('class') or ''} {after.get('itemprop') or ''}"):
        return None
    credit = text_of(after, 200)
    if not credit or len(credit) > 120:
        return None
    page.claim(after, "caption", "the credit of a picture")
    return bare_credit(credit)


def split_credit(text: str) -> tuple[str, str]:
    """Caption and credit of a text that ends with its credit.

    >>> split_credit("The old bridge. Photo: Ann Lee/Reuters")
    ('The old bridge.', 'Ann Lee/Reuters')
    >>> split_credit("Міст. (AP Photo/Ann Lee)")
    ('Міст.', 'AP Photo/Ann Lee')
    """
    agency = _agency.search(text)
    if agency:
        return text[: agency.start()].strip(), agency.group(1).strip()
    found = _credit.search(text)
    if found is None:
        return text, ""
    caption = text[: found.start(1)].strip(" |/–—-([")
    return caption, bare_credit(found.group(1))


_lead_in = re.compile(
    rf"^(?:{_word}|copyright|\(c\)|©)\s*(?:by|von|de|di|par)?\s*(?:[:：|/©]\s*)+"
    r"|^(?:photo|foto|image|picture)\s+(?:by|von|de|di|par)\s+|^(?:©|\(c\)|copyright\b)\s*",
    re.IGNORECASE,
)


def bare_credit(text: str) -> str:
    """A credit without the word before it.

    >>> bare_credit("© Photo: Ann Lee)")
    'Ann Lee'
    """
    previous = ""
    while text != previous:
        previous, text = text, _lead_in.sub("", text.strip(" ()[]|"), count=1)
    return text or previous
