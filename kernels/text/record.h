// SPDX-License-Identifier: Apache-2.0
/*
 * Where a record of delimited text ends (RFC 4180), found without copying or decoding.
 *
 * A record ends at a line feed outside quotes, or at the end of the text; a carriage return before
 * that line feed belongs to the end. A field that begins with a quote runs to its closing quote,
 * with "" for a quote inside, and must be followed by a delimiter or the end of the record; a quote
 * anywhere else makes the record malformed, and so does a quote that is not closed within
 * EMP_RECORD_MAX bytes or before the end of the text.
 *
 * A malformed record is its first line alone: reading goes on at the next line, so that one stray
 * quote costs one line and never swallows the rest of a file. The rule looks forward only and no
 * further than EMP_RECORD_MAX, so a text splits into the same records wherever it is cut into
 * chunks, as long as each chunk begins with a record.
 *
 * Cost: one pass, memory-bound for records without quotes.
 */
#ifndef EMP_TEXT_RECORD_H
#define EMP_TEXT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest record in bytes, its line feed not counted. */
#define EMP_RECORD_MAX ((size_t)1 << 20)

enum emp_record_kind {
    EMP_RECORD_PLAIN,       /* no quote in it */
    EMP_RECORD_QUOTED,      /* well-formed, with quotes */
    EMP_RECORD_STRAY_QUOTE, /* malformed: a quote inside a field, or text behind a closing one */
    EMP_RECORD_OPEN_QUOTE,  /* malformed: a quote that is not closed */
    EMP_RECORD_TOO_LONG,    /* the first line has more than EMP_RECORD_MAX bytes */
    EMP_RECORD_NEED_MORE    /* cannot be told from these bytes */
};

struct emp_record {
    enum emp_record_kind kind;
    size_t length; /* of its text, without the line end */
    size_t next;   /* where the next record begins, counted from this one's start */
};

/*
 * The record that begins at text[0]. `at_end` says that nothing follows text[length - 1]; otherwise
 * EMP_RECORD_NEED_MORE is possible, but only while length <= EMP_RECORD_MAX + 1. For
 * EMP_RECORD_TOO_LONG without a line feed in sight, `next` is `length`: the caller skips on to the
 * next line feed. `quote` is '"', or 0 where quotes mean nothing. length > 0.
 */
struct emp_record emp__record_next(const char *text, size_t length, char delimiter, char quote,
                                   bool at_end);

/* The same, byte by byte: the reference. */
struct emp_record emp__record_next_plain(const char *text, size_t length, char delimiter,
                                         char quote, bool at_end);

/* A field of a record: text[begin .. begin + length). */
struct emp_span {
    uint32_t begin;
    uint32_t length;
};

/* The fields of a record: spans of `text`, whose owner says how long they last. */
struct emp_fields {
    const char *text;
    const struct emp_span *spans;
    size_t count;
};

/* The delimiter that stands for runs of blanks and tabs. */
#define EMP_DELIMITER_BLANKS ' '

/*
 * The fields of an EMP_RECORD_PLAIN record, at most `room` of them; returns how many there are
 * (more than `room` if it was too small). An empty record has one empty field; between blanks, it
 * and a record of blanks alone have none.
 */
size_t emp__split(const char *text, size_t length, char delimiter, struct emp_span *out,
                  size_t room);

/* Is this record an empty line (or one of blanks, between blanks), which is no row? */
bool emp__is_blank_record(const char *text, size_t length, char delimiter);

#endif
