"""The golden test: every story of the newspaper in every markup gives the record that it was made from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import articles
from tests.newspaper import expected
from tests.newspaper.markups import MARKUPS, Markup, Paper, Sheet
from tests.newspaper.site import CAPTCHA, SHELL, VIDEO, WALL, answer
from tests.newspaper.stories import Story, load

PAPER = Paper()


def pages() -> Iterator[object]:
    for story in load().values():
        for markup in MARKUPS.values():
            if story.kind in markup.kinds:
                for number in range(1, len(story.pages) + 1):
                    yield pytest.param(story, markup, number, id=f"{markup.name}-{story.id}-{number}")


@pytest.mark.parametrize(("story", "markup", "number"), list(pages()))
def test_every_field_is_read_as_it_was_written(story: Story, markup: Markup, number: int) -> None:
    sheet = Sheet(PAPER, story, number)
    article = articles.extract(markup.render(sheet).encode(), sheet.url)
    assert expected.differences(article, expected.record(sheet, markup)) == {}


@pytest.mark.parametrize("story", [s for s in load().values() if s.encoding != "utf-8"], ids=lambda story: story.slug)
def test_a_page_in_an_old_encoding_is_read_as_declared_in_its_head(story: Story) -> None:
    sheet, markup = Sheet(PAPER, story), MARKUPS["tables"]
    article = articles.extract(markup.render(sheet).encode(story.encoding, "xmlcharrefreplace"), sheet.url)
    assert expected.differences(article, expected.record(sheet, markup)) == {}


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_fronts_sections_and_tags_are_no_articles(lang: str) -> None:
    story = next(s for s in load().values() if s.lang == lang and s.tags)
    for path, kinds in (
        ("/", {"home"}),
        (f"/{lang}/", {"home", "section"}),
        (story.path.rsplit("/", 2)[0] + "/", {"section"}),
    ):
        article = articles.extract(answer(path, PAPER).body, PAPER.base + path)
        assert (article.is_article, article.page_kind in kinds) == (False, True), (path, article.page_kind)


@pytest.mark.parametrize(("path", "access"), [(WALL, "wall"), (CAPTCHA, "wall"), (SHELL, "wall"), (VIDEO, "free")])
def test_walls_shells_and_bare_videos_are_no_articles(path: str, access: str) -> None:
    article = articles.extract(answer(path, PAPER).body, PAPER.base + path)
    assert (article.is_article, article.access) == (False, access)


def test_a_correction_changes_the_text_and_the_date() -> None:
    story = load()[1014]
    first, second = (
        articles.extract(answer(story.path, Paper(edition=n)).body, PAPER.base + story.path) for n in (1, 2)
    )
    assert "will cost 36 million" in first.body
    assert "will cost 36 million" not in second.body
    assert "will cost 35 million" in second.body
    assert (first.date_modified, first.date_published) == (None, second.date_published)
    assert second.date_modified == story.edition(2).modified
