"""How well an article's address is told by its shape: `CORPORA=folder python -m bench.links`.

Prints, for each labelled corpus, how many addresses of article pages reach the score of an article (with their titles
as link text, as a front page would show them), and how many addresses of other pages do (without text).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from crawler.links import ARTICLE, article_score
from crawler.urls import normalize

ARTICLES = ("aeb", "fundus", "htmldate", "postlight", "trafilatura", "wcxb")
OTHERS = ("wcxb_nonarticle",)


def rate(gold: Path, *, with_title: bool) -> tuple[int, int]:
    """Give how many addresses score as articles, and how many there are."""
    rows = [json.loads(line) for line in gold.open(encoding="utf-8")]
    known = [(url, str(row.get("title") or "")) for row in rows if (url := normalize(row.get("url") or ""))]
    hits = sum(article_score(url, title if with_title else "") >= ARTICLE for url, title in known)
    return hits, len(known)


def main() -> None:
    corpora = os.environ.get("CORPORA")
    if not corpora:
        sys.exit("say where the labelled pages are: CORPORA=folder python -m bench.links")
    for name in (*ARTICLES, *OTHERS):
        hits, count = rate(Path(corpora) / name / "gold.jsonl", with_title=name in ARTICLES)
        print(f"{name:16} {hits:4} of {count:4}  {hits / max(count, 1):.3f}")


if __name__ == "__main__":
    main()
