"""What the full-text index holds of an article: folded words, lemmas beside them, and q-words for the filters."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import NamedTuple

from articles.record import Article
from storage.search.compiled import native
from storage.search.fold import folded, surface_words, tidy
from storage.search.lemmas import Forms, forms, lemma_language
from storage.search.shingles import Hashes, bands, word_shingles

EVERY = "qall"  # stands in every article, so that filters alone are a query
TITLE = "qh"  # before a lemma of the title


@dataclasses.dataclass(frozen=True, slots=True)
class Indexed:
    """One article's row of the full-text index but for its site, and what its near-duplicates are found by."""

    title: str
    lead: str
    key_points: str
    body: str
    lemmas: str
    filters: str
    shingles: Hashes
    bands: list[int]

    def row(self, site_id: int) -> tuple[str, str, str, str, str]:
        """The values of the index's columns, in order."""
        return self.body, self.title, self.lead, self.key_points, self.search_terms(site_id)

    def search_terms(self, site_id: int) -> str:
        """Lemmas, and the q-words that filters ask for."""
        return " ".join(filter(None, (self.lemmas, EVERY, site_word(site_id), self.filters)))


def indexed(article: Article) -> Indexed:
    """Give an article's row. Pure: the same article gives the same row, which deleting it needs.

    >>> row = indexed(Article(url="https://example.org/1", title="Вибори в Україні", language="uk"))
    >>> row.title, row.search_terms(7)
    ('вибори в україні', 'україна qhукраїна qall qs7 qluk')
    """
    known = forms(lemma_language(article.language, article.body or article.title or ""))
    title = _folded(article.title, known)
    lead = _folded(article.lead, known)
    points = _folded("\n".join(article.key_points), known)
    body = _folded(article.body, known)
    lemmas = _lemmas(title, lead, points, body)
    headline = [TITLE + lemma for lemma in _lemmas(title)]
    hashes = word_shingles(body.hashes)
    return Indexed(
        " ".join(title.words),
        " ".join(lead.words),
        " ".join(points.words),
        " ".join(body.words),
        " ".join((*lemmas, *headline)),
        " ".join(filter_words(article)),
        hashes,
        bands(hashes),
    )


def filter_words(article: Article) -> list[str]:
    """The q-words of an article, but for those that every article of its site has: what its filters ask for."""
    sections = filter(None, (article.category, *article.category_path))
    found = [f"qc{word}" for name in sections for word in folded(name)]
    found += [f"qa{word}" for name in article.authors for word in folded(name)]
    found += [f"qt{word}" for name in article.tags for word in folded(name)]
    if article.language:
        found.append(language_word(article.language))
    return [word for word in dict.fromkeys(found) if word != EVERY]


def site_word(site_id: int) -> str:
    """The q-word of a site."""
    return f"qs{site_id}"


def language_word(language: str) -> str:
    """The q-word of a language, by its primary subtag.

    >>> language_word("en-GB")
    'qlen'
    """
    return "ql" + "".join(folded(language.replace("_", "-").split("-")[0]))


class _Folded(NamedTuple):
    """The words of a text in the index's spelling, their lemmas and hashes, in order."""

    words: Sequence[str]
    lemmas: Sequence[str]
    hashes: Sequence[int]


_NOTHING = _Folded((), (), ())


def _folded(text: str | None, known: Forms) -> _Folded:
    """Look up the words of a text; those that fold to nothing are left out."""
    if not text:
        return _NOTHING
    text = tidy(text)
    surfaces = native.surface_words(text) if native else None
    if surfaces is None:
        surfaces = surface_words(text)
    if not surfaces:
        return _NOTHING
    if native:
        return _Folded(*native.looked_up(surfaces, known))
    found = [form for form in map(known.__getitem__, surfaces) if form[0]]
    # not zip(*found), which takes five times as long
    return _Folded([form[0] for form in found], [form[1] for form in found], [form[2] for form in found])


def _lemmas(*texts: _Folded) -> list[str]:
    """The lemmas that are not among the words themselves, each once."""
    lemmas = dict.fromkeys(itertools.chain.from_iterable(text.lemmas for text in texts))
    lemmas.pop("", None)
    if not lemmas:
        return []
    present = set(itertools.chain.from_iterable(text.words for text in texts))
    return [lemma for lemma in lemmas if lemma not in present]
