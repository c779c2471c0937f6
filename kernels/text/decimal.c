// SPDX-License-Identifier: Apache-2.0
/* Exact decimals from text: the plain grammar first, the word-at-a-time reader below it. */
#include "text/decimal.h"

#include <assert.h>
#include <stdbool.h>

#include "text/powers.h"
#include "text/word.h"

__extension__ typedef __int128 wide_int;

/* A text that follows the grammar, cut at its mark; trailing zeros of the fraction are cut off. */
struct decimal_parts {
    const char *whole, *whole_end; /* digits and separators */
    const char *fraction, *fraction_end;
    bool negative;
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && is_digit(*at))
        at++;
    return at;
}

/* The length of the thousands separator at `at`; 0 if there is none. */
static size_t separator_length(const char *at, const char *end, char thousands)
{
    size_t left = (size_t)(end - at);
    if (!thousands || !left)
        return 0;
    if (*at == thousands)
        return 1;
    if (thousands != ' ')
        return 0;
    if (left >= 2 && memcmp(at, "\xc2\xa0", 2) == 0)
        return 2;
    return left >= 3 && memcmp(at, "\xe2\x80\xaf", 3) == 0 ? 3 : 0;
}

/* Behind the whole part; the separators count only where each is followed by exactly 3 digits. */
static const char *skip_whole(const char *at, const char *end, char thousands)
{
    const char *last = skip_digits(at, end);
    if (last - at < 1 || last - at > 3)
        return last;
    for (;;) {
        size_t separator = separator_length(last, end, thousands);
        if (!separator || skip_digits(last + separator, end) - (last + separator) != 3)
            return last;
        last += separator + 3;
    }
}

static enum emp_decimal_result read_parts(const char *at, const char *end,
                                          struct emp_decimal_format format,
                                          struct decimal_parts *parts)
{
    at = skip_blanks(at, end);
    if (at == end)
        return EMP_DECIMAL_EMPTY;
    parts->negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    parts->whole = at;
    at = parts->whole_end = skip_whole(at, end, format.thousands);
    if (at < end && *at == format.mark)
        at++;
    parts->fraction = at;
    at = parts->fraction_end = at > parts->whole_end ? skip_digits(at, end) : at;
    if (parts->whole == parts->whole_end && parts->fraction == parts->fraction_end)
        return EMP_DECIMAL_SYNTAX;
    while (parts->fraction_end > parts->fraction && parts->fraction_end[-1] == '0')
        parts->fraction_end--;
    return skip_blanks(at, end) == end ? EMP_DECIMAL_OK : EMP_DECIMAL_SYNTAX;
}

