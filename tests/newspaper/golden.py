"""Where the reader is wrong about the newspaper: python -m tests.newspaper.golden [--field lead] [--markup soup]"""

from __future__ import annotations

import argparse
import difflib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import articles
from tests.newspaper import expected
from tests.newspaper.markups import MARKUPS, Markup, Paper, Sheet
from tests.newspaper.stories import load


def wrong() -> Iterator[tuple[Sheet, Markup, dict[str, Any]]]:
    """Every page and what is read otherwise than it was written."""
    for story in load().values():
        for markup in MARKUPS.values():
            for number in range(1, len(story.pages) + 1) if story.kind in markup.kinds else ():
                sheet = Sheet(Paper(), story, number)
                article = articles.extract(markup.render(sheet).encode(), sheet.url)
                yield sheet, markup, expected.differences(article, expected.record(sheet, markup))


def changes(want: Any, got: Any) -> str:
    """The words that are missing (-) and those that are too many (+)."""
    a, b = (json.dumps(value, ensure_ascii=False).split(" ") for value in (want, got))
    lines = []
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind != "equal":
            lines.append(
                "  ".join(f"{sign} {' '.join(part)[:150]}" for sign, part in (("-", a[a1:a2]), ("+", b[b1:b2])) if part)
            )
    return "\n     ".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.newspaper.golden", description=__doc__)
    parser.add_argument("--field", help="show the differences of this field")
    parser.add_argument("--markup", help="only in this markup")
    parser.add_argument("--most", type=int, default=3, help="at most so many for each markup (default: %(default)s)")
    options = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    for sheet, markup, found in wrong():
        counts.update((field, markup.name) for field in [*found, "pages", *(["wrong"] if found else [])])
        shown = options.field in found and options.markup in (None, markup.name)
        if shown and counts[options.field, markup.name] <= options.most:
            print(f"{markup.name} {sheet.story.id} page {sheet.page}\n     {changes(*found[options.field])}\n")
    print(" " * 16 + "".join(f"{name:>10}" for name in MARKUPS))
    for field in sorted({field for field, _ in counts}, key=lambda name: (name in ("wrong", "pages"), name)):
        print(f"{field:16}" + "".join(f"{counts[field, name] or '.':>10}" for name in MARKUPS))


if __name__ == "__main__":
    main()
