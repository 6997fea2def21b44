"""What the elements of HTML are to one who reads the text beneath them, and how much of it is read."""

from __future__ import annotations

SILENT = frozenset(("script", "style", "noscript", "template", "svg"))  # what is in them is no text
BREAKING = frozenset(  # what is in them stands apart from the text around
    ("p", "div", "li", "ul", "br", "td", "tr", "section", "h1", "h2", "h3", "h4", "small", "time", "header")
)
SLACK = 1000  # characters by which a text may exceed its limit: what matters is that it has one
MOST_MARKS = 400  # elements of one tag that are kept; a page of 100,000 h2 has no more to say in the rest
