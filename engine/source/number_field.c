// SPDX-License-Identifier: Apache-2.0
#include "source/number_field.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum {
    EXACT_POWER = 22,      /* the highest power of ten that is a double */
    EXPONENT_MAX = 999999, /* no number of EMP_NUMBER_BYTES_MAX digits needs a larger one */
    EXPONENT_BYTES = 16
};

#define EXACT_MANTISSA ((int64_t)1 << 53)

emp_status emp__number_reader_init(struct emp_number_reader *reader,
                                   struct emp_decimal_format format, emp_error *error)
{
    *reader = (struct emp_number_reader){.format = format};
    reader->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return reader->locale ? EMP_OK : emp__fail_memory(error, 0);
}

void emp__number_reader_free(struct emp_number_reader *reader)
{
    if (reader->locale)
        freelocale(reader->locale);
    reader->locale = (locale_t)0;
}

static enum emp_decimal_result convert(const struct emp_number_reader *reader, const char *text,
                                       double *out)
{
    double value = strtod_l(text, NULL, reader->locale);
    if (!isfinite(value))
        return EMP_DECIMAL_OVERFLOW;
    *out = value == 0 ? 0 : value; /* no -0 */
    return EMP_DECIMAL_OK;
}

/* mantissa * 10^exponent */
static enum emp_decimal_result compose(const struct emp_number_reader *reader, int64_t mantissa,
                                       long exponent, double *out)
{
    static const double power[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    bool exact = mantissa <= EXACT_MANTISSA && mantissa >= -EXACT_MANTISSA;
    if (exact && exponent <= 0 && exponent >= -EXACT_POWER) {
        *out = (double)mantissa / power[-exponent];
        return EMP_DECIMAL_OK;
    }
    char text[48];
    snprintf(text, sizeof text, "%lldE%ld", (long long)mantissa, exponent);
    return convert(reader, text, out);
}

/* A decimal with more digits than 64 bits hold, which follows the grammar. */
static enum emp_decimal_result convert_long(const struct emp_number_reader *reader,
                                            struct emp_field decimal, long exponent, double *out)
{
    char text[EMP_NUMBER_BYTES_MAX + EXPONENT_BYTES];
    size_t n = 0;
    if (decimal.length > EMP_NUMBER_BYTES_MAX)
        return EMP_DECIMAL_TOO_FINE;
    for (size_t i = 0; i < decimal.length; i++) {
        char c = decimal.text[i];
        if ((c >= '0' && c <= '9') || c == '-')
            text[n++] = c;
        else if (c == reader->format.mark)
            text[n++] = '.';
    }
    snprintf(text + n, sizeof text - n, "E%ld", exponent);
    return convert(reader, text, out);
}

static enum emp_decimal_result read_scaled(const struct emp_number_reader *reader,
                                           struct emp_field decimal, long exponent, double *out)
{
    int64_t mantissa;
    int scale;
    enum emp_decimal_result result =
        emp__decimal_split(decimal.text, decimal.length, reader->format, &mantissa, &scale);
    if (result == EMP_DECIMAL_OK)
        return compose(reader, mantissa, exponent - scale, out);
    if (result == EMP_DECIMAL_TOO_FINE || result == EMP_DECIMAL_OVERFLOW)
        return convert_long(reader, decimal, exponent, out);
    return result;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* [+ or -] digits blanks, from `at` on; an exponent beyond all others is cut. */
static bool read_exponent(struct emp_field field, size_t at, long *out)
{
    bool negative = at < field.length && field.text[at] == '-';
    long value = 0;
    if (at < field.length && (field.text[at] == '-' || field.text[at] == '+'))
        at++;
    size_t first = at;
    for (; at < field.length && is_digit(field.text[at]); at++)
        value = value < EXPONENT_MAX ? value * 10 + (field.text[at] - '0') : EXPONENT_MAX;
    *out = negative ? -value : value;
    struct emp_field rest = {field.text + at, field.length - at};
    return at > first && emp__field_is_blank(rest);
}

enum emp_decimal_result emp__number_read(const struct emp_number_reader *reader,
                                         struct emp_field field, double *out)
{
    enum emp_decimal_result result = read_scaled(reader, field, 0, out);
    if (result != EMP_DECIMAL_SYNTAX)
        return result;
    size_t e = 0;
    while (e < field.length && field.text[e] != 'e' && field.text[e] != 'E')
        e++;
    long exponent;
    bool joined = e > 0 && e < field.length &&
                  (is_digit(field.text[e - 1]) || field.text[e - 1] == reader->format.mark);
    if (!joined || !read_exponent(field, e + 1, &exponent))
        return EMP_DECIMAL_SYNTAX;
    struct emp_field decimal = {field.text, e};
    return read_scaled(reader, decimal, exponent, out);
}
