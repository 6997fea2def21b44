"""Related links: the articles that a page names under "More on the topic" and in its "Read also" lines, as data."""

from __future__ import annotations

import functools
import re
from collections import Counter
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from articles import labels
from articles.blocks import Block, Box
from articles.cards import MOST_ANCHORS, article_address, is_title, labelled, links_of, read_card
from articles.hints import NAMES
from articles.landmarks import HEADING_TAGS, Landmark, boxes_above, inside
from articles.marks import text_of
from articles.reading import Candidate, Reading
from articles.record import RelatedLink
from articles.structured import address_key

if TYPE_CHECKING:
    from articles.page import Page

MOST_LINKS = 20  # of one box
MOST_LABELS = 30  # of a page that are looked at
MOST_ITEMS, LONGEST_ITEM = 15, 160  # of a list that is none of the article's
REACH = 120  # blocks that one box may span
SKIPPED = labels.CATEGORY | labels.DATE | labels.BUTTON | labels.HOME
LEVEL = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

Links = dict[str, list[Any]]  # address -> the links that lead to it


def read_related(page: Page) -> Reading[tuple[RelatedLink, ...]]:
    """Read the related links, each once, in page order; the boxes that hold them are kept out of the body."""
    own = page.addresses
    found: dict[str, RelatedLink] = {}
    seen: list[Candidate] = []
    wanted = (mark for mark in page.landmarks.found if mark.kinds & labels.RELATED)
    for mark in islice(wanted, MOST_LABELS):
        if mark.block.verdict is not None:
            continue
        links, blocks, why_not = _box(page, mark, own)
        cards = _with_lines(_cards(page, links, own), blocks, page) if links else []
        name = f"“{mark.block.text[:40]}”"
        seen.append(Candidate(tuple(card.url for card in cards), "label", (why_not and f"{name}: {why_not}") or name))
        for card in cards:
            found[address_key(card.url)] = _fuller(found.get(address_key(card.url)), card)
        if cards:
            for block in blocks:
                block.verdict, block.why = "related", f"under {name}"
    source = "label" if found else None
    links, blocks = _called(page, own)
    cards = [card for card in _cards(page, links, own) if address_key(card.url) not in found] if links else []
    if 1 < len(cards) <= MOST_LINKS:
        source, why = source or "structure", "in a box called related"
        seen.append(Candidate(tuple(card.url for card in cards), "structure", why))
        found.update({address_key(card.url): card for card in cards})
        for block in blocks:
            block.verdict, block.why = "related", why
    _leave_other_lists(page)
    return Reading(tuple(found.values()), source, tuple(seen))


def _leave_other_lists(page: Page) -> None:
    """Keep the list right under a label such as "What subscribers get" out of the body with it."""
    marks, blocks = page.landmarks, page.blocks
    often = Counter(mark.block.text for mark in marks.found)
    for mark in marks.found:
        if mark.block.tag not in HEADING_TAGS or not mark.kinds & labels.OTHER or mark.opening:
            continue
        if not marks.start < mark.index <= marks.end or often[mark.block.text] > 1:
            continue  # a label that comes again is a chapter's
        items = _items_after(blocks, mark.index)
        if len(items) <= MOST_ITEMS and all(len(block.text) < LONGEST_ITEM for block in items):
            for block in items:
                block.verdict = block.verdict or "noise"
                block.why = block.why or f"under “{mark.block.text[:40]}”"


def _items_after(blocks: list[Block], index: int) -> list[Block]:
    """The blocks of a list that begins right after a block, little more than the most that are wanted."""
    following = blocks[index + 1 : index + 2 + MOST_ITEMS]
    listed = following[0].box.parent if following and following[0].tag == "li" else None
    return [] if listed is None else list(takewhile(lambda block: inside(listed, block.box), following))


def _fuller(one: RelatedLink | None, other: RelatedLink) -> RelatedLink:
    """One link with what a second card for it shows and it does not."""
    if one is None:
        return other
    return RelatedLink(
        one.url, one.title or other.title, one.category or other.category, one.date_published or other.date_published
    )


