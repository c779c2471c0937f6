// SPDX-License-Identifier: Apache-2.0
/* Numbers as text against snprintf, in the C locale and in one with a decimal comma. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/civil_time.h"
#include "text/double_digits.h"
#include "text/number_format.h"

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int64_t random_integer(uint64_t *seed)
{
    uint64_t bits = next_random(seed);
    return (int64_t)bits >> next_random(seed) % 64;
}

static void expect_int64(int64_t value)
{
    char expected[32], *out = malloc(24);
    snprintf(expected, sizeof expected, "%" PRId64, value);
    assert_int_equal(emp__format_int64(value, out), strlen(expected));
    assert_string_equal(out, expected);
    free(out);
}

static void integers(void **state)
{
    (void)state;
    for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10) {
        for (int64_t value = power - 1; value <= power + 1; value++) {
            expect_int64(value);
            expect_int64(-value);
        }
    }
    expect_int64(INT64_MAX);
    expect_int64(INT64_MIN);
    uint64_t seed = 1;
    for (int i = 0; i < 100000; i++)
        expect_int64(random_integer(&seed));
}

static void expect_padded(uint64_t value, size_t width)
{
    char expected[32], *out = malloc(24);
    snprintf(expected, sizeof expected, "%0*" PRIu64, (int)width, value);
    assert_int_equal(emp__format_padded(value, width, out), width);
    assert_string_equal(out, expected);
    free(out);
}

static void padded(void **state)
{
    (void)state;
    uint64_t seed = 5, limit = 1;
    for (size_t width = 1; width <= 19; width++) {
        limit *= 10;
        expect_padded(0, width);
        expect_padded(limit - 1, width);
        expect_padded(limit / 10, width);
        for (int i = 0; i < 3000; i++)
            expect_padded((next_random(&seed) >> next_random(&seed) % 64) % limit, width);
    }
}

/* Expects the 20 digits of the C library, cut in two, without the zeros in front. */
static void expect_decimal(int64_t minor, int decimals)
{
    char digits[32], expected[64], *out = malloc(32);
    uint64_t size = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    snprintf(digits, sizeof digits, "%020" PRIu64, size);
    const char *fraction = digits + 20 - decimals, *whole = digits;
    while (*whole == '0' && whole < fraction - 1)
        whole++;
    snprintf(expected, sizeof expected, "%s%.*s%s%s", minor < 0 ? "-" : "", (int)(fraction - whole),
             whole, decimals ? "." : "", fraction);
    assert_int_equal(emp__format_decimal(minor, decimals, out), strlen(expected));
    assert_string_equal(out, expected);
    free(out);
}

static void decimals(void **state)
{
    (void)state;
    char out[32];
    assert_int_equal(emp__format_decimal(-5, 2, out), 5);
    assert_string_equal(out, "-0.05");
    emp__format_decimal(0, 3, out);
    assert_string_equal(out, "0.000");
    uint64_t seed = 2;
    for (int places = 0; places <= 18; places++) {
        for (int64_t minor = -1100; minor <= 1100; minor++)
            expect_decimal(minor, places);
        expect_decimal(INT64_MAX, places);
        expect_decimal(INT64_MIN, places);
        for (int i = 0; i < 5000; i++)
            expect_decimal(random_integer(&seed), places);
    }
}

static void dates(void **state)
{
    (void)state;
    char out[16], expected[64];
    for (int64_t day = EMP_FIRST_DAY; day <= EMP_LAST_DAY; day++) {
        int year, month, mday;
        emp__civil_from_days(day, &year, &month, &mday);
        const int fields[] = {year / 1000, year / 100 % 10, year / 10 % 10, year % 10,
                              -1,          month / 10,      month % 10,     -1,
                              mday / 10,   mday % 10};
        for (int i = 0; i < 10; i++)
            expected[i] = fields[i] < 0 ? '-' : (char)('0' + fields[i]);
        expected[10] = '\0';
        assert_int_equal(emp__format_date(day, out), 10);
        assert_string_equal(out, expected);
    }
}

