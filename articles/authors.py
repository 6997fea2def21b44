"""Who wrote an article: names from structured data, meta tags and the shown byline, in that order of trust."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from collections.abc import Iterator
from typing import Any

from articles.marks import text_of
from articles.names import has_role, is_agency, is_name, is_organisation, is_written_as_name, names_of, without_by
from articles.reading import Candidate, Reading
from articles.site import compact
from articles.structured import clean, each, types_of

MOST_ELEMENTS = 30_000  # that are looked at for a byline
MOST_BYLINES = 200
LONGEST_BYLINE = 220  # characters; longer texts are biographies
_META = ("author", "authors", "authorname", "creator", "byline", "byl", "articleauthor")
_not_letters = re.compile(r"[^a-z]+")
_INLINE = ("span", "strong", "em", "b")
_BOXES = frozenset("div p address li ul h2 h3 h4 h5 h6 td section".split())  # noqa: SIM905 - that may be called bylines
_BYLINE_TOKENS = ("byline", "author", "writer", "auteur", "autor", "submitted", "signature")  # within class names
_not_byline = re.compile(
    r"comment|bio(?![a-z])|descr|avatar|image|img|photo|picture|caption|credit|related|teaser|(?<!v)card|follow|social|share|"
    r"sidebar|widget|(?<!post-)(?<!entry-)footer|more-|box|about|prep|label|date(?!line)|form|quote|recommend|list-item|source|copyright|popular|latest",
    re.I,
)
_shown = re.compile(
    r"^\W{0,3}(?:(?:by|von|par|por|di|door|av|af|text|autor(?:in|en)?(?:/autor(?:in)?)?|auteur|autore|authors?(?=\s*[:：|])|автори?|авторы?|текст|oleh|penulis|작성자"
    r"|a cura di)(?:\s*[:：|]\s*|\s+)|(?-i:By|Von)(?=(?-i:[A-Z])))(?=[^\W\d_])",
    re.I,
)
# The first two letters of the words of _shown: a cheap look before it.
_FIRST_LETTERS = frozenset(
    ("by", "vo", "pa", "po", "di", "do", "av", "af", "te", "au", "ав", "те", "ol", "pe", "작성", "a ")
)
_within = re.compile(r"^(?:[^\W\d_]+\s){1,3}(?:by|von|par|por|door|av|af|от)\s+(?=[^\W\d_])", re.I)
_photo = re.compile(r"foto|photo|bild|image|фото|снимк|grafik|illustration|quelle|source|©", re.I)
_han = re.compile(r"(?:作者|撰文|文)\s*[:：]\s*([\u4e00-\u9fff·、 ]{2,20})(?![\u4e00-\u9fff])")
_han_reporter = re.compile(r"(?:记者|記者|通讯员)\s*[:：]?\s*([\u4e00-\u9fff]{2,4})(?=$|[\s（(）)】\]]|发自|报道|摄)")
_han_closing = re.compile(
    r"[（(]\s*([\u4e00-\u9fff]{2,4}(?:[\s、]+[\u4e00-\u9fff]{2,4}){0,3})\s*(?:[\u4e00-\u9fff]{2}报道)?\s*[）)]$"
)
_han_editor = re.compile(r"(?:责任编辑|責任編輯|责编|编辑)\s*[:：]\s*([\u4e00-\u9fff、 ]{2,16})")


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """Names that one source gives; `sure` where it may stand alone without a look at the others."""

    names: tuple[str, ...]
    source: str


def read_authors(page: Any) -> Reading[tuple[str, ...]]:
    """Read the names of the authors, in order; an organisation only where nobody else is named."""
    own = page.site_names
    found: list[Found] = []
    for gather in (_json_ld, _metas, _shown_bylines, _shown_lines):
        found += gather(page)
        best = next((item for item in found if _persons(item.names, own, item.source)), None)
        if best is not None:
            names = _persons(best.names, own, best.source)
            return Reading(names, best.source, _candidates(found))
    fallback = next((item for item in found if item.names), None)
    if fallback is None:
        return Reading((), None)
    return Reading(fallback.names[:1], fallback.source, _candidates(found))


def _candidates(found: list[Found]) -> tuple[Candidate, ...]:
    return tuple(Candidate(item.names, item.source) for item in found if item.names)


def _persons(names: tuple[str, ...], own: frozenset[str], source: str) -> tuple[str, ...]:
    """The names without the site's own; structured data is believed in desks and agencies, too."""
    declared = source == "json-ld"
    others = tuple(name for name in names if not _is_own(name, own, declared))
    if declared:
        return tuple(name for name in others if " " in name or not is_organisation(name))
    persons = tuple(name for name in others if not is_agency(name))
    if source != "meta":
        return persons if any(not is_organisation(name) for name in persons) else ()
    return (persons or others) if any(not is_organisation(name) for name in others) else ()


