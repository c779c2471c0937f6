// SPDX-License-Identifier: Apache-2.0
/*
 * Spearman's rank correlation (1904): Pearson's of the ranks, equal values sharing the mean of
 * theirs. Ranks are doubled to be whole and summed as 128-bit integers, so the result is a function
 * of the pairs, in whatever order they come.
 *
 * Cost: two radix sorts of n pairs.
 */
#ifndef EMP_EVALUATE_SPEARMAN_H
#define EMP_EVALUATE_SPEARMAN_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of workspace, aligned to 8. */
size_t emp__spearman_work(size_t n);

/* Of n < 2^31 pairs of numbers; NaN if all of one side are equal. */
double emp__spearman(const double *one, const double *other, size_t n, void *work);

#endif
