"""Who wrote an article: names from structured data, meta tags and the shown byline, in that order of trust."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from articles.datelines import headline_at
from articles.lexicon import word_mask
from articles.marks import is_own_aside, text_of
from articles.names import (
    PARTICLES,
    han_surnames,
    has_role,
    is_agency,
    is_desk,
    is_month,
    is_name,
    is_organisation,
    is_written_as_name,
    names_of,
    without_by,
    without_date,
)
from articles.reading import Candidate, Reading
from articles.site import compact
from articles.structured import clean, each, types_of

MOST_ELEMENTS = 30_000  # that are looked at for a byline
MOST_BYLINES = 200
LONGEST_INITIALS = 3  # letters
NEAR_BEFORE, NEAR_BEHIND = 3, 12  # blocks before and behind the headline in which the article's byline stands
LONGEST_NEAR, LONGEST_DESK, LONGEST_LEAD = 140, 40, 180  # characters
LONGEST_BYLINE = 220  # characters; longer texts are biographies
_META = ("author", "authors", "authorname", "creator", "byline", "byl", "articleauthor")
_not_letters = re.compile(r"[^a-z]+")
_INLINE = ("span", "strong", "em", "b")
_BOXES = frozenset("div p address li ul h2 h3 h4 h5 h6 td section".split())  # noqa: SIM905 - that may be called bylines
_BYLINE_TOKENS = ("byline", "author", "writer", "auteur", "autor", "submitted", "signature")  # within class names
_BYLINE_BYTES = tuple(token.encode() for token in _BYLINE_TOKENS)
_not_byline = re.compile(
    r"comment|bio(?![a-z])|descr|avatar|image|img|photo|picture|caption|credit|related|teaser|(?<!v)card|follow|social|share|"
    r"sidebar|widget|menu-item|(?<!post-)(?<!entry-)footer|more-|box|about|prep|label|date(?!line)|form|quote|recommend|list-item|source|copyright|popular|latest",
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
_han_reporter = re.compile(
    r"(?:记者|記者|通讯员)\s*[:：]?\s*([\u4e00-\u9fff]{2,4})(?=$|[\s（(）)】\]]|发自|报道|摄)", re.M
)
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
    for gather in (_json_ld, _metas, _han_author, _shown_bylines, _shown_lines, _beside_dates, _han_alone):
        found += gather(page)
        best = next((item for item in found if _persons(item.names, own, item.source)), None)
        if best is not None:
            if best.source in ("json-ld", "meta") and not any(" " in name for name in best.names):
                fuller = _fuller(page, best)  # a login, initials
                found += [fuller] if fuller else []
                best = fuller or best
            names = _persons(best.names, own, best.source)
            return Reading(names, best.source, _candidates(found))
    fallback = next((item for item in found if item.names), None)
    if fallback is None:
        return Reading((), None)
    return Reading(fallback.names[:1], fallback.source, _candidates(found))


def _fuller(page: Any, declared: Found) -> Found | None:
    """A shown byline with a full name, where the page declares one word alone that may stand for it."""
    word = compact(declared.names[0])
    if len(declared.names) > 1 or not word.isascii() or is_agency(declared.names[0]):
        return None
    for shown in itertools.chain(_shown_bylines(page), _shown_lines(page)):
        persons = tuple(name for name in shown.names if " " in name and not is_organisation(name))
        if persons and (len(word) <= LONGEST_INITIALS or any(word == ascii_letters(name) for name in persons)):
            return Found(persons, shown.source)
    return None


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
    if not flat.isascii() and not own.isdisjoint((ascii_letters(flat),)):
        return True
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
    """Bylines by rel, itemprop and class: the first with a full name, else the first with any.

    Those around the headline come first, and are believed whatever else their classes say; elsewhere a byline may be of
    a comment, of another article's card, of a box about somebody.
    """
    if not _may_have_bylines(page):
        return []
    single: list[Found] = []
    desk: list[Found] = []
    for node, near in itertools.islice(_bylines_in_turn(page), MOST_BYLINES):
        if _off_near(node) if near else _off_byline(node):
            continue
        names = [name for name in _names_beneath(node) if is_written_as_name(name) or " " not in name]
        if any(" " in name and len(name.split()) < 5 for name in names):
            whole = [name for name in (*names, *_beside(node)) if " " in name or is_agency(name) or not name.isascii()]
            return [Found(_once(_shortened(whole, node)), "byline")]
        if names and not single and not (near and _is_word(page, names[0])):
            single = [Found(_once(names), "byline")]
        elif near and not names and not desk and (name := _desk_of(node)):
            desk = [Found((name,), "byline")]
    return single or desk


def _shortened(names: list[str], node: Any) -> list[str]:
    """Names of a byline's text, without what stands behind them where a part of the byline is the name alone."""
    parts = [text_of(part, 60) for part in node.iter("a", *_INLINE, "div", "p") if part is not node]
    full = [part for part in parts if " " in part and names_of(part) == [part]]
    return [name if name in full else next((p for p in full if name.startswith(f"{p} ")), name) for name in names]


