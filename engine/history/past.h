// SPDX-License-Identifier: Apache-2.0
/*
 * The customers as they were at a cut-off in the past (cutoffs.h), and when they bought next.
 *
 * All but `next_day`, `first_after` and `later` are functions of the events before the cut alone.
 * They are the very functions that the present is computed by, so whoever learns from the past
 * learns from what will be there at the analysis date.
 */
#ifndef EMP_HISTORY_PAST_H
#define EMP_HISTORY_PAST_H

#include "history/cutoffs.h"
#include "history/figures.h"
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
    struct emp_cutoff cutoff;
    struct emp_figures figures; /* of those not known: all zero, the days EMP_NO_DAY; but next_day
                                   is there */
    struct emp_past_totals totals;
};

/* A cut-off before which nothing is known yet. */
struct emp_past emp__past_empty(struct emp_cutoff cutoff);

/*
 * Adds customer c, of whom these are all events, in order of time. `scratch` has room for `count`
 * tokens. False, and the past undefined, if a sum does not fit.
 */
bool emp__past_add(struct emp_past *past, size_t c, const struct emp_event *events, size_t count,
                   uint64_t *scratch);

/* Adds the totals of other customers. */
void emp__past_totals_add(struct emp_past_totals *totals, const struct emp_past_totals *others);

#endif
