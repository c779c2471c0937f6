// SPDX-License-Identifier: Apache-2.0
/*
 * The customers as they were at a moment of the past (moments.h), and when they bought next.
 *
 * All but `next_day`, `first_after` and `later` are functions of the events before the cut alone.
 * They are the very functions that the present is computed by, so whoever learns from the past
 * learns from what will be there at the analysis date.
 */
#ifndef EMP_HISTORY_PAST_H
#define EMP_HISTORY_PAST_H

#include "history/figures.h"
#include "history/moments.h"
#include "number/ratio.h"

/* Over all customers; returns are events too. */
struct emp_past_totals {
    uint64_t rows;               /* before the cut */
    emp_int128 money;            /* the sum of them, minor units */
    int32_t first_day, last_day; /* of them; EMP_NO_DAY without any. No figure saw a later event. */
    int32_t first_after; /* the first day of any event from `from` on; EMP_NO_DAY: none. No label
                            saw an earlier one. */
    uint64_t known;      /* customers with an event before the cut */
    uint64_t later;      /* whose first event is of the cut or later: they were not there yet */
};

struct emp_past {
    struct emp_moment moment;
    struct emp_figures
        figures; /* of each customer; those not known have none: all zero, EMP_NO_DAY */
    struct emp_past_totals totals;
};

#endif
