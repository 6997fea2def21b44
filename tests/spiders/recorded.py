"""How a recorded page is held against its expected record."""

from __future__ import annotations

from typing import Any

from articles import Article


def differences(article: Article, expected: dict[str, Any]) -> dict[str, Any]:
    """Field -> (expected, got) for every field of the expected record that reads otherwise.

    A date is compared as precisely as it is given there; `must_not_appear` lists what may stand neither in the body
    nor in the lead or the key points.
    """
    fields = {name: value for name, value in expected.items() if name != "must_not_appear"}
    got = article.to_dict()
    for name in ("date_published", "date_modified"):
        if fields.get(name) and got[name]:
            got[name] = got[name][: len(fields[name])]
    found: dict[str, Any] = {name: (value, got[name]) for name, value in fields.items() if got[name] != value}
    text = "\n".join([article.body, article.body_html, article.lead or "", *article.key_points])
    leaked = [words for words in expected.get("must_not_appear", ()) if words in text]
    return found | ({"must_not_appear": leaked} if leaked else {})
