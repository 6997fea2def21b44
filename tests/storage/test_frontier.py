"""The frontier's leases and the sources' schedule, on a real archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import frontier, runs, sources
from storage.archive import open_archive
from storage.sources import Look, Named
from storage.visit import Found

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Any]:
    with (
        open_archive(tmp_path / "news.db", create=True) as archive,
        archive.writer() as writer,
        writer.transaction() as connection,
    ):
        yield connection


@pytest.fixture
def site(db: Any) -> int:
    number = frontier.site_id(db, "example.org", NOW)
    pages = [Found(f"https://example.org/{day}", published=NOW - timedelta(days=day)) for day in (3, 1, 2)]
    assert frontier.add(db, number, [*pages, Found("https://example.org/undated")], NOW) == 4
    return number


def urls(leased: list[frontier.Leased]) -> list[str]:
    return [item.url.rpartition("/")[2] for item in leased]


def test_the_newest_are_leased_first_and_none_twice(db: Any, site: int) -> None:
    assert urls(frontier.lease(db, site, "a", NOW, 2)) == ["1", "2"]
    assert urls(frontier.lease(db, site, "b", NOW, 9)) == ["3", "undated"]
    assert frontier.lease(db, site, "b", NOW, 9) == []


def test_a_lease_ends_and_goes_to_another(db: Any, site: int) -> None:
    frontier.lease(db, site, "a", NOW, 9)
    later = NOW + frontier.LEASE + HOUR
    assert frontier.lease(db, site, "a", later, 9) == []  # who is still at it does not get it again
    assert len(frontier.lease(db, site, "b", later, 9)) == 4


def test_leases_are_given_back(db: Any, site: int) -> None:
    frontier.lease(db, site, "a", NOW, 1)
    frontier.lease(db, site, "b", NOW, 1)
    assert frontier.release(db, "a") == 1
    assert urls(frontier.lease(db, site, "c", NOW, 1)) == ["1"]
    assert frontier.release(db) == 2


def test_what_is_older_than_since_stays(db: Any, site: int) -> None:
    since = NOW - timedelta(days=2, hours=1)
    assert frontier.left(db, site, NOW, since) == 3
    assert urls(frontier.lease(db, site, "a", NOW, 9, since=since)) == ["1", "2", "undated"]
    assert frontier.soonest(db, site, since) is None
    assert frontier.soonest(db, site) == NOW


def test_a_known_url_is_not_new_and_gets_the_date_it_lacked(db: Any, site: int) -> None:
    assert frontier.add(db, site, [Found("https://example.org/undated", published=NOW)], NOW) == 0
    assert urls(frontier.lease(db, site, "a", NOW, 1)) == ["undated"]


def test_sources_are_due_by_their_interval_and_fresh_ones_first(db: Any, site: int) -> None:
    kinds = {"https://example.org/old.xml": "sitemap", "https://example.org/rss": "rss"}
    assert sources.add(db, site, [Named(url, kind) for url, kind in kinds.items()], NOW) == 2
    feed, past = sources.due(db, site, NOW)
    assert (feed.kind, past.kind, feed.interval) == ("rss", "sitemap", None)
    sources.looked(db, Look(feed.id, NOW, NOW + HOUR, HOUR, new=2, seen=9, etag='"x"', digest=b"d"))
    assert [source.id for source in sources.due(db, site, NOW)] == [past.id]
    [again] = [source for source in sources.due(db, site, NOW + HOUR) if source.id == feed.id]
    assert (again.interval, again.etag, again.urls_new, again.digest) == (HOUR, '"x"', 2, b"d")
    sources.looked(db, Look(feed.id, NOW, None, HOUR, failure="http_500"))
    assert feed.id not in [source.id for source in sources.due(db, site, NOW + 9 * HOUR)]


def test_a_changed_sitemap_is_due_again(db: Any, site: int) -> None:
    sources.add(db, site, [Named("https://example.org/old.xml", "sitemap")], NOW)
    [source] = sources.due(db, site, NOW)
    sources.looked(db, Look(source.id, NOW, NOW + 900 * HOUR, 900 * HOUR))
    sources.touch(db, site, [(source.url, NOW - HOUR)], NOW)
    assert sources.due(db, site, NOW) == []
    sources.touch(db, site, [(source.url, NOW + HOUR)], NOW + 2 * HOUR)
    assert [item.id for item in sources.due(db, site, NOW + 2 * HOUR)] == [source.id]


def test_a_run_that_never_ended_is_buried(db: Any) -> None:
    first = runs.begin(db, "crawl", "1", {}, NOW)
    assert runs.bury(db) == 1
    second = runs.begin(db, "crawl", "1", {}, NOW)
    runs.finish(db, second, "finished", {"sites": []}, NOW)
    rows = db.execute("SELECT id, outcome FROM runs ORDER BY id").fetchall()
    assert rows == [(first, "killed"), (second, "finished")]
    found = runs.last(db)
    assert found is not None
    assert found.id == second
