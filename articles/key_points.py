"""Key points: the few lines in which a page sums its article up, from a labelled box or bullets under the headline."""

from __future__ import annotations

import functools
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from lxml import etree

from articles import labels
from articles.blocks import Block, Box
from articles.hints import NAMES
from articles.landmarks import HEADING_TAGS, Landmark, boxes_above, child_towards, common, inside
from articles.marks import text_of
from articles.points import (
    LISTS,
    MOST_POINTS,
    Points,
    are_sentences,
    bulleted_siblings,
    clean,
    first_list,
    grouped,
    in_list,
    is_amid,
    is_last,
    linked,
    more_lists,
    size,
    to_claim,
)
from articles.reading import Candidate, Reading

if TYPE_CHECKING:
    from articles.page import Page

LARGEST_BOX, LONGEST_POINT = 3_500, 700  # characters
MOST_LABELS = 20  # of a page that are looked at
BEYOND = 8  # blocks after the article's last one in which its box may still stand
_point_name = re.compile(
    r"key[-_]?(?:point|take|fact|moment)|takeaway|take-away|highlight|bullet|summary|tl-?dr|nutshell|at-?a-?glance"
    r"|points?(?:\b|_)|destacad|puntos|kurz|resum|essenti|samenvatting|gist",
    re.IGNORECASE,
)


def read_key_points(page: Page) -> Reading[tuple[str, ...]]:
    """Read the key points; what they stand in is claimed, so that the body does not repeat them."""
    lost: list[Candidate] = []
    box = _labelled(page, lost) or _opened(page, lost) or _bulleted(page, lost)
    if box is None:
        return Reading((), None, tuple(lost))
    source, why, points, claimed = box
    _take(page, points, claimed, why)
    texts = tuple(text for text, _ in points)
    return Reading(texts, source, (Candidate(texts, source, why), *lost))


def _take(page: Page, points: Points, elements: list[Any], why: str) -> None:
    """Keep the points out of the body, with the elements around them that hold little else."""
    for block in (block for _, found in points for block in found):
        block.verdict, block.why = "key_points", why
    own = sum(len(text) for text, _ in points)
    for element in elements:
        if len("".join(element.itertext())) < 2 * own + 1000:
            page.claim(element, "key_points", why)


Found = tuple[str, str, Points, list[Any]]  # source, why, points, elements to claim


def _labelled(page: Page, lost: list[Candidate]) -> Found | None:
    """The first box under a label; a label that comes again over other points is a chapter's, not the article's."""
    boxes: list[tuple[Landmark, Points, list[Any]]] = []
    wanted = (mark for mark in page.landmarks.found if mark.kinds & (labels.KEY_POINTS | labels.SUMMARY))
    for mark in islice(wanted, MOST_LABELS):
        if (panel := _panel(page, mark.block.element)) and not _unlike_button(panel):
            points, claimed, why_not = panel, [mark.block.element, *(b.element for _, f in panel for b in f)], ""
        else:
            points, claimed, why_not = _under(page, mark)
        why_not = why_not or _unlike(points, mark) or _is_text(page, points)
        if why_not:
            lost.append(Candidate(tuple(text for text, _ in points), "label", f"“{mark.block.text[:40]}”: {why_not}"))
        else:
            boxes.append((mark, points, claimed))
    if not boxes:
        return None
    mark, points, claimed = boxes[0]
    name = labels.fold(mark.block.text)
    again = [
        other for other in boxes[1:] if labels.fold(other[0].block.text) == name and other[1][0][0] != points[0][0]
    ]
    if (again and not mark.kinds & labels.KEY_POINTS) or len(again) > 1:
        lost.append(Candidate(tuple(t for t, _ in points), "label", f"“{mark.block.text[:40]}” heads several chapters"))
        return None
    everything = [element for box in boxes if box is boxes[0] or box[1][0][0] == points[0][0] for element in box[2]]
    return "label", f"under “{mark.block.text[:60]}”", points, everything


_controls = etree.XPath(
    "descendant-or-self::*/@aria-controls | ancestor::*[position() < 3]/@aria-controls | .//@href[starts-with(., '#')]"
)
_by_id = etree.XPath("//*[@id = $id]")


def _panel(page: Page, element: Any) -> Points | None:
    """The points in what a tab or a button opens: the element that it names."""
    names: Any = _controls(element)
    for name in names[:3]:
        panels: Any = _by_id(page.tree, id=str(name).lstrip("#"))
        if panels:
            return _points_within(page, panels[0])
    return None


