"""Measure near-duplicate finding on pairs made from real pages: CORPORA=folder python bench/duplicates.py

A folder of the corpora holds gold.jsonl, one object per page with its text under "body". A pair is a text and a light
edit of it as reprints make them: a paragraph dropped or added, five words in a hundred replaced, typography changed,
a dateline put before. Pages of different URLs are the pairs that must not be found.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from pathlib import Path

from storage.duplicates import ALIKE
from storage.search.shingles import BANDS, FEWEST, ROWS, WIDTH, bands, resemblance, shingles

BOILERPLATE = (
    "This report first appeared elsewhere and is republished here with permission of the agency.",
    "Follow our coverage by mail every morning, and write to the editors with corrections and hints.",
)


def texts(folder: Path) -> list[str]:
    """Distinct bodies of the corpora that are long enough to be compared."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*/gold.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            body = json.loads(line).get("body")
            if isinstance(body, str) and len(shingles(body)) >= FEWEST * 2:
                found.setdefault(" ".join(body.split())[:40], body)  # the same page in two corpora counts once
    return list(found.values())


def replaced(text: str, rng: random.Random, share: float, others: list[str]) -> str:
    """Replace a share of the words by words of another text."""
    words = text.split(" ")
    for _ in range(int(len(words) * share)):
        words[rng.randrange(len(words))] = rng.choice(others)
    return " ".join(words)


def light(text: str, rng: random.Random, others: list[str]) -> str:
    """One light edit, or two or three of them."""
    paragraphs = [part for part in text.split("\n") if part.strip()]
    for kind in rng.sample(("drop", "add", "words", "signs", "dateline"), rng.choice((1, 2, 3))):
        if kind == "drop" and len(paragraphs) > 8:
            del paragraphs[rng.randrange(len(paragraphs))]
        elif kind == "add":
            paragraphs.append(rng.choice(BOILERPLATE))
        elif kind == "words":
            paragraphs = [replaced(part, rng, 0.05, others) for part in paragraphs]
        elif kind == "signs":
            paragraphs = [part.replace('"', "”").replace("'", "’").replace(" - ", " – ") for part in paragraphs]
        else:
            paragraphs.insert(0, f"KYIV, {rng.randrange(1, 29)} March (Agency) –")
    return "\n".join(paragraphs)


def main() -> None:
    """Print precision and recall, of the index alone and of the whole finding, and the cost of an article."""
    folder = os.environ.get("CORPORA")
    if not folder:
        sys.exit("say where the labelled pages are: CORPORA=folder python bench/duplicates.py")
    rng = random.Random(7)
    bodies = texts(Path(folder))
    pool = [word for body in bodies[:50] for word in body.split()]
    edited = [light(body, rng, pool) for body in bodies]
    started = time.perf_counter()
    originals = [shingles(body) for body in bodies]
    keys = [set(bands(hashes)) for hashes in originals]
    cost = (time.perf_counter() - started) / len(bodies)
    copies = [shingles(body) for body in edited]
    copy_keys = [set(bands(hashes)) for hashes in copies]
    sims = [resemblance(a, b) for a, b in zip(originals, copies, strict=True)]
    shared = [bool(a & b) for a, b in zip(keys, copy_keys, strict=True)]
    hits = sum(ok and sim >= ALIKE for ok, sim in zip(shared, sims, strict=True))
    index: dict[int, list[int]] = {}
    for number, own in enumerate(keys):
        for key in own:
            index.setdefault(key, []).append(number)
    candidates = {(i, j) for i, own in enumerate(copy_keys) for key in own for j in index.get(key, ()) if i != j}
    wrong = [(i, j, resemblance(copies[i], originals[j])) for i, j in candidates]
    false = [pair for pair in wrong if pair[2] >= ALIKE]
    print(f"{len(bodies)} texts; shingles of {WIDTH} words, {BANDS} bands of {ROWS}, alike from {ALIKE}")
    lowest = sorted(sims)[len(sims) // 10]
    print(f"resemblance of light edits: median {statistics.median(sims):.3f}, lowest tenth {lowest:.3f}")
    print(f"recall    {hits / len(bodies):.4f} (index alone {sum(shared) / len(bodies):.4f})")
    print(f"precision {hits / (hits + len(false)):.4f} ({len(false)} false of {len(candidates)} candidates)")
    for i, j, sim in false[:10]:
        print(f"  {sim:.2f} {bodies[i][:60]!r} ~ {bodies[j][:60]!r}")
    print(f"{cost * 1000:.2f} ms a text")


if __name__ == "__main__":
    main()
