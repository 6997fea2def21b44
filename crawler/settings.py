"""Scrapy's settings for this project. Our own begin with PRESSMARK_ and are documented in docs/settings.md."""

from __future__ import annotations

import sys
from typing import Any

BOT_NAME = "pressmark"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ASYNCIO_EVENT_LOOP = None if sys.platform == "win32" else "uvloop.Loop"
DOWNLOAD_HANDLERS: dict[str, Any] = {
    "http": "crawler.download.DownloadHandler",
    "https": "crawler.download.DownloadHandler",
    "data": None,
    "file": None,  # no address but http and https is ever asked
    "ftp": None,
    "s3": None,
}
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # bytes over the wire
DOWNLOAD_TIMEOUT = 60  # seconds for one whole answer
DOWNLOAD_VERIFY_CERTIFICATES = True

# The crawl gives a request to the downloader only when manners allow it, so that nothing has to wait there.
CONCURRENT_REQUESTS = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 1000
DOWNLOAD_DELAY = 0

# What these would do is done by the crawl itself, by the rules of docs/manners.md
DOWNLOADER_MIDDLEWARES: dict[str, Any] = {
    f"scrapy.downloadermiddlewares.{name}": None
    for name in (
        "offsite.OffsiteMiddleware",
        "robotstxt.RobotsTxtMiddleware",
        "httpauth.HttpAuthMiddleware",
        "downloadtimeout.DownloadTimeoutMiddleware",
        "defaultheaders.DefaultHeadersMiddleware",
        "useragent.UserAgentMiddleware",
        "retry.RetryMiddleware",
        "redirect.MetaRefreshMiddleware",
        "httpcompression.HttpCompressionMiddleware",
        "redirect.RedirectMiddleware",
        "cookies.CookiesMiddleware",
        "httpproxy.HttpProxyMiddleware",
        "stats.DownloaderStats",
        "httpcache.HttpCacheMiddleware",
    )
}
EXTENSIONS: dict[str, Any] = {
    f"scrapy.extensions.{name}": None
    for name in (
        "telnet.TelnetConsole",
        "memdebug.MemoryDebugger",
        "closespider.CloseSpider",
        "feedexport.FeedExporter",
        "logstats.LogStats",
        "spiderstate.SpiderState",
        "throttle.AutoThrottle",
        "remote_control.RemoteControl",
    )
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
HTTPCACHE_ENABLED = False
LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False

PRESSMARK_CONTACT = ""  # address or page of the operator, named in the User-Agent
PRESSMARK_DELAY = 1.0  # seconds between two requests to one host; a larger Crawl-delay wins
PRESSMARK_HOST_CONNECTIONS = 1
PRESSMARK_CONNECTIONS = 16  # of one process, to all hosts together
PRESSMARK_ALLOW_PRIVATE = False  # addresses of private networks and this machine
PRESSMARK_OBEY_TDM = True  # keep no text where the site reserves text and data mining (TDMRep)
PRESSMARK_OBEY_AI = False  # the same where it opts out of AI training
PRESSMARK_MAX_UNPACKED = 50 * 1024 * 1024  # bytes of one page
PRESSMARK_WARC_COMPRESSION = "gzip"  # of WARC files begun from now on; or "zstd"
PRESSMARK_LONGEST_WAIT = 120.0  # seconds that a crawl waits for a host before it leaves the rest for the next one
PRESSMARK_MAX_NEW = 20_000  # new URLs that one run takes up from a site's sources; the newest of each source first