def _is_word(page: Any, name: str) -> bool:
    """Whether a single name is a word that the page's text has in lower case, or a month."""
    return name[0].isupper() and (name.lower() in page.lower_words or is_month(name))


def _may_have_bylines(page: Any) -> bool:
    """Whether any element is called a byline: a look at the bytes, which is much cheaper than one at the elements."""
    lower = page.lowered
    if page.microdata.get("author") or any(mark in lower for mark in _REL_AUTHOR):
        return True
    for token in _BYLINE_BYTES:
        at = lower.find(token)
        for _ in range(MOST_PLACES):
            if at < 0:
                break
            if _within_class(lower, at):
                return True
            at = lower.find(token, at + 1)
        else:
            return True
    return False


def _within_class(lower: bytes, at: int) -> bool:
    """Whether a place is within the value of a class attribute."""
    start = lower.rfind(b"class", max(0, at - LONGEST_CLASS), at)
    if start < 0:
        return False
    value = lower[start + 5 : at].lstrip()
    if value[:1] != b"=":
        return False
    value = value[1:].lstrip()
    end = value[:1] if value[:1] in (b'"', b"'") else b" "
    return end not in value[1:]


MOST_PLACES, LONGEST_CLASS = 200, 1000  # of a word in the page; bytes
_REL_AUTHOR = (b'rel="author"', b"rel='author'", b"rel=author")


def _bylines_in_turn(page: Any) -> Iterator[tuple[Any, bool]]:
    """Elements with text that are called bylines, each with whether it stands around the headline: those first."""
    head = headline_at(page)
    blocks = page.blocks
    near = [block for block in blocks[max(0, head - NEAR_BEFORE) : head + 1] if block.tag != "body"]
    long = 0
    for block in blocks[head + 1 : head + NEAR_BEHIND]:
        long += len(block.text) > LONGEST_LEAD
        if long > 1:
            break  # the text has begun
        near.append(block)
    for node in _byline_elements(page, near):
        yield node, True
    for node in _byline_elements(page, blocks):
        yield node, False


def _byline_elements(page: Any, blocks: Sequence[Any]) -> Iterator[Any]:
    """Elements around and within blocks that are called bylines by class, rel or itemprop, in page order."""
    known: dict[str | None, bool] = {None: False, "": False}
    declared = set(page.microdata.get("author", ()))
    related = any(mark in page.lowered for mark in _REL_AUTHOR)
    for node, name in itertools.islice(_elements_with_text(blocks), MOST_ELEMENTS):
        called = known.get(name)
        if called is None:
            called = known[name] = _is_byline_class(name)
        if called or (related and node.tag == "a" and node.get("rel") == "author") or (declared and node in declared):
            yield node


def _elements_with_text(blocks: Sequence[Any]) -> Iterator[tuple[Any, str | None]]:
    """The boxes around blocks, and the links and inline elements within them, each with its class."""
    seen: set[Any] = set()
    for block in blocks:
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


def _desk_of(node: Any) -> str:
    """The desk that a byline names where it names no person: "Redaktion", "Staff reporter"."""
    text = without_by(without_date(text_of(node, LONGEST_DESK + 30)))
    words = text.split()
    return text if 0 < len(words) <= 4 and len(text) <= LONGEST_DESK and is_desk(text) else ""


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


def _off_near(node: Any) -> bool:
    """Whether an element around the headline is of something else than the article's byline."""
    if len(text_of(node, LONGEST_NEAR + 1)) > LONGEST_NEAR:
        return True
    for depth, above in enumerate(itertools.chain((node,), itertools.islice(node.iterancestors(), 60))):
        if above.tag in ("footer", "nav", "figure", "figcaption") or (above.tag == "aside" and not is_own_aside(above)):
            return True
        if depth < 3 and _of_other(above.get("class") or ""):
            return True
    return False


@functools.lru_cache(4096)
def _of_other(name: str) -> bool:
    return bool(_other.search(name))


_other = re.compile(
    r"comment|caption|credit|photo|(?<![a-z])(?:image|img)|related|recommend|popular|latest|copyright|menu-item|most-|reply",
    re.I,
)


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


def _beside_dates(page: Any) -> list[Found]:
    """A line that is nothing but names, beside a line that is a date, below the headline.

    Places, sections and buttons stand there, too: no word of a name may be one that the page's text has in lower case,
    or stand in another line that says the same; and where the line is a link, it has to lead to a page with that name
    in its address.
    """
    blocks = page.blocks
    head = headline_at(page)
    near = range(head + 1, min(head + NEAR_BEHIND, len(blocks)))
    dated = {at for at in near if len(blocks[at].text) < LONGEST_DATE and _is_date(blocks[at].text)}
    for at in near if dated else ():
        if at not in dated and not dated.isdisjoint(range(at - 2, at + 3)):
            names = _names_alone(page, blocks[at])
            if names:
                return [Found(_once(names), "text")]
    return []


def _is_date(text: str) -> bool:
    return bool(_dated.search(text) or _clock.search(text) or _in_words.search(text))


