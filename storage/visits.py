"""One visit into the archive: looked up, decided, written to its tables. Runs in the writer's transaction."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from articles.record import Article
from storage import frontier
from storage.address import trusted_canonical
from storage.addresses import TAKEN_DOWN, Addresses, Urls
from storage.decide import GOOD_TEXT, Decision, Known, Seen, decide, fault_of
from storage.indexing import Change
from storage.normal import content_hash
from storage.revisions import MOVED, Held, Revisions
from storage.rows import storable
from storage.times import to_text
from storage.visit import Outcome, Visit
from storage.warc import Page, digest_of

KEPT_HEADERS = frozenset(
    ("etag", "last-modified", "content-language", "x-robots-tag", "retry-after", "location", "tdm-reservation")
)


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """What became of a visit. Numbers are the archive's; None where there is no such thing."""

    visit: Visit
    outcome: Outcome
    reason: str | None
    url_id: int
    fetch_id: int
    snapshot_id: int | None = None
    article_id: int | None = None
    public_id: str | None = None
    changed: tuple[str, ...] = ()  # fields, where the outcome is changed


Again = Callable[[int], Article | None]  # number of a snapshot -> what today's reader makes of its page


class Snapshots(Protocol):
    """What keeps pages: gives the number of the file, and offset and length of the record."""

    def append(self, page: Page) -> tuple[int, int, int]:
        """Keep a page."""


