// SPDX-License-Identifier: Apache-2.0
/*
 * Sums over the points of clusters that are exact, and so the same in any order and on any thread,
 * and the same whether made anew or kept up to date as points move.
 *
 * Column j of the points is taken from the middle m_j between its least and its greatest value, and
 * scaled by a power of two: q = rint(w (x_j - m_j) 2^s_j) is an integer below 2^51, and so small
 * that n of them stay below 2^62. The sums of integers are exact. A centre is m_j + (sum of q) /
 * (2^s_j (sum of w)), where weights are integers too: rint(w 2^s_w).
 *
 * The error of q is at most 2^-L of half the width of the column, L = min(50, 61 - log2(n + 1)):
 * for n = 1 million 5e-13 of it for each point, and less for their mean, since it goes either way;
 * for n = 2^32, 2e-9. A mean of whole numbers, or of others that fit, has no error but its last
 * rounding.
 */
#ifndef EMP_CLUSTER_QUANTISER_H
#define EMP_CLUSTER_QUANTISER_H

#include "cluster/points.h"

struct emp_quantiser {
    size_t d;
    double *middle, *scale; /* emp__sums_stride(d) each, 0 from d on */
    double weight_scale;
};

struct emp_sums {
    int64_t *values;  /* k x emp__sums_stride(d) */
    int64_t *weights; /* k */
};

static inline size_t emp__sums_stride(size_t d)
{
    return (d + 3) / 4 * 4;
}

/*
 * Adds each row at[i] to cluster to[i], and takes it out of from[i] if `from` is not NULL. Cost:
 * about 8 operations for each four values.
 */
typedef void emp_move_fn(const struct emp_rows *rows, const struct emp_quantiser *quantiser,
                         const uint32_t *from, const uint32_t *to, struct emp_sums *sums);

/* The least and the greatest value of each column over the rows x[0 .. count), and over low, high.
 */
typedef void emp_range_fn(const struct emp_rows *rows, double *low, double *high);

/* The weight of a row of the block as an integer. */
int64_t emp__quantised_weight(const struct emp_rows *rows, size_t row, double weight_scale);

/*
 * Fills middle, scale and weight_scale, given the range of each column (d), the greatest weight (0:
 * the points have none, and count 1 each; or all are 0) and the number of points. Returns the
 * greatest half width of a column.
 */
double emp__quantiser_set(struct emp_quantiser *quantiser, const double *low, const double *high,
                          double heaviest, size_t n);

/* The mean of cluster `cluster`, whose weights do not add up to 0, less the middle. */
double emp__sums_offset(const struct emp_quantiser *quantiser, const struct emp_sums *sums,
                        size_t cluster, size_t j);

#endif
