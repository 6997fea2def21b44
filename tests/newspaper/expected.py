"""The record that a page of the newspaper must give, known by construction, and how it is compared."""

from __future__ import annotations

import re
from typing import Any

from articles import Article
from tests.newspaper import furniture
from tests.newspaper.markups import Markup, Sheet
from tests.newspaper.stories import Picture


def record(sheet: Sheet, markup: Markup) -> dict[str, Any]:
    """Every field that the page tells, as plain data; a field that the markup cannot tell is not in it."""
    story, paper = sheet.story, sheet.paper
    fields: dict[str, Any] = {
        "canonical_url": sheet.url,
        "site": furniture.NAME[story.lang],
        "title": story.title,
        "lead": story.lead,
        "key_points": list(story.key_points) if sheet.first else [],
        "sections": sections(sheet),
        "category": story.category[-1],
        "category_path": list(story.category),
        "tags": sorted(story.tags),
        "authors": list(story.authors),
        "date_published": story.published.isoformat() if markup.instant else story.published.date().isoformat(),
        "date_modified": story.modified.isoformat() if story.modified else None,
        "language": story.lang,
        "related_links": related(sheet, markup),
        "images": images(sheet),
        "next_page": None if sheet.last else paper.url(story, sheet.page + 1),
        "page_kind": story.kind,
        "is_article": True,
        "access": story.access,
    }
    lacking = set(markup.lacks)
    if story.kind == "live":
        lacking |= {"sections"}
        fields["updates"] = [[u.date.isoformat(), u.heading, u.text] for u in story.updates]
    if story.kind == "gallery":
        lacking |= {"sections", "is_article"}  # a gallery is a page kind of its own, with next to no text
        lacking |= {"page_kind"} if markup.name == "soup" else set()  # which says nowhere that it is one
    if markup.name in ("amp", "print"):
        lacking |= {"next_page"}
    return {name: value for name, value in fields.items() if name not in lacking}


def sections(sheet: Sheet) -> list[list[str | None]]:
    """[heading, text] of each section, the text's words with single spaces."""
    found: list[list[str | None]] = [[None, ""]]
    for block in sheet.blocks:
        if block.kind == "h":
            found.append([block.lines[0], ""])
        elif block.kind != "also":
            found[-1][1] = words(f"{found[-1][1]} {plain(block)}")
    return [row for row in found if row[0] or row[1]]


def plain(block: Any) -> str:
    if block.kind == "table":
        return " ".join(cell for row in block.cells for cell in row)
    if block.kind == "tweet":
        return block.lines[0].partition(": ")[2]
    return " ".join(block.lines)


def related(sheet: Sheet, markup: Markup) -> list[list[str | None]]:
    """[url, title, category, date] of each related link, by URL."""
    found = {}
    for block in sheet.blocks:
        if block.kind == "also":
            story = sheet.paper.story(int(block.lines[0]))
            found[sheet.paper.url(story)] = [story.title, None, None]
    for story, category, day in sheet.cards() if markup.related != "none" else []:
        told = (category, day) if markup.related == "cards" else (None, None)
        found[sheet.paper.url(story)] = [story.title, *told]
    return [[url, *found[url]] for url in sorted(found)]


def images(sheet: Sheet) -> list[list[str | None]]:
    pictures: list[Picture] = [p for p in (sheet.story.picture, *sheet.story.gallery) if p]
    return [[sheet.paper.picture(p), p.caption, p.credit] for p in pictures]


def shown(article: Article, expected: dict[str, Any]) -> dict[str, Any]:
    """The same fields of what the reader gave, in the same form."""
    form: dict[str, Any] = {
        "key_points": list(article.key_points),
        "sections": [[s.heading, untweet(words(" ".join(s.paragraphs)))] for s in article.sections],
        "category_path": list(article.category_path),
        "tags": sorted(article.tags),
        "authors": list(article.authors),
        "related_links": sorted([r.url, r.title, r.category, r.date_published] for r in article.related_links),
        "images": [[i.url, i.caption, i.credit] for i in article.images],
        "updates": [[u.date.isoformat() if u.date else None, u.heading, words(u.body)] for u in article.updates],
        "language": (article.language or "").split("-")[0],
    }
    for name in ("date_published", "date_modified"):
        value = getattr(article, name)
        form[name] = value.isoformat()[: len(expected.get(name) or "") or None] if value else None
    return {name: form.get(name, getattr(article, name, None)) for name in expected}


def words(text: str) -> str:
    """Words with single spaces, without the bars, dashes and colons that a reader may draw for tables and lists."""
    return " ".join(re.sub(r"(?m)^\s*[-•*] |\|", " ", text).split())


def untweet(text: str) -> str:
    """Leave out a tweet's signature, which a reader may keep or drop."""
    return words(re.sub(r"[—–-] [^—–]*\(@\w+\)", " ", text))


def differences(article: Article, expected: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field -> (expected, got) wherever the two are not the same, and the noise that stands in the body."""
    got = shown(article, expected)
    found = {name: (expected[name], got[name]) for name in expected if expected[name] != got[name]}
    text = "\n".join([article.body, article.lead or "", *article.key_points])
    leaked = [line for line in furniture.noise(expected["language"]) if line in text]
    if leaked:
        found["noise"] = ([], leaked)
    return found
