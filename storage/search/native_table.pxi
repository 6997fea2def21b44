# The table of a dictionary, as `hashed` writes it: simplemma's stream read in C, its words put in their buckets.

cdef enum:
    SAME_LEMMA = 254  # simplemma's marks: the lemma of the word before
    WHOLE_LEMMA = 255  # the lemma is written out
    FALLING = 224  # bytes that a line can say fall; where more would, a word counts as its own lemma
    LABEL = 8  # bytes before a line that waits: its bucket and its size
    WAITING = 32768  # bytes of lines that wait for the same file
    HASHED = 1024  # bytes of a word; longer ones are hashed by Python
    ODD = 65535  # a letter that has no one letter of this plane as its lower case

cdef unsigned short[65536] LOWER
CUT_OFF = "a dictionary of simplemma's is cut off"

if (frontcode._SAME_AS_PREV, frontcode._LITERAL_VALUE) != (SAME_LEMMA, WHOLE_LEMMA):
    raise ImportError("simplemma's dictionaries are of another form: install Pressmark anew")


cdef struct Text:
    unsigned char* data
    Py_ssize_t size, room


cdef int put(Text* text, Py_ssize_t place, const unsigned char* data, Py_ssize_t size) except -1:
    """Let a text end in these bytes from a place on."""
    cdef unsigned char* more
    if place + size > text.room:
        more = <unsigned char*> PyMem_Realloc(text.data, 2 * (place + size) + 64)
        if more == NULL:
            raise MemoryError
        text.data, text.room = more, 2 * (place + size) + 64
    if size:
        memcpy(text.data + place, data, size)
    text.size = place + size
    return 0


