// SPDX-License-Identifier: Apache-2.0
/* Columns of numbers for tests, and what is to be found of them by plain means. Include cmocka
 * first.
 */
#ifndef EMP_TESTS_TEST_COLUMN_H
#define EMP_TESTS_TEST_COLUMN_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "test_folder.h"

/* In [0, 1). */
static inline double test_uniform(uint64_t *seed)
{
    return (double)(test_random(seed) >> 11) * 0x1p-53;
}

static inline int test_compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static inline void test_sort(double *x, size_t n)
{
    qsort(x, n, sizeof *x, test_compare);
}

/* Type 7, of sorted values. */
static inline double test_quantile(const double *sorted, size_t n, double p)
{
    double h = (double)(n - 1) * p;
    size_t j = (size_t)floor(h);
    return j + 1 < n ? sorted[j] + (h - (double)j) * (sorted[j + 1] - sorted[j]) : sorted[j];
}

/* (#less + #equal / 2) / n */
static inline double test_rank(const double *x, size_t n, double value)
{
    size_t twice = 0;
    for (size_t i = 0; i < n; i++)
        twice += (size_t)(x[i] < value) + (size_t)(x[i] <= value);
    return (double)twice / (2.0 * (double)n);
}

#endif