class Visits:
    """Stores visits one by one; what changed is taken by the indexers at the end of the batch."""

    def __init__(
        self,
        db: sqlite3.Connection,
        snapshots: Snapshots,
        schedule: frontier.Schedule = frontier.never_again,
        again: Again | None = None,
    ) -> None:
        self.db, self.schedule, self._again = db, schedule, again
        self._snapshots = snapshots
        self._addresses = Addresses(db)
        self._revisions = Revisions(db)
        self._sites: dict[str, int] = {}
        self._changes: list[Change] = []

    def take_changes(self) -> list[Change]:
        """Give the batch's changes of articles, once."""
        changes, self._changes = self._changes, []
        return changes

    def forget(self) -> None:
        """Forget the batch: it was rolled back."""
        self._changes.clear()
        self._sites.clear()
        self._revisions.rows.forget()

    def site_id(self, key: str) -> int:
        """Give a site's number; a new one is written down."""
        if key not in self._sites:
            self._sites[key] = frontier.site_id(self.db, key, datetime.now(UTC))
        return self._sites[key]

    def store(self, visit: Visit) -> Stored:
        """Store one visit."""
        site_id = self.site_id(visit.site)
        row = visit.prepared.row if visit.prepared else None
        if visit.article is not None:
            article = visit.prepared.article if visit.prepared else storable(visit.article)
            visit = dataclasses.replace(visit, article=article)
        seen = seen_of(visit)
        digest = digest_of(visit.body)
        urls, held = self._held(visit, seen, self._addresses.of(visit, site_id))
        twin = self._twin(visit, seen, site_id, digest) if held is None else None
        held = held or twin
        decision = self._decide(visit, seen, urls, (held, digest))
        article_id, name = (held.article_id, held.public_id) if held else (None, None)
        if decision.outcome == "new" and visit.article is not None:
            url = urls.canonical_url or visit.final_url or visit.url
            article_id, name = self._revisions.create(visit.article, site_id, visit, url)
            self._changes.append(Change(article_id, name, site_id, None, visit.article, row))
            self._name_site(site_id, visit.article)
        fetch_id = self._fetch(visit, decision, urls, article_id)
        snapshot_id = self._snapshot(visit, urls, fetch_id, digest) if _keeps(visit, decision) else None
        if decision.outcome == "new" and article_id is not None and seen.content_hash is not None:
            self._revisions.first(article_id, seen.content_hash, visit, snapshot_id)
        fields = self._record(visit, decision, held, snapshot_id)
        self._settle(visit, decision, urls.url_id)
        if visit.found:
            frontier.add(self.db, site_id, visit.found, datetime.now(UTC))
        bound = decision.outcome in ("new", "changed", "same", "worse") and decision.reason != MOVED
        if article_id is not None and bound:
            self._addresses.bind(urls, article_id, visit, site_id)
            if twin is not None:
                self._addresses.spare(urls, article_id, visit)
        return Stored(
            visit, decision.outcome, decision.reason, urls.url_id, fetch_id, snapshot_id, article_id, name, fields
        )

    def _held(self, visit: Visit, seen: Seen, urls: Urls) -> tuple[Urls, Held | None]:
        """Give what the archive holds of the page; a canonical link is followed only to the same text."""
        held = self._revisions.held(urls.url_id) or self._revisions.held(urls.final_id)
        if held is not None and self._is_another(held, visit, seen, urls):
            self._revisions.part(held, urls.url_id, visit)
            held = None
        if held is not None or urls.canonical_id is None:
            return urls, held
        named = self._revisions.held(urls.canonical_id)
        if named is not None and visit.article is not None and not self._revisions.is_of(named, visit.article):
            return dataclasses.replace(urls, canonical_id=None, canonical_url=None), None
        return urls, named

    def _twin(self, visit: Visit, seen: Seen, site_id: int, digest: bytes) -> Held | None:
        """Give the article that a page shows word by word at another address, where it does not say which is its own.

        Both addresses go on being visited: they may come to show two articles.
        """
        if visit.article is None or seen.content_hash is None or seen.length < GOOD_TEXT or fault_of(seen):
            return None
        here = visit.final_url or visit.url
        if visit.canonical_url is not None or trusted_canonical(here, visit.article.canonical_url) is not None:
            return None
        return self._revisions.twin(site_id, visit, seen.content_hash, digest)

    def _is_another(self, held: Held, visit: Visit, seen: Seen, urls: Urls) -> bool:
        """Say whether an address shows another article than the one it stands for: it never showed that one, or shares
        it with another address that still shows it."""
        if visit.article is None or seen.content_hash == held.known.content_hash or fault_of(seen):
            return False
        shown = any(self._revisions.showed(held, number) for number in (urls.url_id, urls.final_id) if number)
        shared = not shown or (urls.final_id is None and self._revisions.still_at(held, urls.url_id) is not None)
        return shared and not self._revisions.is_of(held, visit.article)

    def _decide(self, visit: Visit, seen: Seen, urls: Urls, page: tuple[Held | None, bytes]) -> Decision:
        held, digest = page
        if urls.taken_down:
            return Decision("refused", TAKEN_DOWN)
        decision = decide(held.known if held else None, seen)
        if held is None:
            return decision
        if decision.outcome == "withdrawn" and not self._is_withdrawn(held, visit, urls):
            return Decision("refused", "gone")
        if decision.outcome == "changed" and self._is_elsewhere(held, visit, urls):
            return Decision("worse", MOVED)
        if decision.outcome == "changed" and self._is_the_readers(visit, held, digest):
            return Decision("same", "reread")
        return decision

    def _is_withdrawn(self, held: Held, visit: Visit, urls: Urls) -> bool:
        """Say whether an article is gone with an address: not with one that a page named and that never was one, nor
        as long as another still shows it; that one is asked next."""
        if not self._revisions.showed(held, urls.url_id):
            return False
        other = self._revisions.still_at(held, urls.url_id)
        if other is not None:
            self._revisions.ask_again(other, visit)
        return other is None

    def _is_elsewhere(self, held: Held, visit: Visit, urls: Urls) -> bool:
        """Say whether an article's address now leads to another address, which shows another article."""
        led = urls.final_id is not None and not self._revisions.showed(held, urls.final_id)
        return led and visit.article is not None and not self._revisions.is_of(held, visit.article)

    def _is_the_readers(self, visit: Visit, held: Held, digest: bytes) -> bool:
        """Say whether the reader changed, not the site: today's reads the page before as it reads this one."""
        if held.digest == digest:
            return True
        if self._again is None or held.snapshot_id is None or held.extractor_version == visit.extractor_version:
            return False
        before = self._again(held.snapshot_id)
        return before is not None and visit.article is not None and content_hash(before) == content_hash(visit.article)

    def _record(self, visit: Visit, decision: Decision, held: Held | None, snapshot_id: int | None) -> tuple[str, ...]:
        """Write what the decision means for the revisions of a known article; gives the fields that changed."""
        revisions, article = self._revisions, visit.article
        if held is None:
            return ()
        if decision.outcome == "changed" and article is not None:
            change, fields = revisions.change(held, article, visit, snapshot_id)
            row = visit.prepared.row if visit.prepared else None
            self._changes += [dataclasses.replace(change, row=row)] if change else []
            return fields
        if decision.outcome == "same":
            if decision.reason == "reread" and article is not None:
                self._changes.append(revisions.reread(held, article, visit))
            revisions.repeat(held, visit)
        elif decision.outcome == "worse":
            revisions.worsen(held, decision.reason, visit, snapshot_id)
        elif decision.outcome == "withdrawn":
            revisions.withdraw(held, visit)
        return ()

    def _fetch(self, visit: Visit, decision: Decision, urls: Urls, article_id: int | None) -> int:
        headers = {name.lower(): value for name, value in visit.headers if name.lower() in KEPT_HEADERS}
        row = (visit.run_id, urls.url_id, urls.final_id, to_text(visit.started), round(visit.elapsed, 3), visit.status)
        more = (decision.outcome, decision.reason, visit.detail, len(visit.body), visit.ip)
        number = self.db.execute(_FETCH, (*row, *more, _json(headers), _json(visit.signals), article_id)).lastrowid
        assert number is not None
        return number

    def _snapshot(self, visit: Visit, urls: Urls, fetch_id: int, digest: bytes) -> int | None:
        if visit.status == 304:
            original = self.db.execute(_LAST_SNAPSHOT, (urls.url_id,)).fetchone()
            if original is None:
                return None
            digest = original[3]
        else:
            original = self.db.execute(_SAME_BYTES, (digest,)).fetchone() if visit.body else None
        place = self._snapshots.append(_page(visit, urls, digest, original))
        kind = (_header(visit, "content-type"), _header(visit, "content-encoding"))
        row = (fetch_id, *place, digest, original[0] if original else None, *kind)
        return self.db.execute(_SNAPSHOT, row).lastrowid

    def _settle(self, visit: Visit, decision: Decision, url_id: int) -> None:
        if decision.reason == TAKEN_DOWN:
            self.db.execute(_NEVER, (url_id,))
            return
        reason = decision.reason if decision.outcome in ("refused", "failed", "worse", "withdrawn") else None
        if reason != visit.reason:
            visit = dataclasses.replace(visit, reason=reason)
        frontier.settle(self.db, url_id, visit, decision.outcome, self.schedule)

    def _name_site(self, site_id: int, article: Article) -> None:
        if article.site:
            sql = "UPDATE sites SET name = ?1 WHERE id = ?2 AND name IS NOT ?1"
            self.db.execute(sql, (article.site, site_id))


