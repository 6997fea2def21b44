"""Images: addresses, captions and credits, and what is no picture of the article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import Image
from articles.images import bare_credit, split_credit
from tests.articles.sheets import read

PICTURE = "https://news.example/p/bridge.jpg"
FIGURES = {
    "plain": "<img src=/p/bridge.jpg>",
    "lazy": "<img src='data:image/gif;base64,R0lGOD' data-src=/p/bridge.jpg>",
    "placeholder": "<img src=/static/placeholder.png data-original=/p/bridge.jpg>",
    "largest of a set": "<img srcset='/p/s.jpg 320w, /p/bridge.jpg 1280w'>",
    "picture": "<picture><source data-srcset='/p/bridge.jpg 2x'><img src='data:,'></picture>",
    "amp": "<amp-img src=/p/bridge.jpg width=960 height=540></amp-img>",
}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_addresses(figure: str) -> None:
    assert read(f"<figure>{figure}</figure>").images == (Image(PICTURE),)


CAPTIONS = {
    "credit in the text": "<figcaption>The old bridge. Photo: Ann Lee</figcaption>",
    "credit of its own": "<figcaption>The old bridge. <span class=credit>Photo: Ann Lee</span></figcaption>",
    "cite": "<figcaption>The old bridge.<cite>Ann Lee</cite></figcaption>",
    "Ukrainian": "<figcaption>The old bridge. Фото: Ann Lee</figcaption>",
    "no figcaption": "<div class=wp-caption-text>The old bridge. © Ann Lee</div>",
}


@pytest.mark.parametrize("caption", CAPTIONS.values(), ids=CAPTIONS)
def test_captions_and_credits_are_apart_and_not_in_the_body(caption: str) -> None:
    article = read(f"<figure><img src=/p/bridge.jpg>{caption}</figure>")
    assert article.images == (Image(PICTURE, "The old bridge.", "Ann Lee"),)
    assert "old bridge." not in article.body


def test_the_main_picture_comes_first_and_once() -> None:
    inside = (
        "<figure><img src=/p/ferry.jpg></figure>"
        "<figure><img src=/p/bridge-640x480.jpg><figcaption>It is shut.</figcaption></figure>"
    )
    article = read(inside, head=f"<meta property=og:image content={PICTURE}>")
    assert [image.url.rsplit("/", 1)[-1] for image in article.images] == ["bridge-640x480.jpg", "ferry.jpg"]
    assert article.images[0].caption == "It is shut."


@pytest.mark.parametrize(
    "inside",
    [
        "<img src=/static/icon-share.png>",
        "<img src=/p/x.jpg width=1 height=1>",
        "<div class=author><img src=/p/ann.jpg></div>",
        "<a href=/other-story-12345><img src=/p/teaser.jpg></a>",
        "<img src=javascript:alert(1)>",
        "<img src='http://[bad/p.jpg'>",
    ],
)
def test_what_is_no_picture_of_the_article(inside: str) -> None:
    assert read(inside).images == ()


@given(st.text(max_size=200))
def test_any_caption_can_be_split(text: str) -> None:
    caption, credit = split_credit(text)
    assert len(caption) <= len(text)
    assert bare_credit(credit) == credit or not credit