def _points_within(page: Page, element: Any) -> Points | None:
    """The items of the first list within an element; its paragraphs, where there is none."""
    first = next((i for i, block in enumerate(page.blocks) if _is_beneath(block.element, element)), None)
    if first is None:
        return None
    block = page.blocks[first]
    path = [box for box in boxes_above(block.box) if _is_beneath(box.element, element)]
    listed = next((box for box in reversed(path) if box.tag in LISTS), path[-1] if path else block.box)
    return grouped(page.blocks, first, listed)


def _is_beneath(element: Any, outer: Any) -> bool:
    while element is not None and element is not outer:
        element = element.getparent()
    return element is not None


def _opened(page: Page, lost: list[Candidate]) -> Found | None:
    """Points in a panel that a button opens."""
    for button in page.marks.buttons:
        text = text_of(button, 80)
        if text and len(text) <= labels.LONGEST and page.labels.get(labels.fold(text), 0) & labels.KEY_POINTS:
            points = _panel(page, button)
            if points and not (why_not := _unlike_button(points)):
                return "label", f"opened by “{text}”", points, [block.element for _, f in points for block in f]
            lost.append(
                Candidate(
                    tuple(t for t, _ in points or ()),
                    "label",
                    f"button “{text}”: {why_not if points else 'opens nothing'}",
                )
            )
    return None


def _unlike_button(points: Points) -> str:
    return "a list of one" if len(points) < 2 else _unlike(points, None)


def _under(page: Page, mark: Landmark) -> tuple[Points, list[Any], str]:
    """The points under a label, the elements that hold them, and why they are none."""
    marks, blocks, index = page.landmarks, page.blocks, mark.index
    if marks.end >= 0 and index > marks.end + (BEYOND if mark.kinds & labels.SUMMARY else 5 * BEYOND):
        return [], [], "far after the article"
    if _of_other_article(page, mark.block.box):
        return [], [], "of another article on the page"
    if not mark.kinds & labels.KEY_POINTS and _is_chapter(page, mark.block):
        return [], [], "heads a chapter of the text"
    if mark.opening:
        if is_amid(blocks, mark.index):
            return [], [], "amid a text of lines"
        return _lines_of(mark.block)
    if index + 1 >= len(blocks):
        return [], [], "nothing beneath it"
    following = blocks[index + 1]
    if mark.block.box is following.box:  # runs of one element: <b>Label</b><br>one<br>two
        return _runs(blocks, index)
    holder = common(mark.block.box, following.box)
    if holder is None:
        return [], [], "nothing beneath it"
    start, listed = first_list(blocks, index + 1, holder)
    if listed is not None and listed is not mark.block.box.parent:
        points = grouped(blocks, start, listed)
        points += more_lists(blocks, points, holder)
        return points, to_claim(blocks, index, holder, listed, points), ""
    if listed is None and holder.tag in LISTS:  # the label is the first item of the list
        points = grouped(blocks, index + 1, holder)
        return points, [holder.element], "" if len(points) > 1 else "a list of one"
    return _in_box(blocks, index, holder)


def _is_chapter(page: Page, label: Block) -> bool:
    """Whether other headings of the text stand beside a label in the same form."""
    return any(
        block is not label
        and block.tag == label.tag
        and block.box.parent is label.box.parent
        and (block.probability >= 0.5 or block.text == label.text)
        for block in page.blocks[max(page.landmarks.start, 0) : page.landmarks.end]
        if block.tag in HEADING_TAGS
    )