_clock = re.compile(r"(?<!\d)[0-2]?\d[:.][0-5]\d(?!\d)")
_in_words = re.compile(
    r"(?<!\d)\d{1,2}\.?\s(?:[^\W\d_]|\.)+\s(?:19|20)\d\d(?!\d)|^[^\W\d_]+\s\d{1,2},\s(?:19|20)\d\d(?!\d)"
)
LONGEST_DATE = 90  # characters of a line that is a date
_joined = re.compile(r"(?<=[^\W\d_]{3})(?<!\bMac)(?<=[a-zß-ÿ])(?=[A-Z][a-z])")  # "Ann LeeEditor"


def _names_alone(page: Any, block: Any) -> list[str]:
    """The full names of which a short line consists."""
    text = _joined.split(block.text)[0].strip()
    if not 5 <= len(text) <= 80 or "\n" in text or text[-1] in ":!?" or text.isupper():
        return []
    if block.tag in ("figcaption", "h1", "li", "td"):
        return []
    names = names_of(text)
    if not names or sum(map(len, names)) < 0.75 * len(text) or not all(map(_is_full_name, names)):
        return []
    if word_mask(text) or _off_near(block.element) or has_role(text):
        return []
    if block.anchors and not all(_leads_to(link, names) for link in block.anchors):
        return []
    words = [word for name in names for word in name.split() if word not in PARTICLES]
    if any(word.lower() in page.lower_words for word in words):
        return []
    return names if sum(other.text == block.text for other in page.blocks) == 1 else []


def _is_full_name(name: str) -> bool:
    """Whether a text is two to four words with capitals and letters only, as names of persons are."""
    parts = name.split()
    plain = [part.replace("-", "").replace("’", "").replace("'", "").rstrip(".") for part in parts]
    capital = all(part[0].isupper() or part in PARTICLES for part in parts) and name[0].isupper()
    shouted = [len(part) > 3 and part.isupper() for part in plain]  # one word of several: an abbreviation
    return 2 <= len(parts) <= 4 and capital and all(map(str.isalpha, plain)) and not (any(shouted) and not all(shouted))


def _leads_to(link: Any, names: list[str]) -> bool:
    """Whether a link's address has a part of one of the names in it, and is no page of a topic."""
    address = (link.get("href") or "").lower()
    words = [ascii_letters(word) for name in names for word in name.split()]
    return any(len(word) > 2 and word in address for word in words) and not _topic.search(address)


_topic = re.compile(r"/(?:tags?|topics?|themen?|temas?|tema|sections?|category|categoria|search|hashtag|keyword)[/=?]")


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


def _han_author(page: Any) -> list[Found]:
    """The name behind "作者：" in a line around the headline: it says more than the class of another line."""
    if _AUTHOR_HAN not in page.markup:
        return []
    head = headline_at(page)
    for block in page.blocks[max(0, head - NEAR_BEFORE) : head + NEAR_BEHIND]:
        found = _han_writer.search(block.text) if len(block.text) < LONGEST_NEAR else None
        if found and (names := _han_names(found[1])):
            return [Found(_once(names), "text")]
    return []


_AUTHOR_HAN = "作者".encode()
_han_writer = re.compile(
    r"作者\s*[:：]\s*([\u4e00-\u9fff·]{2,6}(?:[、 ][\u4e00-\u9fff·]{2,6}){0,3})(?=$|[\s|/，,；;。\]】)）（(])", re.M
)


def _han_alone(page: Any) -> list[Found]:
    """A Chinese name that is all of a line right below the headline."""
    head = headline_at(page)
    for block in page.blocks[head + 1 : head + 4]:
        text = block.text.strip("[]【】（）() ")
        if _han_name.fullmatch(text) and text[0] in han_surnames() and not block.links:
            names = [name for name in re.split(r"[、，,\s]+", text) if name[0] in han_surnames()]
            return [Found(_once(names), "text")] if sum(b.text == block.text for b in page.blocks) == 1 else []
    return []


_han_name = re.compile(r"[\u4e00-\u9fff]{2,4}(?:[、，,\s]+[\u4e00-\u9fff]{2,4}){0,3}")


def _han_lines(page: Any) -> list[Found]:
    """Names in the ways of Chinese pages: "作者：…", "记者…", a name in brackets at the end, the editor."""
    blocks = page.blocks
    short = [block.text for block in blocks if len(block.text) < 100]
    joined = "\n".join(short)
    for pattern in (_han, _han_reporter, _han_closing, _han_editor):
        if pattern is _han_closing:
            texts = [
                block.text
                for at, block in enumerate(blocks)
                if block.text[-1] in ")）" and (len(block.text) > 40 or (at > 0 and len(blocks[at - 1].text) > 40))
            ]
        else:
            texts = short if pattern.search(joined) else []
        for text in texts:
            found = pattern.search(text)
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


def ascii_letters(word: str) -> str:
    """The letters of a word as an address has them.

    >>> ascii_letters("Hällsten")
    'hallsten'
    """
    plain = unicodedata.normalize("NFKD", word.lower().replace("ß", "ss").replace("ø", "o"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _once(names: Any) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(compact(name), without_by(name))
    return tuple(name for key, name in seen.items() if key)
