// SPDX-License-Identifier: Apache-2.0
/*
 * The history: all transactions of the input, by customer, and what the customers file says of
 * them, if there is one. It is read once and then never changes; any number of threads may use it.
 */
#ifndef EMPTOR_HISTORY_H
#define EMPTOR_HISTORY_H

#include <stdint.h>

#include <emptor/options.h>
#include <emptor/params.h>
#include <emptor/status.h>

typedef struct emp_history emp_history;

/*
 * Reads the files that the parameters name and builds the history. Its customers are those of the
 * transactions and those of the customers file. EMP_ERR_NO_INPUT: a file is
 * missing; EMP_ERR_DATA: a header lacks a column, compressed data are damaged, or more rows are bad
 * than input.bad_rows.max_share allows (the message names the first); EMP_ERR_MEMORY,
 * EMP_ERR_CANCELLED. *out is untouched on failure. The history must be freed before the parameters.
 */
EMP_API emp_status emp_history_read(const emp_params *params, const emp_options *options,
                                    emp_history **out, emp_error *error);

/* Takes NULL. */
EMP_API void emp_history_free(emp_history *history);

EMP_API uint64_t emp_history_customers(const emp_history *history);

/* Rows of the transactions or, where there are none in the parameters, of the customers file: read
   = used + rejected + filtered. */
typedef struct emp_row_counts {
    uint64_t read;
    uint64_t used;
    uint64_t rejected;
    uint64_t filtered;
} emp_row_counts;
EMP_API emp_row_counts emp_history_rows(const emp_history *history);

#endif
