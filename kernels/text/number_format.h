// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers as text. Each function writes into `out`, adds a zero byte, and returns the length
 * without it. Nothing depends on the locale.
 *
 * Cost: 2 to 7 ns; a double of at most six decimals 10 ns. Any other double goes through the C
 * library's exact conversion, once for each precision that is tried: up to 0.8 us.
 */
#ifndef EMP_TEXT_NUMBER_FORMAT_H
#define EMP_TEXT_NUMBER_FORMAT_H

#include <stddef.h>
#include <stdint.h>

/* `out` has room for 24 bytes. */
size_t emp__format_int64(int64_t value, char *out);

/*
 * The digits of `value` with as many zeros before them as make `width` of them, which must be
 * enough for the value; 1 <= width <= 19. `out` has room for 24 bytes.
 */
size_t emp__format_padded(uint64_t value, size_t width, char *out);

/*
 * minor * 10^-decimals with exactly `decimals` digits behind the point: -5 with two is "-0.05".
 * 0 <= decimals <= 18; `out` has room for 32 bytes.
 */
size_t emp__format_decimal(int64_t minor, int decimals, char *out);

/* YYYY-MM-DD of a day number (text/civil_time.h), years 0001..9999; room for 16 bytes. */
size_t emp__format_date(int64_t days, char *out);

/*
 * The shortest of %.15g, %.16g and %.17g that reads back as the same double, always with '.';
 * `value` is finite. `out` has room for 32 bytes.
 */
size_t emp__format_double(double value, char *out);

#endif
