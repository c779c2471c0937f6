// SPDX-License-Identifier: Apache-2.0
/*
 * Range, mean and standard deviation of a column, the same bytes for any number of threads: sums
 * are taken over blocks of EMP_MOMENT_BLOCK rows and added up in their order.
 *
 * The deviation is that of the population (divided by n), in two passes with a correction for the
 * rounding of the mean (Chan, Golub & LeVeque 1983): sqrt((sum d^2 - (sum d)^2 / n) / n), d = x -
 * mean. Values are brought near 1 by a power of two first, so that no square overflows or vanishes.
 * Cost: three passes over the column.
 */
#ifndef EMP_FEATURES_COLUMN_MOMENTS_H
#define EMP_FEATURES_COLUMN_MOMENTS_H

#include <stddef.h>

enum { EMP_MOMENT_BLOCK = 4096 };

struct emp_moments {
    double least, greatest;
    double mean;
    double deviation; /* 0 only if all values are equal, or no double is small enough */
};

/* The doubles of workspace that n rows need. */
size_t emp__moments_workspace(size_t n);

/* n > 0 values of at most 1e305 in magnitude. */
struct emp_moments emp__column_moments(const double *x, size_t n, int threads, double *workspace);

#endif
