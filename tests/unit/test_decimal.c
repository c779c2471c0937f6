// SPDX-License-Identifier: Apache-2.0
/* Decimals: a table of cases worked out by hand, and the fast reader against its plain twin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/decimal.h"

static const struct emp_decimal_format point = {'.', 0};
static const struct emp_decimal_format english = {'.', ','};
static const struct emp_decimal_format german = {',', '.'};
static const struct emp_decimal_format french = {',', ' '};

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* The text with exactly the slack behind it, filled with what would be read as more digits. */
static char *with_slack(const char *text, size_t length)
{
    char *copy = malloc(length + EMP_TEXT_SLACK);
    assert_non_null(copy);
    memcpy(copy, text, length);
    memset(copy + length, '7', EMP_TEXT_SLACK);
    return copy;
}

static char *without_slack(const char *text, size_t length)
{
    char *copy = malloc(length ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    return copy;
}

/* Parses with both twins, which must agree, and leave the output alone if they fail. */
static enum emp_decimal_result parse(const char *text, size_t length,
                                     struct emp_decimal_format format, int decimals, int64_t *out)
{
    int64_t fast = 4711, plain = 4711;
    char *slack = with_slack(text, length), *exact = without_slack(text, length);
    enum emp_decimal_result result = emp__decimal_parse(slack, length, format, decimals, &fast);
    enum emp_decimal_result expected =
        emp__decimal_parse_plain(exact, length, format, decimals, &plain);
    if (result != expected || fast != plain)
        fail_msg("\"%.*s\" to %d decimals: fast %d %" PRId64 ", plain %d %" PRId64, (int)length,
                 text, decimals, (int)result, fast, (int)expected, plain);
    if (result != EMP_DECIMAL_OK)
        assert_int_equal(fast, 4711);
    free(slack);
    free(exact);
    *out = fast;
    return result;
}

static enum emp_decimal_result split(const char *text, size_t length,
                                     struct emp_decimal_format format, int64_t *mantissa,
                                     int *scale)
{
    int64_t fast = 4711, plain = 4711;
    int fast_scale = -1, plain_scale = -1;
    char *slack = with_slack(text, length), *exact = without_slack(text, length);
    enum emp_decimal_result result = emp__decimal_split(slack, length, format, &fast, &fast_scale);
    enum emp_decimal_result expected =
        emp__decimal_split_plain(exact, length, format, &plain, &plain_scale);
    if (result != expected || fast != plain || fast_scale != plain_scale)
        fail_msg("\"%.*s\" split: fast %d %" PRId64 " %d, plain %d %" PRId64 " %d", (int)length,
                 text, (int)result, fast, fast_scale, (int)expected, plain, plain_scale);
    if (result != EMP_DECIMAL_OK)
        assert_true(fast == 4711 && fast_scale == -1);
    free(slack);
    free(exact);
    *mantissa = fast;
    *scale = fast_scale;
    return result;
}

struct good_case {
    const char *text;
    const struct emp_decimal_format *format;
    int decimals;
    int64_t value;
};

static void values_are_exact(void **state)
{
    (void)state;
    static const struct good_case cases[] = {
        {"0", &point, 0, 0},
        {"-0", &point, 2, 0},
        {"7", &point, 9, 7000000000},
        {"123.45", &point, 2, 12345},
        {"-123.45", &point, 2, -12345},
        {"+123.45", &point, 2, 12345},
        {" \t1.5 \t", &point, 2, 150},
        {".5", &point, 2, 50},
        {"-.05", &point, 2, -5},
        {"5.", &point, 2, 500},
        {"0.10", &point, 1, 1},
        {"1.50000000000000000000000", &point, 1, 15},
        {"00000000000000000000000000012.5", &point, 1, 125},
        {"12345678", &point, 0, 12345678},
        {"1234567.8", &point, 1, 12345678},
        {"123456789", &point, 0, 123456789},
        {"12345678.9", &point, 1, 123456789},
        {"1234567890123456", &point, 0, 1234567890123456},
        {"12345678901234.56", &point, 2, 1234567890123456},
        {"12345678901234567", &point, 0, 12345678901234567},
        {"9223372036854775807", &point, 0, INT64_MAX},
        {"-9223372036854775807", &point, 0, -INT64_MAX},
        {"92233720368547758.07", &point, 2, INT64_MAX},
        {"-9223372036.854775807", &point, 9, -INT64_MAX},
        {"1,234,567.89", &english, 2, 123456789},
        {"12,345", &english, 0, 12345},
        {"123,456.", &english, 0, 123456},
        {"1234567", &english, 0, 1234567},
        {"-1.234,5", &german, 2, -123450},
        {"1.234", &german, 0, 1234},
        {"1 234 567,5", &french, 1, 12345675},
        {"1\xc2\xa0"
         "234,5",
         &french, 1, 12345},
        {"1\xe2\x80\xaf"
         "234\xc2\xa0"
         "567 ",
         &french, 0, 1234567},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value;
        const struct good_case *c = cases + i;
        enum emp_decimal_result result =
            parse(c->text, strlen(c->text), *c->format, c->decimals, &value);
        if (result != EMP_DECIMAL_OK || value != c->value)
            fail_msg("\"%s\": result %d, value %" PRId64, c->text, (int)result, value);
    }
}

static void faults_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const struct emp_decimal_format *format;
        int decimals;
        enum emp_decimal_result result;
    } cases[] = {
        {"", &point, 2, EMP_DECIMAL_EMPTY},
        {" \t ", &point, 2, EMP_DECIMAL_EMPTY},
        {"-", &point, 2, EMP_DECIMAL_SYNTAX},
        {"+", &point, 2, EMP_DECIMAL_SYNTAX},
        {".", &point, 2, EMP_DECIMAL_SYNTAX},
        {"-.", &point, 2, EMP_DECIMAL_SYNTAX},
        {"--1", &point, 2, EMP_DECIMAL_SYNTAX},
        {"- 1", &point, 2, EMP_DECIMAL_SYNTAX},
        {"1-", &point, 2, EMP_DECIMAL_SYNTAX},
        {"1.2.3", &point, 2, EMP_DECIMAL_SYNTAX},
        {"1..2", &point, 2, EMP_DECIMAL_SYNTAX},
        {"1 2", &point, 2, EMP_DECIMAL_SYNTAX},
        {"1e3", &point, 2, EMP_DECIMAL_SYNTAX},
        {"0x10", &point, 2, EMP_DECIMAL_SYNTAX},
        {"12a", &point, 2, EMP_DECIMAL_SYNTAX},
        {"1/2", &point, 2, EMP_DECIMAL_SYNTAX},
        {"1:2", &point, 2, EMP_DECIMAL_SYNTAX},
        {"\xb1", &point, 2, EMP_DECIMAL_SYNTAX},
        {"nan", &point, 2, EMP_DECIMAL_SYNTAX},
        {"1,5", &point, 2, EMP_DECIMAL_SYNTAX},
        {"1,5", &english, 2, EMP_DECIMAL_SYNTAX},
        {"1,2345", &english, 2, EMP_DECIMAL_SYNTAX},
        {"1234,567", &english, 2, EMP_DECIMAL_SYNTAX},
        {"1,234567", &english, 2, EMP_DECIMAL_SYNTAX},
        {"1,,234", &english, 2, EMP_DECIMAL_SYNTAX},
        {",123", &english, 2, EMP_DECIMAL_SYNTAX},
        {"1,234,", &english, 2, EMP_DECIMAL_SYNTAX},
        {"1.234,567", &english, 9, EMP_DECIMAL_SYNTAX},
        {"1 23", &french, 2, EMP_DECIMAL_SYNTAX},
        {"1\xc2\xa0", &french, 2, EMP_DECIMAL_SYNTAX},
        {"1\xc2", &french, 2, EMP_DECIMAL_SYNTAX},
        {"0.001", &point, 2, EMP_DECIMAL_TOO_FINE},
        {"1.5", &point, 0, EMP_DECIMAL_TOO_FINE},
        {"99999999999999999999.001", &point, 2, EMP_DECIMAL_TOO_FINE},
        {"99999999999999999999.001x", &point, 2, EMP_DECIMAL_SYNTAX},
        {"9223372036854775808", &point, 0, EMP_DECIMAL_OVERFLOW},
        {"-9223372036854775808", &point, 0, EMP_DECIMAL_OVERFLOW},
        {"9223372036854775810", &point, 0, EMP_DECIMAL_OVERFLOW},
        {"92233720368547758.08", &point, 2, EMP_DECIMAL_OVERFLOW},
        {"9223372036.854775808", &point, 9, EMP_DECIMAL_OVERFLOW},
        {"9223372037", &point, 9, EMP_DECIMAL_OVERFLOW},
        {"-9999999999999999", &point, 4, EMP_DECIMAL_OVERFLOW},
        {"18446744073709551617", &point, 0, EMP_DECIMAL_OVERFLOW},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value;
        enum emp_decimal_result result = parse(cases[i].text, strlen(cases[i].text),
                                               *cases[i].format, cases[i].decimals, &value);
        if (result != cases[i].result)
            fail_msg("\"%s\": result %d", cases[i].text, (int)result);
    }
}

