"""Labels: which blocks of the labelled pages are body text, by aligning each block with the gold text."""

from __future__ import annotations

import collections
import gzip
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from articles.blocks import Block
from articles.features import look
from articles.page import Page
from articles.walk import walk
from bench import publishers
from tests.newspaper.markups import MARKUPS, Paper, Sheet
from tests.newspaper.stories import load

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|\w+")
GRAM = 4
WHOLE = ("aeb", "fundus", "wcxb", "zhce")  # their gold is the whole body
SNIPPETS = ("trafilatura", "goose3")  # their gold is a few snippets that must, and must not, be in it
PAGE_WEIGHT = {"aeb": 2.0, "fundus": 2.0, "wcxb": 0.6, "zhce": 1.5, "handlabels": 2.0, "votes": 0.6, "newspaper": 1.5}
PAGE_WEIGHT |= dict.fromkeys(SNIPPETS, 3.0)  # few of their blocks are labelled, but by one who chose the hard ones
SHORTEST_VOTE = 80  # words
MOST_NOISE = 1.0  # what a page's other text weighs at most, beside its body: else comments on one outweigh many pages


def tokens(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def grams(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + GRAM]) for i in range(max(1, len(words) - GRAM + 1))]


def pages(corpora: Path) -> Iterator[dict[str, Any]]:
    """The gold rows that say something about bodies, each with its page's bytes."""
    for name in (*WHOLE, *SNIPPETS):
        for line in (corpora / name / "gold.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            if row.get("duplicate_of") or row.get("page_type", "article") != "article":
                continue
            yield row | {"corpus": name, "file": f"{name}/{row['id']}", "html": _bytes(corpora / name, row["id"])}
    core = corpora / "handlabels" / "core.jsonl"
    for line in core.open(encoding="utf-8"):
        row = json.loads(line)
        file = f"{row['corpus']}/{row['id']}"
        yield row | {"corpus": "handlabels", "file": file, "html": _bytes(corpora / row["corpus"], row["id"])}


def newspaper() -> Iterator[dict[str, Any]]:
    """The pages of the tests' own newspaper, whose text is known: things that the labelled pages hold too seldom."""
    for story in load().values():
        for markup in MARKUPS.values() if story.kind not in ("live", "gallery") else ():
            for number in range(1, len(story.pages) + 1) if story.kind in markup.kinds else ():
                sheet = Sheet(Paper(), story, number)
                texts = [line for block in sheet.blocks if block.kind != "also" for line in _written(block)]
                yield {
                    "corpus": "newspaper",
                    "id": f"{markup.name}-{story.id}-{number}",
                    "file": f"newspaper/{markup.name}-{story.id}-{number}",
                    "url": sheet.url,
                    "html": markup.render(sheet).encode(),
                    "body": "\n".join(texts),
                    "lead": story.lead,
                    "key_points": list(story.key_points),
                    "title": story.title,
                }


def _written(block: Any) -> list[str]:
    return [cell for row in block.cells for cell in row] if block.kind == "table" else list(block.lines)


def voted(corpora: Path, votes: Path) -> Iterator[dict[str, Any]]:
    """The rows of bench/peer_votes.py, each with its page's bytes."""
    for line in votes.open(encoding="utf-8"):
        row = json.loads(line)
        file = f"{row['corpus']}/{row['id']}"
        yield row | {
            "html": _bytes(corpora / row["corpus"], row["id"]),
            "corpus": "votes",
            "id": file,
            "file": file,
        }


def _bytes(folder: Path, page_id: str) -> bytes:
    return gzip.open(folder / "pages" / f"{page_id}.html.gz").read()


def example(row: dict[str, Any]) -> dict[str, Any] | None:
    """One page as arrays: x features, y share of a block's text that is body, w weight, n tokens."""
    page = Page(row["html"], row.get("url") or "")
    blocks = walk(page.tree)  # not page.blocks, which needs the weights that are to be trained
    if not blocks:
        return None
    words = [tokens(block.text) for block in blocks]
    y, w = (
        _by_votes(row, words)
        if "texts" in row
        else _by_text(row, words)
        if row.get("body")
        else _by_snippets(row, blocks)
    )
    if w.sum() == 0:
        return None
    noise = y < 0.5
    w = np.where(noise, w * min(1.0, MOST_NOISE / max(float(w[noise].sum()), 1e-9)), w).astype(np.float32)
    seen = look(page, blocks)
    return {
        "x": seen.matrix(),
        "g": seen.groups,
        "y": y,
        "w": w * PAGE_WEIGHT.get(row["corpus"], 1.0),
        "n": np.array([len(each) for each in words], np.float32),
        "id": f"{row['corpus']}/{row['id']}",
        "seen": publishers.seen(row["file"], row.get("url") or "", page.tree),
        "text": [block.text for block in blocks],
    }


def _by_text(row: dict[str, Any], words: list[list[str]]) -> tuple[Any, Any]:
    """Labels from a whole body; text that costs nothing either way (title, lead, key points) weighs nothing."""
    gold = collections.Counter(grams(tokens(row["body"])))
    lines = {tuple(tokens(line)) for line in re.split(r"\n+", row["body"])}
    free = _neutral(row)
    total = sum(gold.values())
    y, w = np.zeros(len(words), np.float32), np.zeros(len(words), np.float32)
    for index, each in enumerate(words):
        if not each:
            continue
        mine = grams(each)
        if len(each) < GRAM:
            y[index] = tuple(each) in lines
        else:
            y[index] = sum(gram in gold for gram in mine) / len(mine)
        neutral = y[index] < 0.5 and bool(free) and sum(gram in free for gram in mine) > 0.5 * len(mine)
        w[index] = 0 if neutral else (len(each) / total + 0.2 / len(words))
    _once(words, y)
    return y, np.minimum(w, 0.3)


def _by_votes(row: dict[str, Any], words: list[list[str]]) -> tuple[Any, Any]:
    """Labels where all readers agree, on pages on which they take about as much text as each other."""
    nothing = np.zeros(len(words), np.float32)
    shares = np.array([_shares(text, words) for text in row["texts"] if len(tokens(text)) >= SHORTEST_VOTE])
    if len(shares) < 2:
        return nothing, nothing
    count = np.array([len(each) for each in words], np.float32)
    taken = (shares > 0.6) @ count
    if taken.min() < 0.4 * taken.max() or taken.max() < SHORTEST_VOTE:
        return nothing, nothing
    yes, sure = (shares > 0.6).mean(axis=0) > 0.5, (shares > 0.6).all(axis=0) | (shares < 0.3).all(axis=0)
    w = np.where(sure & (count > 0), count / taken.max() + 0.2 / len(words), 0)
    return yes.astype(np.float32), np.minimum(w, 0.3).astype(np.float32)


def _shares(text: str, words: list[list[str]]) -> list[float]:
    """The share of each block that is in a text."""
    known = set(grams(tokens(text)))
    lines = {tuple(tokens(line)) for line in text.split("\n")}
    return [
        float(tuple(each) in lines) if len(each) < GRAM else float(np.mean([gram in known for gram in grams(each)]))
        for each in words
    ]


def _once(words: list[list[str]], y: Any) -> None:
    """Of short blocks that stand on the page several times, only one amid body text is body."""
    places = collections.defaultdict(list)
    for index, each in enumerate(words):
        if y[index] > 0.5:
            places[tuple(each)].append(index)
    long = np.array([y[i] > 0.5 and len(words[i]) > 15 for i in range(len(words))])
    for found in places.values():
        if len(found) > 1:
            near = [long[max(0, i - 4) : i + 5].sum() for i in found]
            for i in found:
                if i != found[int(np.argmax(near))]:
                    y[i] = 0


def _neutral(row: dict[str, Any]) -> set[tuple[str, ...]]:
    lead = row.get("lead") or ""
    parts = [lead if isinstance(lead, str) else "\n".join(lead), *(row.get("key_points") or []), row.get("title") or ""]
    return {gram for part in parts if part for gram in grams(tokens(part))} if row["corpus"] != "aeb" else set()


def _by_snippets(row: dict[str, Any], blocks: list[Block]) -> tuple[Any, Any]:
    """Labels from snippets: blocks that hold none of them weigh nothing."""
    y, w = np.zeros(len(blocks), np.float32), np.zeros(len(blocks), np.float32)
    wanted = [" ".join(tokens(each)) for each in row.get("body_contains") or []]
    banned = [" ".join(tokens(each)) for each in row.get("body_excludes") or []]
    for index, block in enumerate(blocks):
        text = " ".join(tokens(block.text))
        good = any(_within(each, text) for each in wanted)
        bad = any(_within(each, text) for each in banned)
        if good != bad:
            y[index], w[index] = good, 0.06 if good else 0.04
    return y, w


def _within(snippet: str, text: str) -> bool:
    """Whether a snippet is in the text, or is most of what the text is in."""
    return bool(snippet) and (snippet in text or (text in snippet and len(text) * 2 > len(snippet)))
