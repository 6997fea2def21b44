# Words: hints in the names of classes (`articles.hints`), the lexicon's words in a line (`articles.lexicon`).

cdef dict HINTS = _CACHE, STEM_BITS = _WORDS
cdef object HINT_PARTS = _PARTS  # a dict of another class
cdef Py_ssize_t REMEMBERED = _CACHE_SIZE
cdef unsigned char[65536] BEGINS  # by a hash of four letters, whether a stem begins so
cdef unsigned char[65536] SPOKEN  # bits, by a word's hash: whether the lexicon may have it
cdef dict STEMS_BY_START = {}, LEXICON = {}
cdef bint PREPARED = False


cdef int prepare() except -1:
    """Fill what tells at once that a word is not worth a look."""
    global PREPARED, LEXICON
    cdef unsigned int bit
    cdef str word
    cdef bytes start
    memset(BEGINS, 0, sizeof(BEGINS))
    memset(SPOKEN, 0, sizeof(SPOKEN))
    for word in INNER_STEMS:
        STEMS_BY_START.setdefault(word[:4], []).append(word)
        start = word[:4].encode()
        BEGINS[start_hash(<char*> start)] = 1
    LEXICON = lexicon_words()
    for word in LEXICON:
        bit = word_bit(word, 0, len(word))
        SPOKEN[bit >> 3] |= 1 << (bit & 7)
    PREPARED = True
    return 0


cdef inline unsigned int start_hash(const char* letters) noexcept:
    cdef unsigned int four = (
        <unsigned int> letters[0] | <unsigned int> letters[1] << 8
        | <unsigned int> letters[2] << 16 | <unsigned int> letters[3] << 24
    )
    return four * 0x9E3779B1U >> 16


cdef inline unsigned int word_bit(str text, Py_ssize_t start, Py_ssize_t stop) noexcept:
    """The bit of a word in small letters."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef unsigned int value = 0
    cdef Py_ssize_t at
    for at in range(start, stop):
        value = value * 0x01000193U ^ Py_UNICODE_TOLOWER(PyUnicode_READ(kind, data, at))
    return value * 0x9E3779B1U >> 13


def word_mask(str text not None):
    """See `articles.lexicon.word_mask`."""
    cdef Py_ssize_t size = len(text), at, start = 0
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 letter
    cdef unsigned int bit
    cdef str low = None
    cdef object mask = 0
    if not PREPARED:
        prepare()
    if not size or PyUnicode_READ(kind, data, 0) > 0x2E80 or PyUnicode_READ(kind, data, size - 1) > 0x2E80:
        return plain_word_mask(text)
    for at in range(size + 1):
        letter = PyUnicode_READ(kind, data, at) if at < size else c" "
        if letter == 0x130 or letter == 0x3A3:  # their small letters are two, or depend on what stands beside
            return plain_word_mask(text)
        if not (letter.isspace() or letter == c"/" or letter == c"|"):
            continue
        if at > start:
            bit = word_bit(text, start, at)
            if SPOKEN[bit >> 3] >> (bit & 7) & 1:
                if low is None:
                    low = text.lower()
                mask |= LEXICON.get(low[start:at], 0)
        start = at + 1
    return mask


def word_bits(str name not None):
    """See `articles.hints.word_bits`."""
    return bits_of(name)


cdef unsigned long long bits_of(str name) except? 0:
    cdef PyObject* known = PyDict_GetItem(HINTS, name)
    cdef unsigned long long bits = 0
    if known != NULL:
        return <object> known
    for part in name[:300].split():
        known = PyDict_GetItem(HINT_PARTS, part)
        bits |= <unsigned long long> <object> known if known != NULL else part_bits(part)
    if len(HINTS) > REMEMBERED:
        HINTS.clear()
    HINTS[name] = bits
    return bits


cdef unsigned long long part_bits(str part) except? 0:
    """The hints of one class: of its words as capitals and signs part them."""
    cdef Py_ssize_t size = len(part), at = 0, stop
    cdef int kind = PyUnicode_KIND(part)
    cdef void* data = PyUnicode_DATA(part)
    cdef unsigned long long bits = 0
    cdef char[304] letters
    if not PREPARED:
        prepare()
    while at < size:
        stop = at
        if is_large(letter_at(kind, data, at, size)):
            stop += 1
        if is_small(letter_at(kind, data, stop, size)):
            while is_small(letter_at(kind, data, stop, size)):
                stop += 1
        else:
            stop = at
            while is_large(letter_at(kind, data, stop, size)):
                stop += 1
            if is_small(letter_at(kind, data, stop, size)):
                stop -= 1
            if stop < at + 2:
                at += 1
                continue
        bits |= stem_bits(letters, lowered(kind, data, at, stop, letters))
        at = stop
    if len(HINT_PARTS) > REMEMBERED:
        HINT_PARTS.clear()
    HINT_PARTS[part] = bits
    return bits


cdef inline unsigned int letter_at(int kind, void* data, Py_ssize_t at, Py_ssize_t size) noexcept:
    return PyUnicode_READ(kind, data, at) if at < size else 0


cdef inline bint is_large(unsigned int letter) noexcept:
    return c"A" <= letter <= c"Z"


cdef inline bint is_small(unsigned int letter) noexcept:
    return c"a" <= letter <= c"z"


cdef Py_ssize_t lowered(int kind, void* data, Py_ssize_t start, Py_ssize_t stop, char* letters) noexcept:
    """Write a word of ASCII letters in small ones; gives its size."""
    cdef Py_ssize_t at
    for at in range(start, stop):
        letters[at - start] = <char> (PyUnicode_READ(kind, data, at) | 32)
    return stop - start


cdef unsigned long long stem_bits(const char* letters, Py_ssize_t size) except? 0:
    """The hints of a word: of the stem that it is, else of those that are run together in it."""
    cdef str word = PyUnicode_DecodeASCII(letters, size, NULL)
    cdef unsigned long long bits = STEM_BITS.get(word, 0)
    cdef Py_ssize_t at = 0
    cdef str stem
    if not bits and letters[size - 1] == c"s":
        bits = STEM_BITS.get(word[: size - 1], 0)
    if bits or size <= 6:
        return bits
    while at + 4 <= size:
        if BEGINS[start_hash(letters + at)]:
            for stem in STEMS_BY_START.get(word[at : at + 4], ()):
                if word.startswith(stem, at):
                    bits |= <unsigned long long> STEM_BITS[stem]
                    at += len(stem) - 1
                    break
        at += 1
    return bits