def _called(page: Page, own: set[str]) -> tuple[Links, list[Block]]:
    """Links in boxes that are called related by their class, from the article's first paragraph on."""
    known: dict[Box, bool] = {}
    links: Links = {}
    blocks = []
    for block in page.blocks[page.landmarks.start :] if page.landmarks.start >= 0 else ():
        if (
            block.links
            and block.verdict is None
            and block.linked * 2 > len(block.text)
            and block.box.bits & RELATED_HINT
            and _is_called(block.box, known)
        ):
            _gather(page, links_of(block), links, own)
            blocks.append(block)
    return links, blocks


def _is_called(box: Box, known: dict[Box, bool]) -> bool:
    found = known.get(box)
    if found is None:
        above = box.parent is not None and box.parent.parent is not None and _is_called(box.parent, known)
        named, other = _says(box.name) if box.own & RELATED_HINT and box.tag != "body" else (False, False)
        found = known[box] = (above or named) and not other
    return found


@functools.lru_cache(4096)
def _says(name: str) -> tuple[bool, bool]:
    """Whether a class is one of related articles, and whether one of something else."""
    return bool(_name.search(name)), bool(_not_name.search(name))


RELATED_HINT = sum(1 << NAMES.index(name) for name in ("related", "tag", "author", "comment", "video", "advert"))
_name = re.compile(
    r"related|relacionad|relationne|relacionat|verwandt|similar-|similar_|also[-_]?read|read[-_]?also|see[-_]?also|lire[-_]?aussi|leggi[-_]?anche"
    r"|correlat|gerelateerd|mehr[-_]zum|zum[-_]thema|souvisejici|kapcsolodo|powiazane|ilgili|benzer",
    re.IGNORECASE,
)
_not_name = re.compile(
    r"tag|topic|theme|author|categor|product|video|comment|ad[-_s]|sponsor|promo|unrelated|not-related|shop",
    re.IGNORECASE,
)


def _box(page: Page, mark: Landmark, own: set[str]) -> tuple[Links, list[Block], str]:
    """The links of the box that a label heads, its blocks, and why there are none."""
    marks = page.landmarks
    if mark.index < marks.start and (mark.index < marks.title or marks.title < 0):
        return {}, [], "above the headline"
    if mark.opening or (mark.block.links and mark.block.tag not in HEADING_TAGS):
        links: Links = {}
        _gather(page, _links_with(mark.block), links, own, strict=False)
        if links:
            return links, [mark.block], ""
        if mark.opening:
            return {}, [], "no link to an article"
    for holder in _holders(page, mark):
        links, blocks = _beneath(page, mark, holder, own)
        if links:
            return links, blocks, ""
    return {}, [], "no link to an article"


def _links_with(block: Block) -> list[tuple[Any, str]]:
    """The links of a label's element with their texts; of the label alone, where it is one text among several."""
    if block.box.size > 1:
        return links_of(block)
    return [(link, text_of(link, 300)) for link in islice(block.element.iter("a"), MOST_ANCHORS)]


def _holders(page: Page, mark: Landmark) -> list[Box]:
    """The boxes around a label that may hold its links, innermost first, up to the one that holds the headline."""
    title = page.blocks[page.landmarks.title].box if page.landmarks.title >= 0 else None
    found = []
    for box in boxes_above(mark.block.box)[:7]:
        found.append(box)
        if box.parent is None or (title is not None and inside(box, title)):
            break
    return found


