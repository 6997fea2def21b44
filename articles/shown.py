"""Shown dates against declared ones: what a page tells its readers may correct what it tells machines."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from articles.datelines import STRONG, Line
from articles.evidence import Evidence, on_day
from articles.moments import Moment, days_in

FAINT = 1.0  # weight of a line near the headline that may tell the zone of a declared time
PLAIN = 2.3  # weight from which a line near the headline may correct a declared date
REDATED = 60  # days within which a changed article shown under its new date counts as published anew
FIRST_OUT = 180  # days by which an address has to be older than the declared date to be believed instead
EVENING = 16  # hour from which an article is put online for the next day's paper
DECLARED = frozenset(("json-ld", "meta", "microdata"))


class Shown(NamedTuple):
    """A date in a line near the headline: the line, and its first date."""

    line: Line
    evidence: Evidence

    @property
    def days(self) -> frozenset[date]:
        """All days that the line names."""
        return days_in(self.line.text)

    def names(self, days: frozenset[date]) -> bool:
        """Whether the line names one of the days."""
        return bool(days & self.evidence.days or days & self.days)


def settled(best: Evidence, shown: Sequence[Shown], url_day: datetime | None, others: Sequence[Evidence]) -> Evidence:
    """The declared date of publication, corrected where the page shows its readers another one, and only that.

    A UTC time a day off the shown day is put into a zone in which it falls on that day. Otherwise the shown day wins,
    unless it is that of a later change: a page that was changed after REDATED days was not published anew.
    """
    if best.source not in DECLARED:
        return best
    if url_day and (min(best.days) - url_day.date()).days > FIRST_OUT:
        return dataclasses.replace(best, source="url", raw=url_day.date().isoformat(), moment=Moment(url_day))
    if any(item.names(best.days) for item in shown):
        return best
    lines = sorted((item for item in shown if item.line.distance >= -2), key=lambda item: -item.line.weight)
    if not lines or lines[0].line.weight < FAINT:
        return (_on_shown_day(best, url_day.date()) if url_day else None) or best
    moved = _on_shown_day(best, lines[0].evidence.moment.value.date())
    doubts = [lines[0], *(item for item in lines if item.evidence.role == "modified")]
    return moved or next((item.evidence for item in doubts if _outweighs(item, best, others)), best)


def _on_shown_day(best: Evidence, day: date) -> Evidence | None:
    value = best.moment.value
    if not best.moment.timed or value.tzinfo is None or value.utcoffset() or abs((day - value.date()).days) != 1:
        return None
    local = on_day(value, day)
    return None if local is None else dataclasses.replace(best, moment=Moment(local, True))


def _outweighs(shown: Shown, best: Evidence, others: Sequence[Evidence]) -> bool:
    """Whether the only date near the headline is to be believed rather than the declared one."""
    value, other = best.moment.value, shown.evidence.moment.value
    gap = (other.date() - value.date()).days
    if shown.evidence.role == "modified":  # a page is not changed before it is out
        return gap < 0 and shown.line.weight >= STRONG
    agreed = {
        item.role
        for item in others
        if item.source in DECLARED and (shown.names(item.days) or _on_shown_day(item, other.date()))
    }
    if shown.line.weight < (FAINT if "published" in agreed else PLAIN):
        return False
    if agreed == {"modified"}:
        return shown.line.weight >= (STRONG if gap < 2 else PLAIN) and 0 < gap <= REDATED
    return not (gap == 1 and best.moment.timed and value.hour >= EVENING)


def shown_as_changed(shown: Sequence[Shown]) -> bool:
    """Whether the page shows close to its headline when it was last changed, and not when it was published."""
    strong = [item.evidence.role for item in shown if item.line.weight >= PLAIN]
    return "modified" in strong and "published" not in strong
