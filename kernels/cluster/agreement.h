// SPDX-License-Identifier: Apache-2.0
/*
 * How far two partitions of the same items agree: the adjusted Rand index (Hubert & Arabie,
 * "Comparing partitions", J. of Classification 2, 1985),
 *     ARI = (S - A B / C) / ((A + B) / 2 - A B / C)
 * where S, A, B and C count the pairs of items that are together in both, in the first, in the
 * second, and that there are. 1: the same partition, whatever its labels; 0: as much as chance
 * would give; it can be a little below.
 *
 * Both sides of 2 (S C - A B) / ((A + B) C - 2 A B) are exact integers for up to 2^32 items; each
 * is rounded to a double, and their quotient once more. The order of the items does not matter. Two
 * partitions into single items, or two into one cluster, agree: 1.
 */
#ifndef EMP_CLUSTER_AGREEMENT_H
#define EMP_CLUSTER_AGREEMENT_H

#include <stddef.h>
#include <stdint.h>

/* How many items have label a in the first partition and label b in the second. */
struct emp_contingency {
    uint64_t *counts; /* k_first x k_second, row-major */
    uint32_t k_first;
    uint32_t k_second;
};

/* Fills table->counts; labels are below k_first and k_second. O(n + k_first k_second). */
void emp__contingency(const uint32_t *first, const uint32_t *second, size_t n,
                      const struct emp_contingency *table);

/* From a table with a sum of at most 2^32. O(k_first k_second). */
double emp__adjusted_rand(const struct emp_contingency *table);

#endif
