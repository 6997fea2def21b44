"""When an article was published and modified: the evidence of all sources, best first, each completing the other."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from articles import traces
from articles.datelines import LEAST, LEAST_ALONE, STRONG, Line, near_lines, openings, visible_dates, with_clock
from articles.evidence import Claim, Evidence, Role, before, completed
from articles.marks import text_of
from articles.moments import Moment, NoDate, read_moment
from articles.reading import Candidate, Reading
from articles.record import Problem
from articles.shown import Shown, settled, shown_as_changed
from articles.site import bare_host
from articles.structured import each, is_article_node, types_of

# Endings of meta names, punctuation dropped: "article:published_time", "cXenseParse:recs:publishtime", "DC.date.issued"
_PUBLISHED = (
    "publishedtime", "datepublished", "publishtime", "pubdate", "publishdate", "publicationdate", "publishedat",
    "publisheddate", "dateissued", "dctermsissued", "sailthrudate", "citationdate", "citationonlinedate", "datepublish",
    "publishtimestamp", "originalpublicationdate", "articlepublished", "articlecreateat", "publishingdate",
    "releasedate",
    "articledateoriginal", "dateoriginal", "publishedon", "dcdatecreated", "dctermscreated", "createpubdate", "obdate",
)  # fmt: skip
_OUT = frozenset(("published", "publish", "posted", "dateposted", "posteddate", "postdate", "articledate", "storydate"))
_CREATED = ("datecreated", "creationdate", "created", "date", "dcdate", "dctermsdate", "timestamp", "ptime")
_MODIFIED = (
    "modifiedtime", "datemodified", "updatedtime", "lastmodified", "lastmod", "dateupdated", "moddate", "modified",
    "lastupdated", "updatetime", "datelastmodified", "lastmodifieddate", "modifieddate", "revised", "ogupdatedtime",
)  # fmt: skip
_not_letters = re.compile(r"[^a-z]+")
ONLY_TIMES = 4  # time elements beyond which a page is a list of articles or comments
URL_DAY = 5.05  # weight of the day in the address: more than a line's, less than a time element's behind the headline
OPENING = 4.6  # weight of a date with which a paragraph begins
_url_day_first = re.compile(r"(?<!\d)(\d{1,2})([-.])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_url_day = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:([/_.-])(\d{1,2})\2(\d{1,2})|(\d\d)(\d\d))(?!\d)")
_url_month = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})(?=[/-])")
_published_class = re.compile(r"pub|entry-date|post-date|article-date|date-?time|dt-|posted|created|article", re.I)
_modified_class = re.compile(r"modif|updat|aktualis|actuali|edited", re.I)
_publish_class = re.compile(r"publi[sc]|posted|created", re.I)
_card_class = re.compile(
    r"card|related|teaser|(?:news|post|article|item|story)s?[-_]?list|list[-_](?:item|group)|sidebar|(?<!elementor-)widget|comment"
    r"|recent|popular|more|latest|(?<!entry-)(?<!post-)(?<!article-)footer|next|prev",
    re.I,
)
LONGEST_LABEL = 40  # characters
_DAY_FIRST = frozenset(("en-gb", "en-au", "en-nz", "en-in", "en-ie", "en-za"))  # English, but with the day first
_locale = re.compile(r"/(en-[a-z]{2})(?=/)", re.I)
_day_first_english = frozenset(("uk", "au", "nz", "ie", "in", "za", "sg", "ng", "ke", "gh", "pk", "lk", "mt", "eu"))


def read_dates(page: Any) -> Reading[dict[str, Any]]:
    """Read date_published, date_modified and the text that each was read from."""
    reader = _Reader(page)
    evidence = sorted(reader.evidence(), key=lambda item: -item.weight)
    published = reader.chosen("published", evidence)
    modified = reader.chosen("modified", evidence)
    if published is None and modified is not None and modified.source != "header":
        published = modified if reader.lone_modified(evidence) else None
    problems = list(reader.problems) if published is None or not published.moment.timed else []
    if published and modified and before(modified.moment.value, published.moment.value):
        problems.append(Problem("date_modified", f"earlier than date_published: {modified.raw[:60]!r}"))
    value, source = _fields(published, modified)
    found = tuple(Candidate(item.moment.value.isoformat(), item.source, item.role) for item in evidence[:12])
    return Reading(value, source, found, tuple(problems))  # type: ignore[arg-type]


def _fields(published: Evidence | None, modified: Evidence | None) -> tuple[dict[str, Any], dict[str, str | None]]:
    value: dict[str, Any] = {}
    source: dict[str, str | None] = {}
    for name, item in (("date_published", published), ("date_modified", modified)):
        value[name] = item.moment.value if item else None
        value[name + "_raw"] = item.raw if item else None
        source[name] = source[name + "_raw"] = item.source if item else None
    return value, source


class _Reader:
    """Gathers and weighs the dates of one page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.problems: dict[Problem, None] = {}
        lang = (page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()
        self.language = re.split(r"[-_]", lang)[0]
        host = bare_host(page.url).rsplit(".", 1)[-1]
        locales = (lang, *page.meta.get("og:locale", ())[:1], *_locale.findall(page.url)[:1])
        british = any(locale.lower().replace("_", "-") in _DAY_FIRST for locale in locales)
        self.month_first = self.language in ("en", "") and not british and host not in _day_first_english
        self.url_day, self.url_month = url_dates(page.url)

    def evidence(self) -> list[Evidence]:
        """All dates of the page; the dearer sources are asked only where the cheaper say little."""
        found = self._read([*self._structured(), *self._metas()])
        if not any(item.role == "published" and item.weight >= 8 and item.moment.timed for item in found):
            found += self._read(self._microdata())
        sure = self._best(found) >= 6
        times = self._read(self._times(4 if sure else 12))
        found += times if sure else map(self._near_headline, times)
        if sure:
            found += [shown.evidence for shown in self.shown if with_clock(shown.evidence.raw)]
        else:
            found += self._lines(visible_dates(self.page))
            found += self._read(Claim("published", OPENING, "text", text) for text in openings(self.page))
        if self.url_day:
            found.append(Evidence("published", URL_DAY, "url", self.url_day.date().isoformat(), Moment(self.url_day)))
        return found if self._best(found) else found + self._last_resort(found)

    def _last_resort(self, found: list[Evidence]) -> list[Evidence]:
        """Dates that stand where the article's own seldom does, the likelier place first."""
        for gather in (self._unlikely_lines, self._only_time, self._traces):
            more = gather()
            if any(item.role == "published" for item in more):
                return more
        return []

    def _unlikely_lines(self) -> list[Evidence]:
        return [dataclasses.replace(item, source="page") for item in self._lines(visible_dates(self.page, LEAST_ALONE))]

    def _only_time(self) -> list[Evidence]:
        """The time elements, in whatever boxes they stand, where all of them name one day."""
        nodes = self.page.marks.times
        raws = [node.get("datetime") or text_of(node, 100) for node in nodes[:ONLY_TIMES]]
        found = self._read(Claim("published", 2.6, "page", raw) for raw in raws)
        one_day = len({item.moment.value.date() for item in found}) == 1 and len(nodes) <= ONLY_TIMES
        return found[:1] if one_day else []

    def _traces(self) -> list[Evidence]:
        claims = traces.of_scripts(self.page), traces.of_attributes(self.page), traces.of_head(self.page)
        return self._read(itertools.chain(*claims))

    @staticmethod
    def _best(found: list[Evidence]) -> float:
        return max((item.weight for item in found if item.role == "published"), default=0.0)

    def _lines(self, lines: list[Line]) -> list[Evidence]:
        """The first few lines that can be read."""
        claims = (
            Claim(line.role, 5.0 if line.weight >= STRONG else 2.5 + min(line.likely, 6.0) / 3, "text", line.text)
            for line in lines[:20]
        )
        loose = bool(lines) and lines[0].weight > LEAST
        return list(itertools.islice((item for claim in claims for item in self._read([claim], loose=loose)), 4))

    @functools.cached_property
    def shown(self) -> list[Shown]:
        """The dates in the lines around the headline."""
        found = []
        for line in near_lines(self.page):
            for item in self._read([Claim(line.role, 2.0, "text", line.text)]):
                found.append(Shown(line, item))
        return found

    def _near_headline(self, item: Evidence) -> Evidence:
        """Believe a time element more where its day stands in a line close to the headline."""
        near = any(abs(shown.line.distance) < 6 and shown.names(item.days) for shown in self.shown)
        return dataclasses.replace(item, weight=item.weight + 0.5) if near else item

    def _read(self, claims: Iterable[Claim], *, loose: bool = False) -> list[Evidence]:
        found = []
        for claim in claims:
            try:
                moment = read_moment(claim.raw, month_first=self.month_first, language=self.language, loose=loose)
            except NoDate as trouble:
                if claim.weight >= 5 and claim.raw.strip():
                    self.problems[Problem(f"date_{claim.role}", str(trouble))] = None
                continue
            found.append(Evidence(claim.role, claim.weight, claim.source, claim.raw[:200], moment))
        return found

    def _structured(self) -> Iterator[Claim]:
        structured = self.page.structured
        for node in structured.nodes:
            if not any(key in node for key, _, _ in _LD_KEYS):
                continue
            mine = node is structured.article
            if not mine and ((is_article_node(node) and structured.article) or not _tells_of_page(node)):
                continue
            for key, role, weight in _LD_KEYS:
                for raw in each(node.get(key))[:1]:
                    raw = raw.get("@value") if isinstance(raw, dict) else raw
                    yield Claim(role, weight if mine else weight - 3.2, "json-ld", str(raw) if raw else "")

    def _metas(self) -> Iterator[Claim]:
        for name, values in itertools.islice(self.page.meta.items(), 500):
            known = _meta_role(name)
            if known:
                yield Claim(*known, "meta", values[0])

    def _microdata(self) -> Iterator[Claim]:
        found = self.page.microdata
        for key, role, weight in _LD_KEYS:
            for node in found.get(key, ())[:1]:
                raw = node.get("content") or node.get("datetime") or node.get("title") or text_of(node, 200)
                yield Claim(role, weight - 2.5, "microdata", raw)

    def _times(self, most: int) -> Iterator[Claim]:
        marks = self.page.marks
        first = marks.times_before if marks.times_before < len(marks.times) else 0
        for at, node in enumerate(marks.times[:most]):
            attributes = node.attrib
            names = f"{attributes.get('class', '')} {attributes.get('itemprop', '')} {attributes.get('id', '')}"
            above = node.getparent()
            around = "" if above is None else above.get("class") or ""
            text = text_of(node, 200)
            raw = attributes.get("datetime") or text
            if not raw.strip() or (_in_card(node) and "pubdate" not in attributes):
                continue
            changed = _modified_class.search(names) and not _publish_class.search(names)
            role: Role = (
                "modified" if changed or _says_updated(text) or _ends_as_updated(_before(node)) else "published"
            )
            named = "pubdate" in attributes or _published_class.search(names + " " + around)
            near = 0.2 if first <= at <= first + 1 else -0.3 if at < first else -0.6
            yield Claim(role, (5.2 if named else 4.9) + near, "time", raw)

    def chosen(self, role: Role, evidence: list[Evidence]) -> Evidence | None:
        """The best evidence for a role, made whole by the others."""
        best = next((item for item in evidence if item.role == role), None)
        if best is None or (role == "published" and best.weight < 4.5 and shown_as_changed(self.shown)):
            return None
        if role == "published":
            best = self._first_out(best, evidence)
        best = self._unswapped(best, evidence)
        others = [item for item in evidence if item is not best]
        best = completed(best, others)
        return completed(settled(best, self.shown, self.url_day, others), others) if role == "published" else best

    def _first_out(self, best: Evidence, evidence: list[Evidence]) -> Evidence:
        """Distrust a publication date that is the date of the last change to the second: a machine wrote both."""
        twins = any(item.role == "modified" and item.moment.value == best.moment.value for item in evidence)
        shown = any(shown.names(best.days) for shown in self.shown)
        shown = shown or any(item.source == "time" and item.days & best.days for item in evidence)
        if not twins or not best.moment.timed or shown:
            return best
        older = [
            item
            for item in evidence
            if item.role == "published" and item.weight >= 4.5 and before(item.moment.value, best.moment.value)
        ]
        return older[0] if older else best

    def _unswapped(self, item: Evidence, evidence: list[Evidence]) -> Evidence:
        """Exchange day and month where the address or an unambiguous date speaks for it."""
        either = item.moment.either
        if either is None:
            return item
        sure = [other.moment.value for other in evidence if other.moment.either is None and other.role == item.role]
        sure += [self.url_day] if self.url_day else []
        gaps = [
            (
                abs(other.replace(tzinfo=None) - either.replace(tzinfo=None)),
                abs(other.replace(tzinfo=None) - item.moment.value.replace(tzinfo=None)),
            )
            for other in sure
        ]
        swap = bool(gaps) and min(gap[0] for gap in gaps) < min(gap[1] for gap in gaps)
        if not sure and self.url_month:
            swap = (either.year, either.month) == self.url_month != (item.moment.value.year, item.moment.value.month)
        return dataclasses.replace(item, moment=Moment(either, item.moment.timed)) if swap else item

    def lone_modified(self, evidence: list[Evidence]) -> bool:
        """Whether the date of the last change may stand for the missing one: the article was out by then."""
        return any(item.role == "modified" for item in evidence)


_LD_KEYS: tuple[tuple[str, Role, float], ...] = (
    ("datePublished", "published", 10.0),
    ("dateCreated", "published", 6.5),
    ("uploadDate", "published", 6.0),
    ("dateModified", "modified", 10.0),
)


@functools.lru_cache(4096)
def _meta_role(name: str) -> tuple[Role, float] | None:
    """What a meta tag of that name dates, and how much it is to be believed; None where it is no date."""
    key = _not_letters.sub("", name)
    if "image" in name or "video" in name or "expir" in name or "article:tag" in name:
        return None
    if key.endswith(_PUBLISHED) or key in _OUT:
        return "published", 9.0 if name.startswith("article") else 8.0
    if key.endswith(_MODIFIED):
        return "modified", 8.0
    return ("published", 4.95) if key in _CREATED else None


def _tells_of_page(node: dict[str, Any]) -> bool:
    return bool(
        {"webpage", "itempage", "medicalwebpage", "videoobject", "aboutpage", "recipe", "creativework"}
        & set(types_of(node))
    )


def _says_updated(text: str) -> bool:
    return bool(
        re.match(
            r"\W*(?:last |zuletzt |stand|page )?(?:updat|modif|aktuali|actuali|aggiorn|оновлен|обновлен|edited|gewijz)",
            text,
            re.I,
        )
    )


_updated_end = re.compile(
    r"(?:updat|modif|aktuali|actuali|aggiorn|оновлен|обновлен|edited|gewijz)[^\W\d_]*(?:\s(?:on|at|am|le|el|il))?\W*$",
    re.I,
)


def _ends_as_updated(text: str) -> bool:
    """Whether words before a date say that it is that of the last change."""
    return bool(_updated_end.search(text))


def _before(node: Any) -> str:
    """The few words of its line right before an element."""
    previous, above = node.getprevious(), node.getparent()
    text = previous.tail if previous is not None else above.text if above is not None else None
    return text if text and len(text) < LONGEST_LABEL else ""


def _in_card(node: Any) -> bool:
    """Whether a date stands in a card, a list of articles, a comment or the page's foot."""
    for depth, above in enumerate(node.iterancestors()):
        if above.tag in ("aside", "footer", "nav") or (depth < 5 and _is_card(above.get("class") or "")):
            return True
        if above.tag in ("main", "body") or depth > 12:
            return False
    return False


@functools.lru_cache(4096)
def _is_card(name: str) -> bool:
    return bool(_card_class.search(name))


def url_dates(url: str) -> tuple[datetime | None, tuple[int, int] | None]:
    """The day in an address, and the year and month.

    >>> url_dates("https://example.org/2024/11/29/a/")
    (datetime.datetime(2024, 11, 29, 0, 0), (2024, 11))
    >>> url_dates("https://example.org/2024/05/a-20241340")
    (None, (2024, 5))
    """
    path = url.split("?")[0]
    for found in _url_day.finditer(path):
        year, month, day = found[1], found[3] or found[5], found[4] or found[6]
        try:
            value = datetime(int(year), int(month), int(day))
        except ValueError:
            continue
        if 1990 <= value.year <= 2100:
            return value, (value.year, value.month)
    for found in _url_day_first.finditer(path):
        try:
            value = datetime(int(found[4]), int(found[3]), int(found[1]))
        except ValueError:
            continue
        return value, (value.year, value.month)
    month_found = _url_month.search(path)
    if month_found and 1 <= int(month_found[2]) <= 12:
        return None, (int(month_found[1]), int(month_found[2]))
    return None, None
