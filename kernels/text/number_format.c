// SPDX-License-Identifier: Apache-2.0
/* Numbers as text, two digits at a time from a table of the pairs 00..99. */
#include "text/number_format.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/civil_time.h"
#include "text/powers.h"

static const char pairs[] = "00010203040506070809"
                            "10111213141516171819"
                            "20212223242526272829"
                            "30313233343536373839"
                            "40414243444546474849"
                            "50515253545556575859"
                            "60616263646566676869"
                            "70717273747576777879"
                            "80818283848586878889"
                            "90919293949596979899";

static void put_pair(char *out, uint64_t value)
{
    memcpy(out, pairs + 2 * value, 2);
}

/* Writes the digits of `value` so that they end just before `end`. */
static void put_digits_before(char *end, uint64_t value)
{
    for (; value >= 100; value /= 100) {
        end -= 2;
        put_pair(end, value % 100);
    }
    if (value >= 10)
        put_pair(end - 2, value);
    else
        end[-1] = (char)('0' + value);
}

/* 1233 / 4096 is a little more than log10(2), so the guess from the number of bits is right or one
 * short. The last bit makes a digit of 0 and moves nothing across a power of ten. */
static size_t digit_count(uint64_t value)
{
    value |= 1;
    unsigned guess = (64 - (unsigned)__builtin_clzll(value)) * 1233 >> 12;
    return guess + (value >= emp__power_of_ten[guess]);
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

size_t emp__format_int64(int64_t value, char *out)
{
    out[0] = '-';
    size_t length = (value < 0) + digit_count(magnitude(value));
    put_digits_before(out + length, magnitude(value));
    out[length] = '\0';
    return length;
}

size_t emp__format_decimal(int64_t minor, int decimals, char *out)
{
    assert(decimals >= 0 && decimals <= 18);
    if (decimals == 0)
        return emp__format_int64(minor, out);
    uint64_t value = magnitude(minor);
    size_t digits = digit_count(value), least = (size_t)decimals + 1;
    size_t length = (minor < 0) + (digits < least ? least : digits) + 1;
    char *at = out + length;
    int left = decimals;
    out[0] = '-';
    *at = '\0';
    for (; left >= 2; left -= 2, value /= 100) {
        at -= 2;
        put_pair(at, value % 100);
    }
    if (left) {
        *--at = (char)('0' + value % 10);
        value /= 10;
    }
    *--at = '.';
    put_digits_before(at, value);
    return length;
}

size_t emp__format_date(int64_t days, char *out)
{
    int year, month, day;
    emp__civil_from_days(days, &year, &month, &day);
    put_pair(out, (uint64_t)year / 100);
    put_pair(out + 2, (uint64_t)year % 100);
    out[4] = '-';
    put_pair(out + 5, (uint64_t)month);
    out[7] = '-';
    put_pair(out + 8, (uint64_t)day);
    out[10] = '\0';
    return 10;
}

/*
 * Tries to write `value` with at most six decimals; returns 0 if it needs more. n / 10^k is rounded
 * once, so where it equals `value` the text "n * 10^-k" reads back as `value`; and since n has at
 * most 15 digits, which every double keeps apart, it is what %.15g prints.
 */
static size_t format_short(double value, char *out)
{
    enum { MOST = 6 };
    static const double powers[MOST + 1] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    if (value == 0) {
        memcpy(out, signbit(value) ? "-0" : "0", signbit(value) ? 3 : 2);
        return signbit(value) ? 2 : 1;
    }
    double size = fabs(value);
    if (size < 1e-4 || size >= 1e15) /* %g would write an exponent */
        return 0;
    for (int decimals = 0; decimals <= MOST && size * powers[decimals] < 1e15 - 1; decimals++) {
        int64_t number = (int64_t)(size * powers[decimals] + 0.5);
        if ((double)number / powers[decimals] != size)
            continue;
        size_t length = emp__format_decimal(value < 0 ? -number : number, decimals, out);
        while (decimals && out[length - 1] == '0')
            length--;
        out[length] = '\0';
        return length;
    }
    return 0;
}

/* The locale's decimal mark, whatever bytes it has, becomes a point. */
static size_t use_point(char *text, size_t length)
{
    size_t first = strspn(text, "+-0123456789eE");
    if (first == length)
        return length;
    size_t mark = strcspn(text + first, "0123456789");
    text[first] = '.';
    memmove(text + first + 1, text + first + mark, length - first - mark + 1);
    return length - mark + 1;
}

size_t emp__format_double(double value, char *out)
{
    assert(isfinite(value));
    size_t length = format_short(value, out);
    if (length)
        return length;
    char text[40]; /* a mark of several bytes may need more room than the point */
    for (int precision = 15;; precision++) {
        length = (size_t)snprintf(text, sizeof text, "%.*g", precision, value);
        if (precision == 17 || strtod(text, NULL) == value)
            break;
    }
    length = use_point(text, length);
    memcpy(out, text, length + 1);
    return length;
}
