# The walk: what `articles.walk.PlainWalk` does.

cdef dict KINDS = KIND
cdef int DEEPEST = MAX_DEPTH
cdef Py_ssize_t MANY = MOST
cdef object NEW_LINE = BR, BREAKS = PARAGRAPH_BREAK, NewBox = Box, NewBlock = Block
cdef unsigned long long BODY_PROPERTY = BODY_PROP, HIDDEN_BOX = HIDDEN, HIDDEN_INLINE = INLINE_HIDDEN
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
    unsigned long long bits
    int kind
    bint bold, anchor, frame, article, inner, main, swallowing, br


cdef struct Place:
    # A box on the way down; the Box itself is made once there is text in it or beneath it.
    Place* outer
    xmlNode* node
    Name name
    void* box  # Box, kept by the walk


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
        place.name.bits = 0
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
            bits = TAG_BITS.get(tag, 0) if "-" not in tag else word_bits(tag)
            self.kept.append(tag)
            name.letters = node.name
            name.tag, name.bits = <void*> tag, <unsigned long long> bits
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
        cdef unsigned long long bits
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
        bits = place.name.bits
        name = ""
        attribute = place.node.properties
        while attribute != NULL:
            key = <const char*> attribute.name
            if strcmp(key, "class") == 0:
                name = value_of(attribute)
                bits |= bits_of(name)
            elif strcmp(key, "itemprop") == 0:
                value = value_of(attribute)
                bits |= BODY_PROPERTY if value == "articleBody" else bits_of(value)
            elif strcmp(key, "style") == 0:
                value = value_of(attribute)
                if "display" in value and "none" in value:
                    bits |= HIDDEN_INLINE
            elif strcmp(key, "hidden") == 0 or (strcmp(key, "aria-hidden") == 0 and value_of(attribute) == "true"):
                bits |= HIDDEN_BOX
            else:
                for naming in NAMES:
                    if strcmp(key, <const char*> <bytes> naming) == 0:
                        bits |= bits_of(value_of(attribute))
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
            if place.outer.outer != NULL and not place.name.main:
                bits |= <unsigned long long> get(parent, BOX_BITS)
            put(box, BOX_BITS, bits)
            put(box, BOX_DEPTH, get(parent, BOX_DEPTH) + 1)
            put(box, BOX_OUTER, parent if place.outer.name.inner else get(parent, BOX_OUTER))
        return box

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
        cdef bint alone
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