cdef class Stream:
    """Words and lemmas of a dictionary of simplemma's, one after the other; ValueError where it is cut off."""

    cdef const unsigned char* data
    cdef Py_ssize_t start, place, end
    cdef unsigned int[HASHED] hashes  # of the word up to where a letter ends, for as many bytes as `hashed`
    cdef Py_ssize_t shared, hashed  # bytes that a word has of the one before
    cdef Py_ssize_t base  # bytes that a lemma, as it stands in the stream, has of its word's beginning
    cdef bint backwards
    cdef Text read, read_lemma, turned, turned_lemma
    cdef Text* word  # the right way round
    cdef Text* lemma
    cdef Py_buffer view

    def __init__(self, data, Py_ssize_t start, bint backwards):
        PyObject_GetBuffer(data, &self.view, PyBUF_SIMPLE)
        self.data, self.end = <const unsigned char*> self.view.buf, self.view.len
        self.start, self.backwards = start, backwards
        self.word, self.lemma = &self.read, &self.read_lemma
        if backwards:
            self.word, self.lemma = &self.turned, &self.turned_lemma
        self.again()

    def __dealloc__(self):
        if self.view.buf != NULL:
            PyBuffer_Release(&self.view)
        PyMem_Free(self.read.data)
        PyMem_Free(self.read_lemma.data)
        PyMem_Free(self.turned.data)
        PyMem_Free(self.turned_lemma.data)

    cdef void again(self):
        self.place = self.start
        self.read.size = self.read_lemma.size = self.base = self.hashed = 0
        self.hashes[0] = 0xFFFFFFFFU

    cdef inline Py_ssize_t number(self) except -1:
        if self.place < self.end and self.data[self.place] < 128:
            self.place += 1
            return self.data[self.place - 1]
        return self.long_number()

    cdef Py_ssize_t long_number(self) except -1:
        cdef Py_ssize_t value = 0
        cdef int shift = 0
        while self.place < self.end and shift < 35:
            value |= <Py_ssize_t> (self.data[self.place] & 127) << shift
            self.place += 1
            if self.data[self.place - 1] < 128:
                return value
            shift += 7
        raise ValueError(CUT_OFF)

    cdef inline const unsigned char* bytes_of(self, Py_ssize_t size) except NULL:
        if size > self.end - self.place:
            raise ValueError(CUT_OFF)
        self.place += size
        return self.data + self.place - size

    cdef int next(self) except -1:
        """Go to the next word; 0 where there is none."""
        cdef Py_ssize_t shared, size
        cdef int cut
        if self.place >= self.end:
            return 0
        shared = self.number()
        size = self.number()
        if shared > self.read.size:
            raise ValueError(CUT_OFF)
        self.shared = shared
        put(&self.read, shared, self.bytes_of(size), size)
        cut = self.bytes_of(1)[0]
        if cut == SAME_LEMMA:
            self.base = min(self.base, shared)
        else:
            size = self.number()
            self.base = 0 if cut == WHOLE_LEMMA else self.read.size - cut
            if self.base < 0:
                raise ValueError(CUT_OFF)
            put(&self.read_lemma, 0, self.read.data, self.base)
            put(&self.read_lemma, self.base, self.bytes_of(size), size)
        return 1

    cdef int turn(self) except -1:
        """Have the word and its lemma the right way round, after `next`."""
        if self.backwards:
            turned(&self.turned, &self.read)
            turned(&self.turned_lemma, &self.read_lemma)
            self.base = 0  # of the word before, for one with the same lemma
            while self.base < self.word.size and self.base < self.lemma.size:
                if self.word.data[self.base] != self.lemma.data[self.base]:
                    break
                self.base += 1
        return 0

    cdef unsigned int hash(self) except? 0:
        """The CRC-32 of the word in lower case, after `turn`; what the word before has alike is not gone through again."""
        cdef const unsigned char* word = self.word.data
        cdef unsigned int letter, low, value
        cdef Py_ssize_t place = 0 if self.backwards else min(self.shared, self.hashed), size = self.word.size, length
        while 0 < place < size and word[place] & 0xC0 == 0x80:
            place -= 1
        value = self.hashes[place]
        self.hashed = place
        while place < size and size < HASHED:
            letter = word[place]
            length = 1
            if letter >= 0x80:
                length = 2 if letter & 0xE0 == 0xC0 else 3 if letter & 0xF0 == 0xE0 else HASHED
                if place + length > size:
                    break
                letter = (letter & (31 if length == 2 else 15)) << 6 | word[place + 1] & 63
                if length == 3:
                    letter = letter << 6 | word[place + 2] & 63
            if not LOWER[letter]:
                LOWER[letter] = lower_of(letter)
            low = LOWER[letter]
            if low == ODD or length != (1 if low < 0x80 else 2 if low < 0x800 else 3):
                break
            if length == 1:
                value = CRC[0][(value ^ low) & 255] ^ value >> 8
            elif length == 2:
                value = CRC[0][(value ^ (0xC0 | low >> 6)) & 255] ^ value >> 8
            else:
                value = CRC[0][(value ^ (0xE0 | low >> 12)) & 255] ^ value >> 8
                value = CRC[0][(value ^ (0x80 | low >> 6 & 63)) & 255] ^ value >> 8
            if length > 1:
                value = CRC[0][(value ^ (0x80 | low & 63)) & 255] ^ value >> 8
            place += length
            self.hashes[place] = value
            self.hashed = place
        if place == size:
            return value ^ 0xFFFFFFFFU
        lowered = word[:size].decode().lower().encode()
        return crc32(<const unsigned char*> <char*> <bytes> lowered, len(lowered))

    cdef inline bint told(self) noexcept:
        return self.word.size - self.base < FALLING

    cdef inline Py_ssize_t line_size(self) noexcept:
        return self.word.size + 3 + (self.lemma.size - self.base if self.told() else 0)

    cdef inline Py_ssize_t line(self, unsigned char* out) noexcept:
        """Write the end of the line before, and the word's line; gives its size."""
        cdef Py_ssize_t size = self.word.size + 3
        out[0] = c"\n"
        memcpy(out + 1, self.word.data, self.word.size)
        out[self.word.size + 1] = c"\t"
        out[self.word.size + 2] = SHIFTED
        if self.told():
            out[self.word.size + 2] += self.word.size - self.base
            memcpy(out + size, self.lemma.data + self.base, self.lemma.size - self.base)
            size += self.lemma.size - self.base
        return size


cdef int turned(Text* to, Text* text) except -1:
    cdef Py_ssize_t place
    put(to, 0, text.data, text.size)
    for place in range(text.size):
        to.data[place] = text.data[text.size - 1 - place]
    return 0


