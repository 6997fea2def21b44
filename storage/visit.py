"""What the crawl hands to the archive: one visit to one URL, as plain data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from articles.record import Article

if TYPE_CHECKING:
    from storage.preparing import Prepared

# What the decision made of a visit. "refused" and "failed" come with a reason; "worse" keeps what we have.
Outcome = Literal["new", "changed", "same", "worse", "withdrawn", "refused", "failed"]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A URL that a source or a page names. Times are aware UTC."""

    url: str  # normalized
    source_id: int | None = None
    published: datetime | None = None
    title: str | None = None
    depth: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Visit:
    """One fetch and all that came of it: what the writer stores in one transaction.

    `body` is the message body as it came over the wire, still content-encoded (transfer coding removed), and `headers`
    are the response headers in order, so that the snapshot is the page as sent. `status` is None where no answer came.
    `reason` names why there is no article (a short snake_case word such as "robots", "not_html", "timeout",
    "too_large", "wall", "not_article"; `detail` says more). `keep` is False where the site asks not to be archived: the
    visit is recorded, text and snapshot are not. `canonical_url` is the address the page declares, normalized, where
    the crawl believes it; the archive then files the article under it.
    """

    url: str  # the frontier's URL
    site: str  # the site's key: its host, or the name of its site file
    run_id: int
    started: datetime
    elapsed: float = 0.0  # seconds
    final_url: str | None = None
    status: int | None = None
    request_headers: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    ip: str | None = None
    article: Article | None = None
    extractor_version: str | None = None
    reason: str | None = None
    detail: str | None = None
    signals: Mapping[str, str] = dataclasses.field(
        default_factory=dict
    )  # robots, X-Robots-Tag, tdm-reservation, ai opt-outs as seen
    keep: bool = True
    found: tuple[Found, ...] = ()
    canonical_url: str | None = None
    prepared: Prepared | None = None  # what `prepare` made of the article, where that was done before
