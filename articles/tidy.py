"""Tidying: what is known of whole lists, tables, bylines and notices, where the classifier judged block by block."""

from __future__ import annotations

import re

from articles import hints, labels
from articles.blocks import Block, Box
from articles.lexicon import kinds, word_mask
from articles.page import Page
from articles.threads import comments

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LABEL = 40  # characters
LABEL_TAGS = frozenset(("li", "dt", "dd", "div", "span", "td", "th"))
ITEM_TAGS = LABEL_TAGS | {"p"}
SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "…", ":", "”", '"', "»", "।", "۔", "؟")
OWN_TEXT = 500  # characters from which an <article> is the page's article
LONGEST_CELL = 300  # characters; what holds more is a table for layout
LONGEST_BYLINE = 160  # characters
LONGEST_META = 120  # characters
META_KINDS = kinds("byline", "dated", "tags")
CONSENT = kinds("consent")
LONGEST_NOTICE = 400  # characters
_MODAL = 1 << hints.NAMES.index("modal")
LONGEST_WIDGET = 60  # characters: "(no ratings yet)", "Loading..."
LONGEST_CALL = 220  # characters
CREDIT = kinds("picture")
CALLS = kinds("subscribe", "share", "more", "follow", "contact", "advertisement", "login")
EXPECTED = (0.4, 0.1)  # probability that is enough for a list, a table that the text leads to
HEADLESS = 0.75  # probability that a list without its heading must have
END = re.compile(r"https?://\S+|[\d\s/.,:|–-]+|[^\W\d_]{1,6}(?:/[^\W\d_]{1,6})?")  # address, counter, agency
LISTS = frozenset(("ul", "ol", "dl", "table"))
QUOTES = frozenset('"“„«「『')  # a call quotes nobody
NOTICE = re.compile(r"^(?:©|\(c\)\s|copyright\b)", re.I)
_COMMENT = 1 << hints.NAMES.index("comment")
_ASIDES = (1 << hints.NAMES.index("newsletter"), _COMMENT)
LEAST = 0.25  # probability below which a block is not text
SURE = 0.95  # probability from which it is, whatever the list is that it stands in, and however often it stands there
COMMENT = "a comment"
LEAST_TEXT = 100  # characters before the comments
REPEATED = 60  # characters that two texts of the body begin with by no chance


def judge_together(blocks: list[Block]) -> None:
    """Give all items of a list, and all cells of a table of data, one verdict: that of most of their text. What is
    surely text stays: some pages are one list."""
    groups: dict[Box, list[Block]] = {}
    known: dict[Box | None, Box | None] = {}
    lists: set[Box] = set()  # those that hold anything like text
    items = [block for block in blocks if block.tag in ITEM_TAGS and block.verdict in ("noise", "body")]
    for block in items:
        if block.probability >= EXPECTED[1] and (holder := _list_of(block.box.parent)) is not None:
            lists.add(holder)
    for block in items if lists else ():
        parent = block.box.parent
        if parent not in known:
            known[parent] = _list_of(parent)
        holder = known[parent]
        if holder in lists:
            groups.setdefault(holder, []).append(block)
    for holder, items in groups.items():
        if len(items) < 2:
            continue
        texts = [len(item.text) for item in items]
        if holder.tag != "table" or max(texts) <= LONGEST_CELL:
            mean = sum(item.probability * size for item, size in zip(items, texts, strict=True)) / sum(texts)
            expected = _is_amid(blocks, items, holder) if holder.tag == "table" else _is_announced(blocks, items)
            enough = EXPECTED[holder.tag == "table"] if expected else HEADLESS if _is_headless(blocks, items) else 0.5
            _decide(items, mean >= enough, f"{holder.tag} with probability {mean:.2f}")


def _is_amid(blocks: list[Block], items: list[Block], holder: Box) -> bool:
    """Whether a table stands between paragraphs of the body, in the same container as they, inserts aside."""
    first, last = blocks.index(items[0]), len(blocks) - 1 - blocks[::-1].index(items[-1])
    before = next((block for block in reversed(blocks[:first]) if block.verdict == "body"), None)
    after = next((block for block in blocks[last + 1 :] if block.verdict == "body"), None)
    return all(block is not None and holder.parent in (block.box, block.box.parent) for block in (before, after))


def _is_announced(blocks: list[Block], items: list[Block]) -> bool:
    """Whether a list follows a line of the body that ends in a colon."""
    first = blocks.index(items[0])
    return first > 0 and blocks[first - 1].verdict == "body" and blocks[first - 1].text.endswith((":", "："))


