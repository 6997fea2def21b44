"""Key points: boxes and bullets of many markups, and what only looks like them."""

from __future__ import annotations

import pytest

from articles import Rules, extract
from tests.articles.sheets import BODY, ITEMS, POINTS, URL, read, sheet

PARAGRAPHS = "".join(f"<p>{point}</p>" for point in POINTS)
BOXES = {
    "heading and list": f"<section><h2>Key points</h2><ul>{ITEMS}</ul></section>",
    "label and list far apart": "<div><div><h4>Story highlights</h4></div>"
    f"<div><div><ul>{ITEMS}</ul></div></div></div>",
    "first item is the label": f"<ul><li><b>STORY HIGHLIGHTS</b></li>{ITEMS}</ul>",
    "bold paragraph": f"<p><strong>Key takeaways:</strong></p><ul>{ITEMS}</ul>",
    "details": f"<details><summary>Key points</summary><ol>{ITEMS}</ol></details>",
    "paragraphs": f"<div class=box><h3>Key points</h3>{PARAGRAPHS}</div>",
    "divs": "<div><div>Key points</div>" + "".join(f"<div>{point}</div>" for point in POINTS) + "</div>",
    "breaks": "<p><b>Key points</b><br>" + "<br>".join(f"- {point}" for point in POINTS) + "</p>",
    "drawn bullets": "<p><b>Key points:</b></p>" + "".join(f"<p>• {point}</p>" for point in POINTS),
    "table": "<table><tr><td>Key points</td></tr>" + "".join(f"<tr><td>{p}</td></tr>" for p in POINTS) + "</table>",
    "definition list": "<dl><dt>Key points</dt>" + "".join(f"<dd>{point}</dd>" for point in POINTS) + "</dl>",
    "numbers drawn as text": "<div><h3>Key points</h3><div>"
    + "".join(f"<div><div><span>{n}</span></div><div><p>{p}</p></div></div>" for n, p in enumerate(POINTS, 1))
    + "</div></div>",
    "several lists": "<div><h3>Key points</h3>" + "".join(f"<ul><li>{point}</li></ul>" for point in POINTS) + "</div>",
    "a line between": f"<div><h3>Key points</h3><p>Written by a machine.</p><ul>{ITEMS}</ul></div>",
    "button that opens a panel": "<div><button aria-controls=k>Key points</button>"
    f"<div id=k><ul>{ITEMS}</ul></div></div>",
    "tab": "<ul role=tablist><li><a href='#s' role=tab>Text</a></li><li><a href='#k' role=tab>Key points</a></li></ul>"
    f"<div id=s>Some words.</div><div id=k><ul>{ITEMS}</ul></div>",
    "links within the page": "<div><h3>Key points</h3><ul>"
    + "".join(f"<li><a href='#p{n}'>{p}</a></li>" for n, p in enumerate(POINTS))
    + "</ul></div>",
    "no label": f"<ul>{ITEMS}</ul>",
    "a class instead of a label": f"<div class=article-bullet-points>{PARAGRAPHS}</div>",
    "Ukrainian": f"<div><div>Головні тези</div><div><ul>{ITEMS}</ul></div></div>",
    "Russian, in capitals": f"<div><p>ГЛАВНЫЕ ТЕЗИСЫ</p><ul>{ITEMS}</ul></div>",
    "German": f"<h2>Das Wichtigste in Kürze:</h2><ul>{ITEMS}</ul>",
    "Japanese": f"<div><p>■この記事のポイント</p><ul>{ITEMS}</ul></div>",
    "Arabic": f"<div dir=rtl><h3>أبرز النقاط</h3><ul>{ITEMS}</ul></div>",
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_points_are_read_and_stay_out_of_the_body(box: str) -> None:
    article = read(box)
    assert article.key_points == POINTS
    assert not any(point in article.body for point in POINTS)
    assert article.body.count("Paragraph") == 6


def test_a_box_at_the_end_of_the_text_is_read() -> None:
    assert read(after=f"<div><h3>Zusammenfassung</h3><ul>{ITEMS}</ul></div>").key_points == POINTS


LINKS = "".join(f"<li><a href=/news/a-story-of-{n}0001>{point}</a></li>" for n, point in enumerate(POINTS))
LOOKALIKES = {
    "subscription": "<div><h3>What you get</h3><p>Unlimited reading</p><p>Every device</p></div>",
    "ticker": f"<div><h3>Latest</h3><ul>{LINKS}</ul></div>",
    "links under the label": f"<div><h3>Key points</h3><ul>{LINKS}</ul></div>",
    "button that opens nothing": "<div><button>AI summary</button><div></div></div>",
    "a paragraph": f"<div><h2>At a glance</h2><p>{' '.join(POINTS)}</p></div>",
    "opens a paragraph": f"<p>Key takeaway: {' '.join(POINTS)}</p>",
    "share buttons": "<ul class=share><li>Share this on one network</li><li>Share this on another network</li></ul>",
    "fact box": f"<div class=factbox><h3>Facts</h3><ul>{ITEMS}</ul></div>",
    "end of a sentence": "<p>The council of the small town decided three things on Tuesday evening:</p>"
    f"<ul>{ITEMS}</ul>",
}


@pytest.mark.parametrize("box", LOOKALIKES.values(), ids=LOOKALIKES)
def test_what_only_looks_like_points_is_left(box: str) -> None:
    assert read(box).key_points == ()


def test_a_label_over_every_chapter_is_no_summary_of_the_article() -> None:
    chapters = "".join(
        f"<h2>Place {n}</h2>{BODY}<h3>Summary</h3><ul><li>{n} {POINTS[0]}</li><li>{POINTS[1]}</li></ul>"
        for n in range(3)
    )
    assert read(body=chapters).key_points == ()


def test_the_box_of_a_second_article_is_left() -> None:
    other = f"<article><h1>Another story altogether</h1><h2>Key points</h2><ul>{ITEMS}</ul>{BODY}</article>"
    assert read(after=other).key_points == ()


def test_a_site_may_name_its_own_label() -> None:
    box = f"<p>Intro.</p><h4>Three from us</h4><ul>{ITEMS}</ul>"
    page = sheet(body=BODY + box + BODY)
    assert extract(page, URL).key_points == ()
    assert extract(page, URL, rules=Rules(key_point_labels=frozenset({"Three from us"}))).key_points == POINTS


LEAD = "<p>After eleven years without a boat at night, the council has found the money for two ferries.</p>"
SENTENCES = "".join(f"<li>The ferry makes crossing number {number} of the night at ten past.</li>" for number in "123")
FRAGMENTS = "".join(
    f"<li>the ferry that leaves at {hour} in the night from the upper quay and calls at the mill on its way</li>"
    for hour in ("one", "two", "four")
)


def test_sentences_in_bullets_right_after_a_short_first_paragraph() -> None:
    article = read(f"{LEAD}<ul>{SENTENCES}</ul>")
    assert len(article.key_points) == 3
    assert "crossing number" not in (article.body or "")


def test_a_list_of_fragments_after_the_first_paragraph_is_text() -> None:
    article = read(f"{LEAD}<ul>{FRAGMENTS}</ul>")
    assert article.key_points == ()
    assert "from the upper quay" in (article.body or "")


def test_a_label_amid_lines_of_text_heads_a_chapter() -> None:
    text = "The council has counted the boats again, and it has found one more than there should be at the quay. " * 2
    article = read(f"<div>{text}<br><br>Key points<br>{text}<br>{text}<br><br>{text}</div>")
    assert article.key_points == ()
    assert (article.body or "").count("counted the boats") >= 6


@pytest.mark.parametrize("label", ["Your subscription includes", "Що дає передплата"])
def test_what_a_subscription_gives_is_no_text(label: str) -> None:
    offer = f"<h3>{label}</h3><ul><li>Reading on five devices</li><li>The crossword of Saturday, to print</li></ul>"
    article = read(f"{BODY}{offer}")
    assert article.key_points == ()
    assert "five devices" not in (article.body or "")
