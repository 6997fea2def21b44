"""Decide what a visit means for the archive. Pure: plain facts in, a verdict out."""

from __future__ import annotations

import dataclasses

from storage.normal import shingles
from storage.visit import Outcome

GONE = frozenset((404, 410))
READ = frozenset((200, 203))  # statuses of pages; 203 is what a proxy says that has changed something of a 200
GOOD_TEXT = 200  # characters; shorter texts may halve without being broken
NOT_ASKED = frozenset(("robots", "private_address", "bad_url", "bad_scheme", "bad_port"))  # no request was made
READABLE = frozenset(("article", "live", "gallery", "video"))


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """The reading that the archive holds: its hash, the length of its text in characters, its title and access."""

    content_hash: bytes
    length: int = 0
    titled: bool = True
    access: str = "free"
    withdrawn: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """What the visit brought. Without `content_hash` there is no reading, and `reason` may say why."""

    status: int | None
    content_hash: bytes | None = None
    length: int = 0
    titled: bool = True
    access: str = "free"
    is_article: bool = True
    page_kind: str = "article"
    keep: bool = True
    reason: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, and a short word for why it is not simply a reading."""

    outcome: Outcome
    reason: str | None = None


def decide(known: Known | None, seen: Seen) -> Decision:
    """Say whether a visit is new, changed, same, worse, withdrawn, refused or failed.

    >>> decide(None, Seen(200, b"a", length=900))
    Decision(outcome='new', reason=None)
    >>> decide(Known(b"a", length=900), Seen(200, b"b", length=300))
    Decision(outcome='worse', reason='half')
    >>> decide(Known(b"a", length=900), Seen(410))
    Decision(outcome='withdrawn', reason='gone')
    """
    if not seen.keep:
        return Decision("refused", seen.reason or "noarchive")
    if seen.status is None:
        return Decision("refused" if seen.reason in NOT_ASKED else "failed", seen.reason or "no_answer")
    if seen.status in GONE:
        return Decision("withdrawn" if known else "refused", "gone")
    if seen.status == 304 and seen.reason:
        return Decision("failed", seen.reason)
    if seen.status == 304:
        return Decision("same" if known else "refused", "not_modified")
    if seen.content_hash is None or seen.status >= 400:
        return _without_reading(known, seen)
    fault = fault_of(seen)
    if known is None:
        return Decision("refused", seen.reason or fault) if fault else Decision("new")
    return _against(known, seen, fault)


def _without_reading(known: Known | None, seen: Seen) -> Decision:
    status = seen.status or 0
    if known and 200 <= status < 300:
        return Decision("worse", seen.reason or "not_article")
    failed = status >= 500 or status in (408, 425, 429) or seen.reason == "truncated"
    return Decision("failed" if failed else "refused", seen.reason or f"http_{status}")


def fault_of(seen: Seen) -> str | None:
    """Say what makes a reading none that the archive keeps: a wall, an empty shell, another kind of page."""
    if seen.access == "wall" or seen.page_kind == "wall":
        return "wall"
    if not seen.is_article:
        return "not_article" if seen.page_kind in READABLE else seen.page_kind
    if seen.length == 0:
        return "empty"
    return None


def _against(known: Known, seen: Seen, fault: str | None) -> Decision:
    if fault:
        return Decision("worse", seen.reason or fault)
    if seen.content_hash == known.content_hash:
        return Decision("same")
    if known.titled and not seen.titled:
        return Decision("worse", "untitled")
    if known.length >= GOOD_TEXT and seen.length <= known.length / 2:
        return Decision("worse", "half")
    if known.access == "free" and seen.access == "paywall" and seen.length < known.length * 0.8:
        return Decision("worse", "paywall")
    return Decision("changed")


def same_text(title: str | None, body: str, other_title: str | None, other_body: str) -> bool:
    """Say whether two readings can be of one article: the same headline, or a third of the text in common.

    Guards against a canonical link that every page of a site carries.

    >>> same_text("One", "a b c d", "Two", "a b c d e"), same_text("One", "a b c", "Two", "d e f")
    (True, False)
    """
    if title and other_title and title.casefold().split() == other_title.casefold().split():
        return True
    mine, theirs = shingles(body), shingles(other_body)
    return 3 * len(mine & theirs) >= min(len(mine), len(theirs))
