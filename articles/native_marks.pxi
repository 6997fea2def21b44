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


def called(_Element tree not None, tuple tokens not None, Py_ssize_t most):
    """See `articles.bylines.called`; `tokens` are bytes, lower case."""
    cdef xmlNode* top = tree._c_node
    cdef xmlNode* node = top
    cdef xmlAttr* attribute
    cdef const char* name
    cdef bint byline, item
    cdef list bylines = [], items = [], types = []
    while node != NULL:
        if node.type == XML_ELEMENT_NODE:
            attribute = node.properties
            byline = item = False
            while attribute != NULL:
                name = <const char*> attribute.name
                if name[0] == c"i" and name[1] == c"t":
                    item = item or strcmp(name, "itemprop") == 0
                    if len(types) < FEW and strcmp(name, "itemtype") == 0:
                        types.append(value_in(node, "itemtype"))
                elif not byline and attribute.children != NULL and attribute.children.content != NULL:
                    if strcmp(name, "class") == 0:
                        byline = has_token(<const unsigned char*> attribute.children.content, tokens)
                    elif strcmp(name, "rel") == 0 and is_called(node, "a"):
                        byline = strcmp(<const char*> attribute.children.content, "author") == 0
                attribute = attribute.next
            if byline and len(bylines) < most:
                bylines.append(elementFactory(tree._doc, node))
            if item and len(items) < most:
                items.append(elementFactory(tree._doc, node))
        node = after(node, top)
    return bylines, items, types


def holding(bytes text not None, tuple words not None, Py_ssize_t most):
    """See `articles.marks.holding`."""
    cdef const unsigned char* data = <const unsigned char*> <char*> text
    cdef const unsigned char* word
    cdef Py_ssize_t size = min(len(text), most), place, number, length, count = len(words)
    cdef unsigned char[65536] begins  # of two letters, whether a word begins so
    cdef unsigned long long found = 0, every = 0
    if count > 60:
        raise ValueError("more words than bits")
    memset(begins, 0, 65536)
    for number in range(count):
        every |= (<unsigned long long> 1) << number
        if len(<bytes> words[number]) < 2:
            raise ValueError("a word of fewer than two bytes")
        word = <const unsigned char*> <char*> <bytes> words[number]
        begins[word[0] | word[1] << 8] = 1
    for place in range(size - 1):
        if not begins[data[place] | data[place + 1] << 8]:
            continue
        for number in range(count):
            length = len(<bytes> words[number])
            if length <= size - place and memcmp(data + place, <char*> <bytes> words[number], length) == 0:
                found |= (<unsigned long long> 1) << number
        if found == every:
            break
    return found
