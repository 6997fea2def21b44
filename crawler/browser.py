"""Pages that a script builds, fetched by the system's Chromium (pressmark[browser]), for sites that ask for it.

The manners are the same: robots.txt, turns and delays stand before the download handler. What is kept is the page as
the browser had built it. Images, media and fonts are not loaded; no request of the page may lead to a private address.
"""

from __future__ import annotations

import shutil
import time
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler import safety
from crawler.download import DownloadHandler, Wire
from crawler.safety import FetchError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
NOT_LOADED = frozenset(("image", "media", "font", "websocket", "eventsource", "manifest"))
_CODED = frozenset(("content-encoding", "content-length", "transfer-encoding"))  # no longer true of the built page


class NoBrowser(RuntimeError):
    """There is no browser, or no library to drive it."""


def executable() -> str | None:
    """Give the path of the system's Chromium, None where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def use_browser(settings: BaseSettings) -> None:
    """Set the handlers that drive a browser. Raises NoBrowser."""
    try:
        import scrapy_playwright  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise NoBrowser("a site file asks for a browser: pip install 'pressmark[browser]'") from error
    path = executable()
    if path is None:
        raise NoBrowser(f"a site file asks for a browser, and none is installed ({', '.join(BROWSERS)})")
    handler = "crawler.browser.BrowserHandler"
    settings.set("DOWNLOAD_HANDLERS", {"http": handler, "https": handler}, priority="cmdline")
    options = {"executable_path": path, "args": ["--disable-dev-shm-usage"], "chromium_sandbox": False}
    settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", options, priority="cmdline")
    settings.set("PLAYWRIGHT_PROCESS_REQUEST_HEADERS", None, priority="cmdline")
    settings.set("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT", 4, priority="cmdline")


class BrowserHandler(DownloadHandler):
    """Fetch as ever, but by the browser where a request asks for it."""

    lazy = False  # the browser's own handler wants to be told when the engine starts

    def __init__(self, crawler: Crawler) -> None:
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

        super().__init__(crawler)
        self._resolver = safety.Resolver(allow_private=self._private)
        self._browser: Any = ScrapyPlaywrightDownloadHandler(crawler)
        self._browser.abort_request = self._abort

    async def download_request(self, request: Request) -> Response:
        """Fetch one page. Raises FetchError."""
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        safety.check_url(request.url, allow_private=self._private)
        began = time.monotonic()
        agent = (request.headers.get("User-Agent") or b"").decode()
        request.meta["playwright_context"] = "pressmark"
        request.meta["playwright_context_kwargs"] = {"user_agent": agent, "service_workers": "block"}
        request.meta["playwright_page_goto_kwargs"] = {"wait_until": "networkidle", "timeout": self._timeout * 1000}
        try:
            response: Response = await self._browser.download_request(request)
        except Exception as error:  # the library's own errors have no common base that needs no browser to import
            raise FetchError("browser", " ".join(str(error).split())[:300]) from error
        if len(response.body) > self._limit:
            raise FetchError("too_large", f"more than {self._limit} bytes")
        request.meta["wire"] = _wire(request, response, time.monotonic() - began)
        return response

    async def _abort(self, request: Any) -> bool:
        """Say whether a request of a page is not made."""
        if request.resource_type in NOT_LOADED:
            return True
        try:
            safety.check_url(request.url, allow_private=self._private)
            await self._resolver.resolve(urlsplit(request.url).hostname or "")
        except (FetchError, OSError):
            return True
        return False

    async def close(self) -> None:
        """Close the connections and the browser."""
        await super().close()
        await self._browser.close()


def _wire(request: Request, response: Response, elapsed: float) -> Wire:
    """Give the built page as an answer: no longer encoded, in UTF-8 as the browser hands it out."""
    named = [(k.decode("latin-1"), v.decode("latin-1")) for k, vs in response.headers.items() for v in vs]
    headers = [(k, v) for k, v in named if k.lower() not in (*_CODED, "content-type")]
    asked = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, vs in request.headers.items() for v in vs)
    kind = ("Content-Type", "text/html; charset=utf-8")
    return Wire(response.status, (*headers, kind), response.body, asked, None, elapsed)
