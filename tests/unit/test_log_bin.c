// SPDX-License-Identifier: Apache-2.0
/* Bins by the leading bits: they ascend with the numbers, mirror negative ones and stay narrow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "order/log_bin.h"

static int bin_of(double value)
{
    int bin = emp__log_bin(value);
    assert_in_range(bin, 0, EMP_LOG_BINS - 1);
    return bin;
}

static void small_numbers_have_a_bin_each(void **state)
{
    (void)state;
    assert_int_equal(bin_of(0), EMP_LOG_BINS_HALF);
    assert_int_equal(bin_of(-0.0), EMP_LOG_BINS_HALF);
    for (int value = 0; value < 256; value++) {
        assert_int_equal(bin_of(value), EMP_LOG_BINS_HALF + value);
        assert_int_equal(bin_of(value + 0.75), EMP_LOG_BINS_HALF + value);
    }
}

static void they_ascend(void **state)
{
    (void)state;
    for (int64_t value = -300000; value < 300000; value++) {
        /* Between -1 and 0 is the bin of what is more than -1. */
        int step = bin_of((double)value + 1) - bin_of((double)value);
        assert_in_range(step, 0, 1 + (value == -1));
    }
    uint64_t seed = 12;
    for (int i = 0; i < 200000; i++) {
        int64_t a = (int64_t)test_random(&seed) >> test_random(&seed) % 64;
        int64_t b = (int64_t)test_random(&seed) >> test_random(&seed) % 64;
        int order = (a > b) - (a < b), bins = bin_of((double)a) - bin_of((double)b);
        assert_true(order * bins >= 0);
    }
}

/* Numbers that are 1 part of 128 apart are never in one bin. */
static void they_are_narrow(void **state)
{
    (void)state;
    for (double value = 256; value < 0x1p62; value *= 1.003)
        assert_true(bin_of(value * (1 + 1.0 / 127)) > bin_of(value));
}

static void extremes(void **state)
{
    (void)state;
    assert_int_equal(bin_of(0x1p63), EMP_LOG_BINS_HALF + ((63 - EMP_LOG_BIN_BITS) << 8));
    for (double value = 0.001; value < 0x1p63; value *= 1.7)
        assert_int_equal(bin_of(value) + bin_of(-value), 2 * EMP_LOG_BINS_HALF - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_numbers_have_a_bin_each),
        cmocka_unit_test(they_ascend),
        cmocka_unit_test(they_are_narrow),
        cmocka_unit_test(extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
