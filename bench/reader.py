"""Prints the README's table: the reader beside the peers that are installed, on the labelled pages, by the same script.

    CORPORA=folder EVAL=folder .venv/bin/python -m bench.reader --peers-python peers/bin/python --corpora aeb,fundus

EVAL holds score.py and peers.py. The peers need a virtual environment of their own; without --peers-python the table
has our column alone. A peer that is not installed is left out, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PEERS = {
    "trafilatura": "trafilatura",
    "newspaper4k": "newspaper",
    "readability": "readability",
    "resiliparse": "resiliparse",
}
FIGURES = """
    body.f1 body.snip noise.leak title date.day date.instant authors.f1 language category keypoints keypoints.fp
    related.r related.p is_article
""".split()  # noqa: SIM905
Figures = dict[tuple[str, str], float]


def run(python: str, extractor: str, folder: Path, corpora: str) -> Figures:
    """The figures of one extractor: (corpus, figure) -> value."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [python, str(folder / "score.py"), "--extractor", extractor, "--json", out.name]
        subprocess.run([*command, "--corpora", corpora], check=True, stdout=subprocess.DEVNULL)
        rows = json.loads(Path(out.name).read_text(encoding="utf-8"))["figures"]
    return {(row["corpus"], row["figure"]): row["value"] for row in rows if row["value"] is not None}


def has(python: str, module: str) -> bool:
    """Whether a Python has a module."""
    command = [python, "-c", f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"]
    return subprocess.run(command, check=False).returncode == 0


def table(columns: dict[str, Figures]) -> str:
    """The figures as a Markdown table, ours first, the best of each row in bold."""
    ours = next(iter(columns.values()))
    lines = [f"| pages | figure | {' | '.join(columns)} |", "|---|---|" + "---:|" * len(columns)]
    for corpus, figure in ours:
        if figure not in FIGURES:
            continue
        values = [column.get((corpus, figure)) for column in columns.values()]
        known = [value for value in values if value is not None]
        best = min(known) if figure in ("noise.leak", "keypoints.fp") else max(known)
        cells = ["–" if v is None else f"**{v:.3f}**" if v == best else f"{v:.3f}" for v in values]
        lines.append(f"| {corpus} | {figure} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers-python", help="the Python of the virtual environment that has the peers")
    parser.add_argument("--corpora", default="", help="a few of the corpora, parted by commas; all by default")
    args = parser.parse_args()
    if not os.environ.get("CORPORA") or not os.environ.get("EVAL"):
        parser.error("say where the labelled pages and the scorer are: CORPORA=folder EVAL=folder")
    folder = Path(os.environ["EVAL"]).resolve()
    columns = {"Pressmark": run(sys.executable, "articles:extract", folder, args.corpora)}
    for name, module in PEERS.items() if args.peers_python else ():
        if has(args.peers_python, module):
            columns[name] = run(args.peers_python, f"peers:{name}", folder, args.corpora)
        else:
            print(f"{name} is not installed", file=sys.stderr)
    print(table(columns))


if __name__ == "__main__":
    main()
