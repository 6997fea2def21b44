"""When a URL is due again after a visit. Pure; the archive's writer asks as it stores."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.backoff import BUSY, MAX_RETRY_AFTER, parse_retry_after
from crawler.schedule import DAY, HOUR, next_visit
from crawler.urls import article_key
from storage.frontier import Known, Next
from storage.visit import Outcome, Visit

SECOND = timedelta(seconds=1)
# failed fetches in a row -> how long until the next try; within the first the crawl itself waits
TRIES = (5 * SECOND, 20 * SECOND, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY)
IN_RUN = 2  # so many tries more are made by the crawl that met the trouble
LASTING = frozenset(("too_large", "unpacked_too_large", "bad_encoding", "unknown_encoding", "tls", "bad_answer"))
MAY_CLEAR = frozenset(("wall", "empty", "gone", "front_page"))
MAX_BUSY = 20


def after_visit(visit: Visit, outcome: Outcome, known: Known) -> Next:
    """Give what becomes of a URL: its state, and when it is looked at again."""
    now = visit.started + timedelta(seconds=visit.elapsed)
    if outcome == "failed":
        return _failed(visit, known, now)
    if outcome == "refused":
        return _refused(visit, known, now)
    if outcome == "withdrawn":  # once more, should it have been a mistake
        return Next("withdrawn", now + 7 * DAY if known.attempts == 0 else None, known.attempts + 1)
    since = known.published or known.first_seen
    due = next_visit(since, now, changed=outcome == "changed", unchanged=known.unchanged)
    return Next("done", due)


def _refused(visit: Visit, known: Known, now: datetime) -> Next:
    """A wall or a refusal may fall, robots.txt may change; a page that is no article stays none.

    Not one in another place: an article's address may lead to a login or to the front page for a while.
    """
    attempts = known.attempts + 1
    if visit.reason == "robots":
        return Next("refused", now + 30 * DAY, attempts)
    reason = visit.reason or _reason(visit)
    led = visit.final_url is not None and article_key(visit.final_url) != article_key(visit.url)
    passing = led or reason in MAY_CLEAR or reason.startswith("http_")
    again = passing and attempts <= 3
    return Next("refused", now + attempts * DAY if again else None, attempts)


def _reason(visit: Visit) -> str:
    if visit.status in (404, 410):
        return "gone"
    if visit.article is not None and visit.article.access == "wall":
        return "wall"
    return f"http_{visit.status}" if visit.status and visit.status >= 400 else "not_article"


def _failed(visit: Visit, known: Known, now: datetime) -> Next:
    attempts = known.attempts + 1
    if visit.status in BUSY:  # the host says when; its own patience is what is limited
        asked = parse_retry_after(_header(visit, "retry-after"), now)
        if attempts > MAX_BUSY:
            return Next("failed", now + DAY, attempts)
        return Next("pending", now + timedelta(seconds=min(asked or 10.0 * attempts, MAX_RETRY_AFTER)), attempts)
    if visit.reason in LASTING:
        return Next("failed", now + 7 * DAY if attempts < 3 else None, attempts)
    skip = IN_RUN if visit.reason == "timeout" else 0  # whole minutes are not spent twice on one page
    step = attempts - 1 + skip
    if step >= len(TRIES):
        return Next("failed", None, attempts)
    return Next("pending" if step < IN_RUN else "failed", now + TRIES[step], attempts)


def _header(visit: Visit, name: str) -> str | None:
    return next((value for key, value in visit.headers if key.lower() == name), None)
