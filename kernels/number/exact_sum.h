// SPDX-License-Identifier: Apache-2.0
/*
 * Sums of doubles that do not depend on the order: each value is rounded once, to a multiple of
 * 2^-78 unit, unit being the power of two at the greatest magnitude; the multiples are added as
 * integers, and the sum becomes a double with one rounding more. So values down to 2^-25 unit are
 * added exactly, and the error is at most n 2^-79 unit and half a last digit of the sum.
 *
 * Cost: a few ns a value.
 */
#ifndef EMP_NUMBER_EXACT_SUM_H
#define EMP_NUMBER_EXACT_SUM_H

#include <stddef.h>

#include "number/ratio.h"

/* How values become integers: value * scale, scale a power of two. */
struct emp_exact_scale {
    double up;   /* value * up is below 2^39, ... */
    double fine; /* ... and that times `fine` below 2^79 */
};

/* For values of at most `magnitude`; finite. */
struct emp_exact_scale emp__exact_scale(double magnitude);

/* The greatest magnitude of n values, 0 for none. */
double emp__magnitude(const double *values, size_t n);

/* A value as an integer of at most 2^79; up to 2^32 of them may be added. */
emp_int128 emp__exact_units(struct emp_exact_scale scale, double value);

/* The double of a sum of them; infinite where it is too large. */
double emp__exact_value(struct emp_exact_scale scale, emp_int128 sum);

#endif
