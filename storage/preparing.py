"""Preparing: what writing a reading takes and can be worked out before, in this process or beside it in others.

It is two thirds of the writer's work, and needs no database: the hash of the content, folded words with their lemmas,
the keys of near-duplicates.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from articles.record import Article
from storage.normal import content_hash
from storage.rows import storable
from storage.search.terms import Indexed, indexed
from storage.visit import Visit
from storage.workers import end_with_parent, fresh_processes

logger = logging.getLogger(__name__)
_Sent = list[tuple[Article | None, bytes, Indexed] | None]
CHUNK = 10  # visits that are prepared at once


@dataclasses.dataclass(frozen=True, slots=True)
class Prepared:
    """A reading, as it can be stored, with the hash of its content and its row of the full-text index."""

    article: Article
    content: bytes
    row: Indexed


def prepare(article: Article) -> Prepared:
    """Work out what writing a reading takes. Pure.

    >>> prepare(Article(url="https://example.org/a", title="One")).row.title
    'one'
    """
    article = storable(article)
    return Prepared(article, content_hash(article), indexed(article))


def _prepare_all(articles: Sequence[Article | None]) -> list[Prepared | None]:
    return [prepare(article) if article is not None else None for article in articles]


def _prepare_elsewhere(articles: Sequence[Article | None]) -> _Sent:
    """Prepare in another process; a reading that is storable as it came is not sent back, which would take longest."""
    prepared = zip(articles, _prepare_all(articles), strict=True)
    return [(None if p.article is a else p.article, p.content, p.row) if p else None for a, p in prepared]


def _put_together(article: Article | None, sent: tuple[Article | None, bytes, Indexed] | None) -> Prepared | None:
    return Prepared(sent[0] or article, sent[1], sent[2]) if sent and article else None


class Preparer:
    """Prepares batches of visits in further processes and, while those are at it, in this one."""

    def __init__(self, helpers: int) -> None:
        self._helpers = helpers
        self._pool: ProcessPoolExecutor | None = None

    def begin(self, visits: Sequence[Visit]) -> Batch:
        """Hand a batch to the helpers, which begin with it when they are done with those before."""
        if self._helpers < 1 or len(visits) <= CHUNK:
            return Batch(self, visits, None)  # too few to be worth it: prepared when they are stored
        chunks = [visits[start : start + CHUNK] for start in range(0, len(visits), CHUNK)]
        return Batch(self, visits, _Work(self._started(), [[visit.article for visit in chunk] for chunk in chunks]))

    def done(self, work: _Work, number: int) -> list[Prepared | None]:
        """Give a chunk's readings, prepared here where the helper that had it is gone."""
        try:
            return work.done(number)
        except BrokenProcessPool:
            if self._helpers:
                logger.warning("a process that prepares articles was ended from outside; going on without it")
            self._helpers = 0
            self.close()
            return work.own(number)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = fresh_processes(["storage.preparing"])
            self._pool = ProcessPoolExecutor(self._helpers, context, end_with_parent)
        return self._pool

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """Visits that are being prepared; goes through them in order, those with a reading prepared."""

    preparer: Preparer
    visits: Sequence[Visit]
    work: _Work | None

    def __iter__(self) -> Iterator[Visit]:
        if self.work is None:
            yield from self.visits
            return
        try:
            for start in range(0, len(self.visits), CHUNK):
                chunk = self.visits[start : start + CHUNK]
                for visit, prepared in zip(chunk, self.preparer.done(self.work, start // CHUNK), strict=True):
                    yield dataclasses.replace(visit, prepared=prepared)
        finally:
            self.cancel()

    def cancel(self) -> None:
        """Give up what nobody has begun."""
        if self.work is not None:
            self.work.cancel()


class _Work:
    """One batch's chunks: the helpers take them from the front, this process from the back while it would wait."""

    def __init__(self, pool: ProcessPoolExecutor, chunks: list[list[Article | None]]) -> None:
        self._chunks = chunks
        self._own: dict[int, list[Prepared | None]] = {}
        self._futures: list[Future[_Sent]] = []
        try:
            self._futures += [pool.submit(_prepare_elsewhere, chunk) for chunk in chunks]
        except BrokenProcessPool:  # a helper ended while there was nothing to do; `done` says so
            self.cancel()
            self._futures += [_broken() for _ in chunks[len(self._futures) :]]

    def done(self, number: int) -> list[Prepared | None]:
        """Give a chunk's readings; raises `BrokenProcessPool` where a helper had it, and is gone."""
        while number not in self._own and not self._futures[number].done():
            theirs = [other for other in range(number, len(self._futures)) if other not in self._own]
            taken = next((other for other in reversed(theirs) if self._futures[other].cancel()), None)
            if taken is None:
                break  # all that is left is being worked on
            self.own(taken)
        if number in self._own:
            return self._own[number]
        if self._futures[number].cancelled():  # with the helpers, when one of them was gone
            return self.own(number)
        return list(map(_put_together, self._chunks[number], self._futures[number].result()))

    def own(self, number: int) -> list[Prepared | None]:
        """Prepare a chunk in this process."""
        self._own[number] = prepared = _prepare_all(self._chunks[number])
        return prepared

    def cancel(self) -> None:
        """Give up what nobody has begun."""
        for future in self._futures:
            future.cancel()


def _broken() -> Future[_Sent]:
    future: Future[_Sent] = Future()
    future.set_exception(BrokenProcessPool())
    return future
