// SPDX-License-Identifier: Apache-2.0
/*
 * The history as the analyses see it: customers numbered partition after partition, in order of id
 * within each, with a summary of each.
 */
#ifndef EMP_HISTORY_HISTORY_H
#define EMP_HISTORY_HISTORY_H

#include <emptor/options.h>

#include "base/store.h"
#include "history/past.h"
#include "history/scatter.h"
#include "source/ids.h"

struct emp_customers {
    struct emp_store *store; /* where the arrays below lie */
    struct emp_ids ids;
    size_t partitions;
    size_t *first;                        /* customers of partition p: [first[p], first[p + 1]) */
    struct emp_summary *summary;          /* one for each customer; its purchases are rows */
    uint32_t *days, *orders;              /* purchases by day and by order; NULL: not asked for */
    struct emp_activity *activity;        /* one for each customer; NULL: not asked for */
    struct emp_visits *visits[EMP_SPANS]; /* the same; and how many repeat visits there were on */
    uint64_t *repeats[EMP_SPANS]; /* each day from first_day to last_day, of all customers */
    uint64_t rows;
    emp_int128 money;            /* the sum of all rows, minor units */
    int32_t first_day, last_day; /* over all rows, returns included; EMP_NO_DAY without any row */
    int32_t day;                 /* from which they are seen: the analysis date, at present */
    int32_t end;                 /* the first day of which nothing is known (cutoffs.h) */
    size_t cutoffs;              /* in the past that were asked for */
    struct emp_past *past;       /* and the customers at each */
};

/*
 * Puts what the scatter's partitions hold in order and into *out, partition by partition,
 * releasing each partition as it goes; those that are out are fetched for it as far as `memory`
 * allows. The present is seen from the analysis date; of cut-offs there are no more than the
 * scatter's needs say. *out, with its arrays in `store`, is to be freed in any case.
 */
emp_status emp__customers_finish(struct emp_scatter *scatter, const struct emp_cutoffs *cutoffs,
                                 struct emp_store *store, struct emp_customers *out,
                                 emp_error *error);

/* The bytes that this takes beside, for the cut-offs. */
uint64_t emp__customers_overhead(const struct emp_scatter_plan *plan);

/* The number of the cut-off at this day, with this beginning of labels; `cutoffs` if there is none.
 */
size_t emp__customers_cutoff(const struct emp_customers *customers, int32_t cut, int32_t from);

/*
 * The same customers, by the same numbers, as they were at a cut-off: what every feature takes in
 * place of the present, to be seen from its `day`. Its rows, money and days are those before the
 * cut. Borrowed, not to be freed; it has no past of its own.
 */
struct emp_customers emp__customers_at(const struct emp_customers *customers, size_t cutoff);

/* The number of the customer with this key, as in struct emp_row, and for a text id these bytes
   (its length first); the count of customers if there is none. */
size_t emp__customers_find(const struct emp_customers *customers, uint64_t key, const char *text);

/* Frees the arrays, not the store. */
void emp__customers_free(struct emp_customers *customers);

#endif
