// SPDX-License-Identifier: Apache-2.0
/*
 * The range of each column, in a way that compilers turn into vectors of any width: several rows
 * are taken for one, with as many sets of minima and maxima, which are joined at the end.
 */
#ifndef EMP_CLUSTER_RANGE_ROWS_H
#define EMP_CLUSTER_RANGE_ROWS_H

#include "cluster/points.h"

enum { EMP_RANGE_AT_ONCE = 8 };

static inline __attribute__((always_inline)) void emp__widen(double value, double *low,
                                                             double *high)
{
    *low = value < *low ? value : *low;
    *high = value > *high ? value : *high;
}

static inline __attribute__((always_inline)) void emp__range_real(const double *x, size_t count,
                                                                  size_t d, double *low,
                                                                  double *high)
{
    enum { MOST = 256 };
    double lows[MOST], highs[MOST];
    size_t width = d * EMP_RANGE_AT_ONCE, i = 0;
    if (width <= MOST && count >= EMP_RANGE_AT_ONCE) {
        for (size_t j = 0; j < width; j++)
            lows[j] = highs[j] = x[j];
        for (; i + EMP_RANGE_AT_ONCE <= count; i += EMP_RANGE_AT_ONCE)
            for (size_t j = 0; j < width; j++)
                emp__widen(x[i * d + j], &lows[j], &highs[j]);
        for (size_t j = 0; j < width; j++) {
            emp__widen(lows[j], &low[j % d], &high[j % d]);
            emp__widen(highs[j], &low[j % d], &high[j % d]);
        }
    }
    for (; i < count; i++)
        for (size_t j = 0; j < d; j++)
            emp__widen(x[i * d + j], &low[j], &high[j]);
}

static inline __attribute__((always_inline)) void emp__range_single(const float *x, size_t count,
                                                                    size_t d, double *low,
                                                                    double *high)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < d; j++)
            emp__widen((double)x[i * d + j], &low[j], &high[j]);
}

static inline __attribute__((always_inline)) void emp__range_rows(const struct emp_rows *rows,
                                                                  double *low, double *high)
{
    if (rows->single)
        emp__range_single(rows->x, rows->count, rows->d, low, high);
    else
        emp__range_real(rows->x, rows->count, rows->d, low, high);
}

#endif
