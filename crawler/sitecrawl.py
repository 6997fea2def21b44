"""One site's crawl: its sources and its due pages, one at a time for each connection, until nothing is due."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections import deque
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from articles.record import Article
from crawler import signals
from crawler.clerk import Clerk
from crawler.decode import DecodeError, decode, is_html
from crawler.desk import Brought, Heard, SiteRow
from crawler.fetcher import ACCEPT_SOURCE, Answer, Asked, Fetcher
from crawler.host import HostClosed, Stopped, sleep
from crawler.markup import SourceError
from crawler.options import Options, Target
from crawler.pages import merge
from crawler.safety import FetchError
from crawler.sourcing import LISTINGS, Context, SourceReading, read_source
from crawler.tally import SOME, Tally
from crawler.traps import Traps
from crawler.urls import is_home, normalize, same_site
from crawler.visits import Desired, PageReader, failed
from storage.frontier import Leased
from storage.sources import Named, Source
from storage.visit import Visit

LEASES = 100  # URLs leased at once
MAX_PAGES = 30  # of one article
Job = Source | Leased


class Budget:
    """How many pages the whole crawl may still fetch; None is no limit."""

    def __init__(self, limit: int | None) -> None:
        self._left = limit

    def take(self) -> bool:
        """Take one page from the budget, where there is one."""
        if self._left is None:
            return True
        self._left -= 1
        return self._left >= 0

    @property
    def spent(self) -> bool:
        """Say whether nothing is left."""
        return self._left is not None and self._left <= 0


class SiteCrawl:
    """Crawls one target. `run` returns when nothing is due, the budget is spent, or the host wants to be left alone."""

    def __init__(self, target: Target, options: Options, fetcher: Fetcher, clerk: Clerk, stop: asyncio.Event) -> None:
        self.target, self.options = target, options
        self.fetcher, self.clerk, self.stop = fetcher, clerk, stop
        self.tally = Tally(target.key)
        self.reader = PageReader(target.site, options)
        self.traps = Traps()
        self.budget = Budget(None)
        self.timed_out = False  # it was stopped since the run's time was over
        self.run_id = 0
        self._row = SiteRow(0)
        self._sources: deque[Source] = deque()
        self._looked: set[int] = set()  # sources taken up in this run
        self._queue: deque[Leased] = deque()
        self._leasing: asyncio.Future[list[Leased]] | None = None
        self._depths: dict[str, int] = {}
        self._sections: list[str] = []  # listings to look at where no feed or sitemap helps
        self._guessed: list[str] = []
        self._fed = False  # whether a feed or sitemap names articles
        self._busy = 0
        self._dry = False  # whether the last lease brought nothing
        self._closed: HostClosed | Stopped | None = None
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()

    async def run(self, run_id: int, budget: Budget) -> None:
        """Crawl the site; what keeps it from being crawled is in the tally's trouble."""
        self.run_id, self.budget = run_id, budget
        try:
            if await self._open():
                await asyncio.gather(*(self._work() for _ in range(self.options.host_connections)))
        except (HostClosed, Stopped) as closed:
            self._closed = closed
        await self._end()

    async def _open(self) -> bool:
        """Write the site down; gives whether there is anything to do."""
        seeds = [Named(url, "front" if is_home(url) else "section") for url in self.target.seeds]
        self._row = await self.clerk.call("open_site", self.target.key, seeds, self.target.pages)
        if not self._row.due:
            return False
        host = self.fetcher.host(self.target.seeds[0], self.target.site.delay)
        if self._row.busy_until:
            host.rest(self._row.busy_until)
        if self.target.site.discover:
            await self._discover(self.target.seeds[0])
        await self._refill()
        return True

    async def _discover(self, seed: str) -> None:
        """Find sitemaps by robots.txt, and what the site's TDM file reserves."""
        rules = await self.fetcher.robots(seed)
        self.reader.ai_opt_outs = rules.ai_opt_outs(seed)
        listed = [url for url in rules.sitemaps(seed) if same_site(url, seed)]
        self._guessed = [] if listed else [urljoin(seed, "/sitemap.xml")]
        named = [Named(url, "news_sitemap" if "news" in url else "sitemap_index") for url in listed or self._guessed]
        await self.clerk.call("add_sources", self._row.id, named)
        try:
            answer = await self.fetcher.get(Asked(urljoin(seed, "/.well-known/tdmrep.json")))
            if answer.wire.status == 200:
                body = decode(answer.wire.body, answer.wire.header("content-encoding") or "", 2**20)
                self.reader.tdm_rules = signals.read_tdm_file(body)
        except (FetchError, DecodeError):
            return  # no file that can be read reserves nothing

    async def _end(self) -> None:
        """Say what was left, and why."""
        self._queue.clear()
        await self.clerk.flush()
        stopped = self._closed is not None or self.stop.is_set()
        if isinstance(self._closed, HostClosed):
            self.tally.trouble.append(str(self._closed))
        elif stopped:
            self.tally.notes.append("its time is over" if self.timed_out else "stopped before its end")
        self.tally.left, self.tally.next_due = await self.clerk.call("close_site", self._row.id)
        self.tally.judge(self._row.read, self._row.articles, stopped=stopped)
        if len(self.tally.lengths) >= SOME:
            self.tally.compare(await self.clerk.call("usual", self._row.id))
        if self.tally.left_out or (self._sources and not self._room):
            self.tally.notes.append(
                f"more than {self.options.max_new:,} new URLs: the others are left for later runs (PRESSMARK_MAX_NEW)"
            )
        for shape, reason, count in self.traps.report()[:5]:
            self.tally.notes.append(f"{count} links not followed ({reason}): {shape}")
        self.tally.done = True

    async def _work(self) -> None:
        """Do one job after the other."""
        while (job := await self._next()) is not None:
            try:
                await (self._look(job) if isinstance(job, Source) else self._visit(job))
            except (HostClosed, Stopped) as closed:
                self._closed = closed
            finally:
                self._busy -= 1
                self._changed.set()

    async def _next(self) -> Job | None:
        """Give the next job: fresh sources, then pages, then the sitemaps of the past; None when there is none left."""
        async with self._turn:
            while not self.stop.is_set() and self._closed is None:
                job = await self._choose()
                if job is not None:
                    self._busy += 1
                    return job
                if self._busy:
                    self._changed.clear()
                    await self._changed.wait()
                    self._dry = False
                elif not await self._more():
                    return None
            return None

    async def _choose(self) -> Job | None:
        if self._sources and self._sources[0].kind != "sitemap":
            return self._sources.popleft()
        await self._lease()
        if self._queue and self.budget.take():
            return self._queue.popleft()
        if self._sources and self._room and not self.budget.spent:
            return self._sources.popleft()
        return None

    @property
    def _room(self) -> int:
        """Give how many new URLs this run may still take up."""
        return max(self.options.max_new - self.tally.found, 0)

    async def _lease(self) -> None:
        """Keep some leased URLs in hand, asked for before the last one is taken."""
        if self._leasing is None and not self._dry and len(self._queue) < LEASES // 2 and not self.budget.spent:
            self._leasing = asyncio.ensure_future(self.clerk.call("lease", self._row.id, LEASES))
        if self._leasing is not None and (self._leasing.done() or not self._queue):
            leased = await self._leasing
            self._leasing = None
            self._dry = not leased
            self._queue.extend(leased)

    async def _more(self) -> bool:
        """Look for more to do when all is done: tries that are soon due, sections where nothing better is there."""
        await self.clerk.flush()
        if self.budget.spent:
            return False
        if self._sections and not self._fed and not self._row.fed:
            named = [Named(url, "section") for url in self._sections]
            self._sections = []
            await self.clerk.call("add_sources", self._row.id, named)
            if await self._refill():
                return True
        soonest: datetime | None = await self.clerk.call("soonest", self._row.id)
        pause = (soonest - datetime.now(UTC)).total_seconds() if soonest else None
        if pause is None or pause > self.options.longest_wait:
            return False
        await sleep(max(pause, 0.05), self.stop)
        self._dry = False
        return True

    async def _refill(self) -> bool:
        """Take up the sources that are due, each once in a run."""
        due: list[Source] = await self.clerk.call("due_sources", self._row.id)
        self._sources = deque(source for source in due if source.id not in self._looked)
        return bool(self._sources)

    # sources

    async def _look(self, source: Source) -> None:
        """Look at a source, and take over what it names."""
        self._looked.add(source.id)
        listing = source.kind in LISTINGS
        depth = self._depths.get(source.url, 0) if listing else source.depth
        if reason := (self.traps.verdict if listing else self.traps.sitemap_verdict)(source.url, depth):
            heard = Heard(source, failure=f"trap: {reason}")
        else:
            heard = await self._hear(source, depth)
        brought: Brought = await self.clerk.call("heard", self._row.id, heard, self._room)
        new = brought.new
        self.tally.found += new
        self.tally.left_out += brought.left_out
        self._dry = self._dry and not new
        if listing:
            self.traps.fetched(source.url, new)
        elif heard.reading:
            self.traps.sitemap_read(depth, len(heard.reading.found))
        if heard.failure and source.url not in self._guessed:
            self.tally.notes.append(f"source {source.url}: {heard.failure}")
        self.tally.sources += not heard.failure
        if heard.reading:
            await self._follow(source, heard.reading, new, depth)

    async def _hear(self, source: Source, depth: int) -> Heard:
        try:
            asked = Asked(source.url, source.etag, source.last_modified, ACCEPT_SOURCE)
            return self._heard(source, await self.fetcher.get(asked), depth)
        except (FetchError, DecodeError, SourceError) as error:
            return Heard(source, failure=str(error)[:300])
        except HostClosed as closed:
            if same_host(source.url, self.target.seeds[0]):
                raise
            return Heard(source, failure=str(closed)[:300])  # another host of the site

    def _heard(self, source: Source, answer: Answer, depth: int) -> Heard:
        """Read a source's answer. Raises SourceError, DecodeError."""
        wire = answer.wire
        if wire.status == 304:
            return Heard(source, same=True)
        if answer.refused or wire.status != 200:
            return Heard(source, failure=str(answer.refused or f"http_{wire.status}"))
        digest = hashlib.sha256(wire.body).digest()
        if digest == source.digest and source.kind != "front":
            return Heard(source, same=True)
        body = decode(wire.body, wire.header("content-encoding") or "", self.options.max_unpacked)
        if source.kind == "front" and is_html(body, wire.header("content-type")):
            self.reader.note_front(body, answer)
        if digest == source.digest:
            return Heard(source, same=True)
        context = Context(source.id, source.kind, self.target.site, depth)
        reading = read_source(body, answer.url, wire.header("content-type"), context)
        return Heard(source, reading, False, None, wire.header("etag"), wire.header("last-modified"), digest)

    async def _follow(self, source: Source, reading: SourceReading, new: int, depth: int) -> None:
        """Take up the sources that a source names, its sections, and its older pages as long as they bring news."""
        self._fed = self._fed or (bool(reading.found) and reading.kind not in LISTINGS)
        for url in reading.sections:
            if url not in self._depths:
                self._depths[url] = depth + 1
                self._sections.append(url)
        if reading.next_page and new and same_site(reading.next_page, source.url):
            self._depths.setdefault(reading.next_page, depth + 1)
            await self.clerk.call("add_sources", self._row.id, [Named(reading.next_page, "older", source.id)])
        if reading.named or reading.next_page:
            await self._refill()

    # pages

    async def _visit(self, leased: Leased) -> None:
        """Fetch one page, read it, and hand it to the archive.

        Where it made the host want a rest, it is asked for once more after that: many a server has a page at the second
        try, and of one that is down nothing else would be had either.
        """
        visit = await self._fetched(leased)
        if visit is not None and self.fetcher.host(leased.url).is_troubled(visit.status):
            first = visit
            try:
                visit = await self._fetched(leased)
            finally:  # not before: the page would be due, and leased, meanwhile
                await self.clerk.submit(first, self.tally.note)
        if visit is None:
            return  # another host of the site, that is closed; the page stays due
        if visit.article is not None and visit.article.next_page:
            visit = await self._whole(visit, visit.article)
        await self.clerk.submit(visit, self.tally.note)

    async def _fetched(self, leased: Leased) -> Visit | None:
        desired = Desired(leased.url, self.target.key, self.run_id, datetime.now(UTC))
        try:
            asked = Asked(leased.url, leased.etag, leased.last_modified, browser=self.target.site.browser)
            return self.reader.visit(desired, await self.fetcher.get(asked))
        except FetchError as error:
            return failed(desired, error)
        except HostClosed:
            if same_host(leased.url, self.target.seeds[0]):
                raise
            return None

    async def _whole(self, visit: Visit, first: Article) -> Visit:
        """Fetch the further pages of an article, and join them to one; each is a visit of its own, too."""
        parts, seen, address = [first], {visit.url, visit.final_url}, first.next_page
        while address and len(parts) < MAX_PAGES and not self.stop.is_set():
            url = normalize(address, visit.final_url or visit.url)
            if url is None or url in seen or not same_site(url, visit.url):
                break
            seen.add(url)
            part = await self._part(url, visit, len(parts) + 1)
            if part is None or part.body in (known.body for known in parts):
                break  # the same again: a server that does not know the page number
            parts.append(part)
            address = part.next_page
        return dataclasses.replace(visit, article=merge(parts))

    async def _part(self, url: str, visit: Visit, number: int) -> Article | None:
        desired = Desired(url, visit.site, visit.run_id, datetime.now(UTC))
        try:
            page = self.reader.visit(desired, await self.fetcher.get(Asked(url)))
        except FetchError as error:
            await self.clerk.submit(failed(desired, error), self.tally.note)
            return None
        article = page.article
        detail = f"page {number} of {visit.url}"
        page = dataclasses.replace(page, article=None, reason="further_page", detail=detail, canonical_url=None)
        await self.clerk.submit(page, self.tally.note)
        return article


def same_host(url: str, other: str) -> bool:
    """Say whether two URLs are of one host and port."""
    return urlsplit(url).netloc == urlsplit(other).netloc
