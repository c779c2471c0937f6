// SPDX-License-Identifier: Apache-2.0
/* The rows that a partition has kept, customer by customer and in order of time. */
#ifndef EMP_HISTORY_ROW_ORDER_H
#define EMP_HISTORY_ROW_ORDER_H

#include "history/partition.h"
#include "history/purchase_counts.h"

/* The events of customer c are [first[c], first[c + 1]); those of one time are in order of their
   order, then of their amount, then of their other tokens. */
struct emp_events {
    size_t *first; /* customers + 1 */
    struct emp_event *event;
};

/*
 * Groups and orders the rows of a partition that is not out; `rank` says which customer comes at
 * which place, by number. *out is to be freed in any case.
 */
emp_status emp__rows_order(const struct emp_partition *partition, const uint32_t *rank,
                           struct emp_events *out, emp_error *error);
void emp__events_free(struct emp_events *events);

#endif
