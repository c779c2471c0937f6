// SPDX-License-Identifier: Apache-2.0
/*
 * Sums over a block of values, from which means and variances are made.
 *
 * A sum is taken in eight lanes, the value at i into lane i mod 8, and the lanes are added in
 * pairs: a fixed order of additions that a compiler may vectorise, and the same bits for each
 * vector width. Its error is at most (n / 8 + 3) eps sum |x|. Cost: 8 bytes read a value.
 *
 * `unit` is a power of two that brings the values near 1, so that neither they nor their squares
 * overflow or vanish; multiplying by it is exact, but for what is too small to count beside them.
 */
#ifndef EMP_SCALE_MOMENTS_H
#define EMP_SCALE_MOMENTS_H

#include <stddef.h>

/* The sum of unit x. */
double emp__sum(const double *x, size_t n, double unit);

/* The sums of d and of d^2, d = unit x - centre. */
struct emp_deviations {
    double sum;
    double squares;
};

struct emp_deviations emp__sum_deviations(const double *x, size_t n, double unit, double centre);

/* The least and the greatest of n > 0 values. */
struct emp_extremes {
    double least;
    double greatest;
};

struct emp_extremes emp__extremes(const double *x, size_t n);

/* The unit for values of at most `magnitude`: 2^-k, 2^k <= magnitude < 2^(k + 1); 1 for 0. */
double emp__unit(double magnitude);

#endif
