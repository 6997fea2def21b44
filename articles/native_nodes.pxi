# Nodes of the parser's tree and their texts; the slots of Box and Block.

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