def _in_box(blocks: list[Block], index: int, holder: Box) -> tuple[Points, list[Any], str]:
    """Points that are no list: the paragraphs of a box that holds them and the label alone, or that have bullets."""
    bulleted = bulleted_siblings(blocks, index, holder)
    if len(bulleted) > 1:
        return bulleted, [blocks[index].element, *(b.element for _, point in bulleted for b in point)], ""
    content = child_towards(holder, blocks[index + 1].box)
    inner = holder if content is None else content
    if content is not None and not is_last(blocks, index + 1, holder, content):
        inner = holder
    while inner is not holder and (only := child_towards(inner, blocks[index + 1].box)) is not None:
        if not is_last(blocks, index + 1, inner, only):
            break
        inner = only
    points = grouped(blocks, index + 1, inner)
    if not points:
        return [], [], "nothing beneath it"
    first = index
    while first > 0 and inside(holder, blocks[first - 1].box):
        first -= 1
    if index - first > 2 or sum(len(text) for text, _ in points) > LARGEST_BOX or len(points) > 8:
        return points, [], "the box holds more than points"
    if len(points) == 1:
        names = " ".join(box.name for box in boxes_above(blocks[index + 1].box)[:3])
        if not re.search(r"item|point|highlight|takeaway", names, re.IGNORECASE):
            return points, [], "one paragraph"
    elif not _called(blocks[index].box) and max(len(text) for text, _ in points) > 350:
        return points, [], "paragraphs, not points"
    return points, [holder.element], ""


def _called(box: Box) -> bool:
    """Whether an element around is called after key points."""
    return any(_point_name.search(above.name) for above in boxes_above(box)[:4])


def _runs(blocks: list[Block], index: int) -> tuple[Points, list[Any], str]:
    """Runs of text in the label's own element, each a point."""
    box = blocks[index].box
    points: Points = []
    for block in blocks[index + 1 : index + 1 + 60]:
        if not inside(box, block.box):
            break
        points.extend((clean(line), [block]) for line in block.text.split("\n"))
    return points, [box.element], "" if 1 < len(points) <= 10 else "text of its own"


def _lines_of(block: Block) -> tuple[Points, list[Any], str]:
    """Lines of one block, the first of which is the label."""
    lines = block.text.split("\n")
    if labels.kinds(lines[0]) & labels.KEY_POINTS and len(lines) > 2:
        whole = [block.element] if block.box.size == 1 else []  # else other text stands in the same element
        return [(clean(line), [block]) for line in lines[1:]], whole, ""
    return [], [], "opens a paragraph"


def _of_other_article(page: Page, box: Box) -> bool:
    """Whether a box lies in an article element that does not hold the headline, while another one does."""
    title = page.landmarks.title
    if title < 0:
        return False
    mine = [above for above in boxes_above(page.blocks[title].box) if above.tag == "article"]
    theirs = [above for above in boxes_above(box) if above.tag == "article"]
    return bool(mine and theirs) and theirs[0] not in mine and mine[0] not in theirs


