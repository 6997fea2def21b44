"""robots.txt by RFC 9309, as a value: what an answer to /robots.txt allows, and until when."""

from __future__ import annotations

import codecs
import dataclasses
import functools
import re
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from protego import Protego

from crawler.urls import normalize

MAX_BYTES = 500 * 1024  # 2.5: parsers read at least 500 KiB; what comes after is not looked at
MAX_REDIRECTS = 5  # 2.3.1.2
MAX_AGE = timedelta(hours=24)  # 2.4
RETRY = timedelta(minutes=10)  # an unreachable robots.txt is asked for again so soon
MAX_CRAWL_DELAY = 300.0  # seconds; a longer one is taken as this long, else a site is never done

Kind = Literal["rules", "allow_all", "deny_all"]

# Agents that collect for AI: one that is kept out by name is an opt-out worth recording.
AI_AGENTS = (
    *("gptbot", "chatgpt-user", "ccbot", "google-extended", "anthropic-ai", "claudebot", "claude-web", "bytespider"),
    *("perplexitybot", "applebot-extended", "meta-externalagent", "amazonbot", "cohere-ai", "diffbot", "omgili"),
)
_AGENT_LINE = re.compile(r"^([ \t]*user-?agent[ \t]*:[ \t]*)([^#\r\n]*)", re.MULTILINE | re.IGNORECASE)
_SIGNAL_LINE = re.compile(r"^[ \t]*(content-(?:usage|signal):[^\r\n#]{1,100})", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Robots:
    """What a site's robots.txt says, plain enough to be kept in the archive.

    `kind` is "rules" where `text` counts, "allow_all" (4xx: there are none) or "deny_all" (5xx or no answer: nothing
    may be fetched). `reason` says why in a short word.
    """

    kind: Kind
    fetched: datetime  # aware
    text: str = ""
    reason: str = "ok"
    status: int | None = None

    def allowed(self, url: str, agent: str) -> bool:
        """Say whether the agent (a product token such as "pressmark") may fetch a URL. /robots.txt itself always."""
        if urlsplit(url).path == "/robots.txt":
            return True
        if self.kind != "rules":
            return self.kind == "allow_all"
        return self._rules.can_fetch(url, self._group(agent))

    @functools.cached_property
    def _rules(self) -> Protego:
        return Protego.parse(_AGENT_LINE.sub(lambda line: f"{line[1]}{_token(line[2])}", self.text))

    @functools.cached_property
    def _tokens(self) -> frozenset[str]:
        return frozenset(_token(line[2]) for line in _AGENT_LINE.finditer(self.text))

    def _group(self, agent: str) -> str:
        """Give the group to ask for: the one of our token, not of its beginning ("press"), else that of all."""
        return agent if agent.lower() in self._tokens else "*"

    def crawl_delay(self, agent: str) -> float | None:
        """Give the seconds between two requests that the site asks for, else None."""
        if self.kind != "rules":
            return None
        group = self._group(agent)
        rate = self._rules.request_rate(group)
        delays = (self._rules.crawl_delay(group), rate.seconds / rate.requests if rate else None)
        asked = [delay for delay in delays if delay]
        return min(max(asked), MAX_CRAWL_DELAY) if asked else None

    def sitemaps(self, base: str) -> tuple[str, ...]:
        """Give the sitemaps that it lists, normalized, each once, in order."""
        found = [normalize(url, base) for url in self._rules.sitemaps] if self.kind == "rules" else []
        return tuple(dict.fromkeys(url for url in found if url))

    def ai_opt_outs(self, url: str) -> tuple[str, ...]:
        """Give what it says against AI use of a URL: agents kept out by name, Content-Usage and Content-Signal."""
        if self.kind != "rules":
            return ()
        text = self.text.lower()
        kept_out = [agent for agent in AI_AGENTS if agent in text and not self.allowed(url, agent)]
        return (*(f"robots.txt: {agent}" for agent in kept_out), *_SIGNAL_LINE.findall(text)[:10])

    def expired(self, now: datetime) -> bool:
        """Say whether it must be fetched again before the next page."""
        return now >= self.fetched + (RETRY if self.reason in ("server_error", "unreachable") else MAX_AGE)


def read(status: int | None, body: bytes, now: datetime, *, redirects: int = 0) -> Robots:
    """Judge the answer to /robots.txt after redirects: 2xx are rules, 4xx allow all, 5xx and no answer (None) deny all.

    `body` is decoded of its content encoding. Too many redirects count as unavailable, like 4xx (2.3.1.2). A 429 is a
    server in distress rather than a missing file, so it denies; so does an answer that is neither.
    """
    if status is None:
        return Robots("deny_all", now, reason="unreachable")
    if redirects > MAX_REDIRECTS:
        return Robots("allow_all", now, reason="too_many_redirects", status=status)
    if 200 <= status < 300:
        return Robots("rules", now, _text(body), status=status)
    if 400 <= status < 500 and status != 429:
        return Robots("allow_all", now, reason="unavailable", status=status)
    if 300 <= status < 400:
        return Robots("allow_all", now, reason="unavailable", status=status)
    return Robots("deny_all", now, reason="server_error", status=status)


def _text(body: bytes) -> str:
    body = body[:MAX_BYTES].removeprefix(codecs.BOM_UTF8)
    if len(body) == MAX_BYTES:  # a line cut in half would be another rule
        body = body[: body.rfind(b"\n") + 1]
    marked = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # an editor's way, not the standard's
    text = body.decode("utf-16" if marked else "utf-8", "replace").replace("\x00", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _token(value: str) -> str:
    """Give the product token of a User-agent line: without version and asterisk."""
    return value.split("/")[0].strip(" \t*").lower() or "*"