/* The definition: the shortest precision from 15 on that reads back. */
static void shortest(double value, char *out, size_t size)
{
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(out, size, "%.*g", precision, value);
        if (strtod(out, NULL) == value)
            return;
    }
}

static void expect_double(double value)
{
    char expected[64], *out = malloc(32);
    shortest(value, expected, sizeof expected);
    if (emp__format_double(value, out) != strlen(expected) || strcmp(out, expected) != 0)
        fail_msg("%a: \"%s\" instead of \"%s\"", value, out, expected);
    free(out);
}

static void doubles(void **state)
{
    (void)state;
    static const double values[] = {0,
                                    -0.0,
                                    1,
                                    -1,
                                    0.1,
                                    0.5,
                                    1e15,
                                    1e14,
                                    1e-4,
                                    9.9999e-5,
                                    0.00012,
                                    123456789012345,
                                    1e16,
                                    1e22,
                                    1e23,
                                    5e-324,
                                    2.2250738e-308,
                                    1.7976931348623157e308,
                                    0.3,
                                    0.1 + 0.2,
                                    1.0 / 3,
                                    999999999999999,
                                    999999999999999.5,
                                    99999999.9999995,
                                    1e5,
                                    123.45,
                                    -0.05,
                                    1e-6,
                                    4503599627370497.5,
                                    9007199254740994};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        expect_double(values[i]);
    uint64_t seed = 3;
    for (int i = 0; i < 60000; i++) {
        uint64_t bits = next_random(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            expect_double(value);
    }
}

/* Rounded figures, which take the short way, and their neighbours, which must not. */
static void rounded_doubles(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int i = 0; i < 60000; i++) {
        double value = (double)(random_integer(&seed) >> 10);
        for (uint64_t k = next_random(&seed) % 10; k > 0; k--)
            value /= 10;
        expect_double(value);
        expect_double(nextafter(value, 0));
        expect_double(nextafter(value, HUGE_VAL));
    }
}

/* Sizes whose digits are found in integers, evenly over their logarithm; and both ends. */
static void digits_in_integers(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 300000; i++) {
        double value = (1.0 + (double)(next_random(&seed) >> 11) * 0x1p-53) *
                       ldexp(1.0, (int)(next_random(&seed) % 88) - 37);
        expect_double(i % 2 ? value : -value);
    }
    for (int power = -37; power <= 51; power++) { /* doubles are denser below than above these */
        double value = ldexp(1.0, power);
        expect_double(value);
        expect_double(nextafter(value, 0));
        expect_double(nextafter(value, HUGE_VAL));
    }
    const double ends[] = {EMP_DIGITS_LEAST, EMP_DIGITS_BELOW, 1e-11};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        expect_double(ends[i]);
        expect_double(nextafter(ends[i], 0));
        expect_double(nextafter(ends[i], HUGE_VAL));
    }
}

static void point_in_every_locale(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "ps_AF.UTF-8"};
    char out[32];
    int tried = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!setlocale(LC_NUMERIC, names[i]))
            continue;
        tried++;
        emp__format_double(1.0 / 3, out);
        assert_string_equal(out, "0.3333333333333333");
        emp__format_double(-1.2345678e-300, out);
        assert_string_equal(out, "-1.2345678e-300");
        emp__format_double(2.5, out);
        assert_string_equal(out, "2.5");
    }
    setlocale(LC_NUMERIC, "C");
    if (!tried)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers),
        cmocka_unit_test(padded),
        cmocka_unit_test(decimals),
        cmocka_unit_test(dates),
        cmocka_unit_test(doubles),
        cmocka_unit_test(rounded_doubles),
        cmocka_unit_test(digits_in_integers),
        cmocka_unit_test(point_in_every_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
