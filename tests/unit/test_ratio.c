// SPDX-License-Identifier: Apache-2.0
/* The nearest double to a quotient: ties, long numerators, and the distance to both neighbours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>

#include "../lib/test_folder.h"
#include "number/ratio.h"

static emp_int128 wide(uint64_t high, uint64_t low)
{
    return (emp_int128)high << 64 | low;
}

static void whole_numbers_and_halves(void **state)
{
    (void)state;
    assert_true(emp__ratio(0, 7) == 0 && !signbit(emp__ratio(0, 7)));
    assert_true(emp__ratio(6, 3) == 2.0);
    assert_true(emp__ratio(-6, 3) == -2.0);
    assert_true(emp__ratio(1, 2) == 0.5);
    assert_true(emp__ratio(1, 10) == 0.1);
    assert_true(emp__ratio(-43394999999999999, 1000000000000000) == -43.394999999999999);
    assert_true(emp__ratio(1, UINT64_C(1) << 63) == 0x1p-63);
    assert_true(emp__ratio(1, UINT64_MAX) == 0x1p-64);
    assert_true(emp__ratio(INT64_MAX, 1) == 0x1p63);
    assert_true(emp__ratio(wide(UINT64_C(1) << 61, 0) - 1, 1) == 0x1p125);
    assert_true(emp__ratio(-wide(UINT64_C(1) << 61, 0) + 1, 1) == -0x1p125);
}

/* A quotient half way between two doubles goes to the even one, a hair to either side does not. */
static void ties(void **state)
{
    (void)state;
    const int64_t even = INT64_C(1) << 53;
    assert_true(emp__ratio(even + 1, 1) == (double)even);
    assert_true(emp__ratio(even + 3, 1) == (double)(even + 4));
    assert_true(emp__ratio(2 * even + 1, 2) == (double)even);
    assert_true(emp__ratio((emp_int128)(even + 1) * 1000 + 1, 1000) == (double)(even + 2));
    assert_true(emp__ratio((emp_int128)(even + 1) * 1000 - 1, 1000) == (double)even);
    assert_true(emp__ratio((emp_int128)(even + 3) * 1000 - 1, 1000) == (double)(even + 2));
    assert_true(emp__ratio(-((emp_int128)(even + 1) * 1000 + 1), 1000) == -(double)(even + 2));
    /* So little above the middle that only the remainder of the division tells. */
    const emp_int128 widest = UINT64_MAX;
    assert_true(emp__ratio((even + 1) * widest, UINT64_MAX) == (double)even);
    assert_true(emp__ratio((even + 1) * widest + 1, UINT64_MAX) == (double)(even + 2));
    assert_true(emp__ratio((even + 1) * widest - 1, UINT64_MAX) == (double)even);
    assert_true(emp__ratio((even + 3) * widest - 1, UINT64_MAX) == (double)(even + 2));
    /* Just below a power of two, rounded up into it. */
    assert_true(emp__ratio(2 * even - 1, 2) == (double)even - 0.5);
    assert_true(emp__ratio((emp_int128)4 * even - 1, 4) == (double)even);
    /* The bit that breaks the tie is the last of 126. */
    emp_int128 half = wide((UINT64_C(1) << 61) + (UINT64_C(1) << 8), 0);
    assert_true(emp__ratio(half, 1) == 0x1p125);
    assert_true(emp__ratio(half + 1, 1) == 0x1p125 + 0x1p73);
    assert_true(emp__ratio(half - 1, 1) == 0x1p125);
}

/* |q - n / d| d as an integer of 192 bits would be exact; where both fit, 128 bits do. */
static emp_int128 distance(double q, int exponent, emp_int128 n, uint64_t d)
{
    emp_int128 scaled = (emp_int128)ldexp(q, exponent) * d - (n << exponent);
    return scaled < 0 ? -scaled : scaled;
}

/* No neighbouring double is nearer, and of two equally near ones the even one is taken. */
static void the_nearest(void **state)
{
    (void)state;
    uint64_t seed = 81;
    for (int round = 0; round < 100000; round++) {
        /* q < 2^14 has at most 40 bits behind the point that matter: q 2^40 and d < 2^20 fit. */
        uint64_t d = (test_random(&seed) >> (44 + test_random(&seed) % 16)) + 1;
        int64_t n = (int64_t)(test_random(&seed) % (d * 8192));
        n += (int64_t)(4096 * d); /* 4096 <= q < 12288: 2^-40 is its last bit or the next one */
        double q = emp__ratio(n, d);
        emp_int128 own = distance(q, 40, n, d);
        emp_int128 below = distance(nextafter(q, 0), 41, n, d);
        emp_int128 above = distance(nextafter(q, INFINITY), 41, n, d);
        assert_true(2 * own <= below && 2 * own <= above);
        assert_true(q == -emp__ratio(-n, d));
        if (2 * own == below || 2 * own == above) {
            uint64_t bits;
            memcpy(&bits, &q, sizeof bits);
            assert_int_equal(bits & 1, 0);
        }
    }
}

/* Quotients of 53-bit numbers are what IEEE division gives. */
static void as_ieee_division(void **state)
{
    (void)state;
    uint64_t seed = 82;
    for (int round = 0; round < 200000; round++) {
        int64_t n = (int64_t)(test_random(&seed) >> (11 + test_random(&seed) % 53));
        uint64_t d = (test_random(&seed) >> (11 + test_random(&seed) % 53)) + 1;
        d = d > UINT64_C(1) << 53 ? UINT64_C(1) << 53 : d;
        assert_true(emp__ratio(n, d) == (double)n / (double)d);
    }
}

/* Long numerators against long double, which is right but for its own last bits. */
static void long_numerators(void **state)
{
    (void)state;
    uint64_t seed = 83;
    for (int round = 0; round < 100000; round++) {
        emp_int128 n =
            wide(test_random(&seed) >> (3 + test_random(&seed) % 60), test_random(&seed));
        uint64_t d = (test_random(&seed) >> test_random(&seed) % 64) | 1;
        long double expected = (long double)n / (long double)d;
        double q = emp__ratio(n, d);
        assert_true(fabsl((long double)q - expected) <=
                    expected * (0x1p-53L + 4 * (long double)LDBL_EPSILON));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_and_halves),
        cmocka_unit_test(ties),
        cmocka_unit_test(the_nearest),
        cmocka_unit_test(as_ieee_division),
        cmocka_unit_test(long_numerators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
