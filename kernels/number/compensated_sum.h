// SPDX-License-Identifier: Apache-2.0
/*
 * Sums that keep what each addition rounds away (Neumaier, Zeitschrift f. Angewandte Math. u.
 * Mechanik 54, 1974): of n values the error is at most 2^-53 |sum| + n^2 2^-105 sum |x|. The order
 * matters, but hardly. Cost: 7 flops a value.
 */
#ifndef EMP_NUMBER_COMPENSATED_SUM_H
#define EMP_NUMBER_COMPENSATED_SUM_H

struct emp_compensated {
    double sum;
    double rest;
};

static inline void emp__add(struct emp_compensated *to, double value)
{
    double sum = to->sum + value;
    double size = to->sum < 0.0 ? -to->sum : to->sum;
    if (size >= (value < 0.0 ? -value : value))
        to->rest += to->sum - sum + value;
    else
        to->rest += value - sum + to->sum;
    to->sum = sum;
}

/* An infinite sum stays so, whatever was to be kept of it. */
static inline double emp__total(struct emp_compensated of)
{
    double total = of.sum + of.rest;
    return total == total ? total : of.sum;
}

#endif
