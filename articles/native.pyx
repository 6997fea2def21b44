# cython: language_level=3, boundscheck=False, wraparound=False
"""The reader's innermost loops in C, on the parser's own tree: `walk`, `limits.lean`, `features` and `classifier`.

Built where there is a C compiler (setup.py); where there is none, those modules do the same in Python, several times
slower (articles/compiled.py). tests/articles/test_native.py holds the two together, block by block.
"""

from cpython.dict cimport PyDict_GetItem
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF, Py_XDECREF
from cpython.unicode cimport PyUnicode_DecodeASCII, PyUnicode_DecodeUTF8
from libc.math cimport exp, log1p
from libc.string cimport memchr, memcmp, memcpy, memset, strcmp, strlen, strstr
from lxml.includes.etreepublic cimport LXML_VERSION_STRING, _Document, _Element, elementFactory, import_lxml__etree
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
from articles.elements import BREAKING as BREAKING_TAGS
from articles.elements import MOST_MARKS, SLACK
from articles.elements import SILENT as SILENT_TAGS
from articles.features import _DESCRIBED, _IN, _IS_TITLE, _LINES_KNOWN, _OTHER, _OUT, _RUN, _TAG, LONGEST_PLAIN, _line
from articles.hints import (
    _CACHE,
    _CACHE_SIZE,
    _PARTS,
    _WORDS,
    BODY_PROP,
    HIDDEN,
    INLINE_HIDDEN,
    INNER_STEMS,
    NAMING,
    TAG_BITS,
)
from articles.lexicon import lexicon as lexicon_words
from articles.lexicon import word_mask as plain_word_mask

cdef extern from "Python.h":
    int PyUnicode_KIND(str text)
    void* PyUnicode_DATA(str text)
    unsigned int PyUnicode_READ(int kind, void* data, Py_ssize_t index)
    unsigned int Py_UNICODE_TOLOWER(unsigned int letter)

cdef extern from "libxml/xmlversion.h":
    int LIBXML_VERSION


import_lxml__etree()
if etree.LIBXML_VERSION[:2] != (LIBXML_VERSION // 10000, LIBXML_VERSION // 100 % 100):
    raise ImportError(
        f"it was built for lxml {LXML_VERSION_STRING.decode()}, and this is {etree.__version__}: "
        "upgrade lxml and install Pressmark anew"
    )

include "native_nodes.pxi"
include "native_words.pxi"
include "native_walk.pxi"
include "native_lean.pxi"
include "native_judge.pxi"
include "native_marks.pxi"
