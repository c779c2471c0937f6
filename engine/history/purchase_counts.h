// SPDX-License-Identifier: Apache-2.0
/* What counts as one purchase, and how many a customer's rows make. */
#ifndef EMP_HISTORY_PURCHASE_COUNTS_H
#define EMP_HISTORY_PURCHASE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

enum emp_merge {
    EMP_MERGE_ORDER, /* the purchase rows of one order */
    EMP_MERGE_DAY,   /* the purchase rows of one day */
    EMP_MERGE_ROW,   /* each purchase row */
};

/* A row of a customer. */
struct emp_event {
    int64_t time;   /* seconds since 1970-01-01T00:00:00Z */
    uint64_t order; /* as in struct emp_row; 0 where orders are not kept */
    int64_t amount; /* minor units */
};

/* How many different days have a purchase row; the events are in order of time. */
uint32_t emp__count_days(const struct emp_event *events, size_t count);

/* How many different orders have a purchase row. `scratch` has room for `count` orders. */
uint32_t emp__count_orders(const struct emp_event *events, size_t count, uint64_t *scratch);

#endif
