// SPDX-License-Identifier: Apache-2.0
/*
 * Scores by quantiles, in integers only.
 *
 * The cut points between B bins of n sorted values x[0] <= ... <= x[n - 1] are the type-7 quantiles
 * (Hyndman & Fan 1996; the default of R and numpy) at k / B, k = 1 .. B - 1: with h = (n - 1) k /
 * B, the cut is x[j] + (h - j) (x[j + 1] - x[j]), j = floor(h). Bins are closed on the right, so
 * that a value equal to a cut falls into the lower bin, and bin = 1 + #{cuts < value}.
 *
 * Since no value lies strictly between x[j] and x[j + 1], "cut < value" is the same as
 * "x[j] < value": the bins depend on the order of the values alone, not on their unit and not on
 * rounding.
 *
 * Where equal values are to be spread evenly, the values are the ranks 0 .. n - 1 themselves.
 */
#ifndef EMP_ORDER_BINS_H
#define EMP_ORDER_BINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* j of the k-th cut, and in *rest the numerator of h - j over `bins`. n > 0, 0 < k < bins. */
size_t emp__cut_position(size_t n, int k, int bins, uint32_t *rest);

/*
 * For each of n keys in any order how many of the cuts (at most 65535) are below it: its bin,
 * counting from 0. Cost: a comparison for each key and cut, no branch.
 */
void emp__bin_keys(const uint64_t *keys, size_t n, const uint64_t *cuts, size_t cut_count,
                   uint16_t *out);

/*
 * From the definition, for tests: the bins (1 .. bins) of n values in ascending order, by value or
 * by rank. 2 <= bins <= 65535.
 */
void emp__bin_sorted_plain(const uint64_t *values, size_t n, int bins, bool by_rank, uint16_t *out);

#endif
