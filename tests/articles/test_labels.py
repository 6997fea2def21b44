"""Labels: the files of all languages, and looking one up."""

from __future__ import annotations

from importlib import resources

import pytest

from articles import labels

FILES = sorted(file.name for file in resources.files("articles.labels").iterdir() if file.name.endswith(".txt"))


@pytest.mark.parametrize("name", FILES)
def test_a_language_has_what_the_reader_needs(name: str) -> None:
    found = labels.parse(resources.files("articles.labels").joinpath(name).read_text(encoding="utf-8"))
    for kind in (
        labels.KEY_POINTS,
        labels.RELATED,
        labels.OTHER,
        labels.CATEGORY,
        labels.DATE,
        labels.HOME,
        labels.BUTTON,
    ):
        assert any(one & kind for _, one in found), labels.SECTIONS
    assert all(label and len(label) <= labels.LONGEST for label, _ in found)
    assert len(set(found)) == len(found)


def test_no_box_of_another_kind_is_named_like_key_points() -> None:
    both = [
        label
        for label, kind in labels.table().items()
        if kind & labels.KEY_POINTS and kind & (labels.RELATED | labels.OTHER)
    ]
    assert both == []


def test_an_unknown_section_is_told() -> None:
    with pytest.raises(ValueError, match="unknown section"):
        labels.parse("[points]\nKey points\n")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Points of attention", labels.KEY_POINTS),
        ("ГОЛОВНІ ТЕЗИ:", labels.KEY_POINTS),
        ("Главные тезисы", labels.KEY_POINTS),
        ("Більше по темі", labels.RELATED),
        ("Больше по теме", labels.RELATED),
        ("Дата публікації", labels.DATE),
        ("Дата публикации:", labels.DATE),
        ("Категорія", labels.CATEGORY),
        ("Категория", labels.CATEGORY),
        ("Додати до обраного", labels.BUTTON),
        ("» Lire aussi :", labels.RELATED),
        ("【関連記事】", labels.RELATED),
    ],
)
def test_labels_in_any_dress(text: str, kind: int) -> None:
    assert labels.kinds(text) & kind


@pytest.mark.parametrize("text", ["", "A storm is coming", "Key points " * 20, "the bridge"])
def test_other_texts_are_no_labels(text: str) -> None:
    assert labels.kinds(text) == labels.heading_kinds(text) == 0
