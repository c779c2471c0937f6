// SPDX-License-Identifier: Apache-2.0
#include "number/ratio.h"

#include <assert.h>
#include <math.h>

__extension__ typedef unsigned __int128 uint128;

enum { TOP_BIT = 126, MANTISSA_BITS = 53 };

static int bit_length(uint128 value)
{
    uint64_t high = (uint64_t)(value >> 64), low = (uint64_t)value;
    if (high != 0)
        return 128 - __builtin_clzll(high);
    return low != 0 ? 64 - __builtin_clzll(low) : 0;
}

double emp__ratio(emp_int128 numerator, uint64_t denominator)
{
    const int64_t exact = INT64_C(1) << MANTISSA_BITS;
    if (numerator == 0)
        return 0.0;
    /* Both are doubles already: the one rounding is the division's. */
    if (numerator <= exact && numerator >= -exact && denominator <= (uint64_t)exact)
        return (double)(int64_t)numerator / (double)denominator;
    uint128 magnitude = numerator < 0 ? -(uint128)numerator : (uint128)numerator;
    /* With the numerator's highest bit at TOP_BIT the quotient has at least 63 bits. */
    int shift = TOP_BIT + 1 - bit_length(magnitude);
    assert(shift >= 0 && denominator > 0);
    uint128 scaled = magnitude << shift;
    uint128 quotient = scaled / denominator;
    uint128 sticky = scaled % denominator != 0;
    /* Keep the mantissa and one bit more to round by; what is cut off only breaks ties. */
    int cut = bit_length(quotient) - (MANTISSA_BITS + 1);
    assert(cut >= 0);
    sticky |= (quotient & (((uint128)1 << cut) - 1)) != 0;
    uint64_t kept = (uint64_t)(quotient >> cut);
    uint64_t mantissa = kept >> 1;
    if ((kept & 1) && (sticky || (mantissa & 1)))
        mantissa++;
    double result = ldexp((double)mantissa, cut + 1 - shift);
    return numerator < 0 ? -result : result;
}
