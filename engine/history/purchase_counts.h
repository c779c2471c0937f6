// SPDX-License-Identifier: Apache-2.0
/* What counts as one purchase, and how many a customer's rows make. */
#ifndef EMP_HISTORY_PURCHASE_COUNTS_H
#define EMP_HISTORY_PURCHASE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "source/row.h"
#include "text/civil_time.h"

enum emp_merge {
    EMP_MERGE_ORDER, /* the purchase rows of one order */
    EMP_MERGE_DAY,   /* the purchase rows of one day */
    EMP_MERGE_ROW,   /* each purchase row */
};

/* A row of a customer. */
struct emp_event {
    int64_t time;               /* seconds since 1970-01-01T00:00:00Z */
    int64_t amount;             /* minor units */
    uint64_t token[EMP_TOKENS]; /* as in struct emp_row; 0 where they are not kept */
};

static inline int32_t emp__event_day(const struct emp_event *event)
{
    return (int32_t)emp__day_of_seconds(event->time);
}

/* How many different days have a purchase row; the events are in order of time. */
uint32_t emp__count_days(const struct emp_event *events, size_t count);

/*
 * How many different tokens of a kind the purchase rows have; 0 is none. `scratch` has room for
 * `count` of them.
 */
uint32_t emp__count_tokens(const struct emp_event *events, size_t count, enum emp_token token,
                           uint64_t *scratch);

#endif
