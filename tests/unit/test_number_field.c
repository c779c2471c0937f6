// SPDX-License-Identifier: Apache-2.0
/* Numbers of the customers file against strtod, and every text that is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/test_folder.h"
#include "source/number_field.h"

static struct emp_number_reader reader_of(char mark, char thousands)
{
    struct emp_number_reader reader;
    struct emp_decimal_format format = {mark, thousands};
    assert_int_equal(emp__number_reader_init(&reader, format, NULL), EMP_OK);
    return reader;
}

/* The text with the slack behind it that a field has, of bytes that would go on with a number. */
static enum emp_decimal_result read_text(const struct emp_number_reader *reader, const char *text,
                                         double *out)
{
    char bytes[2048 + EMP_TEXT_SLACK];
    size_t length = strlen(text);
    assert_true(length <= 2048);
    memset(bytes, '7', sizeof bytes);
    memcpy(bytes, text, length);
    return emp__number_read(reader, (struct emp_field){bytes, length}, out);
}

static void expect(const struct emp_number_reader *reader, const char *text, double expected)
{
    double value = -1;
    if (read_text(reader, text, &value) != EMP_DECIMAL_OK)
        fail_msg("'%s' is refused", text);
    if (memcmp(&value, &expected, sizeof value) != 0)
        fail_msg("'%s' is %.17g and not %.17g", text, value, expected);
}

static void refuse(const struct emp_number_reader *reader, const char *text,
                   enum emp_decimal_result result)
{
    double value = -1;
    if (read_text(reader, text, &value) != result)
        fail_msg("'%s' gives another result", text);
    assert_true(value == -1);
}

static void decimals_and_exponents(void **state)
{
    (void)state;
    struct emp_number_reader plain = reader_of('.', 0), german = reader_of(',', '.');
    expect(&plain, "0", 0);
    expect(&plain, "-0", 0);
    expect(&plain, "-0.0e5", 0);
    expect(&plain, "-1e-400", 0);
    expect(&plain, "1.5e3", 1500);
    expect(&plain, " \t-1.5E+3 ", -1500);
    expect(&plain, "+.5e-1", 0.05);
    expect(&plain, "5.e2", 500);
    expect(&plain, "0.1", 0.1);
    expect(&plain, "123456789012345678", 123456789012345678.0);
    expect(&plain, "9007199254740993", 9007199254740992.0);
    expect(&plain, "9007199254740993.0000000000000000000000000001", 9007199254740994.0);
    expect(&plain, "1.7976931348623157e308", 1.7976931348623157e308);
    expect(&plain, "5e-324", 5e-324);
    expect(&plain, "0.000000000000000000000000000001", 1e-30);
    expect(&plain, "1000000000000000000000000000000", 1e30);
    expect(&german, "1.234,5", 1234.5);
    expect(&german, "-1.234.567,25e2", -123456725);
    expect(&german, "12.345.678.901.234.567.890,5", 12345678901234567890.5);
    emp__number_reader_free(&plain);
    emp__number_reader_free(&german);
}

static void what_is_no_number(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "abc",      "1,5",  "1e",    "e5",  "1e+",   "1 e5",  "1e 5", "nan",   "NaN", "inf", "-inf",
        "Infinity", "0x10", "1e5e5", "--1", "1.2.3", "1e5.5", ".e1",  "1_000", "1-",  "12a"};
    struct emp_number_reader plain = reader_of('.', 0);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        refuse(&plain, texts[i], EMP_DECIMAL_SYNTAX);
    refuse(&plain, "", EMP_DECIMAL_EMPTY);
    refuse(&plain, " \t", EMP_DECIMAL_EMPTY);
    refuse(&plain, "1e309", EMP_DECIMAL_OVERFLOW);
    refuse(&plain, "-1e99999999999999999999", EMP_DECIMAL_OVERFLOW);
    emp__number_reader_free(&plain);
}

static void long_numbers(void **state)
{
    (void)state;
    struct emp_number_reader plain = reader_of('.', 0);
    char text[EMP_NUMBER_BYTES_MAX + 2];
    memset(text, '0', sizeof text);
    text[1] = '.';
    text[EMP_NUMBER_BYTES_MAX - 1] = '1';
    text[EMP_NUMBER_BYTES_MAX] = '\0';
    expect(&plain, text, 0);
    text[EMP_NUMBER_BYTES_MAX] = '1';
    text[EMP_NUMBER_BYTES_MAX + 1] = '\0';
    refuse(&plain, text, EMP_DECIMAL_TOO_FINE);
    emp__number_reader_free(&plain);
}

/* Any decimal is what strtod makes of it, to the last bit: both round to the nearest double. */
static void as_strtod_does(void **state)
{
    (void)state;
    enum { NUMBERS = 200000 };
    struct emp_number_reader plain = reader_of('.', 0);
    uint64_t seed = 11;
    for (int i = 0; i < NUMBERS; i++) {
        uint64_t shape = test_random(&seed);
        int digits = 1 + (int)(shape % 25), mark = (int)(shape / 25 % 27);
        char text[64];
        size_t n = 0;
        if (shape >> 60 & 1)
            text[n++] = '-';
        for (int d = 0; d < digits; d++) {
            if (d == mark)
                text[n++] = '.';
            text[n++] = (char)('0' + test_random(&seed) % 10);
        }
        if (shape >> 61 & 1)
            n += (size_t)sprintf(text + n, "e%d", (int)(shape >> 40 & 0xFF) - 128);
        text[n] = '\0';
        double expected = strtod(text, NULL);
        expect(&plain, text, expected == 0 ? 0 : expected);
    }
    emp__number_reader_free(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_and_exponents),
        cmocka_unit_test(what_is_no_number),
        cmocka_unit_test(long_numbers),
        cmocka_unit_test(as_strtod_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
