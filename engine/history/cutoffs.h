// SPDX-License-Identifier: Apache-2.0
/*
 * The days at which a history is to be cut to learn from it: what was known of a customer before
 * such a day, and what the customer did afterwards.
 *
 *   rows of [.., cut)      are what is known: the customer as he was
 *   rows of [from, ..)     are what is to be foretold; from = cut + gap, gap >= 0
 *
 * At its analysis date a history is known up to `end`: to the end of that day if the date was
 * given, since its own rows count, and to its beginning if the date is `last`, the day after the
 * last row. So `day` lies before `end` by one day or by none, and the day from which a cut is seen
 * lies before the cut by the same: a customer who bought on the last day that is known has the same
 * recency at the cut and at the analysis date.
 */
#ifndef EMP_HISTORY_CUTOFFS_H
#define EMP_HISTORY_CUTOFFS_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

enum { EMP_CUTOFFS_MAX = 64 };

/* All are days since 1970-01-01. */
struct emp_cutoff {
    int32_t cut, from;
    int32_t day; /* from which the customers are seen: as the analysis date to `end` */
};

struct emp_cutoffs {
    int32_t day; /* the analysis date */
    int32_t end; /* the first day of which nothing is known: what is foretold must be over by it */
    size_t count;
    struct emp_cutoff items[EMP_CUTOFFS_MAX];
};

/*
 * Asks for a cut-off; one that was asked for before is the same one. EMP_ERR_PARAMS, the cut-offs
 * untouched: `from` is before `cut`, or after `end`; the cut is not in the calendar; there are
 * EMP_CUTOFFS_MAX already.
 */
emp_status emp__cutoffs_add(struct emp_cutoffs *cutoffs, int32_t cut, int32_t from,
                            emp_error *error);

#endif
