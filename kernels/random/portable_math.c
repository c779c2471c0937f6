// SPDX-License-Identifier: Apache-2.0
/*
 * exp and log from first principles (see portable_math.h).
 *
 * exp: x = k ln 2 + r with |r| <= ln 2 / 2, so e^x = 2^k e^r. ln 2 is taken in two parts, the first
 * short enough for k times it to be exact (Cody & Waite 1980). e^r is its Taylor series to r^13;
 * the first term left out is below 5e-18.
 *
 * log: x = 2^k m with sqrt(1/2) <= m < sqrt(2), so log x = k ln 2 + log m. With f = m - 1 (exact)
 * and s = f / (2 + f), log m = 2 artanh s = 2 s + 2 s^3/3 + 2 s^5/5 + ...; and as 2 s = f - s f,
 *     log m = f - s (f - R),  R = 2 z/3 + 2 z^2/5 + ...,  z = s^2 <= .0295,
 * where the rounding of s touches only the small second term. R is taken to z^10.
 *
 * expm1: 2^k (e^r - 1) + (2^k - 1), with e^r - 1 from the series.
 *
 * log1p: with u the double nearest to 1 + x and c = (1 + x) - u, which is exact, log(1 + x) =
 * log u + c / u - ..., where what is left out is below 2^-54 of the whole (Kahan's correction).
 */
#include "random/portable_math.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts: 37 bits, and the next 53. */
static const double ln2_high = 0x1.62e42fefap-1, ln2_low = 0x1.cf79abc9e3b39p-40;

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 2^k, -1022 <= k <= 1023. */
static double power_of_two(int k)
{
    return from_bits((uint64_t)(k + 1023) << 52);
}

/* x 2^k for -1075 <= k <= 1024; a subnormal result is rounded once more. */
static double scale(double x, int k)
{
    if (k > 1023)
        return x * 2.0 * power_of_two(k - 1);
    if (k < -1022)
        return x * power_of_two(k + 100) * 0x1p-100;
    return x * power_of_two(k);
}

/* (e^r - 1 - r) / r^2 for |r| <= .35; the even and the odd powers apart, for speed. */
static double exp_tail(double r)
{
    double z = r * r;
    double odd = 1.0 / 6227020800.0;
    odd = odd * z + 1.0 / 39916800.0;
    odd = odd * z + 1.0 / 362880.0;
    odd = odd * z + 1.0 / 5040.0;
    odd = odd * z + 1.0 / 120.0;
    odd = odd * z + 1.0 / 6.0;
    double even = 1.0 / 479001600.0;
    even = even * z + 1.0 / 3628800.0;
    even = even * z + 1.0 / 40320.0;
    even = even * z + 1.0 / 720.0;
    even = even * z + 1.0 / 24.0;
    even = even * z + 0.5;
    return even + r * odd;
}

/* e^r - 1 and k for x = k ln 2 + r. */
static double reduced_expm1(double x, int *k)
{
    *k = (int)(x * 1.4426950408889634 + (x < 0.0 ? -0.5 : 0.5));
    double r = (x - *k * ln2_high) - *k * ln2_low;
    return r + r * r * exp_tail(r);
}

double emp__exp(double x)
{
    if (!(x <= 709.782712893384)) /* log of the largest double; NaN too */
        return x + INFINITY;
    if (x < -745.2)
        return 0.0;
    int k;
    double grown = reduced_expm1(x, &k);
    return scale(1.0 + grown, k);
}

double emp__expm1(double x)
{
    if (!(x <= 40.0))
        return emp__exp(x) - 1.0;
    if (x < -40.0)
        return -1.0;
    int k;
    double grown = reduced_expm1(x, &k);
    return k == 0 ? grown : grown * power_of_two(k) + (power_of_two(k) - 1.0);
}

/* R(z) of the head of this file. */
static double log_tail(double z)
{
    double w = z * z;
    double odd = 2.0 / 19.0; /* z, z^3, ... */
    odd = odd * w + 2.0 / 15.0;
    odd = odd * w + 2.0 / 11.0;
    odd = odd * w + 2.0 / 7.0;
    odd = odd * w + 2.0 / 3.0;
    double even = 2.0 / 21.0; /* z^2, z^4, ... */
    even = even * w + 2.0 / 17.0;
    even = even * w + 2.0 / 13.0;
    even = even * w + 2.0 / 9.0;
    even = even * w + 2.0 / 5.0;
    return z * odd + w * even;
}

double emp__log(double x)
{
    if (!(x > 0.0))
        return x == 0.0 ? -INFINITY : NAN;
    if (x > 0x1.fffffffffffffp1023)
        return x;
    int k = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        k = -54;
    }
    uint64_t bits = bits_of(x);
    k += (int)(bits >> 52) - 1023;
    double m = from_bits((bits & 0xfffffffffffffu) | (uint64_t)1023 << 52);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        k++;
    }
    double f = m - 1.0;
    double s = f / (2.0 + f);
    double correction = s * (f - log_tail(s * s)) - k * ln2_low;
    return k * ln2_high - (correction - f);
}

double emp__log1p(double x)
{
    if (!(x > -1.0))
        return x == -1.0 ? -INFINITY : NAN;
    if (x > 0x1p53)
        return emp__log(x);
    double u = 1.0 + x;
    double lost = x < 1.0 ? x - (u - 1.0) : 1.0 - (u - x);
    return emp__log(u) + lost / u;
}

double emp__pow(double x, double y)
{
    return y == 0.0 ? 1.0 : emp__exp(y * emp__log(x));
}
