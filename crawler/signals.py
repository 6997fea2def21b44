"""Signals: what a site says may be done with a page, and what the settings make of it.

Robots meta tags and X-Robots-Tag, text and data mining reservation (TDMRep, W3C Community Group report of 2024) and the
opt-outs from AI use that are about. Everything seen is recorded; `decide` says what is obeyed.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from crawler.when import parse_date

AI_DIRECTIVES = frozenset(("noai", "noimageai", "noml", "noaitraining"))
# Header and meta names that speak of AI use; recorded as they are, their vocabularies are drafts.
AI_HEADERS = ("content-usage", "content-signal", "ai-policy", "x-ai-policy", "x-noai", "permissions-ai")
AI_METAS = (
    "content-usage",
    "content-signal",
    "ai-content-declaration",
    "ai",
    "genai",
    "ccbot",
    "gptbot",
    "google-extended",
)
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
_AGENT = re.compile(r"^\s*([\w.-]+|\*)\s*:(.*)$", re.DOTALL)


@dataclasses.dataclass(frozen=True, slots=True)
class Signals:
    """What applies to us of all that was seen, as plain facts.

    `directives` are the robots directives for all agents and for ours, lower case, from meta tags and X-Robots-Tag;
    `sources` maps a source ("meta", "x-robots-tag", "tdm", ...) to the text seen there. `reserved` is TDMRep's
    reservation: None where nothing was said.
    """

    directives: frozenset[str] = frozenset()
    unavailable_after: datetime | None = None
    reserved: bool | None = None
    policy: str | None = None
    ai: tuple[str, ...] = ()
    sources: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def nofollow(self) -> bool:
        """Say whether the page's links are not to be followed."""
        return bool(self.directives & {"nofollow", "none"})

    def to_mapping(self) -> dict[str, str]:
        """Give the facts as the archive keeps them: source -> text seen, AI opt-outs joined."""
        return {**self.sources, **({"ai": ", ".join(self.ai)} if self.ai else {})}


@dataclasses.dataclass(frozen=True, slots=True)
class TdmRule:
    """One entry of /.well-known/tdmrep.json: `location` is a path pattern with * and $, as in robots.txt."""

    location: str
    reserved: bool
    policy: str | None = None


def read(
    headers: Iterable[tuple[str, str]],
    metas: Mapping[str, Sequence[str]],
    *,
    agent: str = "pressmark",
    url: str = "",
    tdm_rules: Sequence[TdmRule] = (),
) -> Signals:
    """Read the signals of one answer: its headers, its meta tags by lower-case name (Page.meta), the site's TDM file.

    Of TDMRep's three places the page outranks the header, and the header the file.
    """
    by_name = _by_name(headers)
    tags = [value for name in ("robots", agent.lower()) for value in metas.get(name, ())]
    seen = [part for value in tags for part in _split(value)]
    said = (*by_name.get("x-robots-tag", ()), *metas.get("x-robots-tag", ()))  # the latter by http-equiv
    seen += [part for value in said for part in _for_agent(value, agent)]
    if any(part.replace(" ", "") == "max-snippet:0" for part in seen):
        seen.append("nosnippet")  # the same by its definition
    reserved, policy, place = _tdm(metas, by_name, url, tdm_rules)
    sources = {"robots": ", ".join(tags), "x-robots-tag": ", ".join(said)}
    sources |= {"tdm-reservation": "" if reserved is None else f"{int(reserved)} ({place})", "tdm-policy": policy or ""}
    return Signals(
        directives=frozenset(part for part in seen if not part.startswith(_VALUED[0])),
        unavailable_after=_unavailable_after(seen),
        reserved=reserved,
        policy=policy,
        ai=tuple(dict.fromkeys(_ai(seen, by_name, metas))),
        sources={name: value[:500] for name, value in sources.items() if value},
    )


