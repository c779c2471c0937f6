// SPDX-License-Identifier: Apache-2.0
/* Vectors of one lane: what the other widths are held against. */
#ifndef EMP_LANES_LANES_PLAIN_H
#define EMP_LANES_LANES_PLAIN_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LANES
#define LANES_INLINE __attribute__((always_inline)) static inline

enum { WIDTH = 1, PARTS = 8, TILE_ROWS = 2 };

typedef double lanes;

LANES_INLINE lanes load(const double *from)
{
    return *from;
}

LANES_INLINE void store(double *to, lanes x)
{
    *to = x;
}

LANES_INLINE lanes all(double x)
{
    return x;
}

LANES_INLINE lanes plus(lanes a, lanes b)
{
    return a + b;
}

LANES_INLINE lanes minus(lanes a, lanes b)
{
    return a - b;
}

LANES_INLINE lanes times(lanes a, lanes b)
{
    return a * b;
}

LANES_INLINE lanes over(lanes a, lanes b)
{
    return a / b;
}

/* a b + c, rounded once. */
LANES_INLINE lanes fused(lanes a, lanes b, lanes c)
{
    return fma(a, b, c);
}

LANES_INLINE lanes root_of(lanes a)
{
    return sqrt(a);
}

LANES_INLINE lanes greater_of(lanes a, lanes b)
{
    return a > b ? a : b;
}

LANES_INLINE lanes size_of(lanes a)
{
    return fabs(a);
}

/* b where a < 0, else c. */
LANES_INLINE lanes where_negative(lanes a, lanes b, lanes c)
{
    return a < 0 ? b : c;
}

/* Is a NaN, or above the limit in size? */
LANES_INLINE bool any_beyond(lanes a, double limit)
{
    return !(fabs(a) <= limit);
}

/* 2^k for -1022 <= k <= 1023, from 1.5 2^52 + k. */
LANES_INLINE lanes power_of_two(lanes shifted)
{
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits << 52) + (UINT64_C(1023) << 52);
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* The k of x = 2^k m, sqrt(1/2) <= m < sqrt(2), for a normal x > 0. */
LANES_INLINE lanes exponent_of(lanes x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits += UINT64_C(0x3ff0000000000000) - UINT64_C(0x3fe6a09e667f3bcd); /* 1 and sqrt(1/2) */
    return (double)(int64_t)(bits >> 52) - 1023.0;
}

/* out[i] += the sum of the eight lanes of each of four. */
LANES_INLINE void add_sums(lanes of[4][PARTS], double *out)
{
    for (int i = 0; i < 4; i++) {
        const double *l = of[i];
        out[i] += ((l[0] + l[1]) + (l[2] + l[3])) + ((l[4] + l[5]) + (l[6] + l[7]));
    }
}

#endif
