// SPDX-License-Identifier: Apache-2.0
/*
 * The purchases of each customer at the analysis date: how many, when first and last, for how much.
 */
#ifndef EMP_FEATURES_PURCHASES_H
#define EMP_FEATURES_PURCHASES_H

#include "history/history.h"

/* What counts as one purchase. */
enum emp_merge {
    EMP_MERGE_ORDER, /* the purchase rows of one order */
    EMP_MERGE_DAY,   /* the purchase rows of one day */
    EMP_MERGE_ROW,   /* each purchase row */
};

/* Can the summaries say it, or are the rows needed (and their orders)? */
bool emp__merge_needs_events(enum emp_merge merge);

/*
 * One summary for each customer in out[0 .. customers->ids.count), its `purchases` counted by
 * `merge`. From summaries only EMP_MERGE_ROW can be had; EMP_MERGE_ORDER needs the orders.
 */
emp_status emp__purchases(const struct emp_customers *customers, enum emp_merge merge, int threads,
                          struct emp_summary *out, emp_error *error);

#endif
