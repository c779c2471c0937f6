// SPDX-License-Identifier: Apache-2.0
/* What is needed of a history beside the sums of each customer, which are always there. */
#ifndef EMP_HISTORY_NEEDS_H
#define EMP_HISTORY_NEEDS_H

#include <stdbool.h>

#include "history/visits.h"
#include "source/row.h"

/* Each but the first makes the history keep its rows until they are in order. */
struct emp_needs {
    bool transactions; /* there must be some: a customers file alone will not do */
    bool days;         /* the purchases counted by day */
    bool orders;       /* the purchases counted by order */
    bool products;     /* the activity, with its products */
    bool channels;     /* the activity, with its channels */
    bool intervals;    /* the activity (history/activity.h) */
    unsigned visits;   /* the visits (history/visits.h) by spans: a bit 1 << span for each */
    unsigned cutoffs;  /* the same at so many cut-offs in the past (history/cutoffs.h), at most */
};

static inline struct emp_needs emp__needs_union(struct emp_needs a, struct emp_needs b)
{
    return (struct emp_needs){
        .transactions = a.transactions || b.transactions,
        .days = a.days || b.days,
        .orders = a.orders || b.orders,
        .products = a.products || b.products,
        .channels = a.channels || b.channels,
        .intervals = a.intervals || b.intervals,
        .visits = a.visits | b.visits,
        .cutoffs = a.cutoffs + b.cutoffs,
    };
}

/* Is the activity of each customer to be computed? */
static inline bool emp__needs_activity(struct emp_needs needs)
{
    return needs.products || needs.channels || needs.intervals;
}

/* Are rows to be kept? */
static inline bool emp__needs_rows(struct emp_needs needs)
{
    return needs.days || needs.orders || needs.visits > 0 || needs.cutoffs > 0 ||
           emp__needs_activity(needs);
}

/* The set of tokens that rows have to carry. */
static inline unsigned emp__needs_tokens(struct emp_needs needs)
{
    return (needs.orders ? emp__token_bit(EMP_TOKEN_ORDER) : 0) |
           (needs.products ? emp__token_bit(EMP_TOKEN_PRODUCT) : 0) |
           (needs.channels ? emp__token_bit(EMP_TOKEN_CHANNEL) : 0);
}

#endif