def _is_own(name: str, own: frozenset[str], declared: bool) -> bool:
    flat, first = compact(name), compact(name.split()[0])
    return flat in own or any(_overlap(flat, site) for site in own) or (first in own and not declared)


def _overlap(name: str, site: str) -> bool:
    return (len(site) > 3 and (name.startswith(site) or name.endswith(site))) or (
        len(name) > 5 and site.startswith(name)
    )


def _json_ld(page: Any) -> list[Found]:
    article = page.structured.article or {}
    names: list[str] = []
    organisations: list[str] = []
    for value in _flat(article.get("author") or article.get("creator")):
        value = page.structured.resolve(value)
        bare = clean(value.get("name") if isinstance(value, dict) else value)
        if isinstance(value, dict) and isinstance(value.get("name"), list):
            names += [name for item in value["name"] for name in names_of(clean(item))]
        elif isinstance(value, dict) and "organization" in types_of(value):
            (names if is_agency(bare) and names else organisations).extend([bare] if bare else [])
        else:
            names += names_of(bare)
    return [Found(_once(names), "json-ld")] * bool(names) + [Found(_once(organisations), "json-ld")] * bool(
        organisations
    )


def _flat(value: Any) -> Iterator[Any]:
    for item in each(value)[:40]:
        yield from (each(item)[:40] if isinstance(item, list) else [item])


@functools.lru_cache(4096)
def _is_author_key(name: str) -> bool:
    return _not_letters.sub("", name).endswith(_META) and not name.startswith(("twitter", "og:image", "book"))


def _metas(page: Any) -> list[Found]:
    found = []
    for name, values in itertools.islice(page.meta.items(), 500):
        if _is_author_key(name):
            names = [part for value in values[:10] for part in names_of(clean(value)) if "://" not in value]
            found.append(Found(_once(name for name in names if not name.isdigit()), "meta"))
    return found


def _shown_bylines(page: Any) -> list[Found]:
    """Bylines by rel, itemprop and class: the first with a full name, else the first with any."""
    single: list[Found] = []
    for node in itertools.islice(_byline_elements(page), MOST_BYLINES):
        if _off_byline(node):
            continue
        names = [name for name in _names_beneath(node) if is_written_as_name(name) or " " not in name]
        if any(" " in name and len(name.split()) < 5 for name in names):
            return [Found(_once([*names, *_beside(node)]), "byline")]
        if names and not single:
            single = [Found(_once(names), "byline")]
    return single


def _byline_elements(page: Any) -> Iterator[Any]:
    """Elements with text that are called bylines by class, rel or itemprop, in page order."""
    known: dict[str | None, bool] = {None: False, "": False}
    declared = set(page.microdata.get("author", ()))
    for node, name in itertools.islice(_elements_with_text(page), MOST_ELEMENTS):
        if name not in known:
            known[name] = _is_byline_class(name)
        if known[name] or (node.tag == "a" and node.get("rel") == "author") or node in declared:
            yield node


def _elements_with_text(page: Any) -> Iterator[tuple[Any, str | None]]:
    """The boxes around blocks, and the links and inline elements within them, each with its class."""
    seen: set[Any] = set()
    for block in page.blocks:
        path = []
        box = block.box
        while box is not None and box not in seen:
            seen.add(box)
            path.append(box)
            box = box.parent
        for box in reversed(path):
            if box.tag in _BOXES:
                yield box.element, box.name
        for link in block.anchors:
            if link not in seen:
                seen.add(link)
                yield link, link.get("class")
        if block.run == 0 and len(block.element):
            for node in block.element.iter(*_INLINE):
                yield node, node.get("class")


def _beside(node: Any) -> list[str]:
    """Names in the bylines that stand beside one, each in an element of its own."""
    names = []
    for other in list(node.itersiblings(node.tag))[:12]:
        if other.get("class") == node.get("class") and other.get("itemprop") == node.get("itemprop"):
            names += [name for name in _names_beneath(other) if is_written_as_name(name)]
    return names


@functools.lru_cache(4096)
def _is_byline_class(name: str) -> bool:
    lower = name.lower()
    return any(token in lower for token in _BYLINE_TOKENS)


def _off_byline(node: Any) -> bool:
    if _called(node.get("class") or "")[0]:
        return True
    for depth, above in enumerate(itertools.islice(node.iterancestors(), 60)):
        if above.tag in ("aside", "footer", "nav", "figure", "figcaption") or (
            depth < 4 and _called(above.get("class") or "")[1]
        ):
            return True
    return False


@functools.lru_cache(4096)
def _called(name: str) -> tuple[bool, bool]:
    """Whether a class is of something else than a byline, and whether it is of something that holds no byline."""
    return bool(_not_byline.search(name)), bool(_off_parent.search(name))


