"""What a crawl is asked to do, as plain data that can be sent to another process."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from crawler.site import Site, site_files, site_for
from crawler.urls import normalize, site_of

AGENT = "pressmark"  # the product token that robots.txt names


class NotASite(ValueError):
    """What was asked for is neither an http(s) address nor the name of a site file."""


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """One site to crawl: its key in the archive, where to begin, and its site file's class where it has one."""

    key: str
    seeds: tuple[str, ...]
    site: type[Site] = Site
    pages: tuple[str, ...] = ()  # addresses that were asked for and are no front page


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """A crawl's settings. Times in seconds, sizes in bytes; `since` is aware."""

    targets: tuple[Target, ...]
    db: Path = Path("news.db")
    limit: int | None = None
    since: datetime | None = None
    seconds: float | None = None  # after which the run ends by itself
    refresh: bool = False
    delay: float = 1.0
    host_connections: int = 1
    connections: int = 16
    longest_wait: float = 120.0
    max_new: int = 20_000
    max_unpacked: int = 50 * 1024 * 1024
    contact: str = ""
    warc_compression: str = "gzip"
    allow_private: bool = False
    obey_tdm: bool = True
    obey_ai: bool = False

    @property
    def user_agent(self) -> str:
        """Name the program, and who runs it."""
        about = f"; +{self.contact}" if self.contact else ""
        return f"{AGENT.title()}/{version('pressmark')} (news archive{about})"

    def to_dict(self) -> dict[str, Any]:
        """Give the options as plain JSON types, for the run's row."""
        plain = {
            name: getattr(self, name) for name in ("limit", "seconds", "refresh", "delay", "contact", "allow_private")
        }
        return plain | {
            "targets": [target.key for target in self.targets],
            "since": self.since.isoformat() if self.since else None,
        }


def from_settings(settings: BaseSettings, targets: tuple[Target, ...], **more: Any) -> Options:
    """Make options from Scrapy's settings; `more` has what the command line says."""
    values: dict[str, Any] = {
        "delay": settings.getfloat("PRESSMARK_DELAY"),
        "host_connections": settings.getint("PRESSMARK_HOST_CONNECTIONS"),
        "connections": settings.getint("PRESSMARK_CONNECTIONS"),
        "longest_wait": settings.getfloat("PRESSMARK_LONGEST_WAIT"),
        "max_new": settings.getint("PRESSMARK_MAX_NEW"),
        "max_unpacked": settings.getint("PRESSMARK_MAX_UNPACKED"),
        "contact": settings.get("PRESSMARK_CONTACT") or "",
        "warc_compression": settings.get("PRESSMARK_WARC_COMPRESSION") or "gzip",
        "allow_private": settings.getbool("PRESSMARK_ALLOW_PRIVATE"),
        "obey_tdm": settings.getbool("PRESSMARK_OBEY_TDM"),
        "obey_ai": settings.getbool("PRESSMARK_OBEY_AI"),
    }
    return Options(targets, **values | {name: value for name, value in more.items() if value is not None})


def resolve(names: Iterable[str]) -> tuple[Target, ...]:
    """Give the sites that URLs and names of site files mean, each once. Raises NotASite."""
    found: dict[str, Target] = {}
    for name in names:
        target = _target(name)
        known = found.get(target.key)
        if known:
            seeds, pages = (*known.seeds, *target.seeds), (*known.pages, *target.pages)
            target = dataclasses.replace(known, seeds=tuple(dict.fromkeys(seeds)), pages=tuple(dict.fromkeys(pages)))
        found[target.key] = target
    return tuple(found.values())


def _target(name: str) -> Target:
    files = site_files()
    if name in files:
        return site_target(files[name])
    url = normalize(name if "//" in name else f"https://{name}") if "." in name or "//" in name else None
    if url is None:
        known = ", ".join(files) or "none"
        raise NotASite(f"{name!r} is neither an http(s) address nor a site file (there are: {known}).")
    if "@" in (asked := urlsplit(name if "//" in name else f"//{name}").netloc):
        host = asked.rpartition("@")[2]
        raise NotASite(f"The address of {host} names a user: what is behind a login is not crawled. Leave that out.")
    site = site_for(url)
    if site is None:
        return Target(site_of(url), (url,))
    return dataclasses.replace(site_target(site), pages=(url,))


def site_target(site: type[Site]) -> Target:
    """Give the target that a site file describes."""
    fronts = tuple(f"https://{host}/" for host in site.hosts[:1])
    return Target(site.name, site.sources or fronts, site)