def _beneath(page: Page, mark: Landmark, holder: Box, own: set[str]) -> tuple[Links, list[Block]]:
    """The links from a label to the end of its box: the next label, heading or paragraph, or where the holder ends."""
    links: Links = {}
    taken = [mark.block]
    kinds = page.landmarks.kinds
    level = LEVEL.get(mark.block.tag, 9)
    form = (mark.block.tag, mark.block.box.name)
    for index in range(mark.index + 1, min(mark.index + REACH, len(page.blocks))):
        block = page.blocks[index]
        if not inside(holder, block.box) or len(links) >= MOST_LINKS:
            break
        kind = kinds.get(index, 0)
        if kind and not kind & SKIPPED and _heads(block, mark.block, kind):
            break
        if _ends(block, level, form):
            break
        if block.links:
            _gather(page, links_of(block), links, own)
        elif not links and block.probability >= 0.5 and len(block.text) > 80:
            break
        taken.append(block)
    while len(taken) > 1 and not taken[-1].links and taken[-1].probability >= 0.5:
        taken.pop()
    return links, taken


def _heads(block: Block, label: Block, kind: int) -> bool:
    """Whether a label heads another box: one within a card ("Weather", "Live") stands deeper, or is the link."""
    if block.linked * 2 > len(block.text):
        return not kind & labels.RELATED and block.tag in HEADING_TAGS and block.box.depth <= label.box.depth
    return block.tag in HEADING_TAGS or block.box.depth <= label.box.depth


def _ends(block: Block, level: int, form: tuple[str, str]) -> bool:
    """Whether a block begins something else: a heading of the label's level, or text that no card has."""
    if block.linked * 2 < len(block.text):
        if LEVEL.get(block.tag, 9) <= level < 9 and not block.links:
            return True
        if (block.tag, block.box.name) == form and form[1] and block.tag not in ("p", "div", "li", "span"):
            return True
        return block.probability >= 0.5 and len(block.text) > 80
    return block.probability >= 0.8 and len(block.text) > 300


def _gather(page: Page, found: list[tuple[Any, str]], links: Links, own: set[str], strict: bool = True) -> None:
    """Add those of some links, which stand with their texts, that lead to articles."""
    for link, text in found:
        url = article_address(link, page.url, own)
        if url is None or (url not in links and not is_title(text, url) and (strict or len(text) < 15)):
            continue
        links.setdefault(url, []).append(link)


def _cards(page: Page, links: Links, own: set[str]) -> list[RelatedLink]:
    """Each address with what the element around its links shows that holds no other card's link."""
    above: dict[Any, set[str]] = {}
    for url, nodes in links.items():
        for node in nodes:
            for element in (node, *islice(node.iterancestors(), 9)):
                above.setdefault(element, set()).add(url)
    cards = []
    for url, nodes in links.items():
        root = nodes[-1]
        for element in islice(nodes[-1].iterancestors(), 9):
            if len(above[element]) > 1 or element.tag in ("body", "main") or len(links) == 1:
                break
            root = element
            if element.tag == "article":
                break
        if len(links) == 1:
            root = _only_card(nodes[-1])
        cards.append(read_card(url, nodes, root, page.labels))
    return cards


def _with_lines(cards: list[RelatedLink], blocks: list[Block], page: Page) -> list[RelatedLink]:
    """The cards with what stands beside them in a list that has no box for each: "Category", "World", the link."""
    if len(blocks) <= len(cards) + 1 or any(card.category or card.date_published for card in cards):
        return cards
    lines: list[list[str]] = [[]]
    titles = {card.title: index for index, card in enumerate(cards)}
    for block in blocks[1:]:  # the first one is the label
        if block.text in titles:
            lines.append([])
        else:
            lines[-1].append(block.text)
    if len(lines) != len(cards) + 1:
        return cards
    before = any(page.labels.get(labels.fold(line), 0) & (labels.CATEGORY | labels.DATE) for line in lines[0])
    found = []
    for index, card in enumerate(cards):
        category, date = labelled(lines[index + (not before)], page.labels, card.title)
        found.append(RelatedLink(card.url, card.title, category, date))
    return found


def _only_card(link: Any) -> Any:
    """The element around a card that stands alone: as far up as its text stays short."""
    root = link
    for element in link.iterancestors():
        if element.tag in ("body", "main", "p") or len("".join(element.itertext())) > 400:
            break
        root = element
        if element.tag in ("li", "article"):
            break
    return root
