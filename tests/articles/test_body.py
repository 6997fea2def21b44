"""Which blocks are the body: repeated text, and text in a container of its own."""

from __future__ import annotations

import pytest

import articles
from articles.body import LIKELY, body, choose
from articles.page import Page

TEXT = (
    "The ferry to the outer islands sails again from Monday, eleven weeks after its engine burned out at the quay.",
    "Engineers from two yards rebuilt the engine on board, because no dock on this coast is long enough for the ship.",
    "Islanders who had lived on tinned milk since the spring stood on the pier and counted the lorries as they came.",
    "The council will ask for a second ship all the same, and expects the ministry to answer before the winter storms.",
)


def page(inner: str) -> bytes:
    title = "The ferry to the outer islands sails again"
    return (
        f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{inner}</main>"
        "<footer><p>All rights reserved by the harbour office</p></footer></body></html>"
    ).encode()


@pytest.mark.parametrize("copies", [1, 2, 3, 5])
def test_an_article_drawn_once_for_each_size_of_screen_is_read_once(copies: int) -> None:
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    html = page("".join(f'<div class="size-{number}"><div>{text}</div></div>' for number in range(copies)))
    assert articles.extract(html, "https://ferry.example/a-1").body == "\n\n".join(TEXT)


def test_a_refrain_of_the_text_stays() -> None:
    refrain = "Nobody on the islands had believed it until the horn was heard, and then everybody had always known it."
    html = page("<div>" + "".join(f"<p>{line}</p><p>{refrain}</p>" for line in TEXT) + "</div>")
    assert articles.extract(html, "https://ferry.example/a-2").body.count(refrain) == len(TEXT)


def test_boilerplate_between_the_paragraphs_goes() -> None:
    call = "Get the news of the harbour into your letter box every morning, before the first ship sails"
    html = page("<div>" + "".join(f'<p>{line}</p><div class="promo"><p>{call}</p></div>' for line in TEXT) + "</div>")
    assert articles.extract(html, "https://ferry.example/a-3").body == "\n\n".join(TEXT)


def with_probabilities(html: bytes, given: dict[str, float]) -> Page:
    """A page whose blocks have these probabilities, by how they begin, and the others 0.01."""
    page = Page(html, "https://ferry.example/a-4")
    for block in page.blocks:
        block.probability = next((value for start, value in given.items() if block.text.startswith(start)), 0.01)
    return page


SPLIT = (
    f'<div><div class="t"><p>{TEXT[0]}</p><p>{TEXT[1]}</p></div>'
    f'<div class="t"><p>{TEXT[2]}</p></div><div class="x"><p>{TEXT[3]}</p></div></div>'
)


def starts(page: Page) -> list[str]:
    return [block.text[:9] for block in choose(page)]


def test_what_looks_like_the_body_in_a_container_of_its_own_is_body_when_it_is_likely() -> None:
    likely = {
        "The ferry to the outer islands sails again from": 0.9,
        "Engineers": 0.9,
        "Islanders": LIKELY * 0.9 + 0.01,
    }
    assert starts(with_probabilities(page(SPLIT), likely)) == ["The ferry", "Engineers", "Islanders"]
    assert starts(with_probabilities(page(SPLIT), likely | {"Islanders": LIKELY * 0.9 - 0.01})) == [
        "The ferry",
        "Engineers",
    ]


def test_what_looks_otherwise_or_stands_beside_the_body_has_to_be_surer() -> None:
    likely = {"The ferry to the outer islands sails again from": 0.9, "Engineers": 0.9, "The council": 0.6}
    assert starts(with_probabilities(page(SPLIT), likely)) == ["The ferry", "Engineers"]
    together = f'<div><div class="t">{"".join(f"<p>{line}</p>" for line in TEXT)}</div></div>'
    assert starts(with_probabilities(page(together), likely)) == ["The ferry", "Engineers"]


def test_what_is_far_from_the_body_has_to_be_surer() -> None:
    links = "".join(f'<div class="m"><a href="/{n}">Quay {n}</a></div>' for n in range(4))
    html = page(SPLIT.replace('</div><div class="t">', f'</div>{links}<div class="t">', 1))
    likely = {"The ferry to the outer islands sails again from": 0.9, "Engineers": 0.9, "Islanders": 0.6}
    assert starts(with_probabilities(html, likely)) == ["The ferry", "Engineers"]


def test_the_body_is_chosen_once() -> None:
    read = Page(page("".join(f"<p>{line}</p>" for line in TEXT)), "https://ferry.example/a-5")
    assert body(read) is body(read)


def test_a_likely_heading_amid_the_text_is_text_unless_it_is_a_link() -> None:
    heading, link = "<h3>The engine</h3>", '<h3><a href="/other">Another ship</a></h3>'
    html = page(f"<div><p>{TEXT[0]}</p>{heading}<p>{TEXT[1]}</p>{link}<p>{TEXT[2]}</p></div>")
    likely = dict.fromkeys(("The ferry to the outer islands sails again from", "Engineers", "Islanders"), 0.9)
    read = with_probabilities(html, likely | {"The engine": 0.5, "Another": 0.5})
    assert starts(read) == ["The ferry", "The engine"[:9], "Engineers", "Islanders"]


def test_paragraphs_in_a_paywall_box_are_not_taken_for_notices() -> None:
    lines = [f"{line} The terms and conditions of the contract stay as they were." for line in TEXT]
    html = page('<div class="paywall">' + "".join(f"<p>{line}</p>" for line in lines) + "</div>")
    assert articles.extract(html, "https://ferry.example/a-6").body == "\n\n".join(lines)


@pytest.mark.parametrize("quotes", ["“”", "«»", '""', "„“"])
def test_a_quotation_that_ends_the_text_is_no_call(quotes: str) -> None:
    last = f"{quotes[0]}Who would subscribe to a paper that does not follow more than the ferry?{quotes[1]} she asked."
    html = page("<div>" + "".join(f"<p>{line}</p>" for line in (*TEXT, last)) + "</div>")
    assert articles.extract(html, "https://ferry.example/a-7").body.endswith(last)


def test_a_call_behind_the_text_goes() -> None:
    html = page("<div>" + "".join(f"<p>{line}</p>" for line in TEXT) + "<p>Subscribe and follow us for more.</p></div>")
    assert articles.extract(html, "https://ferry.example/a-8").body == "\n\n".join(TEXT)


def test_text_in_a_page_that_is_one_list_is_not_judged_by_the_list() -> None:
    links = "".join(f"<li><p>Quay {number}: what stands there</p></li>" for number in range(12))
    html = page(f"<ul><li><p>{TEXT[0]}</p><p>{TEXT[1]}</p></li>{links}</ul>")
    likely = {"The ferry to the outer islands sails again from": 0.96, "Engineers": 0.9, "Quay": 0.2}
    assert starts(with_probabilities(html, likely)) == ["The ferry"]
