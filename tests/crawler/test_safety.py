"""No request leaves for where it should not, and no answer takes more than its limits; proved on loopback."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterator

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.utils.test import get_crawler

from crawler import safety
from crawler.download import DownloadHandler
from crawler.fetch import Fetched, fetch, fetch_async
from crawler.safety import FetchError, Limits, Refused, Resolver, check_redirect, check_url, is_public
from tests.crawler.hostile import PAGE, HostileServer

SMALL = Limits(wire=100_000, unpacked=1_000_000, seconds=1.0, redirects=5)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"),
        *("192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::a00:1"),
        *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd12::1", "fe80::1%eth0"),
        *("fec0::1", "ff02::1", "3fff::1"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_calls_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_public(address):
        assert not any((address.is_loopback, address.is_link_local, address.is_multicast, address.is_unspecified))
        assert not address.is_private or address in ipaddress.ip_network("64:ff9b::/96")


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_judged_by_itself(address: ipaddress.IPv4Address) -> None:
    for inside in (f"::ffff:{address}", ipaddress.IPv6Address((0x64FF9B << 96) + int(address))):
        assert is_public(inside) is is_public(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/hostname", "bad_scheme"),
        ("ftp://example.org/", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("example.org", "bad_scheme"),
        ("http:///a", "bad_url"),
        ("http://a..b/", "bad_url"),
        ("http://example.org:70000/", "bad_url"),
        ("http://example.org:22/", "bad_port"),
        ("http://localhost/", "private_address"),
        ("http://printer.local/", "private_address"),
        ("http://metadata.google.internal/", "private_address"),
        ("http://127.0.0.1/", "private_address"),
        ("http://127.1/", "private_address"),
        ("http://2130706433/", "private_address"),
        ("http://0x7f000001/", "private_address"),
        ("http://017700000001/", "private_address"),
        ("http://0/", "private_address"),
        ("http://[::1]/", "private_address"),
        ("http://[::ffff:10.0.0.1]/", "private_address"),
        ("http://user@127.0.0.1/", "private_address"),
        ("http://１２７.0.0.1/", "private_address"),
        ("http://169.254.169.254/latest/meta-data/", "private_address"),
    ],
)
def test_urls_that_are_not_asked_for(url: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        check_url(url)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://example.org:8443/a", "http://8.8.8.8/", "http://notlocal.org/"]
)
def test_urls_that_are(url: str) -> None:
    check_url(url)


def test_private_addresses_if_allowed_but_no_other_scheme() -> None:
    check_url("http://127.0.0.1:22/", allow_private=True)
    with pytest.raises(Refused, match="bad_scheme"):
        check_url("file:///etc/hostname", allow_private=True)


START = "https://www.example.org/a"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b?utm_source=x", "https://www.example.org/b?utm_source=x"),
        ("http://example.org/b#top", "http://example.org/b"),
        ("//news.example.org/ш", "https://news.example.org/%D1%88"),
        ("b c", "https://www.example.org/b%20c"),
    ],
)
def test_redirects_within_the_site(location: str, target: str) -> None:
    assert check_redirect([START], location) == target


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/hostname", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("data:text/html,x", "bad_scheme"),
        ("http://", "bad_url"),
        ("http://[::1", "bad_url"),
        ("", "bad_url"),
        ("http://127.0.0.1/", "private_address"),
        ("http://[::ffff:169.254.169.254]/", "private_address"),
        ("https://example.net/", "offsite_redirect"),
        ("https://example.org.evil.net/", "offsite_redirect"),
        ("https://www.example.org@evil.net/", "offsite_redirect"),
        ("http://example.org:8080/", "offsite_redirect"),
        (START, "redirect_loop"),
        ("#top", "redirect_loop"),
    ],
)
def test_redirects_that_are_not_followed(location: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        check_redirect([START], location)
    assert caught.value.reason == reason


def test_redirects_off_the_site_if_allowed_and_never_too_many() -> None:
    assert check_redirect([START], "https://example.net/", allow_offsite=True) == "https://example.net/"
    with pytest.raises(Refused, match="too_many_redirects"):
        check_redirect([f"{START}{n}" for n in range(6)], "/b", limit=5)


class Names(Resolver):
    """A resolver with a name server of ours: each look-up of a name gives its next answer, the last one for ever."""

    def __init__(self, *answers: list[str], allow_private: bool = False) -> None:
        self.now = 0.0
        super().__init__(allow_private=allow_private, pin=60.0, clock=lambda: self.now)
        self.answers = list(answers)
        self.lookups = 0

    async def lookup(self, host: str) -> list[tuple[int, str]]:
        self.lookups += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(int(socket.AF_INET6 if ":" in address else socket.AF_INET), address) for address in found]


def addresses(names: Resolver) -> list[str]:
    return [result["host"] for result in asyncio.run(names.resolve("rebind.example.org", 80))]


def test_a_name_is_pinned_and_checked_again_when_it_is_looked_up_again() -> None:
    names = Names(["8.8.8.8"], ["127.0.0.1"])
    assert addresses(names) == addresses(names) == ["8.8.8.8"]
    assert names.lookups == 1
    names.now = 61.0
    with pytest.raises(Refused, match=r"private_address: rebind.example.org is 127.0.0.1"):
        addresses(names)


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(Refused, match="private_address"):
        addresses(Names(["8.8.8.8", "::1"]))


def test_the_pinned_address_is_the_one_that_is_connected_to(server: HostileServer) -> None:
    names = Names(["127.0.0.1"], ["127.0.0.9"], allow_private=True)
    for _ in range(2):
        found = asyncio.run(fetch_async(f"http://rebind.example.org:{server.port}/page", names))
        assert (found.ip, found.body) == ("127.0.0.1", PAGE)
        names.now += 1.0
    assert server.connections == 2
    assert f"Host: rebind.example.org:{server.port}" in server.asked[0]


class Blind(Resolver):
    """A resolver that checks nothing, as if ours were not in use."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[aiohttp.abc.ResolveResult]:
        return [safety._result(host, port, socket.AF_INET, "127.0.0.1")]