def _is_headless(blocks: list[Block], items: list[Block]) -> bool:
    """Whether the heading right above a list is no part of the body."""
    above = blocks[max(blocks.index(items[0]) - 1, 0)]
    return above.tag in HEADINGS and above.verdict == "noise"


def _decide(items: list[Block], kept: bool, why: str) -> None:
    for item in items:
        if (item.verdict == "body") != kept and item.why.startswith("text") and (kept or item.probability < SURE):
            item.verdict, item.why = "body" if kept else "noise", why


def _list_of(box: Box | None) -> Box | None:
    """The list or table that holds an item or a cell."""
    here = box
    for _ in range(4):
        if here is None or here.tag in ("article", "main", "section"):
            return None
        if here.tag in LISTS:
            return here
        here = here.parent
    return None


def without_bylines(page: Page, blocks: list[Block]) -> list[Block]:
    """Drop short lines that name the authors or the site, notices of copyright, and the title once more."""
    names = _names(page)
    # an article behind a paywall stands in such a box, too
    notices = _is_lesser([block for block in blocks if block.box.bits & _MODAL], blocks)
    kept = []
    for block in blocks:
        text = block.text
        if NOTICE.match(text):
            drop(block, "copyright")
        elif notices and block.box.bits & _MODAL and len(text) < LONGEST_NOTICE and word_mask(text) & CONSENT:
            drop(block, "consent")
        elif _is_credit(text):
            drop(block, "credit")
        elif len(text) <= LONGEST_BYLINE and names and _is_byline(text, names):
            drop(block, "byline")
        else:
            kept.append(block)
    return kept


def _is_credit(text: str) -> bool:
    """Whether a line says who made a picture.

    >>> _is_credit("Photo: Ann Lee"), _is_credit("The photo: it was never found, and nobody looked.")
    (True, False)
    """
    if len(text) > LONGEST_META:
        return False
    label, colon, rest = text.partition(":")
    return bool(colon and rest) and " " not in label.strip() and bool(label and word_mask(label) & CREDIT)


def _names(page: Page) -> list[str]:
    found = []
    for field in ("authors", "site"):
        reading = page.readings.get(field)
        value = reading.value if reading else None
        found += [value] if isinstance(value, str) else list(value or ())
    return [name.casefold() for name in found if len(name) > 3]


def _is_byline(text: str, names: list[str]) -> bool:
    """Whether a line is little more than one of the names.

    >>> _is_byline("By Ines Corvalley", ["ines corvalley"]), _is_byline("Ines Corvalley is mayor.", ["ines corvalley"])
    (True, False)
    """
    rest = text.casefold()
    for name in names:
        rest = rest.replace(name, " ")
    if len(rest) == len(text):
        return False
    return len(" ".join(rest.split())) < 12 + 30 * any(map(str.isdigit, rest)) and not text.endswith(SENTENCE_ENDS[:3])


def without_other_articles(page: Page, blocks: list[Block]) -> list[Block]:
    """Drop text of other <article> elements, where the one that holds the headline has a text of its own."""
    if not blocks:
        return blocks
    own = page.blocks[page.headline].box.article
    inside = {id(block) for block in blocks if _holds(own, block.box.article)}
    if own is None or sum(len(block.text) for block in blocks if id(block) in inside) < OWN_TEXT:
        return blocks
    return [block for block in blocks if id(block) in inside or _is_own(block.box.article, own) or drop(block, "other")]


def _is_own(article: Box | None, own: Box) -> bool:
    return article is None or _holds(article, own)


def _holds(outer: Box | None, article: Box | None) -> bool:
    """Whether an <article> is another one or stands within it."""
    while article is not None and article is not outer:
        article = article.parent.article if article.parent is not None else None
    return outer is not None and article is outer


def without_labels(blocks: list[Block]) -> list[Block]:
    """Drop the short items and lines before the first paragraph: dates, sections, bylines, buttons."""
    for index, block in enumerate(blocks):
        ended = block.text.endswith(SENTENCE_ENDS) or block.tag in HEADINGS or _is_subhead(block, blocks[index + 1 :])
        short = len(block.text) <= LABEL and block.tag in LABEL_TAGS
        if ended or not (short or _is_meta(block.text)):
            return blocks[index:]
        drop(block, "label before the text")
    return []


def _is_subhead(block: Block, following: list[Block]) -> bool:
    """Whether a bold line is the heading of a paragraph that stands in the same container."""
    bold = block.bold >= len(block.text) and not _is_meta(block.text)
    return bold and bool(following) and following[0].box.parent is block.box.parent and len(following[0].text) > LABEL


def _is_meta(text: str) -> bool:
    """Whether a line says when, where or by whom something was published."""
    return (
        len(text) <= LONGEST_META
        and bool(word_mask(text) & META_KINDS)
        and (":" in text or any(map(str.isdigit, text)))
    )


