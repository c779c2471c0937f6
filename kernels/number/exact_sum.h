// SPDX-License-Identifier: Apache-2.0
/*
 * Sums of doubles that do not depend on the order: each value is cut off once, to a multiple of
 * 2^-78 unit, unit being the least power of two above all magnitudes (2^-900 at least); the
 * multiples are added as integers, and the sum becomes a double with one rounding more. So values
 * of 2^-26 unit and more are added exactly, and the error is at most n 2^-78 unit and half a last
 * digit of the sum. Counts, and weights of 1, stay whole.
 *
 * Cost: a few ns a value.
 */
#ifndef EMP_NUMBER_EXACT_SUM_H
#define EMP_NUMBER_EXACT_SUM_H

#include <stddef.h>

#include "number/ratio.h"

/* How values become integers and sums of them doubles; both are powers of two. */
struct emp_exact_scale {
    double up;
    double down;
};

/* For finite values of at most `magnitude`. */
struct emp_exact_scale emp__exact_scale(double magnitude);

/* The greatest magnitude of n values, 0 for none. */
double emp__magnitude(const double *values, size_t n);

/* A value as an integer below 2^78; up to 2^32 of them may be added, and the sum multiplied by up
 * to 2^16. */
static inline emp_int128 emp__exact_units(struct emp_exact_scale scale, double value)
{
    return (emp_int128)(value * scale.up);
}

/* The double of a sum of them; infinite where it is too large. */
static inline double emp__exact_value(struct emp_exact_scale scale, emp_int128 sum)
{
    int64_t low = (int64_t)sum; /* converted by the processor, where that is all */
    return (low == sum ? (double)low : (double)sum) * scale.down;
}

#endif
