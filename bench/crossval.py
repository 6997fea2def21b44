"""Cross-validation by publisher: how well the body is read on pages of publishers that the classifier never saw.

    CORPORA=folder EVAL=folder train/bin/python -m bench.crossval --votes votes.jsonl     # about ten minutes

The publishers (bench/publishers.py) are dealt out into folds. For each fold a network is trained on the others, just
as bench/train_blocks.py trains the shipped one; the whole reader reads the fold's pages with it, and the functions of
EVAL/score.py score them. Beside that stands what the shipped network reaches, which has seen all of them. --weights
FOLDER keeps the folds' networks, or takes them from there: what a rule of the reader does to unseen pages can be told
without training. Needs the Python that bench/train_blocks.py needs.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import importlib
import json
import os
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from articles import classifier, extract
from articles.page import Page
from bench.publishers import Seen, families, folds, seen
from bench.train_blocks import examples, save, train

SHIPPED = Path("articles") / classifier.WEIGHTS
CORPORA = ("aeb", "fundus", "handlabels", "wcxb", "zhce", "trafilatura", "goose3")
FIGURES = ("body.f1", "body.p", "body.r", "body.snip", "noise.leak")
Scored = tuple[str, str, dict[str, float | None]]  # corpus, page, figures


def score() -> Any:
    """The scorer's module."""
    folder = os.environ["EVAL"]
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module("score")


def gold() -> dict[str, list[dict[str, Any]]]:
    """The rows with gold that says something about the body, by the page's name; several may be about one page."""
    found = collections.defaultdict(list)
    for row in score().load(set(CORPORA)):
        if row["corpus"].split(".")[0] != "handlabels" or row["corpus"] == "handlabels.core":
            file = Path(row["file"])
            found[f"{file.parent.parent.name}/{row['id']}"].append(row)
    return found


def look(job: tuple[str, list[dict[str, Any]]]) -> Seen:
    """What tells the page's family."""
    name, rows = job
    url = rows[0].get("url") or ""
    return seen(name, url, Page(_bytes(rows), url).tree)


def read(job: tuple[str, list[dict[str, Any]]]) -> list[Scored]:
    """The page's figures, read by the network in use."""
    _, rows = job
    answer = score().as_mapping(extract(_bytes(rows), rows[0].get("url") or ""))
    return [(row["corpus"], row["id"], score().score(row, answer)) for row in rows]


def _bytes(rows: list[dict[str, Any]]) -> bytes:
    return gzip.decompress(Path(rows[0]["file"]).read_bytes())


def read_all(jobs: list[tuple[str, list[dict[str, Any]]]], weights: Path) -> list[Scored]:
    """The figures of pages, read with these weights."""
    with get_context("spawn").Pool(2, classifier.use, (weights,)) as pool:
        return [scored for page in pool.imap(read, jobs, chunksize=8) for scored in page]


def summary(pages: list[Scored]) -> dict[tuple[str, str], tuple[float, int]]:
    """Each corpus's figures as EVAL/score.py reckons them, and over how many pages."""
    values = collections.defaultdict(list)
    for corpus, _, figures in pages:
        for figure, value in figures.items():
            if figure in FIGURES and value is not None:
                values[corpus, figure].append(value)
                if figure == "noise.leak":
                    values["ALL", figure].append(value)
    found = {key: (sum(each) / len(each), len(each)) for key, each in values.items()}
    for corpus in {corpus for corpus, figure in found if figure == "body.p"}:
        (precision, _), (recall, count) = found[corpus, "body.p"], found[corpus, "body.r"]
        found[corpus, "body.f1"] = (2 * precision * recall / (precision + recall), count)
    return found


def table(shipped: list[Scored], unseen: list[Scored]) -> str:
    """The figures side by side, as Markdown."""
    lines = ["| pages | figure | n | in-sample | unseen | gap |", "|---|---|---:|---:|---:|---:|"]
    mine, theirs = summary(shipped), summary(unseen)
    for corpus, figure in sorted(mine, key=lambda key: (key[0], FIGURES.index(key[1]))):
        (one, count), (other, _) = mine[corpus, figure], theirs[corpus, figure]
        lines.append(f"| {corpus} | {figure} | {count} | {one:.4f} | {other:.4f} | {other - one:+.4f} |")
    return "\n".join(lines)


def worst(pages: list[Scored], count: int) -> list[str]:
    """The pages that are read worst."""
    ranked = []
    for corpus, page, figures in pages:
        if figures.get("body.r") is not None:
            precision, recall = figures["body.p"] or 0.0, figures["body.r"] or 0.0
            ranked.append((2 * precision * recall / (precision + recall or 1), f"{corpus}/{page}", precision, recall))
    return [f"{f1:.3f} (precision {p:.3f}, recall {r:.3f}) {name}" for f1, name, p, r in sorted(ranked)[:count]]


def networks(rows: list[dict[str, Any]], fold_of: dict[str, int], count: int, folder: Path) -> list[Path]:
    """The weights of each fold, trained on all the others; those that the folder has are kept."""
    files = [folder / f"fold{fold + 1}of{count}.npz" for fold in range(count)]
    for fold, file in enumerate(files):
        if not file.exists():
            print(f"fold {fold + 1} of {count}", file=sys.stderr)
            save(train([row for row in rows if fold_of.get(row["seen"].name) != fold]), file)
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--votes", type=Path, help="what bench/peer_votes.py wrote: more pages to learn from")
    parser.add_argument("--cache", type=Path, help="keep the examples in this file, or take them from it")
    parser.add_argument("--weights", type=Path, help="keep the folds' networks in this folder, or take them from it")
    parser.add_argument("--worst", type=int, default=0, help="list so many of the unseen pages that are read worst")
    parser.add_argument("--json", type=Path, help="write the unseen pages' figures, page by page")
    args = parser.parse_args()
    if not os.environ.get("CORPORA") or not os.environ.get("EVAL"):
        parser.error("say where the labelled pages and the scorer are: CORPORA=folder EVAL=folder")
    rows = examples(Path(os.environ["CORPORA"]), args.votes, args.cache)
    jobs = list(gold().items())
    with get_context("spawn").Pool(2) as pool:
        known = {each.name: each for each in pool.imap(look, jobs, chunksize=16)}
    # the tests' own newspaper is nobody's publisher: all folds learn from it
    known |= {row["seen"].name: row["seen"] for row in rows if not row["id"].startswith("newspaper/")}
    fold_of = folds(families(list(known.values())), args.folds)
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.weights or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        unseen = []
        for fold, file in enumerate(networks(rows, fold_of, args.folds, folder)):
            unseen += read_all([job for job in jobs if fold_of[job[0]] == fold], file)
    print(table(read_all(jobs, SHIPPED), unseen))
    for line in worst(unseen, args.worst):
        print(line)
    if args.json:
        args.json.write_text(json.dumps(unseen, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
