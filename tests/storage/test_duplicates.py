"""Near-duplicates: found as articles arrive, kept as clusters, undone when articles change."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from storage import Archive
from storage.writer import Writer
from tests.storage.conftest import NOON, make_article, make_visit

WORDS = ("harbour", "ferry", "dredge", "council", "spring", "herring", "autumn", "water", "mole", "crane", "pilot")


def text(seed: int, length: int = 120) -> list[str]:
    rng = random.Random(seed)
    return [f"{rng.choice(WORDS)}{rng.randrange(40)}" for _ in range(length)]


def visit(site: str, words: list[str], day: int, **fields: Any) -> Any:
    when = NOON + timedelta(days=day)
    url = f"https://{site}/{day}"
    article = make_article(url, title=f"On {site}", body=" ".join(words), date_published=when, **fields)
    return make_visit(article, site=site, started=NOON + timedelta(days=40))


def clusters(archive: Archive) -> list[tuple[Any, ...]]:
    sql = "SELECT first_site, articles, sites FROM duplicate_clusters"
    found: list[tuple[Any, ...]] = archive.db.execute(sql).fetchall()
    return found


def test_a_reprint_joins_the_cluster_of_the_first_publisher(archive: Archive, writer: Writer) -> None:
    words = text(1)
    edited = ["KYIV", "Agency", *words[:60], "and", *words[60:]]
    writer.store([visit("b.example", edited, 3), visit("other.example", text(2), 4)])
    writer.store([visit("a.example", words, 1)])
    assert clusters(archive) == [("a.example", 2, 2)]
    rows = archive.db.execute("SELECT distance, article_id <> nearest_id FROM duplicates").fetchall()
    assert [(0 < distance < 0.2, other) for distance, other in rows] == [(True, 1), (True, 1)]


def test_an_earlier_copy_takes_the_lead_and_two_clusters_become_one(archive: Archive, writer: Writer) -> None:
    words = text(1, 200)
    first, last = words[:165] + text(8, 35), text(9, 35) + words[35:]
    writer.store([visit("c.example", first, 5), visit("d.example", first, 6)])
    writer.store([visit("e.example", last, 7), visit("f.example", last, 8)])
    assert [row[1:] for row in clusters(archive)] == [(2, 2), (2, 2)]
    writer.store([visit("a.example", words, 2)])
    assert clusters(archive) == [("a.example", 5, 5)]


def test_an_article_that_is_rewritten_leaves_its_cluster(archive: Archive, writer: Writer) -> None:
    words = text(1)
    writer.store([visit("a.example", words, 1), visit("b.example", words, 2), visit("c.example", words, 3)])
    changed = make_article("https://a.example/1", title="On a.example", body=" ".join(text(5)))
    [stored] = writer.store([make_visit(changed, site="a.example", started=NOON + timedelta(days=41))])
    assert stored.outcome == "changed"
    assert clusters(archive) == [("b.example", 2, 2)]
    assert archive.db.execute("SELECT count(*) FROM duplicates WHERE nearest_id NOT IN "
                              "(SELECT article_id FROM duplicates)").fetchone() == (0,)  # fmt: skip


def test_a_cluster_of_one_is_none(archive: Archive, writer: Writer) -> None:
    words = text(1)
    writer.store([visit("a.example", words, 1), visit("b.example", words, 2)])
    changed = make_article("https://a.example/1", title="On a.example", body=" ".join(text(5)))
    writer.store([make_visit(changed, site="a.example", started=NOON + timedelta(days=41))])
    assert archive.db.execute("SELECT count(*) FROM duplicates").fetchone() == (0,)


def test_short_and_different_texts_are_not_alike(archive: Archive, writer: Writer) -> None:
    writer.store([visit(f"s{n}.example", text(1, 12), n) for n in range(4)])
    writer.store([visit(f"t{n}.example", text(n + 10), n + 10) for n in range(10)])
    assert clusters(archive) == []
