// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes the decimal readers: fast equals plain, what is read prints and reads back as itself, and
 * the shortest form is the same number. The first byte of the data chooses format and decimals.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/decimal.h"
#include "text/number_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

static void check_parse(const char *slack, const char *exact, size_t length,
                        struct emp_decimal_format format, int decimals)
{
    int64_t fast = 4711, plain = 4711, again;
    enum emp_decimal_result result = emp__decimal_parse(slack, length, format, decimals, &fast);
    require(result == emp__decimal_parse_plain(exact, length, format, decimals, &plain));
    require(fast == plain);
    if (result != EMP_DECIMAL_OK)
        return;
    require(fast != INT64_MIN);
    char printed[32 + EMP_TEXT_SLACK];
    size_t printed_length = emp__format_decimal(fast, decimals, printed);
    const struct emp_decimal_format point = {'.', 0};
    require(emp__decimal_parse(printed, printed_length, point, decimals, &again) == EMP_DECIMAL_OK);
    require(again == fast);
    int64_t mantissa;
    int scale;
    require(emp__decimal_split(slack, length, format, &mantissa, &scale) == EMP_DECIMAL_OK);
    require(emp__decimal_compare(mantissa, scale, fast, decimals) == 0);
}

static void check_split(const char *slack, const char *exact, size_t length,
                        struct emp_decimal_format format)
{
    int64_t fast = 4711, plain = 4711;
    int fast_scale = -1, plain_scale = -1;
    enum emp_decimal_result result = emp__decimal_split(slack, length, format, &fast, &fast_scale);
    require(result == emp__decimal_split_plain(exact, length, format, &plain, &plain_scale));
    require(fast == plain && fast_scale == plain_scale);
    if (result == EMP_DECIMAL_OK)
        require(fast_scale == 0 || fast % 10 != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct emp_decimal_format formats[] = {
        {'.', 0}, {'.', ','}, {',', '.'}, {',', ' '}, {'.', '\''}};
    if (size == 0)
        return 0;
    int decimals = data[0] % 10;
    struct emp_decimal_format format = formats[data[0] / 10 % 5];
    size_t length = size - 1;
    char *slack = malloc(length + EMP_TEXT_SLACK), *exact = malloc(length ? length : 1);
    require(slack && exact);
    memcpy(slack, data + 1, length);
    memset(slack + length, '5', EMP_TEXT_SLACK);
    memcpy(exact, data + 1, length);
    check_parse(slack, exact, length, format, decimals);
    check_split(slack, exact, length, format);
    free(slack);
    free(exact);
    return 0;
}
