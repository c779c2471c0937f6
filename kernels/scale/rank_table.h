// SPDX-License-Identifier: Apache-2.0
/*
 * The mid-distribution function of n values, F(x) = (#less + #equal / 2) / n (Parzen 2004), as a
 * table of knots: between them it is interpolated, beyond them it is as at the ends.
 *
 * Of at most EMP_RANK_EXACT distinct values each is a knot, and F is exact at all of them. Of more,
 * the knots are the values at the places floor(k (n - 1) / 1000) of the ascending order, k = 0 ..
 * 1000, each once; there F is exact. Elsewhere it is wrong by at most the share of the values
 * between two knots, 1/1000, and half the share of those equal to one of the two (the values beside
 * a heap of equal ones, fewer than n/1000 on either side, are drawn towards it). Since what is
 * learned is the table, a value has the same rank whenever and with whomever it is looked up.
 *
 * Cost: one pass over the sorted keys, and O(log n) a knot; O(log knots) to look a value up.
 */
#ifndef EMP_SCALE_RANK_TABLE_H
#define EMP_SCALE_RANK_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { EMP_RANK_EXACT = 1000, EMP_RANK_KNOTS = 1001 };

/*
 * The table of n > 0 keys (double_key.h) in ascending order; both arrays have room for
 * EMP_RANK_KNOTS. The knots ascend, and so do the heights, which are between 0 and 1. Returns how
 * many there are.
 */
size_t emp__rank_table(const uint64_t *sorted, size_t n, double *knots, double *heights);

/* F(x) from a table of at least one knot. */
double emp__rank_at(const double *knots, const double *heights, size_t count, double x);

#endif
