// SPDX-License-Identifier: Apache-2.0
/* The bad rows of an input, each at its place in a file. */
#ifndef EMP_SOURCE_BAD_ROWS_H
#define EMP_SOURCE_BAD_ROWS_H

#include "source/chunk_reader.h"
#include "source/reject_log.h"

/* One bad row, with its place. */
struct emp_bad_row {
    const char *path;
    uint64_t line;
    const struct emp_reject *reject;
};

/* The bad rows of one input, whose lines the reader has numbered. */
struct emp_bad_rows {
    const struct emp_chunk_reader *reader;
    struct emp_reject_log *log;
};

/* Who is told of bad rows. */
struct emp_bad_row_visitor {
    void *user;
    emp_status (*visit)(void *user, const struct emp_bad_row *row, emp_error *error);
};

/* Tells of every row, in order of file and line. */
emp_status emp__bad_rows_each(struct emp_bad_rows rows, struct emp_bad_row_visitor visitor,
                              emp_error *error);

#endif