def seen_of(visit: Visit) -> Seen:
    """Give what a visit brought, as the decision needs it."""
    if visit.article is None:
        return Seen(visit.status, keep=visit.keep, reason=visit.reason)
    seen = seen_reading(visit.article, visit.prepared.content if visit.prepared else content_hash(visit.article))
    return dataclasses.replace(seen, status=visit.status, keep=visit.keep, reason=visit.reason)


def seen_reading(article: Article, content: bytes) -> Seen:
    """Give what a reading with that hash of its content brings, as the decision needs it."""
    return Seen(
        status=200,
        content_hash=content,
        length=len(article.body),
        titled=article.title is not None,
        access=article.access,
        is_article=article.is_article,
        page_kind=article.page_kind,
    )


def known_of(article: Article, content: bytes) -> Known:
    """Give what a stored reading is, as the decision needs it."""
    return Known(content, len(article.body), article.title is not None, article.access)


def _keeps(visit: Visit, decision: Decision) -> bool:
    return visit.keep and visit.status is not None and decision.reason != TAKEN_DOWN


def _page(visit: Visit, urls: Urls, digest: bytes, original: tuple[int, str, str, bytes] | None) -> Page:
    """Give the record to write; what only the crawl knew goes along, for rebuilding the archive from records."""
    assert visit.status is not None
    notes = [("Pressmark-Site", visit.site)]
    if visit.final_url and visit.final_url != visit.url:
        notes.append(("Pressmark-Requested-URI", visit.url))
    if urls.canonical_url:
        notes.append(("Pressmark-Canonical-URI", urls.canonical_url))
    if visit.reason:
        notes.append(("Pressmark-Reason", visit.reason))
    return Page(
        url=visit.final_url or visit.url,
        date=visit.started,
        status=visit.status,
        headers=visit.headers,
        body=visit.body,
        ip=visit.ip,
        digest=digest,
        refers_to=(original[1], original[2]) if original else None,
        notes=tuple(notes),
    )


def _header(visit: Visit, name: str) -> str | None:
    return next((value for key, value in visit.headers if key.lower() == name), None)


def _json(value: Mapping[str, str]) -> str | None:
    return json.dumps(dict(value), ensure_ascii=True, separators=(",", ":")) if value else None


_FETCH = """INSERT INTO fetches (run_id, url_id, final_url_id, started, elapsed, status, outcome, reason, detail, bytes,
 ip, headers, signals, article_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SNAPSHOT = """INSERT INTO snapshots (fetch_id, warc_id, offset, length, digest, revisit_of, content_type,
 content_encoding) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_SAME_BYTES = """SELECT s.id, u.url, f.started, s.digest FROM snapshots s JOIN fetches f ON f.id = s.fetch_id
 JOIN frontier u ON u.id = coalesce(f.final_url_id, f.url_id)
 WHERE substr(s.digest, 1, 8) = substr(?1, 1, 8) AND s.digest = ?1 AND s.revisit_of IS NULL
 AND s.warc_id IS NOT NULL LIMIT 1"""
_LAST_SNAPSHOT = """SELECT o.id, u.url, g.started, o.digest FROM fetches f JOIN snapshots s ON s.fetch_id = f.id
 JOIN snapshots o ON o.id = coalesce(s.revisit_of, s.id) JOIN fetches g ON g.id = o.fetch_id
 JOIN frontier u ON u.id = coalesce(g.final_url_id, g.url_id)
 WHERE f.url_id = ? AND f.status BETWEEN 200 AND 299 AND o.warc_id IS NOT NULL ORDER BY f.id DESC LIMIT 1"""
_NEVER = """UPDATE frontier SET state = 'taken_down', due_at = NULL, lease_owner = NULL, lease_until = NULL,
 reason = 'taken_down' WHERE id = ?"""
