"""The tally: what happened to one site in one run, and what of it is trouble. Plain data."""

from __future__ import annotations

import dataclasses
import statistics
from collections import Counter
from datetime import datetime
from typing import Any

from crawler.desk import Verdict
from storage.usual import Usual
from storage.visit import Visit

ENOUGH = 5  # pages read, before anything is said about a site's markup
LONG = 600  # characters; shorter texts differ much
USUAL = 0.6  # share of pages that gave articles in earlier runs, from which on their absence is news
SOME = 8  # new articles, before they are compared with earlier ones
MANY = 20  # earlier articles, before anything is usual
ALARM = 0.5  # share of pages without title or body that means new markup


@dataclasses.dataclass(slots=True)
class Tally:
    """Counts of one site: URLs found, pages fetched, what became of them, and why not."""

    site: str
    found: int = 0
    left_out: int = 0  # new URLs of sources looked at that were more than one run takes up
    sources: int = 0
    fetched: int = 0
    left: int = 0  # due, but not fetched in this run
    outcomes: Counter[str] = dataclasses.field(default_factory=Counter)
    refused: Counter[str] = dataclasses.field(default_factory=Counter)
    failed: Counter[str] = dataclasses.field(default_factory=Counter)
    bytes: int = 0
    read: int = 0  # answers of HTML that we may read, the front page among them, and of 304 for an article that we have
    blank: int = 0  # of those, without a title or without a text
    lengths: list[int] = dataclasses.field(default_factory=list)  # of new articles, in characters
    dated: int = 0  # of new articles, with a date of publication
    named: int = 0  # of those, with an author
    trouble: list[str] = dataclasses.field(default_factory=list)  # why the site counts as failed
    notes: list[str] = dataclasses.field(default_factory=list)  # what is worth knowing
    done: bool = False
    next_due: datetime | None = None

    def note(self, visit: Visit, verdict: Verdict) -> None:
        """Count one visit that is stored."""
        self.fetched += visit.status is not None
        self.bytes += len(visit.body)
        self.outcomes[verdict.outcome] += 1
        if verdict.outcome in ("refused", "worse"):
            self.refused[verdict.reason or "unknown"] += 1
        elif verdict.outcome == "failed":
            self.failed[verdict.reason or "unknown"] += 1
        article = visit.article
        if article is not None and verdict.outcome == "new":
            self.lengths.append(len(article.body))
            self.dated += article.date_published is not None
            self.named += bool(article.authors)
        self.read += (verdict.outcome == "same" and visit.status == 304) or verdict.reason == "front_page"
        if article is not None and article.access != "wall":
            self.read += 1
            self.blank += not (article.title and article.body)

    @property
    def archived(self) -> int:
        """Say how many readings the archive got."""
        return self.outcomes["new"] + self.outcomes["changed"]

    def judge(self, earlier_read: int, earlier_articles: int, *, stopped: bool = False) -> None:
        """Say what is wrong with the site, now that its crawl has ended, or was stopped before its end."""
        if self.read >= ENOUGH and self.blank >= ALARM * self.read:
            usual = earlier_read >= ENOUGH and earlier_articles >= USUAL * earlier_read
            since = "its pages may have new markup" if usual else "its pages are not understood"
            self.trouble.append(f"{self.blank} of {self.read} pages gave no title or no text: {since}")
        elif self.read >= ENOUGH and not self._any() and earlier_articles >= USUAL * max(earlier_read, 1):
            self.trouble.append(f"none of {self.read} pages gave an article: its pages may have new markup")
        walls, tried = self.refused["wall"], sum(self.outcomes.values())
        if walls >= ENOUGH and walls >= ALARM * tried:
            told = self.notes if self._any() else self.trouble
            told.append(
                f"{walls} of {tried} pages show a consent wall, a CAPTCHA or a script shell in the text's place"
            )
        if (fronts := self.refused["front_page"]) >= ENOUGH:
            self.notes.append(f"{fronts} addresses show the front page: the site may answer so for all that it lacks")
        if not tried and not self.found and not earlier_read and not self.trouble and not stopped:
            self.trouble.append(
                "no address of an article was found: name a feed, a sitemap or a section page of the site"
            )
        if tried and self.outcomes["failed"] == tried:
            reason = self.failed.most_common(1)[0][0]
            self.trouble.append(f"every fetch failed, most by {reason}")

    def compare(self, usual: Usual) -> None:
        """Say what the new articles lack that earlier ones had, where their addresses are new, too: no backlog."""
        count = len(self.lengths)
        if count < SOME or usual.articles < MANY or 2 * self.found < count:
            return
        length = statistics.median(self.lengths)
        if usual.length >= LONG and length < usual.length / 3:
            self._lacking(
                f"new articles have {length:.0f} characters of text (median), earlier ones {usual.length:.0f}"
            )
        for what, now, share in (("a date", self.dated, usual.dated), ("an author", self.named, usual.named)):
            if share >= USUAL + 0.2 and now <= 0.2 * count:
                self._lacking(f"{now} of {count} new articles have {what}, of earlier ones {share:.0%}")

    def _lacking(self, what: str) -> None:
        self.trouble.append(f"{what}: its pages may have new markup")

    def _any(self) -> bool:
        return any(self.outcomes[name] for name in ("new", "changed", "same"))

    def to_dict(self) -> dict[str, Any]:
        """Give the counts as plain JSON types."""
        return {
            "site": self.site,
            "found": self.found,
            "left_out": self.left_out,
            "sources": self.sources,
            "fetched": self.fetched,
            "left": self.left,
            "bytes": self.bytes,
            **{name: self.outcomes[name] for name in ("new", "changed", "same", "worse", "withdrawn")},
            "refused": dict(self.refused.most_common()),
            "failed": dict(self.failed.most_common()),
            "trouble": self.trouble,
            "notes": self.notes,
            "next_due": self.next_due.isoformat() if self.next_due else None,
        }
