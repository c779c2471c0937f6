// SPDX-License-Identifier: Apache-2.0
/*
 * exp, log and pow without libm: within a few units of the last place of libm, right at the ends of
 * the range, and the same bits here as everywhere (a hash of results that must never change).
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "random/philox.h"
#include "random/portable_math.h"

static double relative(double found, double expected)
{
    return expected == 0.0 ? fabs(found) : fabs(found - expected) / fabs(expected);
}

static void test_exp_accuracy(void **state)
{
    (void)state;
    struct emp_stream stream;
    emp__stream_open(&stream, 1, 1, 0);
    for (int i = 0; i < 300000; i++) {
        double u = emp__stream_uniform(&stream) - 0.5;
        double near = 2.0 * u, wide = 1400.0 * u;
        assert_true(relative(emp__exp(near), exp(near)) <= 4e-16);
        assert_true(relative(emp__exp(wide), exp(wide)) <= 4e-16);
    }
}

static void test_log_accuracy(void **state)
{
    (void)state;
    struct emp_stream stream;
    emp__stream_open(&stream, 1, 2, 0);
    for (int i = 0; i < 300000; i++) {
        double u = emp__stream_uniform(&stream);
        double wide = ldexp(1.0 + u, (int)(emp__stream_u64(&stream) % 2000) - 1000);
        double near = 1.0 + ldexp(u - 0.5, -(int)(emp__stream_u64(&stream) % 40));
        assert_true(relative(emp__log(u), log(u)) <= 4e-16);
        assert_true(relative(emp__log(wide), log(wide)) <= 4e-16);
        assert_true(relative(emp__log(near), log(near)) <= 4e-16);
    }
}

static void test_pow_accuracy(void **state)
{
    (void)state;
    struct emp_stream stream;
    emp__stream_open(&stream, 1, 3, 0);
    for (int i = 0; i < 100000; i++) {
        double x = 1e6 * emp__stream_uniform(&stream);
        double y = 10.0 * (emp__stream_uniform(&stream) - 0.5);
        double bound = 4e-16 * (1.0 + fabs(y * log(x)));
        assert_true(relative(emp__pow(x, y), pow(x, y)) <= bound);
    }
    assert_true(emp__pow(7.0, 0.0) == 1.0);
    assert_true(emp__pow(0.0, 2.0) == 0.0);
}

/* 6e-16, as the header says, and a little for libm's own error. */
static void test_near_zero(void **state)
{
    (void)state;
    struct emp_stream stream;
    emp__stream_open(&stream, 1, 5, 0);
    for (int i = 0; i < 300000; i++) {
        double u = 2.0 * emp__stream_uniform(&stream) - 1.0;
        double tiny = ldexp(u, -(int)(emp__stream_u64(&stream) % 1060));
        double wide = ldexp(fabs(u), (int)(emp__stream_u64(&stream) % 1020));
        assert_true(relative(emp__expm1(tiny), expm1(tiny)) <= 7e-16);
        assert_true(relative(emp__expm1(700.0 * u), expm1(700.0 * u)) <= 7e-16);
        assert_true(relative(emp__expm1(3.0 * u), expm1(3.0 * u)) <= 7e-16);
        assert_true(relative(emp__log1p(tiny), log1p(tiny)) <= 7e-16);
        assert_true(relative(emp__log1p(wide), log1p(wide)) <= 7e-16);
        assert_true(relative(emp__log1p(u), log1p(u)) <= 7e-16);
    }
}

static void test_ends_near_zero(void **state)
{
    (void)state;
    assert_true(emp__expm1(0.0) == 0.0);
    assert_true(emp__expm1(-INFINITY) == -1.0);
    assert_true(emp__expm1(-1000.0) == -1.0);
    assert_true(isinf(emp__expm1(710.0)));
    assert_true(isnan(emp__expm1(NAN)));
    assert_true(emp__expm1(4.94e-324) == 4.94e-324);
    assert_true(emp__log1p(0.0) == 0.0);
    assert_true(emp__log1p(4.94e-324) == 4.94e-324);
    assert_true(emp__log1p(-1.0) == -INFINITY);
    assert_true(isnan(emp__log1p(-1.0000001)));
    assert_true(isnan(emp__log1p(NAN)));
    assert_true(emp__log1p(INFINITY) == INFINITY);
    assert_true(relative(emp__log1p(DBL_MAX), log1p(DBL_MAX)) <= 4e-16);
    assert_true(relative(emp__log1p(-1.0 + 0x1p-53), log1p(-1.0 + 0x1p-53)) <= 4e-16);
}

static void test_ends_of_the_range(void **state)
{
    (void)state;
    assert_true(emp__exp(0.0) == 1.0);
    assert_true(emp__exp(-INFINITY) == 0.0);
    assert_true(emp__exp(-746.0) == 0.0);
    assert_true(isinf(emp__exp(INFINITY)));
    assert_true(isinf(emp__exp(709.8)));
    assert_true(isfinite(emp__exp(709.782712893384)));
    assert_true(isnan(emp__exp(NAN)));
    for (double x = -745.0; x < -700.0; x += 0.37)
        assert_true(fabs(emp__exp(x) - exp(x)) <= fmax(4e-16 * exp(x), 4.95e-324));

    assert_true(emp__log(1.0) == 0.0);
    assert_true(emp__log(0.0) == -INFINITY);
    assert_true(emp__log(INFINITY) == INFINITY);
    assert_true(isnan(emp__log(-1.0)));
    assert_true(isnan(emp__log(NAN)));
    assert_true(relative(emp__log(DBL_MAX), log(DBL_MAX)) <= 4e-16);
    assert_true(relative(emp__log(DBL_MIN), log(DBL_MIN)) <= 4e-16);
    assert_true(relative(emp__log(4.94e-324), log(4.94e-324)) <= 4e-16);
}

static uint64_t add_bits(uint64_t hash, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (hash ^ bits) * UINT64_C(0x100000001b3);
}

/* The reason of being of these functions. */
static void test_bits_are_fixed(void **state)
{
    (void)state;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    struct emp_stream stream;
    emp__stream_open(&stream, 1, 4, 0);
    for (int i = 0; i < 100000; i++) {
        double u = emp__stream_uniform(&stream);
        hash = add_bits(hash, emp__exp(100.0 * (u - 0.5)));
        hash = add_bits(hash, emp__log(1e3 * u));
        hash = add_bits(hash, emp__pow(1e3 * u, u));
    }
    assert_true(hash == UINT64_C(0xaf2ec12d421567c6));
}

static void test_bits_near_zero_are_fixed(void **state)
{
    (void)state;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    struct emp_stream stream;
    emp__stream_open(&stream, 1, 6, 0);
    for (int i = 0; i < 100000; i++) {
        double u = emp__stream_uniform(&stream);
        hash = add_bits(hash, emp__expm1(10.0 * (u - 0.5)));
        hash = add_bits(hash, emp__log1p(u * u * u));
        hash = add_bits(hash, emp__log1p(1e6 * u));
    }
    assert_true(hash == UINT64_C(0x20eb6f01910ce2e0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp_accuracy),   cmocka_unit_test(test_log_accuracy),
        cmocka_unit_test(test_pow_accuracy),   cmocka_unit_test(test_ends_of_the_range),
        cmocka_unit_test(test_bits_are_fixed), cmocka_unit_test(test_near_zero),
        cmocka_unit_test(test_ends_near_zero), cmocka_unit_test(test_bits_near_zero_are_fixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
