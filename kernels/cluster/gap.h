// SPDX-License-Identifier: Apache-2.0
/*
 * The gap statistic (Tibshirani, Walther & Hastie, "Estimating the number of clusters in a data set
 * via the gap statistic", J. R. Statist. Soc. B 63, 2001). With W_k the sum of squared distances to
 * the centres of k clusters, and W*_kb the same of the b-th of B sets of points without clusters,
 *     Gap(k) = l - log W_k,  l = 1/B sum_b log W*_kb
 *     s_k = sd sqrt(1 + 1/B),  sd^2 = 1/B sum_b (log W*_kb - l)^2
 * and the number of clusters is the least k with Gap(k) >= Gap(k + 1) - s_{k+1}.
 *
 * The points of a reference set are uniform in the box that holds the data (their choice a). Each
 * coordinate is a function of (seed, purpose, set, row, column): who asks first, on how many
 * threads, does not matter. All results have the same bits on every machine.
 */
#ifndef EMP_CLUSTER_GAP_H
#define EMP_CLUSTER_GAP_H

#include <stddef.h>
#include <stdint.h>

/* The least and the greatest value of each column: low, high: d. */
struct emp_box {
    double *low;
    double *high;
    size_t d;
};

/* The box of n > 0 points (row-major, d columns); O(n d). */
void emp__box_of(const double *points, size_t n, const struct emp_box *box);

/* Which random numbers: `set` is b above, `purpose` keeps them apart from all others of the seed.
 */
struct emp_reference_set {
    uint64_t seed;
    uint32_t purpose;
    uint32_t set;
};

/*
 * Fills points (n x d, row-major; n < 2^32) with a reference set in the box, whose widths must not
 * overflow. O(n d), about 20 integer operations for a coordinate.
 */
void emp__reference_points(const struct emp_reference_set *set, const struct emp_box *box, size_t n,
                           int threads, double *points);

struct emp_gap {
    double gap;
    double standard_error; /* s_k */
};

/*
 * Gap(k) from W_k and its `count` references, count > 0. Both are NaN, there being no logarithm, if
 * one of them is not above 0 and finite.
 */
struct emp_gap emp__gap_statistic(double within, const double *reference_within, size_t count);

/*
 * Which of `count` gaps, of ascending numbers of clusters, is chosen by the rule above ("k + 1" is
 * the next one in the list); `count` if none is. A gap that is NaN is neither chosen nor lets the
 * one before it be.
 */
size_t emp__gap_choose(const struct emp_gap *gaps, size_t count);

#endif
