// SPDX-License-Identifier: Apache-2.0
#include "text/record.h"

#include <string.h>

/* The first line of a text as a record of that kind; too long or unfinished where that is so. */
static struct emp_record first_line(const char *text, size_t length, bool at_end,
                                    enum emp_record_kind kind)
{
    size_t window = length <= EMP_RECORD_MAX ? length : EMP_RECORD_MAX + 1;
    const char *end = memchr(text, '\n', window);
    if (!end && length <= EMP_RECORD_MAX && !at_end)
        return (struct emp_record){.kind = EMP_RECORD_NEED_MORE};
    if (!end && length > EMP_RECORD_MAX) {
        end = memchr(text + window, '\n', length - window);
        kind = EMP_RECORD_TOO_LONG;
    }
    size_t n = end ? (size_t)(end - text) : length;
    size_t next = end ? n + 1 : n;
    if (n > 0 && text[n - 1] == '\r')
        n--;
    return (struct emp_record){.kind = kind, .length = n, .next = next};
}

/* The end of a field that does not begin with a quote: the first of delimiter, line feed, quote. */
static size_t unquoted_end(const char *text, size_t from, size_t length, char delimiter, char quote)
{
    while (from < length && text[from] != delimiter && text[from] != '\n' && text[from] != quote)
        from++;
    return from;
}

/*
 * The closing quote of a field whose opening quote stands at text[from - 1]: its offset, or
 * `length` if it is not among these bytes. A quote as the last byte of an unfinished text may be
 * half of a pair, and so counts as not found.
 */
static size_t closing_quote(const char *text, size_t from, size_t length, char quote, bool at_end)
{
    for (;;) {
        const char *found = from < length ? memchr(text + from, quote, length - from) : NULL;
        if (!found)
            return length;
        size_t at = (size_t)(found - text);
        if (at + 1 == length)
            return at_end ? at : length;
        if (text[at + 1] != quote)
            return at;
        from = at + 2;
    }
}

static struct emp_record quoted_end(size_t length, size_t next)
{
    return (struct emp_record){.kind = EMP_RECORD_QUOTED, .length = length, .next = next};
}

/*
 * Walks the fields of a record that has a quote in its first line. `window` bytes may be looked at;
 * `final` says that what is not found there is not there at all.
 */
static struct emp_record walk_fields(const char *text, size_t window, char delimiter, char quote,
                                     bool final)
{
    size_t i = 0;
    for (;;) {
        if (i < window && text[i] == quote) {
            size_t close = closing_quote(text, i + 1, window, quote, final);
            if (close >= window)
                return (struct emp_record){.kind = EMP_RECORD_OPEN_QUOTE};
            i = close + 1;
            if (i + 1 < window && text[i] == '\r' && text[i + 1] == '\n')
                return quoted_end(i, i + 2);
            if (i + 1 == window && text[i] == '\r')
                return final ? quoted_end(i, i + 1)
                             : (struct emp_record){.kind = EMP_RECORD_NEED_MORE};
            if (i < window && text[i] != delimiter && text[i] != '\n')
                return (struct emp_record){.kind = EMP_RECORD_STRAY_QUOTE};
        } else {
            size_t start = i;
            i = unquoted_end(text, i, window, delimiter, quote);
            if (i < window && text[i] == quote)
                return (struct emp_record){.kind = EMP_RECORD_STRAY_QUOTE};
            if (i < window && text[i] == '\n')
                return quoted_end(i > start && text[i - 1] == '\r' ? i - 1 : i, i + 1);
            if (i == window && final && i > start && text[i - 1] == '\r')
                return quoted_end(i - 1, i);
        }
        if (i == window)
            return final ? quoted_end(i, i) : (struct emp_record){.kind = EMP_RECORD_NEED_MORE};
        if (text[i] == '\n')
            return quoted_end(i, i + 1);
        i++;
    }
}

struct emp_record emp__record_next(const char *text, size_t length, char delimiter, char quote,
                                   bool at_end)
{
    struct emp_record line = first_line(text, length, at_end, EMP_RECORD_PLAIN);
    if (quote == 0 || line.kind != EMP_RECORD_PLAIN || !memchr(text, quote, line.length))
        return line;
    bool final = at_end && length <= EMP_RECORD_MAX;
    size_t window = length <= EMP_RECORD_MAX ? length : EMP_RECORD_MAX + 1;
    struct emp_record record = walk_fields(text, window, delimiter, quote, final);
    bool unresolved =
        record.kind == EMP_RECORD_NEED_MORE || (record.kind == EMP_RECORD_OPEN_QUOTE && !final);
    if (unresolved && length <= EMP_RECORD_MAX)
        return (struct emp_record){.kind = EMP_RECORD_NEED_MORE};
    if (record.kind == EMP_RECORD_QUOTED && record.length <= EMP_RECORD_MAX)
        return record;
    /* What is wrong is told from the line alone, which is the same wherever the text is cut; a
       carriage return before its line feed belongs to it here, lest "a"\r\r\n pass for quoted. */
    size_t whole_line = line.next - (text[line.next - 1] == '\n');
    line.kind = walk_fields(text, whole_line, delimiter, quote, true).kind;
    return line;
}

static size_t split_at(const char *text, size_t length, char delimiter, struct emp_span *out,
                       size_t room)
{
    size_t count = 0, begin = 0;
    for (;;) {
        const char *found = memchr(text + begin, delimiter, length - begin);
        size_t end = found ? (size_t)(found - text) : length;
        if (count < room)
            out[count] = (struct emp_span){(uint32_t)begin, (uint32_t)(end - begin)};
        count++;
        if (!found)
            return count;
        begin = end + 1;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t split_blanks(const char *text, size_t length, struct emp_span *out, size_t room)
{
    size_t count = 0, i = 0;
    for (;;) {
        while (i < length && is_blank(text[i]))
            i++;
        if (i == length)
            return count;
        size_t begin = i;
        while (i < length && !is_blank(text[i]))
            i++;
        if (count < room)
            out[count] = (struct emp_span){(uint32_t)begin, (uint32_t)(i - begin)};
        count++;
    }
}

size_t emp__split(const char *text, size_t length, char delimiter, struct emp_span *out,
                  size_t room)
{
    return delimiter == EMP_DELIMITER_BLANKS ? split_blanks(text, length, out, room)
                                             : split_at(text, length, delimiter, out, room);
}

bool emp__is_blank_record(const char *text, size_t length, char delimiter)
{
    return length == 0 ||
           (delimiter == EMP_DELIMITER_BLANKS && split_blanks(text, length, NULL, 0) == 0);
}
