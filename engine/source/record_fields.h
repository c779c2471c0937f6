// SPDX-License-Identifier: Apache-2.0
/* The fields of one record, whatever it looks like, or what is wrong with it. */
#ifndef EMP_SOURCE_RECORD_FIELDS_H
#define EMP_SOURCE_RECORD_FIELDS_H

#include "source/quoted_record.h"

struct emp_field_splitter {
    char delimiter, quote; /* quote 0: quotes mean nothing */
    struct emp_quoted_parser *parser;
    struct emp_span *spans;
    size_t capacity;
};

/* To be freed in any case. */
emp_status emp__field_splitter_init(struct emp_field_splitter *splitter, char delimiter,
                                    emp_error *error);
void emp__field_splitter_free(struct emp_field_splitter *splitter);

/* A record without its line end, of the kind EMP_RECORD_PLAIN or EMP_RECORD_QUOTED. */
struct emp_record_text {
    enum emp_record_kind kind;
    const char *text;
    size_t length;
};

/*
 * Its fields, which last until the splitter is used again. Where a plain record has more than
 * `expected` of them, not all of them are there, but all are counted.
 */
emp_status emp__record_fields(struct emp_field_splitter *splitter, struct emp_record_text record,
                              uint32_t expected, struct emp_fields *out, emp_error *error);

/* What is wrong with a record of this kind; NULL: it has fields. */
const char *emp__record_fault(enum emp_record_kind kind);

/* Has the record as many fields as expected? If not, `reason` (of `size` bytes) says so. */
bool emp__check_field_count(size_t found, uint32_t expected, char *reason, size_t size);

#define EMP_RECORD_TOO_LONG_FAULT "the line is longer than 1 MiB (1048576 bytes)"

#endif
