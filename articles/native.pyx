# cython: language_level=3, boundscheck=False, wraparound=False
"""The reader's innermost loops in C, on the parser's own tree: `walk`, `limits.lean`, `features` and `classifier`.

Built where there is a C compiler (setup.py); where there is none, those modules do the same in Python, several times
slower (articles/compiled.py). tests/articles/test_native.py holds the two together, block by block.
"""

from cpython.dict cimport PyDict_GetItem
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF, Py_XDECREF
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.math cimport exp, log1p
from libc.string cimport memchr, memcmp, memcpy, memset, strcmp, strlen, strstr
from lxml.includes.etreepublic cimport _Document, _Element, elementFactory, import_lxml__etree
from lxml.includes.tree cimport (
    XML_CDATA_SECTION_NODE,
    XML_ELEMENT_NODE,
    XML_TEXT_NODE,
    const_xmlChar,
    xmlAttr,
    xmlNode,
)

import numpy as np
from lxml import etree

from articles.blocks import (
    ARTICLE,
    BR,
    FRAME,
    KIND,
    MAX_DEPTH,
    MOST,
    PARAGRAPH_BREAK,
    SWALLOWING,
    Block,
    Box,
    flat_text,
    lines_of,
    thin,
)
from articles.features import (
    _DESCRIBED,
    _IN,
    _IS_TITLE,
    _LINES_KNOWN,
    _OTHER,
    _OUT,
    _RUN,
    _TAG,
    _line,
)
from articles.elements import BREAKING as BREAKING_TAGS, MOST_MARKS, SILENT as SILENT_TAGS, SLACK
from articles.hints import _CACHE, BODY_PROP, HIDDEN, INLINE_HIDDEN, NAMING, TAG_BITS, word_bits

