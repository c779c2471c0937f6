// SPDX-License-Identifier: Apache-2.0
/*
 * What most analyses need to know of a customer, 32 bytes of it: sums that rows can be added to in
 * any order and still give the same bytes.
 *
 * A purchase row has an amount of 0 or more, a return row a negative one. Dates are those of
 * purchase rows: a return is no visit.
 */
#ifndef EMP_HISTORY_SUMMARY_H
#define EMP_HISTORY_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include <emptor/status.h>

#include "source/ids.h"

/* The dates of a customer without any purchase. */
#define EMP_NO_DAY INT32_MIN

struct emp_summary {
    int32_t first_day, last_day; /* of the purchases, days since 1970-01-01; or EMP_NO_DAY */
    uint32_t purchases;          /* how many: rows, days or orders, as `merge` says */
    uint32_t return_rows;
    int64_t bought;   /* sum of the purchase rows, minor units, >= 0 */
    int64_t returned; /* sum of the return rows, minor units, <= 0 */
};

/* Widens [*first, *last] (EMP_NO_DAY: empty) to `day` (EMP_NO_DAY: nothing happens). */
static inline void emp__widen_days(int32_t *first, int32_t *last, int32_t day)
{
    if (day == EMP_NO_DAY)
        return;
    if (*first == EMP_NO_DAY || day < *first)
        *first = day;
    if (day > *last)
        *last = day;
}

/* A customer of whom nothing is known yet. */
struct emp_summary emp__summary_empty(void);

/*
 * Adds a row at `day`, as one purchase if its amount is not negative. False, and the summary
 * undefined, if a sum does not fit.
 */
bool emp__summary_add(struct emp_summary *summary, int32_t day, int64_t amount);

/* The failure that follows: EMP_ERR_DATA, naming the customer, id `i` of `ids`. */
emp_status emp__summary_overflow(const struct emp_ids *ids, size_t i, emp_error *error);

#endif
