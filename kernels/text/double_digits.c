// SPDX-License-Identifier: Apache-2.0
#include "text/double_digits.h"

#include <assert.h>
#include <string.h>

#include "text/powers.h"

__extension__ typedef unsigned __int128 wide;

enum { MOST_DIGITS = 17, LEAST_DIGITS = 15, FIVES = 28 };

/* 5^k. */
static const uint64_t power_of_five[FIVES] = {
    UINT64_C(1),
    UINT64_C(5),
    UINT64_C(25),
    UINT64_C(125),
    UINT64_C(625),
    UINT64_C(3125),
    UINT64_C(15625),
    UINT64_C(78125),
    UINT64_C(390625),
    UINT64_C(1953125),
    UINT64_C(9765625),
    UINT64_C(48828125),
    UINT64_C(244140625),
    UINT64_C(1220703125),
    UINT64_C(6103515625),
    UINT64_C(30517578125),
    UINT64_C(152587890625),
    UINT64_C(762939453125),
    UINT64_C(3814697265625),
    UINT64_C(19073486328125),
    UINT64_C(95367431640625),
    UINT64_C(476837158203125),
    UINT64_C(2384185791015625),
    UINT64_C(11920928955078125),
    UINT64_C(59604644775390625),
    UINT64_C(298023223876953125),
    UINT64_C(1490116119384765625),
    UINT64_C(7450580596923828125),
};

/* v 10^k in units of 2^-shift, and the distance to the next double above in halves of it. */
struct scaled {
    wide value; /* 4 v 10^k 2^(shift - 2) */
    wide half;  /* half of the distance, in the same units; below, a quarter at a power of two */
    wide half_below;
    int shift;
    bool even; /* m: half way reads back */
};

/* A normal number as m 2^e with 53 bits of m. */
struct binary {
    uint64_t m;
    int e;
};

static struct binary binary_of(double size)
{
    const uint64_t leading = UINT64_C(1) << 52;
    uint64_t bits;
    memcpy(&bits, &size, sizeof bits);
    return (struct binary){(bits & (leading - 1)) | leading, (int)(bits >> 52) - 1075};
}

/* floor(log10(m 2^e)), or one more: the logarithm of 2^(e + 52), rounded up. 78913 / 2^18 is
 * log10(2) to six digits, and no multiple of it is close to a whole number in the range that is
 * asked for. */
static int estimate_exponent(const struct binary *binary)
{
    return -(-(binary->e + 52) * 78913 >> 18);
}

static struct scaled scale(const struct binary *binary, int k)
{
    uint64_t m = binary->m;
    wide x = (wide)m * power_of_five[k], unit = power_of_five[k];
    int shift = -(binary->e + k);
    if (shift < 0) {
        x <<= -shift;
        unit <<= -shift;
        shift = 0;
    }
    /* In quarters: half a unit of m is 2, and below a power of two doubles are twice as dense. */
    return (struct scaled){
        .value = 4 * x,
        .half = 2 * unit,
        .half_below = m == UINT64_C(1) << 52 ? unit : 2 * unit,
        .shift = shift + 2,
        .even = m % 2 == 0,
    };
}

/* The value rounded to a multiple of 10^drop, halves to even. */
static uint64_t round_digits(const struct scaled *scaled, int drop)
{
    uint64_t whole = (uint64_t)(scaled->value >> scaled->shift);
    bool rest = (scaled->value & (((wide)1 << scaled->shift) - 1)) != 0;
    if (drop == 0) {
        wide twice = (scaled->value - ((wide)whole << scaled->shift)) * 2;
        wide one = (wide)1 << scaled->shift;
        return whole + (twice > one || (twice == one && whole % 2 == 1));
    }
    uint64_t power = emp__power_of_ten[drop], quotient = whole / power;
    uint64_t left = whole - quotient * power, half = power / 2;
    bool up = left > half || (left == half && (rest || quotient % 2 == 1));
    return (quotient + up) * power;
}

static bool reads_back(const struct scaled *scaled, uint64_t digits)
{
    wide candidate = (wide)digits << scaled->shift;
    bool above = candidate > scaled->value;
    wide distance = above ? candidate - scaled->value : scaled->value - candidate;
    wide allowed = above ? scaled->half : scaled->half_below;
    return distance < allowed || (distance == allowed && scaled->even);
}

struct emp_double_digits emp__double_digits(double size)
{
    assert(size >= EMP_DIGITS_LEAST && size < EMP_DIGITS_BELOW);
    const struct binary binary = binary_of(size);
    int exponent = estimate_exponent(&binary);
    struct scaled scaled = scale(&binary, MOST_DIGITS - 1 - exponent);
    if (scaled.value >> scaled.shift < emp__power_of_ten[MOST_DIGITS - 1])
        scaled = scale(&binary, MOST_DIGITS - 1 - --exponent);
    uint64_t digits = 0;
    for (int drop = MOST_DIGITS - LEAST_DIGITS; drop >= 0; drop--) {
        digits = round_digits(&scaled, drop);
        if (drop == 0 || reads_back(&scaled, digits))
            break;
    }
    struct emp_double_digits out = {digits, MOST_DIGITS, exponent + 1};
    if (digits == emp__power_of_ten[MOST_DIGITS]) {
        out.digits /= 10;
        out.point++;
    }
    for (; out.digits % 10 == 0; out.digits /= 10)
        out.count--;
    return out;
}