def is_label_line(page: Page, block: Block) -> bool:
    """Whether a short line is a label of the page's own facts with their values: "Category: World | 29.11.2024"."""
    text = block.text
    if len(text) > LONGEST_META or text.endswith(SENTENCE_ENDS[:3]):
        return False
    first = next(filter(None, map(str.strip, block.element.itertext())), "")
    words = text.split(None, 3)
    heads = [text.partition(":")[0], first if len(block.element) else ""]
    if any(map(str.isdigit, text)):
        heads += [" ".join(words[:count]) for count in (1, 2, 3)]
    facts = labels.CATEGORY | labels.DATE
    return any(head and page.labels.get(labels.fold(head), 0) & facts for head in heads)


def without_ends(blocks: list[Block]) -> list[Block]:
    """Drop what hangs on behind the text: addresses, counters, credits, calls to follow, headings of nothing."""
    while blocks and _hangs_on(blocks[-1]):
        drop(blocks.pop(), "hangs on behind the text")
    return blocks


def _hangs_on(block: Block) -> bool:
    text = block.text
    if block.tag in HEADINGS or END.fullmatch(text) or (len(text) <= LABEL and text.endswith((":", "?"))):
        return True
    if len(text) > LONGEST_CALL:
        return False
    if len(text) <= LONGEST_WIDGET and ((text[0] == "(" and text[-1] == ")") or text.endswith("...")):
        return True
    mask = word_mask(text)
    if mask & CREDIT and ":" in text and len(text) <= LONGEST_META:
        return True
    return (mask & CALLS).bit_count() > 1 and QUOTES.isdisjoint(text)


def without_links(blocks: list[Block]) -> list[Block]:
    """Drop paragraphs that are links and nothing else: they lead elsewhere."""
    return [
        block
        for block in blocks
        if block.tag not in ("p", "div", "blockquote")
        or block.linked < 0.9 * len(block.text)
        or drop(block, "a link and nothing else")
    ]


def _is_lesser(part: list[Block], whole: list[Block]) -> bool:
    """Whether some of the blocks hold any text, but less than a quarter of it."""
    return bool(part) and sum(len(block.text) for block in part) * 4 < sum(len(block.text) for block in whole)


def without_asides(blocks: list[Block]) -> list[Block]:
    """Drop what stands in boxes called after newsletters or comments, where these are the lesser part."""
    whole = blocks
    for bit in _ASIDES:
        inside = [block for block in blocks if block.box.bits & bit]
        if _is_lesser(inside, whole):
            for block in inside:
                drop(block, f"in a box for {hints.NAMES[bit.bit_length() - 1]}")
            blocks = [block for block in blocks if block.verdict == "body"]
    return blocks


def judge_comments(page: Page) -> None:
    """Take what stands in boxes called after comments, or made like them, for noise, where they come after the text:
    comments on a short text are often more than it, and look more like one."""
    blocks = page.blocks
    holding = set()  # boxes around the headline: what they are called says nothing about comments
    box: Box | None = blocks[page.headline].box if blocks else None
    while box is not None:
        holding.add(box)
        box = box.parent
    text, known = 0, dict[Box, bool]()
    for block in blocks[page.headline + 1 :]:
        if block.box.bits & _COMMENT and _is_comment(block.box, holding, known):
            if text >= LEAST_TEXT and block.verdict is None:
                drop(block, COMMENT)
        elif block.probability >= LEAST:
            text += len(block.text) - block.linked
    for block in comments(page):
        if block.verdict is None:
            drop(block, COMMENT)


def _is_comment(box: Box, holding: set[Box], known: dict[Box, bool]) -> bool:
    """Whether a box, or one around it that does not hold the headline, is called after comments; `known` remembers."""
    found = known.get(box)
    if found is None:
        parent = box.parent
        found = box not in holding and bool(
            box.own & _COMMENT or (parent is not None and _is_comment(parent, holding, known))
        )
        known[box] = found
    return found


def without_repeats(blocks: list[Block]) -> list[Block]:
    """Drop what was said before: a copy of the article for printing, all of it in one piece. A refrain stays."""
    first: dict[str, Block] = {}
    kept = []
    for block in blocks:
        text = block.text
        if len(text) > REPEATED:
            known = first.setdefault(text[:REPEATED], block)
            refrain = text == known.text and block.box.parent is known.box.parent
            if not refrain and (text.startswith(known.text) or known.text.startswith(text)):
                drop(block, "says what was said before")
                continue
        kept.append(block)
    return kept


def drop(block: Block, why: str) -> bool:
    """Take a block out of the body again; always False."""
    block.verdict, block.why = "noise", why
    return False
