// SPDX-License-Identifier: Apache-2.0
/*
 * The history as the analyses see it: customers numbered partition after partition, in order of id
 * within each; for each customer a summary or all rows in order of time.
 */
#ifndef EMP_HISTORY_HISTORY_H
#define EMP_HISTORY_HISTORY_H

#include <emptor/options.h>

#include "history/scatter.h"
#include "history/summary.h"
#include "source/ids.h"

/* The rows of a partition: those of its c-th customer are [first[c], first[c + 1]). */
struct emp_events {
    uint64_t *first; /* customers + 1 */
    int64_t *time;   /* seconds since 1970-01-01T00:00:00Z; ascending for each customer */
    int64_t *amount; /* minor units; rows of one time are in order of their order, then of this */
    uint64_t *order; /* as in struct emp_row; NULL if not kept */
};

struct emp_customers {
    struct emp_ids ids;
    uint32_t *by_id; /* the customers in order of id, over all partitions */
    size_t partitions;
    size_t *first;               /* customers of partition p: [first[p], first[p + 1]) */
    struct emp_summary *summary; /* one for each customer, or NULL if rows are kept */
    struct emp_events *events;   /* one for each partition, or NULL if summaries are kept */
    uint64_t rows;
    emp_int128 money;            /* the sum of all rows, minor units */
    int32_t first_day, last_day; /* over all rows, returns included; EMP_NO_DAY without any row */
};

/*
 * Puts what the scatter's partitions hold in order and into *out, partition by partition on
 * `threads` threads, releasing each partition as it goes. *out is to be freed in any case.
 */
emp_status emp__customers_finish(struct emp_scatter *scatter, size_t partitions, int threads,
                                 struct emp_customers *out, emp_error *error);

void emp__customers_free(struct emp_customers *customers);

#endif
