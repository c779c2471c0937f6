// SPDX-License-Identifier: Apache-2.0
/* The weights of rows as integers (number/exact_sum.h), so that sums of them are exact. */
#ifndef EMP_EVALUATE_ROW_UNITS_H
#define EMP_EVALUATE_ROW_UNITS_H

#include "evaluate/scored.h"
#include "number/exact_sum.h"

/* Rows without weights are counted: their unit is 1. */
static inline struct emp_exact_scale emp__row_scale(const struct emp_scored *rows)
{
    if (!rows->weights)
        return (struct emp_exact_scale){1.0, 1.0};
    return emp__exact_scale(emp__magnitude(rows->weights, rows->n));
}

static inline double emp__row_weight(const struct emp_scored *rows, uint32_t row)
{
    return rows->weights ? rows->weights[row] : 1.0;
}

static inline emp_int128 emp__row_units(const struct emp_scored *rows, struct emp_exact_scale scale,
                                        uint32_t row)
{
    return rows->weights ? emp__exact_units(scale, rows->weights[row]) : 1;
}

#endif
