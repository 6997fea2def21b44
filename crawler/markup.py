"""Hostile XML: parsed without entities, network or DTDs; what is broken is mended; size and depth are limited."""

from __future__ import annotations

import codecs
import html
import re
from typing import Any

from lxml import etree

MAX_BYTES = 20 * 1024 * 1024  # of a document that is parsed whole
MAX_TAGS = 500_000  # an element takes a hundred bytes of memory, and four to write

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(\w{2,12};)?")
_HELD = re.compile(r"&[#\w]{0,12}\Z")  # perhaps an entity that goes on in the next chunk


class SourceError(ValueError):
    """A feed or sitemap that cannot be read; `reason` is a short word: empty, too_large, entities, not_a_feed, ..."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class Mender:
    """Turns the bytes of an XML document, chunk by chunk, into UTF-8 that a parser takes.

    What cannot be decoded is replaced, control characters and what stands before the first tag go, a bare ampersand is
    escaped, names that only HTML knows (&nbsp;) are resolved. Raises SourceError at the first entity declaration: no
    feed needs one, every bomb has one.
    """

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding
        self.decoder: codecs.IncrementalDecoder | None = None
        self.begun = False
        self.held = ""

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        """Give the mended form of the next bytes; some of it may be held back until the next call."""
        if self.decoder is None:
            self.decoder = codecs.getincrementaldecoder(_encoding(chunk, self.encoding))("replace")
        text = self.held + _NOT_XML.sub("", self.decoder.decode(chunk, final))
        if not self.begun:
            text = text[max(text.find("<", 0, 4096), 0) :]
            self.begun = bool(text)
        text, self.held = _held_back(text) if not final else (text, "")
        if "<!entity" in text.lower():
            raise SourceError("entities", "the document declares entities")
        return _AMPERSAND.sub(_mend, text).encode("utf-8", "replace")


def _held_back(text: str) -> tuple[str, str]:
    """Part what may be the beginning of something at the end: an entity, a declaration."""
    match = _HELD.search(text)
    at = match.start() if match else len(text)
    if (start := text.rfind("<!", max(0, at - 8))) >= 0:
        at = start
    return text[:at], text[at:]


def _encoding(start: bytes, given: str | None) -> str:
    """Choose the charset: byte order mark, HTTP header, XML declaration, UTF-8."""
    marked = next((name for mark, name in _BOMS if start.startswith(mark)), None)
    if marked:
        return marked
    if start[1:4:2] == b"\0\0" or start[:4:2] == b"\0\0":
        return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    declared = _DECLARED.search(start[:512])
    names = (given, declared[1].decode("ascii") if declared else None)
    return next((name for name in names if name and _known(name)), "utf-8")


def _known(name: str) -> bool:
    """Say whether a charset is one that a document of single bytes can be in; UTF-16 was seen by its zero bytes."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return codec._is_text_encoding and not codec.name.startswith(("utf-16", "utf-32", "utf-7"))


def _mend(match: re.Match[str]) -> str:
    name = str(match[1] or "")
    known = html.unescape("&" + name) if name else "&"
    return known if len(known) <= 2 and known not in ("&", "<", ">") else "&amp;" + name


def parser_arguments() -> dict[str, Any]:
    """Give the arguments of an lxml parser that fetches nothing, expands nothing and gives up on nothing."""
    return {
        "encoding": "utf-8",
        "recover": True,
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def parse_xml(body: bytes, encoding: str | None = None, limit: int = MAX_BYTES) -> Any:
    """Parse a whole document into its root element.

    Raises SourceError where it is empty, too large, declares entities or holds no element.
    """
    if len(body) > limit:
        raise SourceError("too_large", f"{len(body)} bytes")
    text = Mender(encoding).feed(body, final=True)
    if not text.strip():
        raise SourceError("empty")
    if text.count(b"<") > MAX_TAGS:
        raise SourceError("too_large", f"more than {MAX_TAGS} tags")
    try:
        root = etree.fromstring(text, etree.XMLParser(**parser_arguments()))
    except etree.XMLSyntaxError as error:
        raise SourceError("not_xml", str(error)[:120]) from error
    if root is None:
        raise SourceError("not_xml")
    return root


def local(node: Any) -> str:
    """Give an element's name without its namespace, lower case; "" for what is no element."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def namespace(node: Any) -> str:
    """Give an element's namespace, "" where it has none."""
    return node.tag.rpartition("}")[0] if isinstance(node.tag, str) else ""


def text_of(node: Any) -> str:
    """Give an element's text as one line, tags and escaped markup of titles taken away."""
    text = html.unescape("".join(node.itertext()))
    if "<" in text:
        text = html.unescape(re.sub(r"<[^<>]*>", " ", text))
    return " ".join(text.split())


def url_of(node: Any) -> str:
    """Give an element's text as an address: HTML's names are not read into its parameters (&copy=1)."""
    return "".join(node.itertext()).strip().replace("&amp;", "&")