static void a_zero_byte_is_no_digit(void **state)
{
    (void)state;
    int64_t value;
    assert_int_equal(parse("12\0004", 4, point, 2, &value), EMP_DECIMAL_SYNTAX);
    assert_int_equal(parse("12.5\0", 5, point, 2, &value), EMP_DECIMAL_SYNTAX);
}

static void split_is_the_shortest_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum emp_decimal_result result;
        int64_t mantissa;
        int scale;
    } cases[] = {
        {"0", EMP_DECIMAL_OK, 0, 0},
        {"-0.000", EMP_DECIMAL_OK, 0, 0},
        {"100", EMP_DECIMAL_OK, 100, 0},
        {"-1.50", EMP_DECIMAL_OK, -15, 1},
        {"0.000000000000000001", EMP_DECIMAL_OK, 1, 18},
        {"0.0000000000000000010", EMP_DECIMAL_OK, 1, 18},
        {"9.223372036854775807", EMP_DECIMAL_OK, INT64_MAX, 18},
        {"9.223372036854775808", EMP_DECIMAL_OVERFLOW, 4711, -1},
        {"0.0000000000000000001", EMP_DECIMAL_TOO_FINE, 4711, -1},
        {"x", EMP_DECIMAL_SYNTAX, 4711, -1},
        {"", EMP_DECIMAL_EMPTY, 4711, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t mantissa;
        int scale;
        enum emp_decimal_result result =
            split(cases[i].text, strlen(cases[i].text), point, &mantissa, &scale);
        assert_int_equal(result, cases[i].result);
        assert_true(mantissa == cases[i].mantissa);
        assert_int_equal(scale, cases[i].scale);
    }
}