import_lxml__etree()
if etree.LIBXML_VERSION[:2] != (LIBXML_VERSION // 10000, LIBXML_VERSION // 100 % 100):
    raise ImportError("it was built for another lxml: install Pressmark anew")

cdef dict LINES = _LINES_KNOWN, TAGS = _TAG
cdef object line_mask = _line
cdef unsigned long long OTHER = _OTHER, RUN = _RUN, IS_TITLE = _IS_TITLE, DESCRIBED = _DESCRIBED, IN = _IN, OUT = _OUT

cdef dict HINTS = _CACHE, KINDS = KIND
cdef int DEEPEST = MAX_DEPTH
cdef Py_ssize_t MANY = MOST
cdef object NEW_LINE = BR, BREAKS = PARAGRAPH_BREAK, NewBox = Box, NewBlock = Block
cdef object hinted = word_bits
cdef object body_prop = BODY_PROP, hidden = HIDDEN, inline_hidden = INLINE_HIDDEN
cdef tuple NAMES = tuple(name.encode() for name in sorted(NAMING))
cdef enum:
    SKIP = 0
    INLINE = 1
    LINK = 2
    BREAK = 3
    BLOCK = 4
    SLOTS = 256  # names of elements that are remembered in a walk


cdef struct Name:
    # What is known of an element's name, by the place of its letters: the parser keeps each name once.
    const_xmlChar* letters
    void* tag  # str, kept by the walk
    void* bits  # int, likewise
    int kind
    bint bold, anchor, frame, article, inner, main, swallowing, br


cdef struct Place:
    # A box on the way down; the Box itself is made once there is text in it or beneath it.
    Place* outer
    xmlNode* node
    Name name
    void* box  # Box, kept by the walk


cdef extern from "libxml/xmlversion.h":
    int LIBXML_VERSION


cdef extern from *:
    """
    typedef struct { PyDescr_COMMON; PyMemberDef *d_member; } pressmark_member;
    #define SLOT(object, offset) (*(PyObject **) ((char *) (object) + (offset)))
    """
    ctypedef struct PyMemberDef:
        Py_ssize_t offset
    ctypedef struct pressmark_member:
        PyMemberDef* d_member
    PyObject* SLOT(object, Py_ssize_t)


cdef Py_ssize_t slot(type cls, str name) except -1:
    """Where an object of a class with `__slots__` keeps an attribute."""
    member = cls.__dict__[name]
    if type(member).__name__ != "member_descriptor":
        raise TypeError(f"{cls.__name__}.{name} is no slot")
    return (<pressmark_member*> <PyObject*> member).d_member.offset


cdef Py_ssize_t BOX_ELEMENT = slot(Box, "element"), BOX_TAG = slot(Box, "tag"), BOX_NAME = slot(Box, "name")
cdef Py_ssize_t BOX_PARENT = slot(Box, "parent"), BOX_SIZE = slot(Box, "size"), BOX_SETTLED = slot(Box, "settled")
cdef Py_ssize_t BOX_BITS = slot(Box, "bits"), BOX_OWN = slot(Box, "own"), BOX_DEPTH = slot(Box, "depth")
cdef Py_ssize_t BOX_OUTER = slot(Box, "outer")
cdef Py_ssize_t BLOCK_BOX = slot(Block, "box"), BLOCK_ELEMENT = slot(Block, "element"), BLOCK_TAG = slot(Block, "tag")
cdef Py_ssize_t BLOCK_TEXT = slot(Block, "text"), BLOCK_LINKED = slot(Block, "linked"), BLOCK_RUN = slot(Block, "run")
cdef Py_ssize_t BLOCK_ANCHORS = slot(Block, "anchors"), BLOCK_LINKS = slot(Block, "links")
cdef Py_ssize_t BLOCK_BOLD = slot(Block, "bold"), BLOCK_PROBABILITY = slot(Block, "probability")
cdef Py_ssize_t BLOCK_VERDICT = slot(Block, "verdict"), BLOCK_WHY = slot(Block, "why")
cdef object NOTHING = 0.0, NO_TEXT = ""


cdef inline void put(object holder, Py_ssize_t offset, object value) noexcept:
    """Fill a slot, or fill it anew."""
    cdef PyObject* before = SLOT(holder, offset)
    Py_INCREF(value)
    (<PyObject**> (<char*> <PyObject*> holder + offset))[0] = <PyObject*> value
    Py_XDECREF(before)


cdef inline object get(object holder, Py_ssize_t offset):
    cdef PyObject* value = SLOT(holder, offset)
    if value == NULL:
        raise AttributeError("a slot is empty")
    return <object> value


cdef inline bint is_text(xmlNode* node) noexcept nogil:
    return node.type == XML_TEXT_NODE or node.type == XML_CDATA_SECTION_NODE


cdef inline object decoded(const_xmlChar* text):
    return PyUnicode_DecodeUTF8(<const char*> text, strlen(<const char*> text), NULL)


cdef object joined(xmlNode* node):
    """The text of the text nodes from one on, None where there is none: `text` and `tail` of an element."""
    if node == NULL or not is_text(node):
        return None
    if node.next == NULL or not is_text(node.next):
        return decoded(node.content) if node.content != NULL else ""
    parts = []
    while node != NULL and is_text(node):
        if node.content != NULL:
            parts.append(decoded(node.content))
        node = node.next
    return "".join(parts)


cdef bint blank(xmlNode* node):
    """Whether the text nodes from one on hold nothing but spaces, or there are none."""
    cdef const unsigned char* at
    while node != NULL and is_text(node):
        at = <const unsigned char*> node.content
        if at != NULL:
            while at[0]:
                if at[0] > 127:
                    text = decoded(node.content)
                    if not text.isspace():
                        return False
                    break
                if not (at[0] == 32 or 9 <= at[0] <= 13 or 28 <= at[0] <= 31):
                    return False
                at += 1
        node = node.next
    return True


cdef inline xmlNode* element_from(xmlNode* node) noexcept nogil:
    while node != NULL and node.type != XML_ELEMENT_NODE:
        node = node.next
    return node


cdef inline xmlNode* element_before(xmlNode* node) noexcept nogil:
    node = node.prev
    while node != NULL and node.type != XML_ELEMENT_NODE:
        node = node.prev
    return node


cdef inline bint is_called(xmlNode* node, const char* name) noexcept nogil:
    return strcmp(<const char*> node.name, name) == 0


cdef object value_of(xmlAttr* attribute):
    cdef xmlNode* child = attribute.children
    if child == NULL:
        return ""
    return joined(child) or ""


cdef class Walk:
    """One walk over the bodies of a page: `blocks` are what it found."""

    cdef public list blocks
    cdef list parts, anchors, kept
    cdef Py_ssize_t linked, bold
    cdef object around
    cdef _Document document
    cdef Name names[SLOTS]

    def __init__(self):
        self.blocks, self.parts, self.anchors, self.kept = [], [], [], []
        self.linked = self.bold = 0
        self.around = ()
        for slot in range(SLOTS):
            self.names[slot].letters = NULL

    def read(self, _Element body):
        """Read a body, or what stands for one."""
        cdef Place place
        self.document = body._doc
        place.outer, place.node, place.box = NULL, body._c_node, NULL
        place.name = self.name_of(body._c_node)[0]
        body_name = "body"  # whatever it is called
        self.kept.append(body_name)
        place.name.tag = <void*> body_name
        place.name.bits = <void*> ZERO
        place.name.article = place.name.inner = False
        text = joined(body._c_node.children)
        if text:
            self.parts.append(text)
        self.inside(body._c_node, &place, 0)
        if self.parts:
            self.flush(&place)

    cdef Name* name_of(self, xmlNode* node) except NULL:
        cdef Name* name = &self.names[(<size_t> node.name >> 3) % SLOTS]
        if name.letters != node.name:
            tag = decoded(node.name)
            bits = TAG_BITS.get(tag, 0) if "-" not in tag else hinted(tag)
            self.kept.append(tag)
            self.kept.append(bits)
            name.letters = node.name
            name.tag, name.bits = <void*> tag, <void*> bits
            name.kind = KINDS.get(tag, BLOCK)
            name.bold = tag in ("b", "strong")
            name.anchor = tag == "a"
            name.br = tag == "br"
            name.main = tag == "main"
            name.frame = tag in FRAME
            name.article = tag in ARTICLE
            name.inner = tag == "article"
            name.swallowing = tag in SWALLOWING
        return name

    cdef object box_of(self, Place* place):
        """The Box of a place, and those above it, their attributes read as `Box.settle` does."""
        cdef xmlAttr* attribute
        cdef const char* key
        if place.box != NULL:
            return <object> place.box
        parent = None if place.outer == NULL else self.box_of(place.outer)
        box = NewBox.__new__(NewBox)
        put(box, BOX_ELEMENT, elementFactory(self.document, place.node))
        put(box, BOX_TAG, <object> place.name.tag)
        put(box, BOX_PARENT, parent)
        put(box, BOX_SIZE, 0)
        self.kept.append(box)
        place.box = <void*> box
        bits = <object> place.name.bits
        name = ""
        attribute = place.node.properties
        while attribute != NULL:
            key = <const char*> attribute.name
            if strcmp(key, "class") == 0:
                name = value_of(attribute)
                bits = bits | self.words(name)
            elif strcmp(key, "itemprop") == 0:
                value = value_of(attribute)
                bits = bits | (body_prop if value == "articleBody" else self.words(value))
            elif strcmp(key, "style") == 0:
                value = value_of(attribute)
                if "display" in value and "none" in value:
                    bits = bits | inline_hidden
            elif strcmp(key, "hidden") == 0 or (strcmp(key, "aria-hidden") == 0 and value_of(attribute) == "true"):
                bits = bits | hidden
            else:
                for naming in NAMES:
                    if strcmp(key, <const char*> <bytes> naming) == 0:
                        bits = bits | self.words(value_of(attribute))
                        break
            attribute = attribute.next
        put(box, BOX_SETTLED, True)
        put(box, BOX_OWN, bits)
        put(box, BOX_NAME, name)
        if parent is None:
            put(box, BOX_BITS, bits)
            put(box, BOX_DEPTH, 0)
            put(box, BOX_OUTER, None)
        else:
            put(box, BOX_BITS, bits if place.outer.outer == NULL or place.name.main else bits | get(parent, BOX_BITS))
            put(box, BOX_DEPTH, get(parent, BOX_DEPTH) + 1)
            put(box, BOX_OUTER, parent if place.outer.name.inner else get(parent, BOX_OUTER))
        return box

    cdef object words(self, value):
        found = HINTS.get(value)
        return hinted(value) if found is None else found

    cdef object flush(self, Place* place):
        """End the run: what was read becomes blocks of the place's box."""
        cdef list parts = self.parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        parts.clear()
        if NEW_LINE in text:
            if BREAKS.search(text):
                self.split(place, text)
                text = ""
            else:
                text = lines_of(text)
        else:
            text = spaced(text)
        if text:
            if self.around:
                self.block(place, text, len(text), self.anchors or self.around, self.bold)
            else:
                self.block(place, text, self.linked, self.anchors or (), self.bold)
        if self.anchors:
            self.anchors = []
        self.linked = self.bold = 0

    cdef object split(self, Place* place, text):
        pieces = [piece for piece in map(lines_of, BREAKS.split(text)) if piece]
        total = sum(map(len, pieces)) or 1
        for piece in pieces:  # where in the run the links stood is not kept: each piece gets its share
            share = len(piece) / total
            self.block(place, piece, int(self.linked * share), self.anchors, int(self.bold * share))

    cdef object block(self, Place* place, text, Py_ssize_t linked, anchors, Py_ssize_t bold):
        box = self.box_of(place)
        block = NewBlock.__new__(NewBlock)
        size = get(box, BOX_SIZE)
        put(box, BOX_SIZE, size + 1)
        put(block, BLOCK_BOX, box)
        put(block, BLOCK_ELEMENT, get(box, BOX_ELEMENT))
        put(block, BLOCK_TAG, <object> place.name.tag)
        put(block, BLOCK_TEXT, text)
        put(block, BLOCK_LINKED, linked)
        put(block, BLOCK_ANCHORS, anchors)
        put(block, BLOCK_LINKS, len(anchors))
        put(block, BLOCK_BOLD, bold)
        put(block, BLOCK_RUN, size)
        put(block, BLOCK_PROBABILITY, NOTHING)
        put(block, BLOCK_VERDICT, None)
        put(block, BLOCK_WHY, NO_TEXT)
        self.blocks.append(block)
        if len(self.blocks) > MANY:
            thin(self.blocks)

    cdef object inside(self, xmlNode* node, Place* place, int depth):
        """Read the children of an element whose text belongs to the box of a place."""
        cdef list parts = self.parts
        cdef xmlNode* child
        cdef Name name
        cdef Place inner
        cdef bint alone, parent
        if depth > DEEPEST:
            parts.append(flat_text(elementFactory(self.document, node)))
            return
        depth += 1
        child = element_from(node.children)
        while child != NULL:
            name = self.name_of(child)[0]
            if name.kind == BLOCK:
                if parts:
                    self.flush(place)
                if name.frame and is_frame(child, place):
                    if not blank(child.next):
                        parts.append(joined(child.next))
                    child = element_from(child.next)
                    continue
                inner.outer, inner.node, inner.box = place, child, NULL
                inner.name = name
                if element_from(child.children) != NULL:
                    if not blank(child.children):
                        parts.append(joined(child.children))
                    self.inside(child, &inner, depth)
                    if parts:
                        self.flush(&inner)
                elif not blank(child.children):
                    text = spaced(joined(child.children))
                    if text:
                        self.block(&inner, text, len(text) if self.around else 0, self.around, 0)
            elif name.kind == INLINE or name.kind == LINK:
                alone = name.bold and self.is_bold_line(child)
                if alone and parts:
                    self.flush(place)
                if element_from(child.children) != NULL:
                    self.inline(child, name, place, depth)
                else:
                    text = joined(child.children)
                    if text:
                        parts.append(text)
                        if name.kind == LINK:
                            self.linked += len(text.strip())
                            self.anchors.append(elementFactory(self.document, child))
                        elif name.bold:
                            self.bold += len(text)
                if alone and parts:
                    self.flush(place)
            elif name.kind == BREAK:
                parts.append(NEW_LINE if name.br else NEW_LINE + NEW_LINE)
            elif name.swallowing and swallows(child):
                self.inside(child, place, depth)
            if child.next != NULL and is_text(child.next):
                if parts:
                    text = joined(child.next)
                    if text:
                        parts.append(text)
                elif not blank(child.next):
                    parts.append(joined(child.next))
            child = element_from(child.next)

    cdef object inline(self, xmlNode* node, Name name, Place* place, int depth):
        """Read an inline element that has children; links and bold text are counted."""
        cdef list parts = self.parts
        cdef Py_ssize_t before = len(parts)
        text = joined(node.children)
        if text:
            parts.append(text)
        if name.anchor:
            above = self.around
            element = elementFactory(self.document, node)
            self.around = (element,)
            self.inside(node, place, depth)
            self.around = above
            if len(parts) > before:  # its text belongs to the run; that of a link around whole blocks does not
                self.anchors.append(element)
                for part in parts[before:]:
                    self.linked += len(part.strip())
        else:
            self.inside(node, place, depth)
            if name.bold:
                for part in parts[before:]:
                    self.bold += len(part)

    cdef bint is_bold_line(self, xmlNode* node) except -1:
        """See `articles.blocks.is_bold_line`."""
        cdef xmlNode* after = element_from(node.next)
        cdef xmlNode* before
        if after == NULL or not is_called(after, "br") or not blank(node.next):
            return False
        before = element_before(node)
        if before == NULL:
            return blank(node.parent.children)
        return (is_called(before, "br") or self.name_of(before).kind == BLOCK) and blank(before.next)


ZERO = 0


cdef object spaced(text):
    return text.strip(" ") if text.isprintable() and "  " not in text else " ".join(text.split())


cdef bint is_frame(xmlNode* node, Place* place) noexcept:
    while place != NULL:
        if place.name.article:
            return False
        place = place.outer
    return not swallows(node)


cdef bint swallows(xmlNode* top) noexcept nogil:
    """See `articles.blocks._swallows`."""
    cdef xmlNode* node = top
    cdef int paragraphs = 0
    cdef bint found = False
    while True:
        if node.type == XML_ELEMENT_NODE and node.name[0] in (c"p", c"h", c"m", c"a"):
            if is_called(node, "p"):
                found = True
                paragraphs += 1
                if paragraphs > 4:
                    return True
            elif not found:
                if is_called(node, "main") or is_called(node, "article") or is_called(node, "h1"):
                    return True
                if is_called(node, "h2"):
                    found = True
        if node.type == XML_ELEMENT_NODE and node.children != NULL:
            node = node.children
            continue
        while node != top and node.next == NULL:
            node = node.parent
        if node == top:
            return False
        node = node.next


cdef inline bint ends_name(const char* at, const char* end) noexcept nogil:
    return at < end and (at[0] == 62 or at[0] == 32 or 9 <= at[0] <= 13)  # ">" or a space


cdef inline bint spells(const char* at, const char* end, const char* lower, const char* upper, int size) noexcept nogil:
    return end - at > size and (memcmp(at, lower, size) == 0 or memcmp(at, upper, size) == 0)


cdef const char* bulk(const char* at, const char* end) noexcept nogil:
    """The next comment, script, style or drawing, NULL where there is none: `articles.limits.BULK`."""
    while at < end:
        at = <const char*> memchr(at, c"<", end - at)
        if at == NULL or end - at < 4:
            return NULL
        if at[1] == c"!":
            if at[2] == c"-" and at[3] == c"-":
                return at
        elif at[1] == c"s" or at[1] == c"S":
            if spells(at + 2, end, b"cript", b"CRIPT", 5) and ends_name(at + 7, end):
                return at
            if spells(at + 2, end, b"tyle", b"TYLE", 4) and ends_name(at + 6, end):
                return at
            if spells(at + 2, end, b"vg", b"VG", 2) and ends_name(at + 4, end):
                return at
        at += 1
    return NULL


cdef const char* closing(const char* at, const char* end, char kind) noexcept nogil:
    """Where what begins before a place ends, NULL where it does not: "-->" or its end tag as it is mostly written."""
    cdef const char* lower = b"script" if kind == c"c" else (b"style" if kind == c"t" else b"svg")
    cdef const char* upper = b"SCRIPT" if kind == c"c" else (b"STYLE" if kind == c"t" else b"SVG")
    cdef const char* title = b"Script" if kind == c"c" else (b"Style" if kind == c"t" else b"Svg")
    cdef int size = <int> strlen(lower)
    cdef char first = c"-" if kind == c"-" else c"<"
    while at < end:
        at = <const char*> memchr(at, first, end - at)
        if at == NULL:
            return NULL
        if kind == c"-":
            if end - at > 2 and at[1] == c"-" and at[2] == c">":
                return at
        elif end - at > size + 1 and at[1] == c"/":
            if memcmp(at + 2, lower, size) == 0 or memcmp(at + 2, upper, size) == 0 or memcmp(at + 2, title, size) == 0:
                return at
        at += 1
    return NULL


def lean(bytes html not None):
    """See `articles.limits.lean`."""
    cdef const char* begin = <const char*> html
    cdef const char* end = begin + len(html)
    cdef const char* start = begin
    cdef const char* at = bulk(begin, end)
    cdef const char* stop
    cdef char kind
    cdef list kept = []
    while at != NULL:
        kind = at[2] | 32
        stop = <const char*> memchr(at, c">", end - at)
        if at > begin and ((at - 1)[0] == c'"' or (at - 1)[0] == c"'"):
            at = bulk(at + 2, end)  # the text of an attribute
            continue
        if kind == c"c" and html.find(b"json", at - begin, stop - begin if stop != NULL else len(html) - 1) > 0:
            stop = closing(at, end, kind)
            at = NULL if stop == NULL else bulk(stop, end)
            continue
        if kind == c"v" and ((stop if stop != NULL else end - 1) - 1)[0] == c"/":
            at = bulk(at + 2, end)  # it holds nothing
            continue
        stop = closing(at + 2, end, kind)
        if stop == NULL:
            break
        kept.append(html[start - begin : at - begin])
        stop = <const char*> memchr(stop, c">", end - stop)
        if stop == NULL:
            start = end
            break
        start = stop + 1
        at = bulk(start, end)
    if not kept:
        return html
    kept.append(html[start - begin :])
    return b"".join(kept)


# What the classifier looks at and what it says: `articles.features.look` and `articles.classifier.probabilities`.

cdef enum:
    NUMBERS = 34  # columns that are measured
    BITS = 64  # columns of a mask
    PLAIN_MOST = 3000  # `articles.features.LONGEST_PLAIN`
    GROUPS = 4  # kinds of groups that a block stands in
    STEPS = 7

cdef int[STEPS] NEAR = [-4, -2, -1, 0, 1, 2, 4]  # `articles.classifier.NEAR`


cdef inline Py_ssize_t number_in(dict known, object key) except -1:
    """The number of a key; the next one where it has none."""
    cdef PyObject* found = PyDict_GetItem(known, key)
    if found != NULL:
        return <Py_ssize_t> <object> found
    number = len(known)
    known[key] = number
    return number


cdef void times(const float* row, const float* weight, float* out, Py_ssize_t rows, Py_ssize_t columns) noexcept nogil:
    """Add a row times a matrix."""
    cdef Py_ssize_t at, to
    cdef float value
    for at in range(rows):
        value = row[at]
        if value != 0:
            for to in range(columns):
                out[to] += value * weight[at * columns + to]


cdef inline void relu(float* row, Py_ssize_t columns) noexcept nogil:
    cdef Py_ssize_t at
    for at in range(columns):
        row[at] = row[at] if row[at] > 0 else 0


cdef class Net:
    """The network with its weights, for one after the other page."""

    cdef const float[:, ::1] w1, w2, w3, w4, w5
    cdef const float[::1] b1, b2, b3, b4, b5
    cdef Py_ssize_t width, said

    def __init__(self, dict weights not None):
        self.w1, self.w2, self.w3, self.w4, self.w5 = (weights[f"w{number}"] for number in range(1, 6))
        self.b1, self.b2, self.b3, self.b4, self.b5 = (weights[f"b{number}"] for number in range(1, 6))
        self.width, self.said = self.b1.shape[0], self.b3.shape[0]
        shapes = (self.w1.shape[0], self.w2.shape[0], self.w3.shape[0], self.w4.shape[0], self.w5.shape[0])
        width = self.width
        wanted = (NUMBERS + 2 * BITS, (STEPS + 2) * width, 2 * width, 2 * width + GROUPS * self.said, width)
        if shapes != wanted or self.b2.shape[0] != width or self.b4.shape[0] != width:
            raise ValueError(f"weights of the shapes {shapes} do not fit, {wanted} would")

    def judge(self, list blocks not None, Py_ssize_t place, str described not None, within):
        """Give each block its probability; return the numbers of the blocks' looks and of their containers.

        `place` is the headline's, `described` how the page's description begins, `within` tells whether a text is in
        the declared body, None where none is declared.
        """
        cdef Py_ssize_t count = len(blocks)
        cdef Py_ssize_t floats = count * (NUMBERS + 3 * self.width + self.said)
        cdef Look look
        cdef float* rows = <float*> PyMem_Malloc(max(floats, 1) * sizeof(float))
        if rows == NULL:
            raise MemoryError
        try:
            look = Look(blocks, place, described, within)
            look.measure(rows)
            self.run(look, rows)
            for at in range(count):
                put(blocks[at], BLOCK_PROBABILITY, <double> rows[at])
        finally:
            PyMem_Free(rows)
        return look.groups_of(0), look.groups_of(1)

    cdef int run(self, Look look, float* numbers) except -1:
        """Leave each block's probability at the beginning of `numbers`, behind which the layers have room."""
        cdef Py_ssize_t count = look.count, width = self.width, said = self.said, at, to, other, kind, step
        cdef float* own = numbers + count * NUMBERS
        cdef float* near = own + count * width
        cdef float* last = near + count * width
        cdef float* spoken = last + count * width
        cdef float* row
        cdef float* sums
        cdef unsigned long long mask
        cdef double total
        cdef float[::1] page = np.zeros(3 * width, np.float32)
        cdef float[::1] means = np.zeros(max(count * said, 1), np.float32)
        cdef int[::1] sizes = np.zeros(max(count, 1), np.int32)
        memset(own, 0, count * (3 * width + said) * sizeof(float))
        for at in range(count):
            row = own + at * width
            memcpy(row, &self.b1[0], width * sizeof(float))
            times(numbers + at * NUMBERS, &self.w1[0, 0], row, NUMBERS, width)
            for kind in range(2):
                mask = look.masks[2 * at + kind]
                other = NUMBERS + kind * BITS
                while mask:
                    if mask & 1:
                        for to in range(width):
                            row[to] += self.w1[other, to]
                    mask >>= 1
                    other += 1
            relu(row, width)
            for to in range(width):
                page[to] += row[to]
                page[width + to] = max(page[width + to], row[to])
        for to in range(width):
            page[to] /= count
            page[2 * width + to] = self.b2[to]
        times(&page[0], &self.w2[STEPS * width, 0], &page[2 * width], 2 * width, width)
        for at in range(count):
            row = near + at * width
            memcpy(row, &page[2 * width], width * sizeof(float))
            for step in range(STEPS):
                other = at + NEAR[step]
                if 0 <= other < count:
                    times(own + other * width, &self.w2[step * width, 0], row, width, width)
            relu(row, width)
            memcpy(spoken + at * said, &self.b3[0], said * sizeof(float))
            times(own + at * width, &self.w3[0, 0], spoken + at * said, width, said)
            times(row, &self.w3[width, 0], spoken + at * said, width, said)
            relu(spoken + at * said, said)
            memcpy(last + at * width, &self.b4[0], width * sizeof(float))
            times(own + at * width, &self.w4[0, 0], last + at * width, width, width)
            times(row, &self.w4[width, 0], last + at * width, width, width)
        for kind in range(GROUPS):
            means[:] = 0
            sizes[:] = 0
            for at in range(count):
                other = look.groups[kind * count + at]
                sizes[other] += 1
                for to in range(said):
                    means[other * said + to] += spoken[at * said + to]
            for other in range(count):
                for to in range(said if sizes[other] else 0):
                    means[other * said + to] /= sizes[other]
            for at in range(count):
                other = look.groups[kind * count + at]
                times(&means[other * said], &self.w4[2 * width + kind * said, 0], last + at * width, said, width)
        for at in range(count):
            row = last + at * width
            relu(row, width)
            total = self.b5[0]
            for to in range(width):
                total += row[to] * self.w5[to, 0]
            numbers[at] = 1 / (1 + exp(-min(max(total, -30.0), 30.0)))
        return 0


cdef class Look:
    """What stands where on a page, block by block; see `articles.features.Look`."""

    cdef Py_ssize_t count, place
    cdef list blocks, holders
    cdef int[::1] groups, counts, repeats
    cdef unsigned long long[::1] masks
    cdef double[:, ::1] around

    def __init__(self, list blocks, Py_ssize_t place, str described, within):
        self.blocks, self.place, self.count = blocks, place, len(blocks)
        self.groups = np.empty(GROUPS * self.count, np.int32)
        self.counts = np.empty(3 * self.count, np.int32)
        self.repeats = np.empty(self.count, np.int32)
        self.masks = np.empty(2 * self.count, np.uint64)
        self.read(described, within)
        self.look_around()

    def groups_of(self, Py_ssize_t kind):
        """The number of each block's group of a kind."""
        return np.asarray(self.groups)[kind * self.count : (kind + 1) * self.count].tolist()

    cdef int read(self, str described, within) except -1:
        """Read the blocks one by one: looks, containers, sizes and masks."""
        cdef Py_ssize_t at, size, linked
        cdef dict looks = {}, holders = {}, texts = {}
        cdef unsigned long long mask
        cdef str text, title = get(self.blocks[self.place], BLOCK_TEXT) if self.count else ""
        cdef list seen = []
        for at in range(self.count):
            block = self.blocks[at]
            box, text = get(block, BLOCK_BOX), get(block, BLOCK_TEXT)
            parent = get(box, BOX_PARENT)
            if parent is None:
                parent = box
            key = (get(box, BOX_TAG), get(box, BOX_NAME), get(parent, BOX_TAG), get(parent, BOX_NAME))
            self.groups[at] = number_in(looks, key)
            holder = box if <Py_ssize_t> get(box, BOX_SIZE) > 1 else parent
            self.groups[self.count + at] = number_in(holders, holder)
            size, linked = len(text), get(block, BLOCK_LINKED)
            self.counts[3 * at] = min(size, PLAIN_MOST)
            self.counts[3 * at + 1] = min(max(size - linked, 0), PLAIN_MOST)
            self.counts[3 * at + 2] = min(max(<Py_ssize_t> get(block, BLOCK_BOLD), 0), PLAIN_MOST)
            known = LINES.get(text)
            mask = line_mask(text) if known is None else known
            mask |= <unsigned long long> TAGS.get(get(block, BLOCK_TAG), OTHER)
            if <Py_ssize_t> get(block, BLOCK_RUN):
                mask |= RUN
            if text == title:
                mask |= IS_TITLE
            if described and text.startswith(described):
                mask |= DESCRIBED
            if within is not None:
                mask |= IN if within.holds(text[:200]) else OUT
            self.masks[2 * at] = get(box, BOX_BITS)
            self.masks[2 * at + 1] = mask
            self.repeats[at] = number_in(texts, text)
            if self.repeats[at] == len(seen):
                seen.append(1)
            else:
                seen[self.repeats[at]] += 1
        for at in range(self.count):
            self.repeats[at] = seen[self.repeats[at]]
        self.holders = list(holders)
        return 0

    cdef int look_around(self) except -1:
        """See `articles.features._around`; the containers' numbers of what is around them become the blocks'."""
        cdef Py_ssize_t at
        cdef dict known = {}, uppers = {}, tops = {}
        cdef int[::1] upper = np.empty(len(self.holders) + 1, np.int32)
        cdef int[::1] tip = np.empty(len(self.holders) + 1, np.int32)
        title = get(self.blocks[self.place], BLOCK_BOX) if self.count else None
        here = title
        while here is not None:
            known[here] = (get(here, BOX_DEPTH), None)
            here = get(here, BOX_PARENT)
        article = None if title is None else title.article
        self.around = np.empty((len(self.holders) + 1, 4), np.float64)
        for at in range(len(self.holders)):
            box = here = self.holders[at]
            path = []
            while here is not None and here not in known:
                path.append(here)
                here = get(here, BOX_PARENT)
            depth, top = (0, None) if here is None else known[here]
            if path:
                top = path[len(path) - 1] if top is None else top
                for each in path:
                    known[each] = (depth, top)
            upper[at] = number_in(uppers, get(box, BOX_PARENT))
            tip[at] = number_in(tops, box if top is None else top)
            mine = box if get(box, BOX_TAG) == "article" else get(box, BOX_OUTER)
            self.around[at, 0], self.around[at, 1] = get(box, BOX_DEPTH), depth
            self.around[at, 2], self.around[at, 3] = mine is article, mine is not None
        for at in range(self.count):
            self.groups[2 * self.count + at] = upper[self.groups[self.count + at]]
            self.groups[3 * self.count + at] = tip[self.groups[self.count + at]]
        return 0

    cdef int measure(self, float* rows) except -1:
        """See `articles.features._numeric` and `_where`."""
        cdef Py_ssize_t at, kind, group, count = self.count
        cdef double before = 0, whole = 0, size, plain, depth, shared, most
        cdef double far
        cdef float* row
        cdef double[:, ::1] sums = np.empty((max(count, 1), 4), np.float64)
        for at in range(count):
            whole += self.counts[3 * at + 1]
        for at in range(count):
            row = rows + at * NUMBERS
            size, plain = self.counts[3 * at], self.counts[3 * at + 1]
            far = at - self.place if at > self.place else self.place - at
            row[0], row[1], row[2] = size / 1000, plain / 1000, log1p(plain) / 7
            row[3], row[4] = 1 - plain / size, self.counts[3 * at + 2] / size
            row[5] = min(self.repeats[at], 4) / 4.0
            row[6], row[7] = <double> at / count, before / max(whole, 1)
            row[8], row[9] = at > self.place, at == self.place
            row[10], row[11] = 1 / (1 + far), min(far, 100) / 100
            before += plain
            group = self.groups[count + at]
            depth, shared = self.around[group, 0], self.around[group, 1]
            row[28], row[29] = min(depth, 40) / 40, shared / max(depth, 1)
            row[30], row[31] = min(depth - shared, 10) / 10, min(shared, 30) / 30
            row[32], row[33] = self.around[group, 2], self.around[group, 3]
        for kind in range(GROUPS):
            sums[:, :] = 0
            most = 1
            for at in range(count):
                group = self.groups[kind * count + at]
                sums[group, 0] += self.counts[3 * at + 1]
                sums[group, 1] += self.counts[3 * at] - self.counts[3 * at + 1]
                sums[group, 2] += 1
                most = max(most, sums[group, 0])
            for group in range(count):
                if sums[group, 2] == 0:
                    break
                plain, size = sums[group, 0], sums[group, 1]
                sums[group, 0], sums[group, 1] = log1p(plain) / 10, plain / most
                sums[group, 2], sums[group, 3] = size / (plain + size + 1), log1p(sums[group, 2]) / 5
            for at in range(count):
                row = rows + at * NUMBERS + 12 + 4 * kind
                group = self.groups[kind * count + at]
                row[0], row[1], row[2], row[3] = sums[group, 0], sums[group, 1], sums[group, 2], sums[group, 3]
        return 0


# Texts and marks: `articles.marks`, `articles.bylines`.

cdef enum:
    SILENT = 1  # kinds of elements for `text_of`
    BREAKING = 2
    LINE_END = 3

cdef dict MANNERS = {tag: BREAKING for tag in BREAKING_TAGS} | {tag: SILENT for tag in SILENT_TAGS} | {"br": LINE_END}
cdef Py_ssize_t MORE = SLACK
cdef Py_ssize_t FEW = MOST_MARKS


cdef inline int manner_of(xmlNode* node) except -1:
    """How `text_of` takes an element."""
    cdef const char* name = <const char*> node.name
    if name[1] == 0 and name[0] != c"p":  # a, b, i: the commonest
        return 0
    return MANNERS.get(decoded(node.name), 0)


def text_of(_Element element not None, Py_ssize_t limit=2000):
    """See `articles.marks.text_of`."""
    cdef xmlNode* top = element._c_node
    cdef xmlNode* node = top
    cdef Py_ssize_t size = 0
    cdef int manner
    cdef list parts = []
    while True:
        if node.type == XML_ELEMENT_NODE:
            manner = manner_of(node)
            if manner == LINE_END:
                parts.append(" ")
            elif manner != SILENT:
                if manner == BREAKING:
                    parts.append(" ")
                if node.children != NULL:
                    node = node.children
                    continue
        elif is_text(node):
            text = joined(node)
            parts.append(text)
            size += len(text)
            if size > limit:
                break
            while node.next != NULL and is_text(node.next):
                node = node.next
        while node != top and node.next == NULL:
            node = node.parent
            if node != top and manner_of(node) == BREAKING:
                parts.append(" ")
        if node == top:
            break
        node = node.next
    return " ".join("".join(parts).split())[: limit + MORE]


cdef xmlAttr* attribute_of(xmlNode* node, const char* name) noexcept nogil:
    cdef xmlAttr* attribute = node.properties
    while attribute != NULL and strcmp(<const char*> attribute.name, name) != 0:
        attribute = attribute.next
    return attribute


cdef str value_in(xmlNode* node, const char* name):
    """The value of an attribute, "" where the element has none of that name."""
    cdef xmlAttr* attribute = attribute_of(node, name)
    return "" if attribute == NULL else value_of(attribute)


cdef inline xmlNode* after(xmlNode* node, xmlNode* top) noexcept nogil:
    """The next node in page order beneath one, NULL behind the last."""
    if node.type == XML_ELEMENT_NODE and node.children != NULL:
        return node.children
    while node != top and node.next == NULL:
        node = node.parent
    return NULL if node == top else node.next


cdef bint has_rumb(xmlNode* node) noexcept nogil:
    """Whether a value of an element's attributes has "rumb" in it."""
    cdef xmlAttr* attribute = node.properties
    while attribute != NULL:
        if attribute.children != NULL and attribute.children.content != NULL:
            if strstr(<const char*> attribute.children.content, "rumb") != NULL:
                return True
        attribute = attribute.next
    return False


cdef bint is_trail(xmlNode* node) noexcept nogil:
    """See `articles.marks._is_trail`."""
    if has_rumb(node):
        return True
    if not is_called(node, "nav"):
        return False
    node = element_from(node.children)
    while node != NULL and not is_called(node, "div") and not is_called(node, "p"):
        node = element_from(node.next)
    return node != NULL and has_rumb(node)


def gathered(_Element tree not None):
    """The elements and values of `articles.marks.Marks`, by its fields' names."""
    cdef _Document document = tree._doc
    cdef xmlNode* top = tree._c_node
    cdef xmlNode* node = top
    cdef const char* name
    cdef Py_ssize_t before = 0, ordered = 0, bulleted = 0
    cdef list titles = [], h1 = [], h2 = [], times = [], json_ld = [], canonical = [], nexts = [], metas = []
    cdef list buttons = [], nav = [], trails = [], second = [], third = []
    while node != NULL:
        if node.type == XML_ELEMENT_NODE:
            name = <const char*> node.name
            if name[0] == c"m":
                if strcmp(name, "meta") == 0:
                    metas.append(elementFactory(document, node))
            elif name[0] == c"l":
                if strcmp(name, "link") == 0 and attribute_of(node, "rel") != NULL:
                    rel = value_in(node, "rel").lower().split()
                    if "canonical" in rel:
                        canonical.append(value_in(node, "href"))
                    if "next" in rel:
                        nexts.append(elementFactory(document, node))
            elif name[0] == c"s":
                if strcmp(name, "script") == 0 and "ld+json" in value_in(node, "type").lower():
                    text = joined(node.children)
                    if text:
                        json_ld.append(text)
            elif name[0] == c"h":
                if strcmp(name, "h1") == 0:
                    if not h1:
                        before = len(times)
                    h1.append(elementFactory(document, node))
                elif strcmp(name, "h2") == 0 and len(h2) < FEW:
                    h2.append(elementFactory(document, node))
            elif name[0] == c"t":
                if strcmp(name, "time") == 0:
                    times.append(elementFactory(document, node))
                elif strcmp(name, "title") == 0 and len(titles) < 20:
                    titles.append(elementFactory(document, node))
            elif name[0] == c"u":
                if strcmp(name, "ul") == 0:
                    bulleted += 1
                    if bulleted <= FEW and is_trail(node):
                        third.append(elementFactory(document, node))
            elif name[0] == c"o":
                if strcmp(name, "ol") == 0:
                    ordered += 1
                    if ordered <= FEW and is_trail(node):
                        second.append(elementFactory(document, node))
            elif name[0] == c"n":
                if strcmp(name, "nav") == 0 and len(nav) < FEW:
                    nav.append(elementFactory(document, node))
                    if is_trail(node):
                        trails.append(nav[len(nav) - 1])
            elif name[0] == c"b":
                if strcmp(name, "button") == 0 and len(buttons) < FEW:
                    buttons.append(elementFactory(document, node))
        node = after(node, top)
    return {
        "titles": titles, "headings": h1, "subheadings": h2, "times": times, "times_before": before,
        "json_ld": json_ld, "canonical": canonical, "nexts": nexts, "metas": metas, "buttons": buttons,
        "navs": nav, "trails": trails + second + third,
    }


cdef bint has_token(const unsigned char* text, tuple tokens) except -1:
    """Whether one of some ASCII words stands in a text, in capitals or not."""
    cdef const unsigned char* word
    cdef Py_ssize_t step
    cdef unsigned int wanted = 0
    for token in tokens:
        word = <const unsigned char*> <bytes> token
        wanted |= (<unsigned int> 1) << (word[0] & 31)
    while text[0]:
        if wanted >> (text[0] & 31) & 1:
            for token in tokens:
                word = <const unsigned char*> <bytes> token
                step = 0
                while word[step] and (text[step] | 32) == word[step]:
                    step += 1
                if not word[step]:
                    return True
        text += 1
    return False


def named(_Element tree not None, tuple tokens not None, Py_ssize_t most):
    """See `articles.bylines.named`; `tokens` are bytes, lower case."""
    cdef xmlNode* top = tree._c_node
    cdef xmlNode* node = top
    cdef xmlAttr* attribute
    cdef bint mine
    cdef list found = []
    while node != NULL and len(found) < most:
        if node.type == XML_ELEMENT_NODE:
            attribute = node.properties
            mine = False
            while attribute != NULL and not mine:
                if attribute.children != NULL and attribute.children.content != NULL:
                    if strcmp(<const char*> attribute.name, "class") == 0:
                        mine = has_token(<const unsigned char*> attribute.children.content, tokens)
                    elif strcmp(<const char*> attribute.name, "rel") == 0 and is_called(node, "a"):
                        mine = strcmp(<const char*> attribute.children.content, "author") == 0
                attribute = attribute.next
            if mine:
                found.append(elementFactory(tree._doc, node))
        node = after(node, top)
    return found
