# What the classifier looks at and what it says: `articles.features.look` and `articles.classifier.probabilities`.

cdef dict LINES = _LINES_KNOWN, TAGS = _TAG
cdef object line_mask = _line
cdef Py_ssize_t PLAIN_MOST = LONGEST_PLAIN
cdef unsigned long long OTHER = _OTHER, RUN = _RUN, IS_TITLE = _IS_TITLE, DESCRIBED = _DESCRIBED, IN = _IN, OUT = _OUT
cdef enum:
    NUMBERS = 34  # columns that are measured
    BITS = 64  # columns of a mask
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
        width, said = self.width, self.said
        wanted = {
            "w1": (NUMBERS + 2 * BITS, width), "w2": ((STEPS + 2) * width, width), "w3": (2 * width, said),
            "w4": (2 * width + GROUPS * said, width), "w5": (width, 1),
            "b1": (width,), "b2": (width,), "b3": (said,), "b4": (width,), "b5": (1,),
        }
        shapes = {name: weights[name].shape for name in wanted}
        if shapes != wanted:
            raise ValueError(f"weights of the shapes {shapes} do not fit, {wanted} would")

    def judge(self, list blocks not None, Py_ssize_t place, str described not None, str declared not None):
        """Give each block its probability; return the numbers of the blocks' looks and of their containers.

        `place` is the headline's, `described` how the page's description begins, `declared` the text that it says is
        the declared body, None where none is declared.
        """
        cdef Py_ssize_t count = len(blocks)
        cdef Py_ssize_t floats = count * (NUMBERS + 3 * self.width + self.said)
        cdef Look look
        cdef float* rows
        for block in blocks:
            if type(block) is not NewBlock:
                raise TypeError(f"{block!r} is no block")
        if not 0 <= place < max(count, 1):
            raise IndexError(place)
        rows = <float*> PyMem_Malloc(max(floats, 1) * sizeof(float))
        if rows == NULL:
            raise MemoryError
        try:
            look = Look(blocks, place, described, Within(declared) if declared else None)
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


cdef class Within:
    """See `articles.features.Within`; texts of which four letters in a row stand nowhere in the long one are passed over."""

    cdef str text
    cdef Py_ssize_t at
    cdef unsigned int mask
    cdef unsigned char* fours
    cdef unsigned char[8192] pairs

    def __cinit__(self, str text not None):
        cdef Py_ssize_t size = len(text), at
        cdef int kind = PyUnicode_KIND(text)
        cdef void* data = PyUnicode_DATA(text)
        cdef unsigned int bit
        self.text, self.mask = text, 0xFFFF
        while self.mask < 16 * size and self.mask < 0x7FFFFF:
            self.mask = 2 * self.mask + 1
        self.fours = <unsigned char*> PyMem_Malloc(self.mask // 8 + 1)
        if self.fours == NULL:
            raise MemoryError
        memset(self.fours, 0, self.mask // 8 + 1)
        memset(self.pairs, 0, 8192)
        for at in range(size - 1):
            bit = pair_at(kind, data, at)
            self.pairs[bit >> 3] |= 1 << (bit & 7)
            if at < size - 3:
                bit = four_at(kind, data, at) & self.mask
                self.fours[bit >> 3] |= 1 << (bit & 7)

    def __dealloc__(self):
        PyMem_Free(self.fours)

    cpdef bint holds(self, str text) except -1:
        """Whether a text stands in the long one; those in its order are found fastest."""
        cdef Py_ssize_t size = len(text), at
        cdef int kind = PyUnicode_KIND(text)
        cdef void* data = PyUnicode_DATA(text)
        cdef unsigned int bit
        for at in range(size - 3):
            bit = four_at(kind, data, at) & self.mask
            if not self.fours[bit >> 3] >> (bit & 7) & 1:
                return False
        for at in range(size - 1 if size < 4 else 0):
            bit = pair_at(kind, data, at)
            if not self.pairs[bit >> 3] >> (bit & 7) & 1:
                return False
        at = self.text.find(text, self.at)
        if at < 0:
            at = self.text.find(text, 0, self.at + size)
        self.at = max(at, 0)
        return at >= 0


cdef inline unsigned int pair_at(int kind, void* data, Py_ssize_t at) noexcept:
    return (PyUnicode_READ(kind, data, at) * 251U ^ PyUnicode_READ(kind, data, at + 1)) & 0xFFFF


cdef inline unsigned int four_at(int kind, void* data, Py_ssize_t at) noexcept:
    cdef unsigned int value = PyUnicode_READ(kind, data, at) * 0x01000193U ^ PyUnicode_READ(kind, data, at + 1)
    value = value * 0x01000193U ^ PyUnicode_READ(kind, data, at + 2)
    value = value * 0x01000193U ^ PyUnicode_READ(kind, data, at + 3)
    return value * 0x9E3779B1U >> 9


cdef class Look:
    """What stands where on a page, block by block; see `articles.features.Look`."""

    cdef Py_ssize_t count, place
    cdef list blocks, holders
    cdef int[::1] groups, counts, repeats
    cdef unsigned long long[::1] masks
    cdef double[:, ::1] around

    def __init__(self, list blocks, Py_ssize_t place, str described, Within within):
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

    cdef int read(self, str described, Within within) except -1:
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
            mask = line_mask(text, word_mask) if known is None else known
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
