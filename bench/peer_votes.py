"""Writes what three other readers take for the body of each page: votes for `bench.train_blocks --votes FILE`.

    CORPORA=folder EVAL=folder peers/bin/python bench/peer_votes.py votes.jsonl

Run it with the Python of a virtual environment that has trafilatura, readability-lxml with html-text, and resiliparse;
it imports nothing of Pressmark. Where all three agree about a block, that is a label for pages that have no gold text.
"""

from __future__ import annotations

import gzip
import importlib
import json
import os
import sys
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

CORPORA = ("htmldate", "postlight", "gne", "omnivore", "readability", "trafilatura")
READERS = ("trafilatura", "readability", "resiliparse")


def rows() -> Iterator[dict[str, str]]:
    """The pages without a gold text."""
    folder = Path(os.environ["CORPORA"])
    for corpus in CORPORA:
        for line in (folder / corpus / "gold.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            file = folder / corpus / "pages" / f"{row['id']}.html.gz"
            yield {"corpus": corpus, "id": row["id"], "url": row.get("url") or "", "file": str(file)}


def vote(row: dict[str, str]) -> dict[str, Any]:
    """The row with the three texts; one that could not be had is empty."""
    sys.path.insert(0, os.environ["EVAL"])
    peers = importlib.import_module("peers")
    html = gzip.decompress(Path(row["file"]).read_bytes())
    texts = []
    for name in READERS:
        try:
            texts.append(getattr(peers, name)(html, row["url"] or "https://example.org/a").get("body") or "")
        except Exception as error:  # noqa: BLE001 - a peer's crash is no vote, and is told
            print(f"{name} on {row['corpus']}/{row['id']}: {error}", file=sys.stderr)
            texts.append("")
    return {key: row[key] for key in ("corpus", "id", "url")} | {"texts": texts}


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    with Pool() as pool, open(sys.argv[1], "w", encoding="utf-8") as out:
        for row in pool.imap(vote, rows(), chunksize=8):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
