// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers as text: eight digits at once in a 64-bit word where they are enough (no branch depends
 * on how many there are), else two digits at a time from a table of the pairs 00..99.
 */
#include "text/number_format.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/civil_time.h"
#include "text/double_digits.h"
#include "text/powers.h"
#include "text/word.h"

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

enum { WORD_DIGITS = 8 };

static const uint64_t word_limit = 100000000; /* less than this has eight digits or fewer */

/*
 * The eight digits of a value below 10^8 as the bytes of a word, the most significant digit in the
 * lowest byte: cut into two halves of four digits, each into two of two, each into two digits.
 * x * 10486 >> 20 is x / 100 for x < 10^4, and x * 103 >> 10 is x / 10 for x < 100.
 */
static uint64_t word_of_digits(uint64_t value)
{
    uint32_t high = (uint32_t)value / 10000, low = (uint32_t)value % 10000;
    uint64_t fours = high | (uint64_t)low << 32;
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens | (twos - 10 * tens) << 8;
}

/* How many zeros stand before the digits of a word, of which `least` must stay. */
static unsigned leading_zeros(uint64_t word, unsigned least)
{
    uint64_t stop = UINT64_C(1) << 8 * (WORD_DIGITS - least);
    return (unsigned)__builtin_ctzll(word | stop) / 8;
}

static void store_digits(char *out, uint64_t word)
{
    emp__word_store((unsigned char *)out, word | EMP_WORD_ONES * '0');
}

size_t emp__format_int64(int64_t value, char *out)
{
    uint64_t size = magnitude(value);
    size_t sign = value < 0, length;
    out[0] = '-';
    if (size < word_limit) {
        uint64_t word = word_of_digits(size);
        unsigned zeros = leading_zeros(word, 1);
        store_digits(out + sign, word >> 8 * zeros);
        length = sign + WORD_DIGITS - zeros;
    } else {
        length = sign + digit_count(size);
        put_digits_before(out + length, size);
    }
    out[length] = '\0';
    return length;
}

size_t emp__format_padded(uint64_t value, size_t width, char *out)
{
    assert(width >= 1 && width <= 19 && value < emp__power_of_ten[width]);
    if (width <= WORD_DIGITS) {
        uint64_t word = word_of_digits(value) | EMP_WORD_ONES * '0';
        emp__word_store((unsigned char *)out, word >> 8 * (WORD_DIGITS - width));
        out[width] = '\0';
        return width;
    }
    uint64_t high = value / word_limit;
    emp__format_padded(high, width - WORD_DIGITS, out);
    store_digits(out + width - WORD_DIGITS, word_of_digits(value - high * word_limit));
    out[width] = '\0';
    return width;
}

/*
 * A decimal of at most eight digits: the word is stored twice, one byte apart, and the point put in
 * between.
 */
static size_t format_short_decimal(uint64_t value, unsigned decimals, char *out)
{
    uint64_t word = word_of_digits(value);
    unsigned zeros = leading_zeros(word, decimals + 1);
    unsigned whole = WORD_DIGITS - zeros - decimals;
    word >>= 8 * zeros;
    store_digits(out, word);
    store_digits(out + whole + 1, word >> 8 * whole);
    out[whole] = '.';
    size_t length = whole + 1 + decimals;
    out[length] = '\0';
    return length;
}

static size_t format_long_decimal(uint64_t value, int decimals, char *out)
{
    size_t digits = digit_count(value), least = (size_t)decimals + 1;
    size_t length = (digits < least ? least : digits) + 1;
    char *at = out + length;
    int left = decimals;
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

size_t emp__format_decimal(int64_t minor, int decimals, char *out)
{
    assert(decimals >= 0 && decimals <= 18);
    if (decimals == 0)
        return emp__format_int64(minor, out);
    uint64_t value = magnitude(minor);
    size_t sign = minor < 0;
    out[0] = '-';
    if (value < word_limit && decimals < WORD_DIGITS)
        return sign + format_short_decimal(value, (unsigned)decimals, out + sign);
    return sign + format_long_decimal(value, decimals, out + sign);
}

struct date {
    uint32_t century, year, month, day; /* the year is that of the century, 0..99 */
};

/*
 * The date that emp__civil_from_days() gives, by multiplications (C. Neri and L. Schneider,
 * "Euclidean affine functions and their application to calendar algorithms", 2022): centuries,
 * years and months are straight lines through the days since 0000-03-01, where years begin.
 */
static struct date split_date(uint32_t days)
{
    uint32_t quarters = 4 * days + 3; /* of days */
    uint64_t in_century = (uint64_t)2939745 * (quarters % 146097 | 3);
    uint32_t day_of_year = (uint32_t)in_century / 2939745 / 4;
    uint32_t in_months = 2141 * day_of_year + 197913;
    struct date date = {
        .century = quarters / 146097,
        .year = (uint32_t)(in_century >> 32),
        .month = in_months >> 16,
        .day = (in_months & 0xFFFF) / 2141 + 1,
    };
    if (date.month > 12) {
        date.month -= 12;
        date.year++;
    }
    if (date.year == 100) {
        date.year = 0;
        date.century++;
    }
    return date;
}

size_t emp__format_date(int64_t days, char *out)
{
    assert(days >= EMP_FIRST_DAY && days <= EMP_LAST_DAY);
    struct date date = split_date((uint32_t)(days + EMP_MARCH_0000));
    put_pair(out, date.century);
    put_pair(out + 2, date.year);
    out[4] = '-';
    put_pair(out + 5, date.month);
    out[7] = '-';
    put_pair(out + 8, date.day);
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

/* Digits as %g writes them: with an exponent below 10^-4. */
static size_t put_digits(const struct emp_double_digits *d, char *out)
{
    char digits[24];
    char *at = out;
    emp__format_padded(d->digits, (size_t)d->count, digits);
    bool exponent = d->point <= -4;
    int point = exponent ? 1 : d->point;
    if (point <= 0) {
        memcpy(at, "0.0000", (size_t)(2 - point));
        at += 2 - point;
        point = 0;
    }
    for (int i = 0; i < d->count || i < point; i++) {
        if (i == point && i > 0)
            *at++ = '.';
        *at++ = i < d->count ? digits[i] : '0';
    }
    if (exponent)
        at += snprintf(at, 8, "e-%02d", 1 - d->point);
    *at = '\0';
    return (size_t)(at - out);
}

size_t emp__format_double(double value, char *out)
{
    assert(isfinite(value));
    size_t length = format_short(value, out);
    if (length)
        return length;
    double size = fabs(value);
    if (size >= EMP_DIGITS_LEAST && size < EMP_DIGITS_BELOW) {
        struct emp_double_digits digits = emp__double_digits(size);
        *out = '-';
        return (value < 0) + put_digits(&digits, out + (value < 0));
    }
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
