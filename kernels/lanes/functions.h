// SPDX-License-Identifier: Apache-2.0
/*
 * Functions of numbers in lanes, and the sum of lanes: to be included once, after the lanes of one
 * instruction set, which has EMP_LANES lanes in PARTS vectors of WIDTH. All widths make the same
 * operations on a number in the same order, and give the same bytes.
 *
 * e^x: x = k ln 2 + r, |r| <= ln 2 / 2, and the Taylor series of e^r to r^13, whose remainder is
 * below 5e-18. log(1 + e) for e <= 1 is 2 artanh(s), s = e / (2 + e) <= 1/3, by its series to s^33;
 * the remainder is below 1e-17 of it. Even and odd powers are summed apart, for speed.
 *
 * log(1 + x) for x >= 0: 1 + x = y + lost, two doubles; y = 2^k m with m close to 1, so that with f
 * = m - 1 + 2^-k lost it is k ln 2 + log(1 + f), which is as in random/portable_math.c.
 *
 * Relative error against the true value: exponential() 3e-16, growth() 6e-16, logarithm(),
 * log_one_plus() and log_one_plus_small() 5e-16.
 */
#ifndef EMP_LANES_FUNCTIONS_H
#define EMP_LANES_FUNCTIONS_H

#include "lanes/machine.h"

_Static_assert(EMP_LANES == (WIDTH) * (PARTS), "sums are taken in so many lanes");

/* ((c[0] z + c[1]) z + ...) + c[count - 1]. */
LANES_INLINE lanes polynomial(const double *c, int count, lanes z)
{
    lanes sum = all(c[0]);
#pragma GCC unroll 8
    for (int i = 1; i < count; i++)
        sum = fused(sum, z, all(c[i]));
    return sum;
}

/* r and k of x = k ln 2 + r; *shifted is what power_of_two() makes 2^k of. */
LANES_INLINE lanes reduced(lanes x, lanes *shifted)
{
    const lanes shift = all(0x1.8p52);
    *shifted = fused(x, all(0x1.71547652b82fep0), shift);
    lanes down = minus(shift, *shifted);
    lanes r = fused(down, all(0x1.62e42fefa39efp-1), x);
    return fused(down, all(0x1.abc9e3b39803fp-56), r);
}

/* e^r = r exp_odd(r^2) + the polynomial of exp_even in r^2. */
LANES_INLINE lanes exp_odd(lanes z)
{
    static const double odd[] = {1.0 / 6227020800, 1.0 / 39916800, 1.0 / 362880, 1.0 / 5040,
                                 1.0 / 120,        1.0 / 6,        1.0};
    return polynomial(odd, 7, z);
}

static const double exp_even[] = {1.0 / 479001600, 1.0 / 3628800, 1.0 / 40320, 1.0 / 720,
                                  1.0 / 24,        0.5,           1.0};

/* e^x, x <= 0. Below e^-708, e^-708. */
LANES_INLINE lanes exponential(lanes x)
{
    lanes shifted, r = reduced(greater_of(x, all(-708)), &shifted), z = times(r, r);
    lanes sum = fused(exp_odd(z), r, polynomial(exp_even, 7, z));
    return times(sum, power_of_two(shifted));
}

/* e^x - 1, 0 <= x <= 700: 2^k (e^r - 1) + (2^k - 1). */
LANES_INLINE lanes growth(lanes x)
{
    lanes shifted, r = reduced(x, &shifted), z = times(r, r);
    lanes grown = fused(exp_odd(z), r, times(z, polynomial(exp_even, 6, z)));
    lanes power = power_of_two(shifted);
    return fused(grown, power, minus(power, all(1)));
}

/* log(1 + e), 0 < e <= 1. */
LANES_INLINE lanes log_one_plus_small(lanes e)
{
    static const double odd[] = {1.0 / 31, 1.0 / 27, 1.0 / 23, 1.0 / 19,
                                 1.0 / 15, 1.0 / 11, 1.0 / 7,  1.0 / 3};
    static const double even[] = {1.0 / 33, 1.0 / 29, 1.0 / 25, 1.0 / 21,
                                  1.0 / 17, 1.0 / 13, 1.0 / 9,  1.0 / 5};
    lanes s = over(e, plus(e, all(2)));
    lanes z = times(s, s), w = times(z, z);
    lanes tail = fused(polynomial(even, 8, w), z, polynomial(odd, 8, w));
    lanes twice = plus(s, s);
    return fused(times(twice, z), tail, twice);
}

/* k ln 2 + log(1 + f), |f| < .42. */
LANES_INLINE lanes log_parts(lanes k, lanes f)
{
    static const double odd[] = {2.0 / 19, 2.0 / 15, 2.0 / 11, 2.0 / 7, 2.0 / 3};
    static const double even[] = {2.0 / 21, 2.0 / 17, 2.0 / 13, 2.0 / 9, 2.0 / 5};
    const lanes ln2_high = all(0x1.62e42fefap-1), ln2_low = all(0x1.cf79abc9e3b39p-40);
    lanes s = over(f, plus(f, all(2)));
    lanes z = times(s, s), w = times(z, z);
    lanes tail = fused(z, polynomial(odd, 5, w), times(w, polynomial(even, 5, w)));
    lanes correction = minus(times(s, minus(f, tail)), times(k, ln2_low));
    return minus(times(k, ln2_high), minus(correction, f));
}

/* log x of a normal number x > 0. */
LANES_INLINE lanes logarithm(lanes x)
{
    lanes k = exponent_of(x), down = power_of_two(minus(all(0x1.8p52), k));
    return log_parts(k, minus(times(x, down), all(1)));
}

/* log(1 + x), 0 <= x < 2^1000. */
LANES_INLINE lanes log_one_plus(lanes x)
{
    lanes y = plus(x, all(1)), back = minus(y, x);
    lanes lost = plus(minus(all(1), back), minus(x, minus(y, back)));
    lanes k = exponent_of(y), down = power_of_two(minus(all(0x1.8p52), k));
    return log_parts(k, plus(minus(times(y, down), all(1)), times(lost, down)));
}

/* The sum of eight lanes. */
LANES_INLINE double sum_of(lanes of[PARTS])
{
    double sums[4] = {0};
    lanes four[4][PARTS];
    for (int k = 0; k < 4; k++)
        for (int p = 0; p < PARTS; p++)
            four[k][p] = of[p];
    add_sums(four, sums);
    return sums[0];
}

#endif
