// SPDX-License-Identifier: Apache-2.0
#include "source/bad_rows.h"

/* Turns a place in a chunk into a place in a file. */
struct placing {
    const struct emp_chunk_reader *reader;
    struct emp_bad_row_visitor visitor;
};

static emp_status place_reject(void *user, const struct emp_reject *reject, emp_error *error)
{
    const struct placing *placing = user;
    size_t count;
    const struct emp_input_file *files = emp__chunk_reader_files(placing->reader, &count);
    struct emp_bad_row row = {
        .path = files[emp__chunk_reader_file(placing->reader, reject->chunk)].path,
        .line = emp__chunk_reader_line(placing->reader, reject->chunk) + reject->line,
        .reject = reject,
    };
    return placing->visitor.visit(placing->visitor.user, &row, error);
}

emp_status emp__bad_rows_each(struct emp_bad_rows rows, struct emp_bad_row_visitor visitor,
                              emp_error *error)
{
    struct placing placing = {rows.reader, visitor};
    return emp__reject_log_each(rows.log, place_reject, &placing, error);
}
