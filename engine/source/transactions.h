// SPDX-License-Identifier: Apache-2.0
/*
 * The reading of all transaction files: threads take chunks, take them apart, decode the rows and
 * hand them to a sink. Afterwards every record that was read is accounted for.
 */
#ifndef EMP_SOURCE_TRANSACTIONS_H
#define EMP_SOURCE_TRANSACTIONS_H

#include "source/bad_rows.h"
#include "source/row_decoder.h"

struct emp_transactions {
    struct emp_texts paths;
    struct emp_wanted_columns wanted;
    struct emp_chunk_reader *reader;
    struct emp_reject_log *rejects;
    struct emp_balance balance;
};

/* What is to be read. */
struct emp_transactions_request {
    const struct emp_input_params *input;
    const char *folder;    /* relative file names start here */
    int64_t analysis_date; /* or EMP_NO_DATE */
    unsigned tokens;       /* the set of those to be decoded */
    int threads;
    const emp_options *options;
};

/*
 * Reads everything into `sink`. Errors are those of the files, of the sink and of memory; bad rows
 * are no error here: they are in out->rejects. The caller releases *out with
 * emp__transactions_free(), also after a failure; the request's pointers must outlive it.
 */
emp_status emp__transactions_read(const struct emp_transactions_request *request,
                                  const struct emp_row_sink *sink, struct emp_transactions *out,
                                  emp_error *error);

/* Opens every file and finds the columns, without reading on: what `emptor check` does. */
emp_status emp__transactions_check(const struct emp_transactions_request *request,
                                   struct emp_transactions *out, emp_error *error);

void emp__transactions_free(struct emp_transactions *transactions);

/* Calls `visit` for every bad row, in order of file and line. */
emp_status emp__transactions_bad_rows(const struct emp_transactions *transactions,
                                      emp_status (*visit)(void *user, const struct emp_bad_row *row,
                                                          emp_error *error),
                                      void *user, emp_error *error);

#endif
