// SPDX-License-Identifier: Apache-2.0
/* Takes a chunk apart into rows: one worker for each thread. */
#ifndef EMP_SOURCE_CHUNK_ROWS_H
#define EMP_SOURCE_CHUNK_ROWS_H

#include "source/chunk_reader.h"
#include "source/quoted_record.h"
#include "source/reject_log.h"
#include "source/row_decoder.h"
#include "text/scan.h"

struct emp_chunk_worker;

/* What all workers share and only read, but for the log and the sink, which tell threads apart. */
struct emp_chunk_work {
    const struct emp_row_decoder *decoder;
    const struct emp_text_kernels *kernels;
    const struct emp_row_sink *sink;
    struct emp_reject_log *rejects;
    bool one_by_one; /* every record goes the general way: for tests, which compare the ways */
};

emp_status emp__chunk_worker_new(const struct emp_chunk_work *work, int thread,
                                 struct emp_chunk_worker **out, emp_error *error);
void emp__chunk_worker_free(struct emp_chunk_worker *worker);

/*
 * Hands every row of the chunk to the sink or the reject log; `columns` are those of its file.
 * Counts the chunk's records and lines.
 */
emp_status emp__chunk_rows(struct emp_chunk_worker *worker, const struct emp_chunk *chunk,
                           const struct emp_file_columns *columns, uint64_t *rows, uint64_t *lines,
                           emp_error *error);

/* What became of all rows so far. */
const struct emp_balance *emp__chunk_worker_balance(const struct emp_chunk_worker *worker);

#endif
