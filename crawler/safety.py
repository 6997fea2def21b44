"""Safety: no request leaves for a private address, another scheme or another site, whatever page or name server says.

The guard stands where connections are made: `connector` gives aiohttp a resolver that checks every answer and pins it,
and a socket factory that sees the very address of every connection, redirects and address literals included.
"""

from __future__ import annotations

import asyncio
import dataclasses
import ipaddress
import re
import socket
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from crawler import urls
from crawler.heads import Connector

MAX_REDIRECTS = 10
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.I)  # urlsplit raises at what is no address
PIN_SECONDS = 3600.0
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IANA's special-purpose registries, written out: what `is_global` says differs between Python versions.
_NETWORKS = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3
    ::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16
    fc00::/7 fe80::/9 ff00::/8
"""
NOT_PUBLIC = tuple(ipaddress.ip_network(network) for network in _NETWORKS.split())
LOCAL_NAMES = (
    ".localhost",
    ".local",
    ".localdomain",
    ".internal",
    ".intranet",
    ".lan",
    ".home.arpa",
    ".corp",
    ".onion",
)


class FetchError(Exception):
    """No answer that may be used; `reason` is the short word that the archive keeps, `detail` says more."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail = reason, detail


class Refused(FetchError):
    """A request that is not made: bad_url, bad_scheme, bad_port, private_address, offsite_redirect, redirect_loop."""


def is_public(address: str | Address) -> bool:
    """Say whether an address is one of the open internet, the one it embeds included (IPv4-mapped, NAT64, 6to4).

    >>> [is_public(a) for a in ("93.184.215.14", "127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1")]
    [True, False, False, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0]) if isinstance(address, str) else address
    if isinstance(ip, ipaddress.IPv6Address) and (inner := _embedded(ip)) is not None:
        return is_public(inner)
    return not any(ip in network for network in NOT_PUBLIC if network.version == ip.version)


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Give the IPv4 address that an IPv6 address leads to. Teredo has two; it is in 2001::/23 and refused as such."""
    if ip in ipaddress.IPv6Network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def check_url(url: str, *, allow_private: bool = False) -> None:
    """Raise Refused unless a URL may be asked for: http(s), no private address or local name, a web port.

    >>> check_url("http://example.org/")
    >>> check_url("http://0x7f.1/")
    Traceback (most recent call last):
    crawler.safety.Refused: private_address: 127.0.0.1
    """
    parts = urlsplit(url)
    if parts.scheme not in urls.DEFAULT_PORTS:
        raise Refused("bad_scheme", parts.scheme[:20] or "none")
    try:
        host, port = urls.ascii_host(parts.hostname or "").strip("[]"), parts.port
    except ValueError as error:
        raise Refused("bad_url", str(error)[:120]) from error
    if allow_private:
        return
    if port not in (None, 80, 443) and port < 1024:
        raise Refused("bad_port", str(port))
    if f".{host}".endswith(LOCAL_NAMES) or (_is_address(host) and not is_public(host)):
        raise Refused("private_address", host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def check_redirect(
    chain: Sequence[str],
    location: str,
    *,
    allow_private: bool = False,
    allow_offsite: bool = False,
    limit: int = MAX_REDIRECTS,
    seen: Collection[str] | None = None,
) -> str:
    """Give the URL that a redirect leads to. `chain` are the URLs asked so far, the first one first.

    A URL of `seen` (by default of the chain) is not asked again.
    The URL is resolved and spelt safely, but keeps its parameters: a server that wants one set would loop otherwise.
    Raises Refused: too_many_redirects, redirect_loop, offsite_redirect, bad_scheme, private_address, bad_url.
    """
    target = urls.resolve(location, chain[-1]) if location.strip() else None
    if target is None:
        scheme = _SCHEME.match(location)
        known = scheme is None or scheme[1].lower() in urls.DEFAULT_PORTS
        raise Refused("bad_url" if known else "bad_scheme", location[:120])
    check_url(target, allow_private=allow_private)
    if target in (chain if seen is None else seen):
        raise Refused("redirect_loop", target)
    if len(chain) > limit:
        raise Refused("too_many_redirects", f"more than {limit}")
    if not allow_offsite and not urls.same_site(target, chain[0]):
        raise Refused("offsite_redirect", target)
    return target


class Resolver(AbstractResolver):
    """Resolve a name once, check every address, and hold on to them: a name cannot change under our hands.

    An answer is pinned for `pin` seconds; after that it is looked up, and checked, anew. A name with one private
    address among public ones is refused as a whole.
    """

    def __init__(
        self, *, allow_private: bool = False, pin: float = PIN_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.allow_private = allow_private
        self.pin = pin
        self.clock = clock
        self.pinned: dict[str, tuple[float, list[tuple[int, str]]]] = {}

    async def lookup(self, host: str) -> list[tuple[int, str]]:
        """Ask the system for (family, address) of a name; what tests put another name server in for."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        return list(dict.fromkeys((int(family), str(where[0])) for family, _, _, _, where in found))

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give aiohttp the pinned addresses. Raises Refused where one is private, OSError where there is none."""
        until, found = self.pinned.get(host, (0.0, []))
        if not found or self.clock() >= until:
            found = await self.lookup(host)
            self._check(host, found)
            self.pinned[host] = (self.clock() + self.pin, found)
        fitting = [(kind, address) for kind, address in found if family in (socket.AF_UNSPEC, kind)]
        if not fitting:
            raise OSError(f"no address of the wanted family for {host}")
        return [_result(host, port, kind, address) for kind, address in fitting]

    def _check(self, host: str, found: list[tuple[int, str]]) -> None:
        bad = [address for _, address in found if not self.allow_private and not is_public(address)]
        if bad:
            raise Refused("private_address", f"{host} is {bad[0]}")

    async def close(self) -> None:
        """Forget the pins."""
        self.pinned.clear()


def _result(host: str, port: int, family: int, address: str) -> ResolveResult:
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=flags)


def guarded_socket(allow_private: bool) -> Callable[[Any], socket.socket]:
    """Give the factory of a connector's sockets: it sees every address that is connected to."""

    def make(info: Any) -> socket.socket:
        family, kind, proto, _, where = info
        if not allow_private and not is_public(str(where[0])):
            raise Refused("private_address", str(where[0]))
        made = socket.socket(family=family, type=kind, proto=proto)
        made.setblocking(False)
        return made

    return make


def connector(
    *, allow_private: bool = False, resolver: AbstractResolver | None = None, **more: Any
) -> aiohttp.TCPConnector:
    """Give the connector of every session of ours. `more` goes to aiohttp's TCPConnector. Needs a running loop."""
    return Connector(
        resolver=resolver or Resolver(allow_private=allow_private),
        socket_factory=guarded_socket(allow_private),
        use_dns_cache=False,  # the resolver pins
        **more,
    )


# the arguments of an aiohttp session that limit what an answer's head may hold
HEAD_LIMITS: dict[str, Any] = {"max_line_size": 8190, "max_field_size": 32768, "max_headers": 256}


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may take: bytes over the wire, bytes unpacked, seconds in all, redirects."""

    wire: int = 16 * 1024 * 1024
    unpacked: int = 50 * 1024 * 1024
    seconds: float = 60.0
    redirects: int = MAX_REDIRECTS
