"""What the full-text index holds of an article: folded words, lemmas beside them, and q-words for the filters."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from articles.record import Article
from storage.search.fold import folded, surface_words, tidy
from storage.search.lemmas import Form, Forms, forms, lemma_language

EVERY = "qall"  # stands in every article, so that filters alone are a query
PARTED = " q "  # between the lemmas of a title: no phrase of the title can reach over it


@dataclasses.dataclass(frozen=True, slots=True)
class Indexed:
    """One article's row of the full-text index, and its body's folded words."""

    title: str
    lead: str
    key_points: str
    body: str
    search_terms: str
    words: tuple[str, ...]

    def row(self) -> tuple[str, str, str, str, str]:
        """The values of the index's columns, in order."""
        return self.title, self.lead, self.key_points, self.body, self.search_terms


def indexed(article: Article, site_id: int) -> Indexed:
    """Give an article's row. Pure: the same article gives the same row, which deleting it needs.

    >>> indexed(Article(url="https://example.org/1", title="Вибори в Україні", language="uk"), 7).title
    'вибори в україні q україна'
    """
    known = forms(lemma_language(article.language, article.body or article.title or ""))
    title = _forms(article.title, known)
    lead = _forms(article.lead, known)
    points = _forms("\n".join(article.key_points), known)
    body = _forms(article.body, known)
    words = tuple(word for word, _ in body if word)
    lemmas = _lemmas((*lead, *points, *body))
    return Indexed(
        PARTED.join((_joined(title), *_lemmas(title))),
        _joined(lead),
        _joined(points),
        " ".join(words),
        " ".join((*lemmas, *filter_words(article, site_id))),
        words,
    )


def filter_words(article: Article, site_id: int) -> list[str]:
    """The q-words of an article: what its filters ask for."""
    sections = filter(None, (article.category, *article.category_path))
    found = [EVERY, site_word(site_id)]
    found += [f"qc{word}" for name in sections for word in folded(name)]
    found += [f"qa{word}" for name in article.authors for word in folded(name)]
    found += [f"qt{word}" for name in article.tags for word in folded(name)]
    if article.language:
        found.append(language_word(article.language))
    return list(dict.fromkeys(found))


def site_word(site_id: int) -> str:
    """The q-word of a site."""
    return f"qs{site_id}"


def language_word(language: str) -> str:
    """The q-word of a language, by its primary subtag.

    >>> language_word("en-GB")
    'qlen'
    """
    return "ql" + "".join(folded(language.replace("_", "-").split("-")[0]))


def _forms(text: str | None, known: Forms) -> list[Form]:
    return [known[surface] for surface in surface_words(tidy(text))] if text else []


def _joined(words: Iterable[Form]) -> str:
    return " ".join(form.word for form in words if form.word)


def _lemmas(words: Iterable[Form]) -> list[str]:
    """The lemmas that are not among the words themselves, each once."""
    words = list(words)
    present = {form.word for form in words}
    return [lemma for lemma in dict.fromkeys(form.lemma for form in words) if lemma and lemma not in present]
