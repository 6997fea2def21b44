"""Threads of comments that nothing but their structure tells: boxes with a name and a time behind the text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import articles
from articles.body import body
from articles.page import Page
from articles.threads import comments
from articles.title import read_title

URL = "https://example.org/town/clock-stopped"
SENTENCES = (
    "The clock on the town hall stopped on Monday night, and nobody noticed before the baker came to open his shop.",
    "Its works are a hundred and forty years old, said the man who has wound them twice a week since his father died.",
    "A new spring has to be made by hand in another country, and the council will vote on the money for it in May.",
    "Until then a paper sign hangs on the tower, painted by the pupils of the school across the square.",
)
REMARK = (
    "My grandmother set her watch by it every morning, and she was never late for anything in all her long life. "
    "We lived above the bakery then, and when it struck seven my father would put down his cup and leave for the mill. "
    "I do hope that the council finds the money, because a square without a clock is only a place to leave a car."
)
NAMES = ("Ann Lee", "Bob Ray", "Кира Лис", "Ole Nord")
TIMES = (
    "4 May 2024 at 13:10",
    "vor 3 Stunden",
    "3 hours ago",
    "12.05.2024 um 9:07 Uhr",
    "May 4, 2024",
    "il y a 2 jours",
    "5 годин тому",
    "2024-05-04 12:30",
)


def page(behind: str, text: str = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)) -> bytes:
    title = "The clock has stopped"
    html = f"<title>{title}</title><body><main><h1>{title}</h1>{text}</main>{behind}<footer>Imprint</footer></body>"
    return f"<!doctype html><html><meta charset='utf-8'>{html}</html>".encode()


HEAD = "<p>{name}</p><p>{when}</p>"


def thread(when: str, names: tuple[str, ...] = NAMES, box: str = "div", head: str = HEAD) -> str:
    each = (f"<{box}>{head.format(name=name, when=when)}<p>{REMARK} {name[0]}.</p></{box}>" for name in names)
    return f"<div>{''.join(each)}</div>"


def found(html: bytes) -> list[str]:
    """The texts of the comments that are found."""
    read = Page(html, URL)
    read_title(read)
    return [block.text for block in comments(read)]


@pytest.mark.parametrize("when", TIMES)
def test_a_thread_is_told_by_its_names_and_times(when: str) -> None:
    for head in (HEAD, "<div><b>{name}</b> says: <a href='#c'>{when}</a></div>"):
        html = page(thread(when, head=head))
        assert sum(REMARK in text for text in found(html)) == len(NAMES), head
        assert articles.extract(html, URL).body == "\n\n".join(SENTENCES)


def test_answers_within_comments_are_found() -> None:
    answers = thread("2 hours ago", ("Tom Oak", "Una Elm", "Vic Ash"), "li")
    html = page(thread("3 hours ago").replace("</div></div>", f"{answers}</div></div>"))
    assert sum(REMARK in text for text in found(html)) == len(NAMES) + 3


def test_two_comments_are_enough_below_a_line_that_says_so() -> None:
    two = thread("3 hours ago", NAMES[:2])
    assert not found(page(two))
    assert found(page(f"<div><h3>2 comments</h3>{two}</div>"))
    assert found(page(f"<div><h3>Kommentare (2)</h3>{two}</div>"))


def test_quotations_between_paragraphs_are_text() -> None:
    said = [f"<div><p>{REMARK} {name[0]}.</p><p>{name}, 4 May 2024</p></div>" for name in NAMES]
    mixed = "".join(
        f"<p>{sentence}</p><p>{sentence[:-1]} again.</p>{quote}"
        for sentence, quote in zip(SENTENCES, said, strict=True)
    )
    assert not found(page("", mixed))
    tweets = "".join(f"<blockquote><p>{REMARK}</p><p>{name} 4 May 2024</p></blockquote>" for name in NAMES)
    assert not found(page("", "".join(f"<p>{sentence}</p>" for sentence in SENTENCES) + tweets))


def test_a_report_by_the_minute_is_no_thread() -> None:
    minutes = [f"<div><h3>{name} speaks</h3><p>1{at}:30</p><p>{REMARK} {at}</p></div>" for at, name in enumerate(NAMES)]
    assert not found(page("", f"<p>{SENTENCES[0]} {SENTENCES[1]}</p>{''.join(minutes)}"))
    bare = [f"<div><p>1{at}:30</p><p>{REMARK} {at}</p></div>" for at in range(5)]
    assert not found(page("", f"<p>{SENTENCES[0]} {SENTENCES[1]}</p>{''.join(bare)}"))


def test_a_single_reporters_entries_are_no_thread() -> None:
    assert not found(page(thread("13:10", ("Ann Lee",) * 5)))


def test_rows_of_a_table_are_no_thread() -> None:
    rows = "".join(f"<tr><td>{name}</td><td>4 May 2024</td><td>{REMARK}</td></tr>" for name in NAMES)
    assert not found(page(f"<table>{rows}</table>"))


def test_the_posts_of_a_forum_are_its_text() -> None:
    posts = thread("3 hours ago", NAMES * 4)
    assert not found(page("", posts))
    assert not found(page("", f"<h2>16 comments</h2>{posts}"))


fragments = st.sampled_from(
    (
        "<div>",
        "</div>",
        "<ul>",
        "<li>",
        "</li>",
        "<p>",
        "</p>",
        "<h2>",
        "</h2>",
        "<br>",
        *NAMES,
        *TIMES,
        REMARK,
        *SENTENCES,
    )
)


@given(st.lists(fragments, max_size=60))
def test_comments_are_blocks_of_the_page_once_each_behind_its_headline(parts: list[str]) -> None:
    read = Page(page("", " ".join(parts)), URL)
    read_title(read)
    said = comments(read)
    places = [index for index, block in enumerate(read.blocks) if any(block is each for each in said)]
    assert len(places) == len(said)
    assert all(index > read.headline for index in places)
    assert not {id(block) for block in body(read)} & {id(block) for block in said}


def test_the_time_for_many_deep_boxes_is_bounded() -> None:
    deep = "<div>" * 150 + "".join(
        f"<div><p>{name} {at}</p><p>3 hours ago</p></div>" for at in range(2000) for name in NAMES
    )
    assert re.match("The clock on the town hall", articles.extract(page(deep), URL).body)