def _unlike(points: Points, mark: Landmark | None) -> str:
    """Why texts under a label are no key points; "" where they are."""
    if not points:
        return "nothing beneath it"
    texts = [text for text, _ in points]
    if len(texts) > MOST_POINTS or max(map(len, texts)) > LONGEST_POINT:
        return "too much text"
    if linked(points) > 0.6:
        return "links"
    if len(texts) < 2 and any(block.links for block in points[0][1]):
        return "a link"
    if 3 * sum(labels.kinds(text) > 0 for text in texts) >= len(texts):
        return "labels of other things"
    sizes = sorted(map(size, texts))
    if sizes[len(sizes) // 2] < 20:
        return "too short"
    if mark is not None and not mark.kinds & labels.KEY_POINTS and len(texts) < 2:
        return "a summary of one paragraph"
    if mark is not None and not mark.kinds & labels.KEY_POINTS and all(b.links for _, found in points for b in found):
        return "a link in each"
    if mark is not None and not mark.kinds & labels.KEY_POINTS and not in_list(points):
        return "paragraphs, not points"
    return ""


def _is_text(page: Page, points: Points) -> str:
    """Why paragraphs under a label are no key points: there is less text beside them than in them; "" otherwise."""
    if in_list(points):
        return ""
    mine = {id(block) for _, found in points for block in found}
    rest = sum(len(block.text) for block in page.blocks if block.probability >= 0.5 and id(block) not in mine)
    return "the text itself" if rest < sum(len(text) for text, _ in points) else ""


def _bulleted(page: Page, lost: list[Candidate]) -> Found | None:
    """Bullets without a label, between the headline and the text."""
    marks, blocks = page.landmarks, page.blocks
    if marks.end < 0:
        return None
    title = marks.title if marks.title >= 0 else _first_heading(blocks, marks.start)
    before: list[Block] = []  # running text before the bullets
    index = title + 1
    stop = min(len(blocks), title + 30)
    while index < stop and len(before) < 3:
        block = blocks[index]
        listed = next((box for box in boxes_above(block.box) if box.tag in ("ul", "ol") or _is_point_box(box)), None)
        if listed is None:
            before += [block] if block.probability >= 0.5 and len(block.text) > 80 else []
            index += 1
            continue
        points = grouped(blocks, index, listed)
        why_not = _unlike_bullets(page, points, index, listed) or _amid_text(page, points, before, listed)
        if not why_not:
            return "structure", "bullets under the headline", points, [listed.element]
        if any(len(text) > 40 for text, _ in points):
            lost.append(Candidate(tuple(text for text, _ in points), "structure", f"bullets: {why_not}"))
        while index < len(blocks) and inside(listed, blocks[index].box):
            index += 1
    return None


def _first_heading(blocks: list[Block], start: int) -> int:
    """Index of the last h1 before the text, or a little before it."""
    found = [index for index, block in enumerate(blocks[: start + 1]) if block.tag == "h1"]
    return found[-1] if found else max(start - 10, -1)


def _is_lead(page: Page, block: Block) -> bool:
    """Whether a first paragraph is the lead: bold, or what the page's description says."""
    said = [text for name in ("og:description", "description") for text in page.meta.get(name, ())[:1]]
    return block.bold * 1.1 >= len(block.text) or any(" ".join(text.split())[:60] == block.text[:60] for text in said)


_exact_name = re.compile(
    r"(?:^|[\s_-])(?:key-?points?|bullet-?points?|takeaways?|highlights?|tl-?dr)(?:$|[\s_-])", re.I
)


def _is_point_box(box: Box) -> bool:
    return bool(box.name) and box.tag in ("div", "section") and _has_point_name(box.name)


@functools.lru_cache(4096)
def _has_point_name(name: str) -> bool:
    return bool(_exact_name.search(name))


def _unlike_bullets(page: Page, points: Points, index: int, listed: Box) -> str:
    """Why a list under the headline is no list of key points; "" where it is."""
    texts = [text for text, _ in points]
    if not 2 <= len(texts) <= 8:
        return f"{len(texts)} items"
    blocks = [block for _, found in points for block in found]
    if 4 * sum(block.linked for block in blocks) > sum(len(block.text) for block in blocks):
        return "links"
    if min(map(size, texts)) < 15 or sum(map(size, texts)) < 28 * len(texts) or max(map(size, texts)) > 400:
        return "too short or too long"
    if _of_other_article(page, listed):
        return "of another article on the page"
    own = listed.own | (listed.parent.own if listed.parent is not None else 0)
    if (own | points[0][1][0].box.own) & NOT_POINTS:
        return "named after pictures, sharing, dates or the like"
    kinds = page.landmarks.kinds
    if kinds.get(index - 1, 0) & NOT_HEADS or any(kinds.get(index + at) for at in range(len(points))):
        return "labels of other things"
    previous = page.blocks[index - 1]
    headed = previous.tag in ("h3", "h4") or (previous.tag == "h2" and index - page.landmarks.title > 3)
    if headed and not _is_point_box(listed):
        return "beneath a heading of their own"
    if len(previous.text) > 40 and previous.text.rstrip().endswith((":", "：")):
        return "they end a sentence"
    after = index + sum(len(found) for _, found in points)
    texts_after = [block for block in page.blocks[after : after + 25] if block.probability >= 0.5]
    return "" if sum(len(block.text) for block in texts_after) > 250 else "little text after"


def _amid_text(page: Page, points: Points, before: list[Block], listed: Box) -> str:
    """Why bullets after a first paragraph are part of the text: its paragraphs stand around them; "" otherwise."""
    if not before or _is_point_box(listed):
        return ""
    if len(before) == 1 and (_is_lead(page, before[0]) or are_sentences(points, before[0])):
        return ""
    if sum(len(block.text) for block in before) > 450:
        return "after the text has begun"
    beside = [block for block in page.blocks if block.probability >= 0.5 and block.box.parent is listed.parent]
    form = (before[-1].tag, before[-1].box.name, before[-1].box.parent)
    alike = [block for block in beside if (block.tag, block.box.name, block.box.parent) == form and block not in before]
    return "between paragraphs" if alike else ""


NOT_HEADS = labels.OTHER | labels.TAGS | labels.RELATED
NOT_POINTS = sum(
    1 << NAMES.index(name)
    for name in ("caption", "gallery", "share", "comment", "meta", "nav", "footer", "advert", "form")
)
