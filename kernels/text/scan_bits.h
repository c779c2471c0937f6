// SPDX-License-Identifier: Apache-2.0
/* From a mask of 64 bytes to the offsets of its set bits: shared by the variants of text/scan.h. */
#ifndef EMP_TEXT_SCAN_BITS_H
#define EMP_TEXT_SCAN_BITS_H

#include <stddef.h>
#include <stdint.h>

/* The first 1 <= count bytes of a block of 64; all of them from 64 on. */
static inline uint64_t emp__first_bits(size_t count)
{
    return count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
}

static inline uint32_t *emp__write_eight(uint64_t *bits, uint32_t base, uint32_t *out)
{
    for (int i = 0; i < 8; i++) {
        out[i] = base + (uint32_t)(*bits ? __builtin_ctzll(*bits) : 0);
        *bits &= *bits - 1;
    }
    return out + 8;
}

/*
 * Writes base + the position of every set bit to `out` and returns how many. They are written in
 * groups of eight, whether set or not: the branches then depend on the number of groups, which
 * hardly varies from block to block, and not on each bit. Uses up to 64 entries.
 */
static inline size_t emp__write_offsets(uint64_t bits, uint32_t base, uint32_t *out)
{
    size_t count = (size_t)__builtin_popcountll(bits);
    if (count == 0)
        return 0;
    out = emp__write_eight(&bits, base, out);
    while (bits)
        out = emp__write_eight(&bits, base, out);
    return count;
}

#endif
