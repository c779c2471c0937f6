// SPDX-License-Identifier: Apache-2.0
/*
 * A field as a double: the decimal of kernels/text/decimal.h, and perhaps an exponent.
 *
 *     number := blanks decimal [(e or E) [+ or -] digits] blanks
 *
 * The result is the double nearest to the decimal, ties to even, whatever the number of digits; it
 * is finite, and never -0. Neither infinity nor NaN is a number. Up to 15 digits or so cost one
 * division (Clinger 1990: both operands are exact); others go through strtod.
 */
#ifndef EMP_SOURCE_NUMBER_FIELD_H
#define EMP_SOURCE_NUMBER_FIELD_H

#include <locale.h>

#include <emptor/status.h>

#include "source/field.h"
#include "text/decimal.h"

struct emp_number_reader {
    struct emp_decimal_format format;
    locale_t locale; /* "C", whatever that of the program is */
};

emp_status emp__number_reader_init(struct emp_number_reader *reader,
                                   struct emp_decimal_format format, emp_error *error);
void emp__number_reader_free(struct emp_number_reader *reader);

/* The longest decimal, in bytes; of one that is longer, EMP_DECIMAL_TOO_FINE is told. */
enum { EMP_NUMBER_BYTES_MAX = 1000 };

/* EMP_DECIMAL_OVERFLOW: beyond the largest double. *out is untouched unless the result is
   EMP_DECIMAL_OK. */
enum emp_decimal_result emp__number_read(const struct emp_number_reader *reader,
                                         struct emp_field field, double *out);

#endif
