// SPDX-License-Identifier: Apache-2.0
/* The inside of emp_history: the customers, and how every row that was read is accounted for. */
#ifndef EMP_RUN_RUN_HISTORY_H
#define EMP_RUN_RUN_HISTORY_H

#include <emptor/history.h>

#include "features/attributes.h"
#include "history/history.h"
#include "run/run_memory.h"
#include "run/run_params.h"
#include "source/transactions.h"

struct emp_history {
    const struct emp_params *params;
    char *temporary_folder;
    struct emp_run_memory memory;
    struct emp_store *store; /* of the arrays with something for each customer */
    uint64_t spilled;        /* bytes of rows and customers that waited in a file meanwhile */
    struct emp_transactions transactions;
    struct emp_customer_file customer_file;
    struct emp_customers customers;
    struct emp_attributes attributes; /* of the customers, from the customers file */
    int32_t analysis_day;             /* EMP_NO_DAY: none is given, and there is no transaction */
};

/* A kind of input that was read. */
struct emp_history_input {
    const char *name;     /* its key below `input`: "transactions", "customers" */
    const char *encoding; /* as the parameters have it */
    const struct emp_input_file *files;
    size_t file_count;
    struct emp_bad_rows bad_rows;
    emp_row_counts rows;
};

enum { EMP_HISTORY_INPUTS = 2 };

/* Those of a history: how many, and each, transactions first. */
size_t emp__history_inputs(const struct emp_history *history,
                           struct emp_history_input out[EMP_HISTORY_INPUTS]);

/* The bad rows of all of them. */
uint64_t emp__history_rejected(const struct emp_history *history);

/*
 * Reads everything, whatever the share of bad rows, for a run folder at `target`. *out is untouched
 * on failure. Whoever uses the history then asks emp__history_judge().
 */
emp_status emp__history_read_all(const struct emp_params *params, const emp_options *options,
                                 const char *target, struct emp_history **out, emp_error *error);

/* All bytes that were put into files for want of memory. */
uint64_t emp__history_spilled(const struct emp_history *history);

/* EMP_ERR_DATA, with the place of the first bad row, if more rows are bad than the parameters
 * allow. */
emp_status emp__history_judge(const struct emp_history *history, emp_error *error);

/* What the parameters ask the source for. */
struct emp_transactions_request emp__history_request(const struct emp_params *params,
                                                     const emp_options *options);

/* The same of the customers file. */
struct emp_customer_file_request emp__history_customer_request(const struct emp_params *params,
                                                               const emp_options *options);

/* What the partitions are to keep; the memory and where more is found are left open. */
struct emp_scatter_plan emp__history_plan(const struct emp_params *params,
                                          const emp_options *options);

#endif
