// SPDX-License-Identifier: Apache-2.0
/*
 * Bins for counting numbers of any size: the leading bits of a number as a double. The numbers from
 * 0 to 255 have a bin each; from there on every doubling (of the number and 256) has 256 bins of
 * equal width, so that no bin is wider than 1/128 of the numbers in it. Bins ascend with the
 * numbers; those of negative ones mirror the others.
 *
 * Cost: about 1 ns, without a branch.
 */
#ifndef EMP_ORDER_LOG_BIN_H
#define EMP_ORDER_LOG_BIN_H

#include <stdint.h>
#include <string.h>

enum {
    EMP_LOG_BIN_BITS = 8,
    EMP_LOG_BINS_HALF = (64 - EMP_LOG_BIN_BITS) << EMP_LOG_BIN_BITS,
    EMP_LOG_BINS = 2 * EMP_LOG_BINS_HALF,
};

/* The bin of a number of at most 2^63, 0 <= bin < EMP_LOG_BINS. */
static inline uint16_t emp__log_bin(double value)
{
    enum { MANTISSA_BITS = 52, BIAS = 1023, DROPPED = MANTISSA_BITS - EMP_LOG_BIN_BITS };
    const uint64_t first = (uint64_t)(BIAS + EMP_LOG_BIN_BITS) << EMP_LOG_BIN_BITS;
    double size = (value < 0 ? -value : value) + (1 << EMP_LOG_BIN_BITS);
    uint64_t bits;
    memcpy(&bits, &size, sizeof bits);
    uint64_t place = (bits >> DROPPED) - first;
    return (uint16_t)(EMP_LOG_BINS_HALF + (value < 0 ? ~place : place));
}

#endif
