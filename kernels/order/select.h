// SPDX-License-Identifier: Apache-2.0
/*
 * The key that would stand at a place if the keys were sorted, without sorting them: from the
 * highest byte on, the keys that begin as the wanted one does are counted by their next byte (radix
 * selection; Knuth, The Art of Computer Programming 3, 5.2.5 and 5.3.3).
 *
 * Cost: one pass over the keys to see in which bytes they differ, and one for each of those. The
 * keys stay as they are.
 */
#ifndef EMP_ORDER_SELECT_H
#define EMP_ORDER_SELECT_H

#include <stddef.h>
#include <stdint.h>

/*
 * The key at `place` (counting from 0, less than n) of the n keys in ascending order; in *equals
 * how many of the places before it hold the same key.
 */
uint64_t emp__select(const uint64_t *keys, size_t n, size_t place, size_t *equals);

/* The same by counting, for each key, those below it and those equal to it: O(n^2). */
uint64_t emp__select_plain(const uint64_t *keys, size_t n, size_t place, size_t *equals);

#endif
