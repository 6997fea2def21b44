# cython: language_level=3, boundscheck=False, wraparound=False
"""A word's form in C: `lemmas.Forms` on a dictionary in a file, `terms` on lists of words, `hashed` that makes the file.

Built where there is a C compiler (setup.py); where there is none, those modules do the same in Python, in three times
the time. tests/storage/search/test_native.py holds the two together, word by word.
"""

from cpython.buffer cimport PyBUF_SIMPLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.dict cimport PyDict_GetItem
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.object cimport PyObject
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.string cimport memchr, memcmp, memcpy, memset
from posix.unistd cimport pread

import os

from simplemma.strategies.dictionaries import frontcode

from storage.search.fold import fold, is_special, stays
from storage.search.layout import HEAD, SHIFT

cdef extern from "Python.h":
    int PyBUF_READ
    object PyMemoryView_FromMemory(char* data, Py_ssize_t size, int flags)
    bint PyUnicode_IS_ASCII(str text)
    int PyUnicode_KIND(str text)
    void* PyUnicode_DATA(str text)
    Py_UCS4 PyUnicode_READ(int kind, void* data, Py_ssize_t index)

cdef enum:
    SMALL = 4096  # bytes of a bucket that is read without asking for memory
    UNKNOWN = 0
    STAYS = 1  # the letter is the same in the index's spelling, whatever stands beside it
    CHANGES = 2

cdef Py_ssize_t HEAD_SIZE = HEAD.size
cdef int SHIFTED = SHIFT
cdef unsigned char[65536] LETTERS  # by `stays`
cdef unsigned char[65536] SIGNS  # by `is_special`: those that are CHANGES a word of their own, or part of the one before
cdef unsigned int[4][256] CRC


cdef void _prepare() noexcept:
    cdef unsigned int value
    cdef int number, table, _
    for number in range(65536):
        LETTERS[number] = SIGNS[number] = UNKNOWN
    for number in range(256):
        value = number
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320U if value & 1 else 0)
        CRC[0][number] = value
    for number in range(256):
        for table in range(3):
            value = CRC[table][number]
            CRC[table + 1][number] = value >> 8 ^ CRC[0][value & 255]


_prepare()


cdef unsigned int crc32(const unsigned char* data, Py_ssize_t size) noexcept:
    """As zlib's; four bytes at once."""
    cdef unsigned int value = 0xFFFFFFFFU
    cdef Py_ssize_t place = 0
    while place + 4 <= size:
        value ^= data[place] | data[place + 1] << 8 | data[place + 2] << 16 | <unsigned int> data[place + 3] << 24
        value = CRC[3][value & 255] ^ CRC[2][value >> 8 & 255] ^ CRC[1][value >> 16 & 255] ^ CRC[0][value >> 24]
        place += 4
    for place in range(place, size):
        value = CRC[0][(value ^ data[place]) & 255] ^ value >> 8
    return value ^ 0xFFFFFFFFU


cdef str folded(str word):
    """As `fold`; the word itself where it is spelled so already."""
    if stands(word):
        return word
    if PyUnicode_IS_ASCII(word):
        return word.lower()
    cdef str low = word.casefold()
    return low if stands(low) else fold(word)


cdef bint stands(str word):
    """Whether every letter stays as it is."""
    cdef int kind = PyUnicode_KIND(word)
    cdef void* data = PyUnicode_DATA(word)
    cdef Py_UCS4 letter
    cdef Py_ssize_t place
    for place in range(len(word)):
        letter = PyUnicode_READ(kind, data, place)
        if letter > 65535:
            return False
        if LETTERS[letter] == UNKNOWN:
            LETTERS[letter] = STAYS if stays(chr(letter)) else CHANGES
        if LETTERS[letter] == CHANGES:
            return False
    return True


