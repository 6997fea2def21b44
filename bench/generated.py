"""Generated articles with the statistics of real text: Zipf's law over words with real inflections, no real text.

The vocabulary is the word list of the lemmatizer's own dictionaries, in an arbitrary but fixed order of frequency; one
word in two hundred is a made-up name, so that the vocabulary grows with the archive as that of real news does.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from articles.record import Article, Image, RelatedLink, Section
from storage.visit import Visit

SITES = 200
YEARS = 10
FIRST = date(2016, 1, 1)
BODY_BYTES = 4_000
VOCABULARY = 100_000
COMMON = {"en": 7_000, "uk": 3_000}  # words, all of them dictionary forms
SPREAD = {"en": 9, "uk": 4}
EXPONENT = {"en": 1.23, "uk": 1.16}
CATEGORIES = ("World", "Politics", "Economy", "Sport", "Culture", "Science", "Health", "Local", "Opinion", "Weather")
REPRINTED = 0.05  # share of articles whose text stands on another site too


class Language:
    """Words of one language by Zipf-Mandelbrot frequency: short words and dictionary forms are the common ones.

    Measured on 125 English news texts of 4 KB: 6.0 bytes a word, 47 % of the words distinct, 0.08 lemmas that are not
    among the words for each word. Generated: English 6.0, 50 %, 0.08; Ukrainian 12.6, 64 %, 0.22.
    """

    def __init__(self, code: str, seed: int) -> None:
        rng = random.Random(seed)
        forms = DefaultDictionaryFactory().get_dictionary(code).items()
        words = sorted(
            (word, word == lemma) for word, lemma in forms if len(word) > 1 and word.isalpha() and word.islower()
        )
        rng.shuffle(words)
        base = sorted({lemma for _, lemma in forms if len(lemma) > 1 and lemma.isalpha() and lemma.islower()})
        rng.shuffle(base)
        common = sorted(base[: COMMON[code]], key=lambda word: len(word) + rng.random() * SPREAD[code])
        chosen = list(dict.fromkeys([*common, *(word for word, _ in words[:VOCABULARY])]))
        self.code = code
        self.words: Any = np.array(chosen, dtype=object)
        weights = 1 / (np.arange(1, len(chosen) + 1) + 2.7) ** EXPONENT[code]
        self.cumulated = np.cumsum(weights / weights.sum())
        self.mean = float(sum(len(w.encode()) * p for w, p in zip(chosen, weights / weights.sum(), strict=True))) + 1.15

    def draw(self, rng: np.random.Generator, count: int) -> list[str]:
        """Give that many words, independent of one another."""
        places = np.minimum(np.searchsorted(self.cumulated, rng.random(count)), len(self.words) - 1)
        found: list[str] = self.words[places].tolist()
        for place in np.flatnonzero(rng.random(count) < 1 / 200).tolist():
            found[place] = f"{found[place].title()}{self.words[int(rng.integers(len(self.words)))]}"[:12]
        return found


@functools.cache
def language(code: str) -> Language:
    """One of the languages, its dictionary read once."""
    return Language(code, seed=len(code))


def paragraphs(words: list[str], rng: np.random.Generator) -> list[str]:
    """Sentences of 6 to 24 words in paragraphs of 2 to 4."""
    found: list[str] = []
    sentences: list[str] = []
    start = 0
    while start < len(words):
        end = start + int(rng.integers(6, 25))
        sentences.append(" ".join(words[start:end]).capitalize() + ".")
        start = end
        if len(sentences) > rng.integers(1, 4):
            found.append(" ".join(sentences))
            sentences = []
    return [*found, " ".join(sentences)] if sentences else found


class Stream:
    """Endless generated articles; the same seed gives the same ones."""

    def __init__(self, total: int, seed: int = 1) -> None:
        self.rng = np.random.default_rng(seed)
        self.total = total
        self.made = 0
        self.recent: list[list[str]] = []

    def article(self) -> tuple[str, Article]:
        """Give the next article and its site."""
        rng, number = self.rng, self.made
        self.made += 1
        words = language("uk" if number % 2 else "en")
        blocks = paragraphs(words.draw(rng, int(BODY_BYTES / words.mean)), rng)
        if self.recent and rng.random() < REPRINTED:
            blocks = [*self.recent[int(rng.integers(len(self.recent)))], blocks[0]]
        self.recent = [*self.recent[-200:], blocks]
        site = f"site{int(rng.zipf(1.3)) % SITES}.example"
        url = f"https://{site}/news/{number}"
        when = datetime.combine(FIRST, time(), UTC) + timedelta(
            days=YEARS * 365 * number / self.total, seconds=int(rng.integers(3600))
        )
        category = CATEGORIES[int(rng.zipf(1.5)) % len(CATEGORIES)]
        names = [f"{n.title()} {m.title()}" for n, m in [words.words[rng.integers(2000, 2400, 2)]]]
        return site, Article(
            url=url,
            canonical_url=url,
            site=site,
            title=" ".join(words.draw(rng, 9)).capitalize(),
            lead=" ".join(words.draw(rng, 22)).capitalize() + ".",
            key_points=tuple(" ".join(words.draw(rng, 8)) for _ in range(3)) if number % 3 == 0 else (),
            body="\n\n".join(blocks),
            sections=(Section(None, tuple(blocks)),),
            body_html="".join(f"<p>{block}</p>" for block in blocks),
            category=category,
            category_path=("News", category),
            tags=tuple(words.words[rng.integers(500, 3000, 3)].tolist()),
            authors=tuple(names),
            date_published=when,
            date_published_raw=when.isoformat(),
            language=words.code,
            related_links=tuple(
                RelatedLink(f"https://{site}/news/{int(rng.integers(self.total))}", " ".join(words.draw(rng, 7)))
                for _ in range(3)
            ),
            images=(Image(f"https://{site}/img/{number}.jpg", " ".join(words.draw(rng, 10)), None),),
            is_article=True,
            page_kind="article",
            provenance={"title": "json-ld", "body": "structure", "date_published": "json-ld", "category": "label"},
        )

    def visits(self, count: int, run_id: int) -> Iterator[Visit]:
        """Give visits as the crawl hands them over; the snapshot's bytes are kept small on purpose."""
        for _ in range(count):
            site, article = self.article()
            yield Visit(
                url=article.url,
                site=site,
                run_id=run_id,
                started=datetime.now(UTC),
                status=200,
                headers=(("Content-Type", "text/html"),),
                body=f"<title>{article.url}</title>".encode(),
                article=article,
                extractor_version="bench",
            )