cdef unsigned short lower_of(unsigned int letter):
    cdef str low = "" if letter == 0x3A3 or 0xD800 <= letter < 0xE000 else chr(letter).lower()  # sigma has two
    return <unsigned short> ord(low) if len(low) == 1 and ord(low) < ODD else ODD


def write_table(data, Py_ssize_t start, bint backwards, Py_ssize_t count, unsigned int buckets, list parts not None,
                write):
    """Write where each bucket begins, and the buckets; ValueError as `Stream`.

    In between, lines wait in files, each of which takes as many buckets, so that few bytes are moved about at once.
    `write` gets memory that it may not keep.
    """
    cdef Stream stream = Stream(data, start, backwards)
    cdef Py_ssize_t share = buckets // len(parts) + 1, word = 0, base
    cdef unsigned int* ends = <unsigned int*> PyMem_Malloc(4 * (<Py_ssize_t> buckets + 1))
    cdef unsigned char* waiting = <unsigned char*> PyMem_Malloc(WAITING * len(parts))
    cdef Py_ssize_t* sizes = <Py_ssize_t*> PyMem_Malloc(sizeof(Py_ssize_t) * len(parts))
    cdef unsigned char* place
    cdef unsigned int bucket, size
    cdef Py_ssize_t part, first
    try:
        if ends == NULL or waiting == NULL or sizes == NULL:
            raise MemoryError
        memset(ends, 0, 4 * (<Py_ssize_t> buckets + 1))
        memset(sizes, 0, sizeof(Py_ssize_t) * len(parts))
        while stream.next():
            stream.turn()
            word += 1
            bucket = stream.hash() % buckets
            size = stream.line_size()
            ends[bucket + 1] += size
            if size + LABEL > WAITING:
                raise ValueError(CUT_OFF)
            part = bucket // share
            if sizes[part] + size + LABEL > WAITING:
                parts[part].write(PyMemoryView_FromMemory(<char*> waiting + WAITING * part, sizes[part], PyBUF_READ))
                sizes[part] = 0
            place = waiting + WAITING * part + sizes[part]
            memcpy(place, &bucket, 4)
            memcpy(place + 4, &size, 4)
            stream.line(place + LABEL)
            sizes[part] += size + LABEL
        if word != count:
            raise ValueError(CUT_OFF)
        for bucket in range(buckets):
            ends[bucket + 1] += ends[bucket]
        write(array_bytes(ends, buckets + 1))
        for part in range(len(parts)):
            first = min(part * share, buckets)
            base = ends[first]
            parts[part].write(PyMemoryView_FromMemory(<char*> waiting + WAITING * part, sizes[part], PyBUF_READ))
            parts[part].seek(0)
            sorted_lines(parts[part].read(), ends, base, ends[min(first + share, buckets)] - base, write)
        write(b"\n")
    finally:
        PyMem_Free(ends)
        PyMem_Free(waiting)
        PyMem_Free(sizes)


cdef int sorted_lines(bytes lines, unsigned int* places, Py_ssize_t base, Py_ssize_t room, write) except -1:
    """Write labelled lines by their buckets, each of which goes on at its place."""
    cdef const unsigned char* line = <const unsigned char*> <char*> lines
    cdef const unsigned char* stop = line + len(lines)
    cdef unsigned char* out = <unsigned char*> PyMem_Malloc(room + 1)
    cdef unsigned int bucket, size
    if out == NULL:
        raise MemoryError
    try:
        while line < stop:
            memcpy(&bucket, line, 4)
            memcpy(&size, line + 4, 4)
            memcpy(out + places[bucket] - base, line + LABEL, size)
            places[bucket] += size
            line += LABEL + size
        write(PyMemoryView_FromMemory(<char*> out, room, PyBUF_READ))
    finally:
        PyMem_Free(out)
    return 0


cdef bytes array_bytes(const unsigned int* numbers, Py_ssize_t count):
    """Numbers as 32 bits each, the lowest first."""
    cdef bytes found = PyBytes_FromStringAndSize(NULL, 4 * count)
    cdef unsigned char* out = <unsigned char*> PyBytes_AS_STRING(found)
    cdef Py_ssize_t place
    cdef int part
    for place in range(count):
        for part in range(4):
            out[4 * place + part] = numbers[place] >> 8 * part & 255
    return found
