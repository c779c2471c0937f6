// SPDX-License-Identifier: Apache-2.0
/*
 * The double nearest to a quotient of integers: one rounding, to nearest and ties to even (IEEE
 * 754), whatever the size of the numerator. Means and shares of exact sums are made of it, so that
 * they are right to the last digit and the same on every machine.
 */
#ifndef EMP_NUMBER_RATIO_H
#define EMP_NUMBER_RATIO_H

#include <stdint.h>

__extension__ typedef __int128 emp_int128;

/* numerator / denominator; denominator > 0, |numerator| < 2^126. */
double emp__ratio(emp_int128 numerator, uint64_t denominator);

#endif
