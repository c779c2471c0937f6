// SPDX-License-Identifier: Apache-2.0
/*
 * What a customer's rows tell beyond sums: their rhythm, their breadth, and how what was bought is
 * spread over the time from the first purchase to a day. Integers only, so that all of it is exact.
 *
 * Let p_1 < ... < p_n be the days with a purchase row, and d the day it is seen from.
 *
 *   interval_squares = sum over i > 1 of (p_i - p_{i-1})^2; (p_n - p_1) is their plain sum
 *   longest_interval = the largest p_i - p_{i-1}
 *   earlier, later   = bought before and after the middle of [p_1, d], which is p_1 + (d - p_1)
 * / 2. A purchase stands in the middle of its day; that of a day whose middle is the very middle
 * counts in neither.
 *
 * Cost: one pass over the events, and a sort of the products and of the channels.
 */
#ifndef EMP_HISTORY_ACTIVITY_H
#define EMP_HISTORY_ACTIVITY_H

#include "history/purchase_counts.h"

struct emp_activity {
    int64_t interval_squares; /* days^2; 0 below two purchase days */
    int64_t earlier, later;   /* minor units */
    uint32_t days;            /* with a purchase row */
    int32_t longest_interval; /* days; 0 below two purchase days */
    uint32_t products;        /* different ones of the purchase rows; 0 where not kept */
    uint32_t channels;
};

/*
 * The activity of events that are in order of time, none of them later than `day`, and that do not
 * overflow a sum. `scratch` has room for `count` tokens. All zero without a purchase row.
 */
struct emp_activity emp__activity(const struct emp_event *events, size_t count, int32_t day,
                                  uint64_t *scratch);

/*
 * How many of the events, which are in order of time, are before a day: what is to be passed to
 * look at the window [start, cut). By bisection.
 */
size_t emp__events_before(const struct emp_event *events, size_t count, int32_t cut);

#endif
