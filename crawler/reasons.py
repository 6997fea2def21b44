"""The short words for why a page gave no article, and what each means. The words are kept in the archive."""

from __future__ import annotations

REASONS: dict[str, str] = {
    "robots": "robots.txt forbids it",
    "noarchive": "the page asks not to be archived; neither text nor snapshot is kept",
    "noindex": "the page asks not to be indexed; neither text nor snapshot is kept",
    "nosnippet": "the page asks that no text of it be shown; neither text nor snapshot is kept",
    "none": "the page asks not to be indexed; neither text nor snapshot is kept",
    "unavailable_after": "the page asked not to be kept after a date that is over",
    "tdm_reserved": "the site reserves text and data mining (TDMRep); --ignore-tdm where you have the right",
    "ai_opt_out": "the site opts out of AI training, and the crawl was told to obey",
    "not_html": "the answer is no HTML page",
    "empty": "the page has no text, as an unfilled script shell",
    "wall": "a consent wall, CAPTCHA or script shell stands before the text",
    "half": "the text is less than half of what the archive has",
    "untitled": "the page lost its title",
    "moved": "the address leads to another article now; what it showed before is kept",
    "paywall": "the page is now behind a paywall; the fuller reading is kept",
    "not_article": "the page has no article",
    "other": "the page is no article",
    "home": "the page is a front page",
    "front_page": "the site shows its front page in the article's place",
    "section": "the page is a section's list",
    "tag": "the page is a topic's list",
    "search": "the page is a search result",
    "video": "the page is a video without a text",
    "gallery": "the page is a gallery without a text",
    "live": "the page is a live blog without a text",
    "further_page": "the page is a further page of an article, and joined to it",
    "gone": "the site says that it is not there (404 or 410)",
    "not_modified": "the site says that it has not changed (304)",
    "reread": "the same page, read by another version of the reader",
    "taken_down": "it was taken down from this archive; it is never fetched again",
    "timeout": "the answer took too long",
    "dns": "the host's name could not be found",
    "tls": "no secure connection could be made",
    "refused": "the host refused the connection",
    "connection_lost": "the connection broke",
    "truncated": "the answer broke off before its end",
    "bad_answer": "the answer was not HTTP",
    "too_large": "the answer was longer than is read",
    "unpacked_too_large": "the answer unpacks to more than is read",
    "bad_encoding": "the answer's content encoding is broken",
    "unknown_encoding": "the answer has an unknown content encoding",
    "browser": "the browser could not open the page",
    "no_answer": "no answer came",
    "bad_url": "a redirect led to what is no address",
    "bad_scheme": "a redirect led to another scheme than http or https",
    "bad_port": "the address has a port that is no web server's",
    "private_address": "the address is of a private network (--allow-private allows it)",
    "offsite_redirect": "a redirect led to another site",
    "redirect_loop": "the redirects go round in circles",
    "too_many_redirects": "there were too many redirects",
}


def meaning(reason: str) -> str:
    """Say in words what a reason means.

    >>> meaning("http_403")
    'the site answered with status 403'
    """
    if reason.startswith("http_"):
        return f"the site answered with status {reason.removeprefix('http_')}"
    return REASONS.get(reason, "no more is known")
