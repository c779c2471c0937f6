// SPDX-License-Identifier: Apache-2.0
/*
 * The purchases of each customer at the analysis date: how many, when first and last, for how much.
 * Nothing is copied: this is a view of the history, which must outlive it.
 */
#ifndef EMP_FEATURES_PURCHASES_H
#define EMP_FEATURES_PURCHASES_H

#include "history/history.h"
#include "history/purchase_counts.h"

struct emp_purchases {
    const struct emp_summary *summary; /* of each customer */
    const uint32_t *counts;            /* its purchases; NULL: the rows, as the summary says */
};

/* The purchases counted by `merge`, which the history must have been asked for. */
struct emp_purchases emp__purchases(const struct emp_customers *customers, enum emp_merge merge);

/* What the history is to be asked for. */
struct emp_needs emp__purchases_needs(enum emp_merge merge);

/* How many purchases a customer made. 0: none at all, whatever is counted. */
static inline uint32_t emp__purchase_count(const struct emp_purchases *purchases, size_t customer)
{
    return purchases->counts ? purchases->counts[customer] : purchases->summary[customer].purchases;
}

#endif
