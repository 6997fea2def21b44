"""The split of the labelled pages into training and test: one publisher's pages stay together."""

from __future__ import annotations

from lxml import etree

from bench.publishers import Seen, domain, families, folds, seen


def some(name: str, domain: str = "", classes: str = "") -> Seen:
    return Seen(name, domain, frozenset(classes.split()))


MARKUP = " ".join(f"tower-{number}" for number in range(20))


def test_pages_of_one_domain_or_one_template_are_a_family() -> None:
    found = families(
        [
            some("a/1", "example.org"),
            some("b/1", "example.org", MARKUP),
            some("b/2", "example.net", f"{MARKUP} extra"),
            some("c/1", "example.com", "tower-1 tower-2"),
            some("c/2"),
            some("c/3"),
        ]
    )
    assert found["a/1"] == found["b/1"] == found["b/2"] == 0  # the largest
    assert len({found[name] for name in ("a/1", "c/1", "c/2", "c/3")}) == 4


def test_families_are_dealt_out_whole_and_each_corpus_evenly() -> None:
    family = {f"{corpus}/{number}": number // 2 for corpus in ("a", "b") for number in range(40)}
    found = folds(family, 4)
    for number in set(family.values()):
        assert len({found[name] for name in family if family[name] == number}) == 1
    for corpus in ("a", "b"):
        mine = [found[name] for name in family if name.startswith(corpus)]
        assert {mine.count(fold) for fold in range(4)} == {10}


def test_domains() -> None:
    assert domain("https://news.example.co.uk:8080/a?b") == "example.co.uk"
    assert domain("https://web.archive.org/web/20190101id_/http://blog.example.org/a") == "example.org"
    assert domain("//[broken") == domain("/a") == ""


def test_a_page_without_an_address_is_where_its_links_lead() -> None:
    tree = etree.HTML(
        "<a href='https://a.example.org/1'></a><a href='https://example.org/2'></a><a href='http://x.net'>"
    )
    assert seen("a/1", "", tree).domain == "example.org"
