"""Encodings: which one a page is in, by BOM, by its bytes, by what is declared, and by detection, in that order."""

from __future__ import annotations

import codecs
import dataclasses
import re

from w3lib.encoding import resolve_encoding

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
DECLARED = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|encoding\s*=\s*["']([\w.:-]{2,40})["']\s*\?>""", re.I
)
HIGH = re.compile(rb"[\x80-\xff]+")
SAMPLE = 20_000  # bytes outside ASCII that detection looks at

# The letters of running text, most of them lower case: what a right guess decodes to.
CYRILLIC = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёыэъўђјљњћџѓќѕ")
LATIN = frozenset("äöüßéèêëàâáãåæçñíìîïóòôõøúùûýÿœšžčćđřěůňťďľĺŕąęłńśźżőűășțşţğıßþð«»„“”‘’–—…·°©®€£§ ¿¡")
GREEK = frozenset("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ")
ARABIC = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأؤإئپچژگکی،؟")
HEBREW = frozenset("אבגדהוזחטיךכלםמןנסעףפץצקרשת")
CYRILLIC_PAGES = ("windows-1251", "koi8-u", "koi8-r", "iso-8859-5", "cp866")
SINGLE = (
    *((name, CYRILLIC) for name in CYRILLIC_PAGES),
    ("windows-1252", LATIN),
    ("windows-1250", LATIN),
    ("windows-1254", LATIN),
    ("windows-1253", GREEK),
    ("windows-1256", ARABIC),
    ("windows-1255", HEBREW),
)
WESTERN = frozenset(
    ("windows-1252", "iso-8859-1", "latin-1", "iso-8859-15", "windows-1250", "iso-8859-2", "windows-1254")
)
DOUBLE = ("gb18030", "big5hkscs", "shift_jis", "euc_jp", "cp949")


@dataclasses.dataclass(frozen=True, slots=True)
class Decoded:
    """The page's bytes as UTF-8, the encoding they were in, and what was wrong with the declaration, if anything."""

    utf8: bytes
    encoding: str
    problem: str | None = None


def decode(html: bytes, declared: str | None = None) -> Decoded:
    """Turn a page into UTF-8. `declared` is the transport's word; the bytes may overrule it.

    >>> decode("Київ".encode("koi8-u")).encoding
    'koi8-u'
    >>> decode("<meta charset=windows-1251>Київ".encode()).problem
    'declared windows-1251, is utf-8'
    """
    for mark, name in BOMS:
        if html.startswith(mark):
            return _as(html[len(mark) :], name)
    proven = _by_bytes(html)
    claimed = _declared(html, declared, 2048 if proven else 60_000)
    found = proven or _by_claim(html, claimed) or _detect(html, claimed)
    wrong = claimed and claimed != found and not _same_family(claimed, found)
    problem = f"declared {claimed}, is {found}" if wrong else None
    return Decoded(_without_nul(html), found, problem) if proven == "utf-8" else _as(html, found, problem)


def _as(html: bytes, name: str, problem: str | None = None) -> Decoded:
    if name not in ("utf-8", "ascii"):
        html = html.decode(name, "replace").encode("utf-8", "replace")
    elif not html.isascii():
        html = html.decode("utf-8", "replace").encode()
    return Decoded(_without_nul(html), name, problem)


def _without_nul(html: bytes) -> bytes:
    return html.replace(b"\0", b"") if b"\0" in html else html


def _declared(html: bytes, declared: str | None, reach: int) -> str | None:
    """The transport's declaration, else the page's own, as a Python codec's name; None where unknown."""
    match = DECLARED.search(html, 0, reach)
    own = (match.group(1) or match.group(2)).decode("ascii", "replace") if match else None
    for name in (declared, own):
        resolved = resolve_encoding(name) if name else None
        if resolved and _holds_ascii(resolved):  # its declaration was just read as ASCII
            return {"cp1251": "windows-1251", "cp1252": "windows-1252"}.get(resolved, resolved)
    return None


def _holds_ascii(name: str) -> bool:
    """Whether an encoding is one of text in which ASCII is ASCII: not UTF-16, UTF-7, IDNA or an escape."""
    if name in ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"):
        return False
    try:
        return b"<meta charset=".decode(name) == "<meta charset="
    except (LookupError, UnicodeError):
        return False


def _by_bytes(html: bytes) -> str | None:
    """What the bytes alone prove: ASCII, UTF-8, or UTF-16 without a BOM."""
    if html.isascii():
        if b"\0" in html[:4096]:
            return _utf16(html)
        return "ascii" if b"\x1b$" not in html else None
    if b"\0" in html[:4096] and (found := _utf16(html)):
        return found
    return "utf-8" if _is_utf8(html) else None


