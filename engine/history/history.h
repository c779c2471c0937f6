// SPDX-License-Identifier: Apache-2.0
/*
 * The history as the analyses see it: customers numbered partition after partition, in order of id
 * within each, with a summary of each.
 */
#ifndef EMP_HISTORY_HISTORY_H
#define EMP_HISTORY_HISTORY_H

#include <emptor/options.h>

#include "base/store.h"
#include "history/activity.h"
#include "history/scatter.h"
#include "history/summary.h"
#include "source/ids.h"

struct emp_customers {
    struct emp_store *store; /* where the arrays below lie */
    struct emp_ids ids;
    size_t partitions;
    size_t *first;                 /* customers of partition p: [first[p], first[p + 1]) */
    struct emp_summary *summary;   /* one for each customer; its purchases are rows */
    uint32_t *days, *orders;       /* purchases by day and by order; NULL: not asked for */
    struct emp_activity *activity; /* one for each customer; NULL: not asked for */
    uint64_t rows;
    emp_int128 money;            /* the sum of all rows, minor units */
    int32_t first_day, last_day; /* over all rows, returns included; EMP_NO_DAY without any row */
};

/*
 * Puts what the scatter's partitions hold in order and into *out, partition by partition,
 * releasing each partition as it goes; those that are out are fetched for it as far as `memory`
 * allows. `day` is the analysis date, to which the activity is seen. *out, with its arrays in
 * `store`, is to be freed in any case.
 */
emp_status emp__customers_finish(struct emp_scatter *scatter, int32_t day, struct emp_store *store,
                                 struct emp_customers *out, emp_error *error);

/* The number of the customer with this key, as in struct emp_row, and for a text id these bytes
   (its length first); the count of customers if there is none. */
size_t emp__customers_find(const struct emp_customers *customers, uint64_t key, const char *text);

/* Frees the arrays, not the store. */
void emp__customers_free(struct emp_customers *customers);

#endif