@pytest.mark.parametrize("host", ["127.0.0.1", "sneaky.example.org"])
def test_no_connection_is_made_though_every_earlier_check_is_gone(server: HostileServer, host: str) -> None:
    async def get() -> None:
        async with aiohttp.ClientSession(connector=safety.connector(resolver=Blind())) as session:
            await session.get(f"http://{host}:{server.port}/page")

    with pytest.raises(Refused, match=r"private_address: 127.0.0.1"):
        asyncio.run(get())
    assert server.connections == 0


def get(server: HostileServer, path: str, limits: Limits = SMALL) -> Fetched:
    return fetch(server.url + path, allow_private=True, limits=limits)


def test_a_page_is_fetched_with_its_headers_as_sent(server: HostileServer) -> None:
    found = get(server, "/gzip")
    assert (found.status, found.body, found.url, found.ip) == (200, PAGE, server.url + "/gzip", "127.0.0.1")
    assert found.headers[0] == ("Content-Type", "text/html")
    assert found.content_type == "text/html"


def test_redirects_are_followed_and_no_cookie_kept(server: HostileServer) -> None:
    found = get(server, "/cookie")
    assert (found.url, found.redirects) == (server.url + "/page", (server.url + "/cookie",))
    assert not any("cookie:" in head.lower() for head in server.asked)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/bomb", "unpacked_too_large"),
        ("/endless", "too_large"),
        ("/large", "too_large"),
        ("/drip", "timeout"),
        ("/half", "truncated"),
        ("/headers", "bad_answer"),
        ("/long-line", "bad_answer"),
        ("/garbage", "bad_answer"),
        ("/silent", "connection_lost"),
        ("/chain/40", "too_many_redirects"),
        ("/to/file:///etc/hostname", "bad_scheme"),
        ("/to//to/x", "redirect_loop"),
    ],
)
def test_bad_answers_end_with_a_word(server: HostileServer, path: str, reason: str) -> None:
    with pytest.raises(FetchError) as caught:
        get(server, path)
    assert caught.value.reason == reason
    assert "\n" not in str(caught.value)


def test_a_private_address_is_refused_before_anything_is_sent(server: HostileServer) -> None:
    with pytest.raises(Refused, match="private_address"):
        fetch(server.url + "/page")
    assert server.connections == 0


def test_no_answer_and_no_tls(server: HostileServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for url, reason in (
        (f"http://127.0.0.1:{port}/", "refused"),
        (server.url.replace("http:", "https:") + "/page", "tls"),
        ("nonsense", "bad_scheme"),
    ):
        with pytest.raises(FetchError) as caught:
            fetch(url, allow_private=True, limits=SMALL)
        assert caught.value.reason == reason


class Nameless(Resolver):
    """A resolver whose name server knows nothing."""

    async def lookup(self, host: str) -> list[tuple[int, str]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_name_that_is_not_known() -> None:
    with pytest.raises(FetchError) as caught:
        asyncio.run(fetch_async("http://nowhere.example.org/", Nameless()))
    assert caught.value.reason == "dns"


def download(url: str, *, allow_private: bool) -> int:
    """Fetch with the crawl's own download handler, as Scrapy does."""

    async def ask() -> int:
        settings = {"PRESSMARK_ALLOW_PRIVATE": allow_private, "DOWNLOAD_MAXSIZE": 100_000, "DOWNLOAD_TIMEOUT": 1.0}
        handler = DownloadHandler(get_crawler(settings_dict=settings))
        try:
            return (await handler.download_request(Request(url))).status
        finally:
            await handler.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1"])
def test_the_crawl_itself_connects_to_no_private_address(server: HostileServer, host: str) -> None:
    with pytest.raises(Refused, match="private_address"):
        download(f"http://{host}:{server.port}/page", allow_private=False)
    assert server.connections == 0


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/endless", "too_large"), ("/large", "too_large"), ("/drip", "timeout"), ("/half", "truncated")],
)
def test_the_crawl_has_the_same_limits(server: HostileServer, path: str, reason: str) -> None:
    assert download(server.url + "/page", allow_private=True) == 200
    with pytest.raises(FetchError) as caught:
        download(server.url + path, allow_private=True)
    assert caught.value.reason == reason
