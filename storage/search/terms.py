"""What the full-text index holds of an article: folded words, lemmas beside them, and q-words for the filters."""

from __future__ import annotations

import dataclasses

from articles.record import Article
from storage.search.fold import folded, surface_words, tidy
from storage.search.lemmas import Form, Forms, forms, lemma_language

EVERY = "qall"  # stands in every article, so that filters alone are a query
TITLE = "qh"  # before a lemma of the title


@dataclasses.dataclass(frozen=True, slots=True)
class Indexed:
    """One article's row of the full-text index, and the hashes of its body's words."""

    title: str
    lead: str
    key_points: str
    body: str
    search_terms: str
    words: list[int]

    def row(self) -> tuple[str, str, str, str, str]:
        """The values of the index's columns, in order."""
        return self.body, self.title, self.lead, self.key_points, self.search_terms


def indexed(article: Article, site_id: int) -> Indexed:
    """Give an article's row. Pure: the same article gives the same row, which deleting it needs.

    >>> row = indexed(Article(url="https://example.org/1", title="Вибори в Україні", language="uk"), 7)
    >>> row.title, row.search_terms
    ('вибори в україні', 'україна qhукраїна qall qs7 qluk')
    """
    known = forms(lemma_language(article.language, article.body or article.title or ""))
    title = _forms(article.title, known)
    lead = _forms(article.lead, known)
    points = _forms("\n".join(article.key_points), known)
    body = _forms(article.body, known)
    lemmas = _lemmas([*title, *lead, *points, *body])
    headline = [TITLE + lemma for lemma in _lemmas(title)]
    return Indexed(
        _joined(title),
        _joined(lead),
        _joined(points),
        _joined(body),
        " ".join((*lemmas, *headline, *filter_words(article, site_id))),
        [form.hash for form in body if form.word],
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
    return list(map(known.__getitem__, surface_words(tidy(text)))) if text else []


def _joined(words: list[Form]) -> str:
    return " ".join([form.word for form in words if form.word])


def _lemmas(words: list[Form]) -> list[str]:
    """The lemmas that are not among the words themselves, each once."""
    lemmas = dict.fromkeys([form.lemma for form in words])
    if len(lemmas) < 2 and not any(lemmas):
        return []
    present = {form.word for form in words}
    return [lemma for lemma in lemmas if lemma and lemma not in present]