/* Writes the digits of a text, skipping what is none, behind those of *value. */
static bool append_digits(uint64_t *value, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (!is_digit(*at))
            continue;
        uint64_t digit = (uint64_t)(*at - '0');
        if (*value > (INT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return true;
}

/* parts * 10^decimals */
static enum emp_decimal_result scale_parts(const struct decimal_parts *parts, ptrdiff_t decimals,
                                           int64_t *out)
{
    ptrdiff_t zeros = decimals - (parts->fraction_end - parts->fraction);
    if (zeros < 0)
        return EMP_DECIMAL_TOO_FINE;
    uint64_t value = 0;
    int64_t scaled;
    if (!append_digits(&value, parts->whole, parts->whole_end) ||
        !append_digits(&value, parts->fraction, parts->fraction_end) ||
        __builtin_mul_overflow((int64_t)value, (int64_t)emp__power_of_ten[zeros], &scaled))
        return EMP_DECIMAL_OVERFLOW;
    *out = parts->negative ? -scaled : scaled;
    return EMP_DECIMAL_OK;
}

/* For assertions, which a release has none of. */
__attribute__((unused)) static bool format_is_usable(struct emp_decimal_format format)
{
    return format.mark && !is_digit(format.mark) && !is_blank(format.mark) && format.mark != '+' &&
           format.mark != '-' && !is_digit(format.thousands) && format.thousands != '+' &&
           format.thousands != '-' && format.thousands != format.mark;
}

enum emp_decimal_result emp__decimal_parse_plain(const char *text, size_t length,
                                                 struct emp_decimal_format format, int decimals,
                                                 int64_t *out)
{
    assert(decimals >= 0 && decimals <= 9 && format_is_usable(format));
    struct decimal_parts parts;
    enum emp_decimal_result result = read_parts(text, text + length, format, &parts);
    return result == EMP_DECIMAL_OK ? scale_parts(&parts, decimals, out) : result;
}

enum emp_decimal_result emp__decimal_split_plain(const char *text, size_t length,
                                                 struct emp_decimal_format format,
                                                 int64_t *mantissa, int *scale)
{
    assert(format_is_usable(format));
    struct decimal_parts parts;
    enum emp_decimal_result result = read_parts(text, text + length, format, &parts);
    if (result != EMP_DECIMAL_OK)
        return result;
    ptrdiff_t decimals = parts.fraction_end - parts.fraction;
    if (decimals > EMP_DECIMAL_MAX_SCALE)
        return EMP_DECIMAL_TOO_FINE;
    result = scale_parts(&parts, decimals, mantissa);
    if (result == EMP_DECIMAL_OK)
        *scale = (int)decimals;
    return result;
}

/* What the word-at-a-time readers find: number * 10^-decimals, written with that many digits. */
struct short_decimal {
    uint64_t number;
    size_t digits, decimals;
};

/* 1 to 8 bytes: digits with at most one mark, which is squeezed out of the word. */
static bool read_word(const char *text, size_t length, char mark, struct short_decimal *out)
{
    uint64_t word = emp__word_load(text);
    uint64_t others = emp__word_not_digits(word) & emp__word_first(length);
    out->digits = length;
    out->decimals = 0;
    if (others) {
        int bit = __builtin_ctzll(others) - 7;
        if ((others & (others - 1)) || (char)(word >> bit) != mark || length == 1)
            return false;
        uint64_t before = ((uint64_t)1 << bit) - 1;
        word = (word & before) | (word >> 8 & ~before);
        out->digits = length - 1;
        out->decimals = out->digits - (size_t)bit / 8;
    }
    out->number = emp__word_number(word << (64 - 8 * out->digits));
    return true;
}

/* 9 to 16 bytes, of which the last 8 may have a mark. */
static bool read_two_words(const char *text, size_t length, char mark, struct short_decimal *out)
{
    uint64_t head = emp__word_load(text);
    if ((emp__word_not_digits(head) & emp__word_first(length - 8)) ||
        !read_word(text + length - 8, 8, mark, out))
        return false;
    head = emp__word_number(head << (128 - 8 * length));
    out->number += head * emp__power_of_ten[out->digits];
    return true;
}

static bool read_short(const char *text, size_t length, char mark, struct short_decimal *out)
{
    if (length - 1 < 8)
        return read_word(text, length, mark, out);
    return length - 1 < 16 && read_two_words(text, length, mark, out);
}

enum emp_decimal_result emp__decimal_parse(const char *text, size_t length,
                                           struct emp_decimal_format format, int decimals,
                                           int64_t *out)
{
    assert(decimals >= 0 && decimals <= 9 && format_is_usable(format));
    bool negative = length && text[0] == '-';
    struct short_decimal found;
    if (!read_short(text + negative, length - negative, format.mark, &found) ||
        found.decimals > (size_t)decimals)
        return emp__decimal_parse_plain(text, length, format, decimals, out);
    int64_t value;
    if (__builtin_mul_overflow((int64_t)found.number,
                               (int64_t)emp__power_of_ten[(size_t)decimals - found.decimals],
                               &value))
        return EMP_DECIMAL_OVERFLOW;
    *out = negative ? -value : value;
    return EMP_DECIMAL_OK;
}

enum emp_decimal_result emp__decimal_split(const char *text, size_t length,
                                           struct emp_decimal_format format, int64_t *mantissa,
                                           int *scale)
{
    assert(format_is_usable(format));
    bool negative = length && text[0] == '-';
    struct short_decimal found;
    if (!read_short(text + negative, length - negative, format.mark, &found))
        return emp__decimal_split_plain(text, length, format, mantissa, scale);
    while (found.decimals && found.number % 10 == 0) {
        found.number /= 10;
        found.decimals--;
    }
    *mantissa = negative ? -(int64_t)found.number : (int64_t)found.number;
    *scale = (int)found.decimals;
    return EMP_DECIMAL_OK;
}

int emp__decimal_compare(int64_t a, int a_scale, int64_t b, int b_scale)
{
    assert(a_scale >= 0 && a_scale <= EMP_DECIMAL_MAX_SCALE);
    assert(b_scale >= 0 && b_scale <= EMP_DECIMAL_MAX_SCALE);
    wide_int left = (wide_int)a * (int64_t)emp__power_of_ten[b_scale];
    wide_int right = (wide_int)b * (int64_t)emp__power_of_ten[a_scale];
    return (left > right) - (left < right);
}