/* Every number with its decimals, printed by the C library, reads back as itself. */
static void printed_numbers_read_back(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 100000; i++) {
        int decimals = (int)(next_random(&seed) % 10);
        int64_t unit = 1;
        for (int k = 0; k < decimals; k++)
            unit *= 10;
        int64_t value = (int64_t)(next_random(&seed) >> 1 >> next_random(&seed) % 63);
        bool negative = next_random(&seed) & 1;
        char text[40];
        int length = snprintf(text, sizeof text, "%s%" PRId64, negative ? "-" : "", value / unit);
        if (decimals)
            length += snprintf(text + length, sizeof text - (size_t)length, ".%0*" PRId64, decimals,
                               value % unit);
        int64_t found;
        assert_int_equal(parse(text, (size_t)length, point, decimals, &found), EMP_DECIMAL_OK);
        assert_true(found == (negative ? -value : value));
    }
}

/* Texts from the bytes that matter, of all lengths around the words' ends. */
static void fast_equals_plain_on_any_bytes(void **state)
{
    (void)state;
    static const char bytes[] = "0123456789000999..,,-+ \t/:\xb0\xff";
    static const struct emp_decimal_format *const formats[] = {&point, &english, &german, &french};
    uint64_t seed = 2;
    int accepted = 0;
    for (int i = 0; i < 400000; i++) {
        char text[24];
        size_t length = next_random(&seed) % (sizeof text + 1);
        size_t kinds = next_random(&seed) % 2 ? 18 : sizeof bytes - 1; /* mostly digits, or all */
        for (size_t k = 0; k < length; k++)
            text[k] = bytes[next_random(&seed) % kinds];
        struct emp_decimal_format format = *formats[next_random(&seed) % 4];
        int64_t value, mantissa;
        int scale, decimals = (int)(next_random(&seed) % 10);
        if (parse(text, length, format, decimals, &value) != EMP_DECIMAL_OK)
            continue;
        accepted++;
        assert_int_equal(split(text, length, format, &mantissa, &scale), EMP_DECIMAL_OK);
        assert_int_equal(emp__decimal_compare(value, decimals, mantissa, scale), 0);
    }
    assert_in_range(accepted, 20000, 300000);
}

static void comparison_is_exact(void **state)
{
    (void)state;
    assert_int_equal(emp__decimal_compare(15, 1, 150, 2), 0);
    assert_int_equal(emp__decimal_compare(15, 1, 151, 2), -1);
    assert_int_equal(emp__decimal_compare(-15, 1, -151, 2), 1);
    assert_int_equal(emp__decimal_compare(INT64_MAX, 0, INT64_MAX, 18), 1);
    assert_int_equal(emp__decimal_compare(-INT64_MAX, 0, INT64_MAX, 18), -1);
    assert_int_equal(emp__decimal_compare(INT64_MAX, 18, 9, 0), 1);
    assert_int_equal(emp__decimal_compare(INT64_MAX, 18, 10, 0), -1);
    assert_int_equal(emp__decimal_compare(9007199254740993, 0, 9007199254740992, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_exact),
        cmocka_unit_test(faults_are_told_apart),
        cmocka_unit_test(a_zero_byte_is_no_digit),
        cmocka_unit_test(split_is_the_shortest_form),
        cmocka_unit_test(printed_numbers_read_back),
        cmocka_unit_test(fast_equals_plain_on_any_bytes),
        cmocka_unit_test(comparison_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