def _by_name(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return found


def _for_agent(value: str, agent: str) -> list[str]:
    """Give the directives of one X-Robots-Tag header that are for all, or for our agent by name."""
    parts: list[str] = []
    mine = True
    for part in _split(value, lower=False):
        match = _AGENT.match(part)
        if match and match[1].lower() not in _VALUED:
            mine, part = match[1].lower() in ("*", agent.lower()), match[2].strip()
        if mine and part:
            parts.append(part.lower())
    return parts


def _split(value: str, *, lower: bool = True) -> list[str]:
    """Part directives at commas, except within the date of unavailable_after.

    Sites that part them by semicolons or spaces, or put them in quotes, mean the same.

    >>> _split("noarchive, unavailable_after: Mon, 23 Nov 2026 10:00:00 GMT, nofollow")
    ['noarchive', 'unavailable_after: mon, 23 nov 2026 10:00:00 gmt', 'nofollow']
    >>> _split("index; 'noarchive' nofollow")
    ['index', 'noarchive', 'nofollow']
    """
    value = re.sub(r"(unavailable_after\s*:\s*[a-z]+),", r"\1\0", value, flags=re.IGNORECASE)
    parts = [" ".join(part.replace("\0", ",").split()).strip("'\" ") for part in re.split("[,;]", value)]
    words = [word.strip("'\"") for part in parts for word in ([part] if ":" in part else part.split())]
    return [word.lower() if lower else word for word in words if word]


def _unavailable_after(directives: Iterable[str]) -> datetime | None:
    texts = [part.partition(":")[2] for part in directives if part.startswith("unavailable_after")]
    dates = [found for text in texts if (found := parse_date(text.upper()))]
    return min(dates, default=None)


def _ai(seen: Iterable[str], headers: Mapping[str, Sequence[str]], metas: Mapping[str, Sequence[str]]) -> Iterable[str]:
    yield from (part for part in seen if part in AI_DIRECTIVES)
    for name in AI_HEADERS:
        yield from (f"{name}: {value[:100]}" for value in headers.get(name, ()))
    for name in AI_METAS:
        yield from (f"{name}: {value[:100]}" for value in metas.get(name, ()))


def _tdm(
    metas: Mapping[str, Sequence[str]], headers: Mapping[str, Sequence[str]], url: str, rules: Sequence[TdmRule]
) -> tuple[bool | None, str | None, str]:
    for place, said in (("meta", metas), ("header", headers)):
        value = next(iter(said.get("tdm-reservation", ())), "").strip()
        if value in ("0", "1"):  # anything else is a protocol error, and counts as nothing said
            return value == "1", next(iter(said.get("tdm-policy", ())), None), place
    rule = tdm_rule(rules, url)
    return (rule.reserved, rule.policy, "file") if rule else (None, None, "")


def read_tdm_file(body: bytes) -> tuple[TdmRule, ...]:
    """Read /.well-known/tdmrep.json. What is malformed says nothing.

    >>> read_tdm_file(b'[{"location": "/news/*", "tdm-reservation": 1}]')
    (TdmRule(location='/news/*', reserved=True, policy=None),)
    """
    try:
        data = json.loads(body[:500_000])
    except (ValueError, RecursionError):
        return ()
    rules = [_rule(item) for item in (data if isinstance(data, list) else [data])[:1000]]
    return tuple(rule for rule in rules if rule)


def _rule(item: Any) -> TdmRule | None:
    if not isinstance(item, dict) or str(item.get("tdm-reservation")) not in ("0", "1"):
        return None
    location, policy = item.get("location", "/"), item.get("tdm-policy")
    if not isinstance(location, str):
        return None
    return TdmRule(location, str(item["tdm-reservation"]) == "1", policy if isinstance(policy, str) else None)


def tdm_rule(rules: Sequence[TdmRule], url: str) -> TdmRule | None:
    """Give the rule for a URL: the longest pattern that matches, the reserving one of two as long."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fitting = [rule for rule in rules if matches(rule.location, path)]
    return max(fitting, key=lambda rule: (len(rule.location), rule.reserved), default=None)


def matches(pattern: str, path: str) -> bool:
    """Match a path against a pattern of RFC 9309: * is anything, a final $ the end. In linear time.

    >>> matches("/a*/c", "/ab/c/d"), matches("/a*c$", "/ab/c/d"), matches("/", "/x")
    (True, False, True)
    """
    whole = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1] if whole and rest else rest:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if not whole:
        return True
    return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at if rest else path == first


Action = Literal["store", "record"]


@dataclasses.dataclass(frozen=True, slots=True)
class Policy:
    """What is obeyed. Directives in `record_only` keep text and snapshot out of the archive; the visit is recorded."""

    record_only: frozenset[str] = frozenset(("noarchive", "noindex", "nosnippet", "none"))
    obey_tdm: bool = True
    obey_ai: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a page: "store" it, or "record" only that it was seen; `reason` is a short word, "" for store."""

    action: Action
    reason: str = ""


def decide(signals: Signals, now: datetime, policy: Policy = Policy()) -> Decision:
    """Say what the signals allow, under the operator's policy.

    >>> decide(Signals(directives=frozenset({"noarchive"})), datetime.now())
    Decision(action='record', reason='noarchive')
    """
    for directive in sorted(signals.directives & policy.record_only):
        return Decision("record", directive)
    if signals.unavailable_after and now >= signals.unavailable_after:
        return Decision("record", "unavailable_after")
    if policy.obey_tdm and signals.reserved:
        return Decision("record", "tdm_reserved")
    if policy.obey_ai and signals.ai:
        return Decision("record", "ai_opt_out")
    return Decision("store")
