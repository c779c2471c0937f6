// SPDX-License-Identifier: Apache-2.0
/*
 * The decimal digits of a double in exact integers, for sizes whose digits fit into 128 bits.
 *
 * A double is v = m 2^e with m < 2^53. With the k for which 10^16 <= v 10^k < 10^17, v 10^k is
 * m 5^k 2^(e + k): a product of at most 53 + 63 bits where k <= 27, and a shift. So its whole part,
 * the first 17 digits, is exact, and what is cut off is known; it is rounded to 15, 16 or 17
 * digits, halves to even, as printf does. Digits D read back as v if they lie nearer to it than
 * half way to the next double on that side, or half way if m is even: 2 |D 10^.. - v| <= 1 unit of
 * m, which is a comparison of integers, too. (That is how Steele & White 1990 and Gay 1990 say when
 * digits are enough; no table and no big numbers are needed for sizes of this range.)
 *
 * Cost: two 64 x 64-bit products, a division of 64 bits for each precision that is tried: some
 * 20 ns, where printf and strtod take 700.
 */
#ifndef EMP_TEXT_DOUBLE_DIGITS_H
#define EMP_TEXT_DOUBLE_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

#define EMP_DIGITS_LEAST 2e-11
#define EMP_DIGITS_BELOW 1e15

/* 0.d1 d2 d3 ... * 10^point, d1 not 0, without zeros at the end: digits has `count` of them. */
struct emp_double_digits {
    uint64_t digits;
    int count, point;
};

/* The first of %.15g, %.16g and %.17g that reads back as `size`, EMP_DIGITS_LEAST <= size <
   EMP_DIGITS_BELOW. */
struct emp_double_digits emp__double_digits(double size);

#endif
