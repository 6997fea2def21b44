"""The reader: one page in, one record out."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Mapping
from typing import Any

from articles.access import read_access
from articles.authors import read_authors
from articles.body import read_body
from articles.category import read_category
from articles.dates import read_dates
from articles.images import read_images
from articles.key_points import read_key_points
from articles.kind import read_kind
from articles.language import read_language
from articles.lead import read_lead
from articles.live import read_updates
from articles.markup import read_body_html, read_sections
from articles.page import Page
from articles.pages import read_next_page, variant
from articles.reading import Reading
from articles.record import Article, Problem
from articles.related import read_related
from articles.rules import NO_RULES, Rules
from articles.site import read_canonical_url, read_robots, read_site
from articles.tags import read_tags
from articles.title import read_title

# The fields in the order in which they are read: what reads them, and the record's fields that its reading gives. Where
# these are several, the reading's value is a mapping by field, and its source may be one, too, as {field: source}.
# Text that a field claims (`page.claim`) is not in the body, which is read after it.
Read = Callable[[Page], Reading[Any]]
FIELDS: tuple[tuple[Read, tuple[str, ...]], ...] = (
    (read_site, ("site",)),
    (read_canonical_url, ("canonical_url",)),
    (read_robots, ("robots",)),
    (read_title, ("title",)),
    (read_authors, ("authors",)),
    (read_dates, ("date_published", "date_published_raw", "date_modified", "date_modified_raw")),
    (read_key_points, ("key_points",)),
    (read_related, ("related_links",)),
    (read_category, ("category", "category_path")),
    (read_tags, ("tags",)),
    (read_images, ("images",)),
    (read_lead, ("lead",)),
    (read_body, ("body",)),
    (read_sections, ("sections",)),
    (read_body_html, ("body_html",)),
    (read_updates, ("updates",)),
    (read_next_page, ("next_page",)),
    (read_language, ("language",)),
    (read_kind, ("is_article", "page_kind")),
    (read_access, ("access",)),
)


class _NoGarbage:
    """No garbage is looked for while a thread is within: a page leaves no cycles behind, and to look for them among
    its thousands of objects takes a twentieth of its time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # what is off for one thread is off for all: the last one to leave turns it on
        self._within = 0
        self._collecting = False

    def __enter__(self) -> None:
        with self._lock:
            if not self._within:
                self._collecting = gc.isenabled()
                gc.disable()
            self._within += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._within -= 1
            if not self._within and self._collecting:
                gc.enable()


_no_garbage = _NoGarbage()


def extract(html: bytes, url: str, *, encoding: str | None = None, rules: Rules = NO_RULES) -> Article:
    """Read an article page. Never raises on any bytes; what is malformed is listed in `problems`.

    `encoding` is what the transport declared (Content-Type), if anything; the bytes may overrule it.
    """
    try:
        with _no_garbage:
            return read(Page(html, url, encoding, rules))
    except Exception as error:  # noqa: BLE001 - the outermost guard: a defect of ours costs one page, and says so
        reason = f"the reader failed: {type(error).__name__}: {error}"[:300]
        return Article(url=url, problems=(Problem("page", reason),))


def read(page: Page) -> Article:
    """Read all fields of a page that is already parsed; `page.readings` keeps how each came about."""
    values: dict[str, Any] = {}
    for function, fields in FIELDS:
        for name, reading in _readings(page, function, fields).items():
            page.readings[name] = reading
            values[name] = reading.value
            page.problems.extend(reading.problems)
    provenance = {name: page.readings[name].source for name, value in values.items() if value not in (None, "", ())}
    provenance["url"] = variant(page)  # "amp" or "print" where the page is such a version of an article
    return Article(
        url=page.url,
        **values,
        provenance={name: source for name, source in provenance.items() if source},
        problems=tuple(dict.fromkeys(page.problems)),
    )


def _readings(page: Page, function: Read, fields: tuple[str, ...]) -> dict[str, Reading[Any]]:
    """One reading for each field: the site's rule, where it has an answer, else the generic function's."""
    ruled = {name: reading for name in fields if (reading := _by_rule(page, name)) is not None}
    if len(ruled) == len(fields):
        return ruled
    found = function(page)
    if len(fields) == 1:
        return {fields[0]: found}
    return {name: _part(found, name) for name in fields} | ruled


def _part(reading: Reading[Any], name: str) -> Reading[Any]:
    """One field of a reading of several."""
    sources: Any = reading.source
    source = sources.get(name) if isinstance(sources, Mapping) else sources
    mine = tuple(problem for problem in reading.problems if problem.field == name)
    return Reading(reading.value[name], source, reading.candidates, mine)


def _by_rule(page: Page, name: str) -> Reading[Any] | None:
    rule = page.rules.fields.get(name)
    value = None if rule is None else rule(page)
    return None if value is None else Reading(value, "site rule")