def _utf16(html: bytes) -> str | None:
    """UTF-16 by where the zero bytes of its ASCII stand."""
    head = html[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) / 10:
        return "ascii" if html.isascii() else None
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_utf8(html: bytes) -> bool:
    try:
        html.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _by_claim(html: bytes, claimed: str | None) -> str | None:
    """The declared encoding, where the bytes decode in it and look like text in it."""
    if claimed is None or claimed in ("utf-8", "ascii"):
        return "utf-8" if _mostly_utf8(html) else None
    sample = _sample(html)
    try:
        text = sample.decode(claimed)
    except (UnicodeDecodeError, LookupError):
        return "utf-8" if _mostly_utf8(html) else _lenient(html, claimed)
    if not _is_single_byte(claimed):
        return claimed
    foreign = claimed in WESTERN and _mean_run(html) > 2.5  # accented letters stand alone
    if foreign or _score_single(sample, html)[0] > _plausible(text, claimed) + 0.25:
        return None
    return claimed


def _lenient(html: bytes, claimed: str) -> str | None:
    """A declared double-byte encoding with a few broken characters."""
    if claimed not in DOUBLE or _is_single_byte(claimed):
        return None
    text = _sample(html).decode(claimed, "replace")
    return claimed if text.count("\ufffd") <= len(text) / 50 else None


def _mostly_utf8(html: bytes) -> bool:
    """Whether nearly all that is outside ASCII is good UTF-8: a page with a few broken characters."""
    text = _sample(html).decode("utf-8", "replace")
    return text.count("\ufffd") <= sum(character > "\x7f" for character in text) / 10


def _sample(html: bytes) -> bytes:
    """The runs outside ASCII, parted by spaces, up to a bound."""
    runs, size = [], 0
    for match in HIGH.finditer(html):
        run = match.group()
        runs.append(run)
        size += len(run)
        if size > SAMPLE:
            break
    # double-byte encodings put ASCII in second place, so there the bytes between matter
    return html[HIGH.search(html).start() :][: SAMPLE * 2] if runs and _looks_double(html) else b" ".join(runs)  # type: ignore[union-attr]


def _looks_double(html: bytes) -> bool:
    return _mean_run(html) > 1.2


def _mean_run(html: bytes) -> float:
    """How many bytes outside ASCII stand together: about 1 in western text, 5 in Cyrillic."""
    runs = HIGH.findall(html[:200_000])[:2000]
    return sum(map(len, runs)) / len(runs) if runs else 0.0


def _is_single_byte(name: str) -> bool:
    try:
        return len(bytes(range(0xC0, 0xFF)).decode(name, "replace")) == 0xFF - 0xC0 and name not in DOUBLE
    except LookupError:
        return False


def _plausible(text: str, name: str) -> float:
    """Share of the letters outside ASCII that are common lower-case letters of the encoding's script."""
    letters = next((known for page, known in SINGLE if page == name), LATIN)
    high = [character for character in text if character > "\x7f"]
    return sum(character in letters for character in high) / len(high) if high else 1.0


def _score_single(sample: bytes, html: bytes) -> tuple[float, str]:
    """The best single-byte encoding and its share of plausible letters."""
    best = (0.0, "windows-1252")
    western_first = _mean_run(html) < 1.6
    for name, letters in sorted(SINGLE, key=lambda pair: (pair[1] is LATIN) != western_first):
        high = [character for character in sample.decode(name, "replace") if character > "\x7f"]
        share = sum(character in letters for character in high) / len(high) if high else 0.0
        if share > best[0] + 0.005:  # a tie goes to the commoner encoding, which is named first
            best = (share, name)
    return best


def _detect(html: bytes, claimed: str | None) -> str:
    """The likeliest encoding where nothing is declared, or the declaration is wrong."""
    sample = _sample(html)
    share, name = _score_single(sample, html)
    if share > 0.7 or not sample:
        return name
    scored = max((_score_double(sample, codec), codec) for codec in DOUBLE)
    if scored[0] > 0.6:
        return scored[1]
    return name if share > 0.3 else (claimed or "windows-1252")


def _score_double(sample: bytes, name: str) -> float:
    """Share of characters that are common ideographs, kana or hangul, less the undecodable."""
    text = sample.decode(name, "replace")
    high = [character for character in text if character > "\x7f"]
    if not high:
        return 0.0
    common = sum(
        "\u4e00" <= c <= "\u9fa5"
        or "\u3040" <= c <= "\u30ff"
        or "\uac00" <= c <= "\ud7a3"
        or c in "，。、；：？！“”「」（）"
        for c in high
    )
    return (common - 5 * text.count("\ufffd")) / len(high)


def _same_family(one: str, other: str) -> bool:
    """ASCII is part of everything declared."""
    return other == "ascii" or codecs.lookup(one).name == codecs.lookup(other).name
