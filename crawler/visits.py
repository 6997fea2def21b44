"""Stations 4 to 5: an answer as sent becomes a visit, with the article read from it or the reason why there is none."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version

import articles
from articles.page import Page
from articles.reader import read
from articles.record import Article
from crawler import signals
from crawler.decode import DecodeError, decode_page, is_cut_off, is_html
from crawler.download import Wire
from crawler.fetcher import Answer
from crawler.options import AGENT, Options
from crawler.safety import FetchError
from crawler.site import Site
from crawler.urls import accept_canonical, article_key, is_home, normalize
from storage.decide import READ
from storage.normal import plain
from storage.visit import Visit

EXTRACTOR_VERSION = version("pressmark")  # the reader's is the program's
_LINK_CANONICAL = re.compile(r"""<([^>]*)>\s*;[^,]*\brel\s*=\s*"?[^",;]*\bcanonical\b""", re.I)


@dataclasses.dataclass(frozen=True, slots=True)
class Desired:
    """What was asked for: the frontier's URL, for which run and site, and when."""

    url: str
    site: str
    run_id: int
    started: datetime


class PageReader:
    """Reads the answers of one site; remembers which canonical addresses its pages claim, to know those that lie."""

    def __init__(self, site: type[Site], options: Options) -> None:
        self.site = site
        self.options = options
        self.tdm_rules: tuple[signals.TdmRule, ...] = ()
        self.ai_opt_outs: tuple[str, ...] = ()  # of robots.txt
        self._policy = signals.Policy(obey_tdm=options.obey_tdm, obey_ai=options.obey_ai)
        self._claims: Counter[str] = Counter()
        self._fronts: dict[str, set[str]] = {}  # by <title>

    def note_front(self, html: bytes, answer: Answer) -> None:
        """Remember a front page (unpacked): a server may give it in the place of any page that it does not have."""
        article, page = _extract(html, answer, self.site)
        if article.body:
            self._fronts.setdefault(_head(page), set()).add(plain(article.body))

    def _is_front(self, article: Article, page: Page | None) -> bool:
        """Say whether a page is a front page that was seen: the same <title> and the same text."""
        known = self._fronts.get(_head(page))
        return known is not None and plain(article.body) in known

    def visit(self, desired: Desired, answer: Answer) -> Visit:
        """Make the visit of an answer."""
        visit = _bare(desired, answer)
        wire = answer.wire
        if answer.refused is not None:
            return dataclasses.replace(visit, reason=answer.refused.reason, detail=answer.refused.detail[:500])
        if wire.status == 304 and not _is_conditional(wire):
            return _replace(visit, "bad_answer", "304 (not modified) to a request without a condition")
        if wire.status not in READ:
            return visit if wire.status in (304, 404, 410) else _replace(visit, f"http_{wire.status}")
        encodings = _all(wire, "content-encoding")
        try:
            html = decode_page(wire.body, encodings, self.options.max_unpacked)
        except DecodeError as error:
            return _replace(visit, error.reason, str(error))
        if not is_html(html, wire.header("content-type")):
            return _replace(visit, "not_html" if html.strip() else "empty", wire.header("content-type"))
        if not html[-100:].rstrip().lower().endswith(b"</html>") and is_cut_off(wire.body, encodings):
            return _replace(visit, "truncated", "the packed body ends in its midst")
        return self._read(visit, html, answer)

    def _read(self, visit: Visit, html: bytes, answer: Answer) -> Visit:
        article, page = _extract(html, answer, self.site)
        metas = page.meta if page else {}
        seen = signals.read(answer.wire.headers, metas, agent=AGENT, url=answer.url, tdm_rules=self.tdm_rules)
        seen = dataclasses.replace(seen, ai=(*self.ai_opt_outs, *seen.ai))
        decision = signals.decide(seen, datetime.now(UTC), self._policy)
        visit = dataclasses.replace(
            visit, article=article, extractor_version=EXTRACTOR_VERSION, signals=seen.to_mapping()
        )
        if decision.action != "store":
            return dataclasses.replace(visit, keep=False, article=None, reason=decision.reason)
        if not is_home(answer.url) and self._is_front(article, page):
            return dataclasses.replace(visit, article=None, reason="front_page")
        return dataclasses.replace(visit, canonical_url=self._canonical(answer, article))

    def _canonical(self, answer: Answer, article: Article) -> str | None:
        """Give the address that the page says is its own, where that can be believed."""
        declared = article.canonical_url or _linked(answer.wire, answer.url)
        target = normalize(declared, answer.url) if declared else None
        if target is None:
            return None
        other = article_key(target) != article_key(answer.url)
        shared = self._claims[target] if other else 0
        if other:
            self._claims[target] += 1
        return target if accept_canonical(answer.url, target, shared=shared) else None


def failed(desired: Desired, error: FetchError) -> Visit:
    """Make the visit of a page that was not fetched, or not whole."""
    elapsed = (datetime.now(UTC) - desired.started).total_seconds()
    return Visit(
        desired.url,
        desired.site,
        desired.run_id,
        desired.started,
        elapsed,
        reason=error.reason,
        detail=error.detail[:500],
    )


def _bare(desired: Desired, answer: Answer) -> Visit:
    wire = answer.wire
    final = normalize(answer.url) or answer.url
    return Visit(
        url=desired.url,
        site=desired.site,
        run_id=desired.run_id,
        started=desired.started,
        elapsed=wire.elapsed,
        final_url=final if final != desired.url else None,
        status=wire.status,
        request_headers=wire.request_headers,
        headers=wire.headers,
        body=wire.body,
        ip=wire.ip,
    )


def _is_conditional(wire: Wire) -> bool:
    return any(name.lower() in ("if-none-match", "if-modified-since") for name, _ in wire.request_headers)


def _replace(visit: Visit, reason: str, detail: str | None = None) -> Visit:
    return dataclasses.replace(visit, reason=reason, detail=detail[:500] if detail else None)


def _extract(html: bytes, answer: Answer, site: type[Site]) -> tuple[Article, Page | None]:
    """Read a page; where that fails, extract says what is wrong."""
    encoding = charset(answer.wire.header("content-type"))
    try:
        page = Page(html, answer.url, encoding, site.rules)
        return read(page), page
    except Exception:  # noqa: BLE001 - articles.extract is the guard, and names the defect in the record's problems
        return articles.extract(html, answer.url, encoding=encoding, rules=site.rules), None


def _head(page: Page | None) -> str:
    """Give a page's <title>, which tells it from the others of its site wherever it is shown."""
    return plain(page.marks.titles[0]) if page and page.marks.titles else ""


def charset(content_type: str | None) -> str | None:
    """Give the charset that a Content-Type header declares.

    >>> charset('text/html; charset="windows-1251"')
    'windows-1251'
    """
    match = re.search(r"""charset\s*=\s*["']?([\w.:-]+)""", content_type or "", re.IGNORECASE)
    return match[1] if match else None


def _all(wire: Wire, name: str) -> list[str]:
    return [value for key, value in wire.headers if key.lower() == name]


def _linked(wire: Wire, url: str) -> str | None:
    """Give the canonical address that a Link header names (RFC 6596)."""
    found = [match[1] for value in _all(wire, "link") if (match := _LINK_CANONICAL.search(value))]
    return normalize(found[0], url) if found else None
