// SPDX-License-Identifier: Apache-2.0
/*
 * Decimal text as an exact integer of minor units: "-1,234.5" with two decimals is -123450.
 *
 *     decimal := blanks [+ or -] (whole [mark [digits]] | mark digits) blanks
 *     whole   := digits | d{1,3} (thousands d{3})+
 *
 * A blank is a space or a tab; there is no exponent. Where the thousands separator is a space, the
 * no-break spaces U+00A0 and U+202F (in UTF-8) are separators as well.
 *
 * The fast functions read texts of the shape -digits or -digits.digits, up to 16 digits and mark
 * with the mark among the last 8, a word at a time (5 to 8 ns), and hand every other text to their
 * plain twin (2 ns a byte). They need EMP_TEXT_SLACK bytes behind the text; the plain twins need
 * none.
 */
#ifndef EMP_TEXT_DECIMAL_H
#define EMP_TEXT_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

#include "text/slack.h"

enum emp_decimal_result {
    EMP_DECIMAL_OK,
    EMP_DECIMAL_EMPTY,    /* nothing but blanks */
    EMP_DECIMAL_SYNTAX,   /* not a decimal as above */
    EMP_DECIMAL_TOO_FINE, /* a digit other than 0 beyond the decimals asked for */
    EMP_DECIMAL_OVERFLOW, /* beyond INT64_MAX on either side; INT64_MIN is never produced */
};

/* Two different bytes, neither digits nor signs; the mark is no blank. */
struct emp_decimal_format {
    char mark;
    char thousands; /* 0: none */
};

#define EMP_DECIMAL_MAX_SCALE 18

/*
 * value * 10^decimals in *out, exactly; 0 <= decimals <= 9. Of several faults the first in the
 * order of the enum is told. *out is untouched unless the result is EMP_DECIMAL_OK.
 */
enum emp_decimal_result emp__decimal_parse(const char *text, size_t length,
                                           struct emp_decimal_format format, int decimals,
                                           int64_t *out);
enum emp_decimal_result emp__decimal_parse_plain(const char *text, size_t length,
                                                 struct emp_decimal_format format, int decimals,
                                                 int64_t *out);

/*
 * The shortest exact form, value = mantissa * 10^-scale with the smallest scale in
 * 0..EMP_DECIMAL_MAX_SCALE. Both outputs are untouched unless the result is EMP_DECIMAL_OK.
 */
enum emp_decimal_result emp__decimal_split(const char *text, size_t length,
                                           struct emp_decimal_format format, int64_t *mantissa,
                                           int *scale);
enum emp_decimal_result emp__decimal_split_plain(const char *text, size_t length,
                                                 struct emp_decimal_format format,
                                                 int64_t *mantissa, int *scale);

/* The sign of a * 10^-a_scale - b * 10^-b_scale, exactly: -1, 0 or 1. */
int emp__decimal_compare(int64_t a, int a_scale, int64_t b, int b_scale);

#endif