_off_parent = re.compile(
    r"comment|related|teaser|(?<!v)card|caption|(?<!post-)(?<!entry-)footer|sidebar|widget|recommend|quote|popular|latest",
    re.I,
)


def _names_beneath(node: Any) -> list[str]:
    """Names in a byline: part by part where several of its parts are names, else from its text."""
    text = text_of(node, LONGEST_BYLINE + 50)
    if not text or len(text) > LONGEST_BYLINE:
        return []
    links = [text_of(link, 100) for link in node.iter("a") if link is not node]
    linked = [name for link in links for name in names_of(link) if len(link) < 60]
    if linked:
        return linked
    leaves = [text_of(leaf, 100) for leaf in node.iter("span", "p", "li", "div", "strong") if len(leaf) == 0]
    parts = [leaf for leaf in leaves if " " in leaf and is_name(leaf) and is_written_as_name(leaf)]
    return parts if len(parts) > 1 else names_of(text)


def _shown_lines(page: Any) -> list[Found]:
    """Lines that begin as bylines do; near the headline also those with a few words before "by"."""
    blocks = page.blocks
    head = next((at for at, block in enumerate(blocks) if block.tag == "h1" or block.element in page.claims), 0)
    for at, block in enumerate(blocks[:400]):
        text, near = block.text, abs(at - head) < 14
        if len(text) > (160 if near else 90):
            continue
        if not near and "\n" not in text and text[:2].casefold() not in _FIRST_LETTERS and text[:1].isalpha():
            continue
        parts = _columns.split(text) if near else text.split("\n")
        dated = near and sum(map(_has_digit, parts)) == len(parts) - 1 > 0 and bool(_dated.search(text))
        for part in parts:
            names = _names_in_line(part, near, at - head < 25) or (_name_alone(part) if dated else [])
            if names and not _is_aside(block.box):
                return [Found(_once(names), "text")]
    return _han_lines(page) if any("\u4e00" <= block.text[:1] <= "\u9fff" for block in blocks[head : head + 10]) else []


def _names_in_line(text: str, near: bool, early: bool) -> list[str]:
    """Names in a line that begins as bylines do; far from the headline it has to say "Author:", not just "By"."""
    if len(text) > 90:
        return []
    labelled = ":" in text[:24] or "：" in text[:12] or text[:3].casefold() in ("aut", "авт")
    begins = (_shown.match(text) and (labelled or early)) or (near and len(text) < 70 and _within.match(text))
    if not begins or _photo.search(text):
        return []
    return [name for name in names_of(_within.sub("", text)) if _looks_named(name)]


def _name_alone(text: str) -> list[str]:
    """The name of which a column of a dateline consists: "4 May 2024 | 13:10 | Ann Lee"."""
    words = text.split()
    capital = 2 <= len(words) <= 3 and all(word[0].isupper() and word[1:].islower() for word in words)
    return [text] if capital and len(text) < 40 and _looks_named(text) and not has_role(text) else []


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_aside(box: Any) -> bool:
    """Whether a line stands in an aside, a figure or the foot of the page."""
    for _ in range(8):
        if box is None:
            break
        if box.tag in ("aside", "footer", "figure"):
            return True
        box = box.parent
    return False


_columns = re.compile(r"\s+[|·•]\s+|\n")
_dated = re.compile(r"\d{1,2}[./]\s?\d{1,2}[./]\s?(?:20)?\d\d(?!\d)|(?<!\d)(?:19|20)\d\d(?!\d)")


def _han_lines(page: Any) -> list[Found]:
    """Names in the ways of Chinese pages: "作者：…", "记者…", a name in brackets at the end, the editor."""
    blocks = page.blocks
    for pattern in (_han, _han_reporter, _han_closing, _han_editor):
        for at, block in enumerate(blocks):
            closing = len(block.text) > 40 or (at > 0 and len(blocks[at - 1].text) > 40)
            found = (
                pattern.search(block.text) if (closing if pattern is _han_closing else len(block.text) < 100) else None
            )
            names = _han_names(found[1]) if found else []
            if names:
                return [Found(_once(names), "text")]
    return []


def _han_names(text: str) -> list[str]:
    """Names in a run of Han characters; the words of the trade that stand beside them are dropped."""
    parts = [_han_trade.sub("", part) for part in re.split(r"[\s、]+", text.strip())]
    return [part for part in parts if 1 < len(part) < 13]


_han_trade = re.compile(r".*(?:记者|通讯员|編輯|编辑)|.*(?:报道|转载|出自|来源|摄影|调查|图片|综合|整理|责任|完|网)$")


def _looks_named(name: str) -> bool:
    """Whether a name from running text is written as names are, and is no more than a name."""
    return is_name(name) and is_written_as_name(name) and 1 < len(name.split()) <= 5


def _once(names: Any) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(compact(name), without_by(name))
    return tuple(name for key, name in seen.items() if key)
