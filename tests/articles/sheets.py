"""Small pages of our own for tests of single fields."""

from __future__ import annotations

import articles
from articles import Article

TITLE = "Bridge stays closed until autumn"
URL = "https://news.example/city/bridge-stays-closed-20241"
BODY = "".join(
    f"<p>Paragraph {number} tells what the council of the small town said on Tuesday evening about the old bridge, "
    "which has been closed since the flood of last year.</p>"
    for number in range(6)
)
POINTS = (
    "The bridge stays closed until autumn, the council says.",
    "Repairs will cost four million, twice as much as planned.",
    "A ferry will carry pupils over the river from Monday.",
)
ITEMS = "".join(f"<li>{point}</li>" for point in POINTS)


def sheet(inside: str = "", *, head: str = "", before: str = "", after: str = "", body: str = BODY) -> bytes:
    """A page: `inside` stands between headline and text, `before` above the headline, `after` behind the text."""
    return (
        f"<html lang=en><head><title>{TITLE}</title>{head}</head><body><header><ul><li><a href=/>Home</a>"
        f"<li><a href=/world/>World</a></ul></header><main>{before}<article><h1>{TITLE}</h1>{inside}{body}</article>"
        f"{after}</main><footer><p>All rights reserved. 2024</p></footer></body></html>"
    ).encode()


def read(*args: str, url: str = URL, **more: str) -> Article:
    """The record of such a page."""
    return articles.extract(sheet(*args, **more), url)
