// SPDX-License-Identifier: Apache-2.0
/*
 * What is known of each customer as seen from one day, an array for each kind: of all customers, or
 * of those of a partition.
 */
#ifndef EMP_HISTORY_FIGURES_H
#define EMP_HISTORY_FIGURES_H

#include "base/spill.h"
#include "base/store.h"
#include "history/activity.h"
#include "history/needs.h"
#include "history/summary.h"

/* NULL: not asked for. */
struct emp_figures {
    struct emp_summary *summary;   /* its purchases are rows */
    uint32_t *days, *orders;       /* purchases by day and by order */
    struct emp_activity *activity; /* as seen from the day */
    int32_t *next_day;             /* of a past day: the first purchase from `from` on; EMP_NO_DAY:
                                      there is none */
};

#endif
