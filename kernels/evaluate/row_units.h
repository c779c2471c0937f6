// SPDX-License-Identifier: Apache-2.0
/* The weights of rows as integers (number/exact_sum.h), so that sums of them are exact. */
#ifndef EMP_EVALUATE_ROW_UNITS_H
#define EMP_EVALUATE_ROW_UNITS_H

#include "evaluate/scored.h"
#include "number/exact_sum.h"

static inline struct emp_exact_scale emp__row_scale(const struct emp_scored *rows)
{
    return emp__exact_scale(rows->weights ? emp__magnitude(rows->weights, rows->n) : 1.0);
}

static inline double emp__row_weight(const struct emp_scored *rows, uint32_t row)
{
    return rows->weights ? rows->weights[row] : 1.0;
}

static inline emp_int128 emp__row_units(const struct emp_scored *rows, struct emp_exact_scale scale,
                                        uint32_t row)
{
    return emp__exact_units(scale, emp__row_weight(rows, row));
}

#endif
