# What is cut out of a page before it is parsed: `articles.limits.plain_lean`.


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