def surface_words(str text not None):
    """As `fold.surface_words`; None where a letter of the text is a word or a mark, which that tells."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 letter
    cdef Py_ssize_t place, start = -1, size = len(text)
    cdef bint plain = PyUnicode_IS_ASCII(text)
    cdef list words = []
    for place in range(size):
        letter = PyUnicode_READ(kind, data, place)
        if not plain and letter > 255:
            if letter > 65535:
                if 0x20000 <= letter <= 0x3FFFF:
                    return None
            else:
                if SIGNS[letter] == UNKNOWN:
                    SIGNS[letter] = CHANGES if is_special(chr(letter)) else STAYS
                if SIGNS[letter] == CHANGES:
                    return None
        if letter.isalnum():
            if start < 0:
                start = place
        elif start >= 0:
            words.append(text[start:place])
            start = -1
    if start >= 0:
        words.append(text[start:])
    return words


def word_hashes(str text not None):
    """The hashes of the words of a text as `fold.folded` gives them; None as `surface_words`."""
    cdef list hashes = []
    cdef str surface, word
    cdef bytes spelled
    surfaces = surface_words(text)
    if surfaces is None:
        return None
    for surface in surfaces:
        word = folded(surface)
        for part in (word,) if stands(word) else word.split():
            spelled = part.encode()
            if spelled:
                hashes.append(crc32(<const unsigned char*> <char*> spelled, len(spelled)))
    return hashes


cdef class Speller:
    """Forms of the words that a dictionary in a file has; of the others, what `rest` gives as a lemma.

    The dictionary is a `dictionaries.MappedDictionary`; without one, no word has a lemma.
    """

    cdef object known, rest
    cdef Py_buffer view
    cdef const unsigned char* ranges
    cdef unsigned int buckets
    cdef int file
    cdef Py_ssize_t start, longest

    def __init__(self, known, rest, Py_ssize_t longest):
        self.known, self.rest, self.longest = known, rest, longest
        if known is None:
            return
        PyObject_GetBuffer(known.whole, &self.view, PyBUF_SIMPLE)
        self.file, self.buckets, self.start = known.file, known.buckets, known.start
        self.ranges = <const unsigned char*> self.view.buf + HEAD_SIZE

    def __dealloc__(self):
        if self.view.buf != NULL:
            PyBuffer_Release(&self.view)

    def __call__(self, str surface not None):
        """The form of a word as it stands in a text."""
        cdef str word = folded(surface), lemma = ""
        cdef bytes spelled = word.encode()
        if self.known is not None and len(surface) <= self.longest and surface.isalpha():
            lemma = self.lemma(surface)
            if lemma == word or not lemma.isalnum():
                lemma = ""
        return word, lemma, crc32(<const unsigned char*> <char*> spelled, len(spelled))

    cdef str lemma(self, str surface):
        cdef str low, other
        if surface.isupper() and len(surface) > 1:
            surface = surface.title()
        low = surface.lower()
        other = low if surface[:1].isupper() else surface.capitalize()
        if other is low or PyUnicode_IS_ASCII(surface) or other.lower() == low:
            found = self.either(surface, other, low)
        else:
            found = self.known.either(surface, other)
        return folded(found or self.rest(surface) or surface)

    cdef object either(self, str word, str other, str low):
        """As `MappedDictionary.either`."""
        cdef bytes one = word.encode(), two = other.encode()
        cdef bytes lowered = two if low is other else one if low == word else low.encode()
        cdef unsigned int place = crc32(<const unsigned char*> <char*> lowered, len(lowered)) % self.buckets
        cdef unsigned int begin = number_at(self.ranges + 4 * <Py_ssize_t> place)
        cdef unsigned int end = number_at(self.ranges + 4 * <Py_ssize_t> place + 4)
        cdef Py_ssize_t size = <Py_ssize_t> end - begin + 1, got
        cdef unsigned char[SMALL] small
        cdef unsigned char* bucket = small
        if size <= 1:
            return None
        if size > SMALL:
            bucket = <unsigned char*> PyMem_Malloc(size)
            if bucket == NULL:
                raise MemoryError
        try:
            got = pread(self.file, bucket, size, self.start + begin)
            if got < 0:
                os.pread(self.file, size, self.start + begin)  # says what is wrong
                return None
            return value_of(bucket, got, one, two)
        finally:
            if bucket != small:
                PyMem_Free(bucket)


cdef unsigned int number_at(const unsigned char* place) noexcept:
    return place[0] | place[1] << 8 | place[2] << 16 | <unsigned int> place[3] << 24


cdef object value_of(const unsigned char* bucket, Py_ssize_t size, bytes one, bytes two):
    """The lemma of the first of two words in a bucket, or of the second, or None."""
    cdef const char* word = <char*> one
    cdef const char* other = <char*> two
    cdef Py_ssize_t length = len(one), second = len(two), place = 1, stop
    cdef Py_ssize_t elsewhere = -1, elsewhere_stop = 0
    cdef const unsigned char* line_end
    while place < size:
        line_end = <const unsigned char*> memchr(bucket + place, c"\n", size - place)
        if line_end == NULL:
            break
        stop = line_end - bucket
        if stop - place > length + 1 and bucket[place + length] == c"\t" and not memcmp(bucket + place, word, length):
            return spelled_out(word, length, bucket + place + length + 1, stop - place - length - 1)
        if stop - place > second + 1 and bucket[place + second] == c"\t" and not memcmp(bucket + place, other, second):
            elsewhere, elsewhere_stop = place, stop
        place = stop + 1
    if elsewhere < 0:
        return None
    return spelled_out(other, second, bucket + elsewhere + second + 1, elsewhere_stop - elsewhere - second - 1)


cdef object spelled_out(const char* word, Py_ssize_t length, const unsigned char* tail, Py_ssize_t size):
    """A lemma: the word's beginning, as the tail's first byte says, and what follows that."""
    cdef Py_ssize_t kept = length - tail[0] + SHIFTED
    cdef char[SMALL] built
    if kept < 0 or kept > length or kept + size > SMALL:
        raise ValueError("a kept dictionary is damaged: remove it from the cache folder")
    memcpy(built, word, kept)
    memcpy(built + kept, tail + 1, size - 1)
    return PyUnicode_DecodeUTF8(built, kept + size - 1, NULL)


def looked_up(list surfaces not None, known):
    """Words, lemmas and hashes of what `known` gives for words as written, without those that fold to nothing."""
    cdef list words = [], lemmas = [], hashes = []
    cdef PyObject* kept
    cdef tuple form
    cdef object surface
    if not isinstance(known, dict):
        raise TypeError("what is known is a dict")
    for surface in surfaces:
        kept = PyDict_GetItem(known, surface)
        form = <tuple> kept if kept != NULL else known[surface]
        if form[0]:
            words.append(form[0])
            lemmas.append(form[1])
            hashes.append(form[2])
    return words, lemmas, hashes


include "native_table.pxi"
