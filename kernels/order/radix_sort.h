// SPDX-License-Identifier: Apache-2.0
/*
 * Stable sort of (key, value) pairs by unsigned 64-bit keys: least-significant-digit radix sort
 * (Knuth, The Art of Computer Programming 3, 5.2.5) over digits of 8 bits. Digits are laid where
 * the keys differ: bits that all keys share cost nothing.
 *
 * Cost: 2 passes over the keys to count, then for each digit one pass of 24 bytes read and written
 * a pair.
 */
#ifndef EMP_ORDER_RADIX_SORT_H
#define EMP_ORDER_RADIX_SORT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sorts keys[0 .. count) ascending and moves values[] along; pairs of equal keys keep their order.
 * `spare_keys` and `spare_values` are workspace of `count` items each; what is in them is undefined
 * afterwards. No two arrays may overlap.
 */
void emp__radix_sort(uint64_t *keys, uint32_t *values, uint64_t *spare_keys, uint32_t *spare_values,
                     size_t count);

/* The same by insertion sort, for tests: O(count^2). */
void emp__radix_sort_plain(uint64_t *keys, uint32_t *values, size_t count);

/* A key of the same order for a signed value. */
static inline uint64_t emp__radix_key(int64_t value)
{
    return (uint64_t)value ^ (UINT64_C(1) << 63);
}

#endif
