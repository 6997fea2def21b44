"""Fits the weights of the headline's choice and of the page kind (articles/title.py, kind.py); see docs/metadata.md.

    CORPORA=folder .venv/bin/python -m bench.train_metadata title
    CORPORA=folder .venv/bin/python -m bench.train_metadata kind [--held folder]

Prints the weights as they stand in the module, and the share of pages that they get right, on the pages of the folder
and on those of `--held`, which are not trained on. A folder has a sub-folder a corpus: gold.jsonl and pages/*.html.gz.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import unicodedata
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

from articles import kind, title
from articles.page import Page
from articles.reader import read
from articles.structured import fold

# Corpora with titles to be found; corpora of articles and of other pages, with what one page of each weighs.
TITLES = ("fundus", "trafilatura", "postlight", "wcxb")
KINDS = {"aeb": 1.0, "fundus": 1.0, "postlight": 0.7, "zhce": 0.4, "htmldate": 0.4, "wcxb": 0.25}
KINDS["wcxb_nonarticle"] = 2.2
NEVER = ("url known", "url query")  # of the test pages rather than of pages
PENALTY = {"title": 0.002, "kind": 0.002}  # on the square of the weights
STEPS = 4000


def rows(folder: Path, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The labelled pages of some corpora."""
    for name in names:
        for line in (folder / name / "gold.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            file = folder / name / "pages" / f"{row['id']}.html.gz"
            news = name != "htmldate" or row["id"].startswith("me_")  # the rest of it has pages of every kind
            if file.exists() and news and not row.get("duplicate_of"):
                yield {**row, "corpus": name, "file": str(file)}


def opened(row: dict[str, Any]) -> Page:
    return Page(gzip.open(row["file"]).read(), row.get("url") or "")


def title_example(row: dict[str, Any]) -> tuple[list[dict[str, float]], list[bool], float]:
    """The candidates of a page, which of them are right, and the page's weight."""
    groups = title.weighed(opened(row))
    return [group.features for group in groups], [same(group.text, row["title"]) for group in groups], 1.0


def same(one: str, other: str) -> bool:
    return fold(unicodedata.normalize("NFKC", one)) == fold(unicodedata.normalize("NFKC", other))


def kind_example(row: dict[str, Any]) -> tuple[list[dict[str, float]], list[bool], float]:
    """The page beside an empty one: an article should outweigh it, any other page should not."""
    page = opened(row)
    read(page)
    known = {name: value for name, value in kind.features(page).items() if name not in NEVER}
    article = row["corpus"] != "wcxb_nonarticle"
    return [{**known, "BIAS": 1.0}, {}], [article, not article], KINDS[row["corpus"]]


def examples(folder: Path, what: str) -> list[tuple[list[dict[str, float]], list[bool], float]]:
    wanted = TITLES if what == "title" else tuple(KINDS)
    chosen = [row for row in rows(folder, wanted) if what == "kind" or row.get("title")]
    with Pool() as pool:
        found = pool.map(title_example if what == "title" else kind_example, chosen, chunksize=8)
    return [item for item in found if item[0]]


def fitted(data: list[tuple[list[dict[str, float]], list[bool], float]], penalty: float) -> dict[str, float]:
    """Weights under which the right candidates of each page outweigh the others (softmax, Adam)."""
    data = [item for item in data if any(item[1])]
    names = sorted({name for candidates, _, _ in data for known in candidates for name in known})
    inputs = np.array([[known.get(name, 0.0) for name in names] for item in data for known in item[0]])
    right = np.array([float(ok) for item in data for ok in item[1]])
    starts = np.cumsum([0] + [len(item[0]) for item in data])[:-1]
    page = np.repeat(np.arange(len(data)), [len(item[0]) for item in data])
    share = np.array([item[2] for item in data])
    share = (share / share.sum())[page]
    weights, mean, square = (np.zeros(len(names)) for _ in range(3))
    for step in range(1, STEPS + 1):
        scores = inputs @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[page])
        guess = powers / np.add.reduceat(powers, starts)[page]
        truth = powers * right / np.add.reduceat(powers * right, starts)[page]
        slope = inputs.T @ ((guess - truth) * share) + penalty * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= 0.03 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return dict(zip(names, weights.round(2).tolist(), strict=True))


def accuracy(data: list[tuple[list[dict[str, float]], list[bool], float]], weights: dict[str, float]) -> float:
    def score(known: dict[str, float]) -> float:
        return sum(weights.get(name, 0.0) * value for name, value in known.items())

    hits = [right[max(range(len(found)), key=lambda at: score(found[at]))] for found, right, _ in data]
    return sum(hits) / len(hits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("title", "kind"))
    parser.add_argument("--held", type=Path)
    args = parser.parse_args()
    if "CORPORA" not in os.environ:
        parser.error("say where the labelled pages are: CORPORA=folder")
    data = examples(Path(os.environ["CORPORA"]), args.what)
    weights = fitted(data, PENALTY[args.what])
    for name, weight in sorted(weights.items(), key=lambda item: -item[1]):
        if abs(weight) >= 0.05:
            print(f'    "{name}": {weight},')
    print(f"right on {accuracy(data, weights):.4f} of {len(data)} pages")
    if args.held:
        held = examples(args.held, args.what)
        print(f"held out: {accuracy(held, weights):.4f} of {len(held)} pages")


if __name__ == "__main__":
    main()
