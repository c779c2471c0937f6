// SPDX-License-Identifier: Apache-2.0
/*
 * Whole lines at once: of each one number, one time and one decimal, where most lines have nothing
 * else to be read.
 *
 * The common shapes are read, as those of text/batch.h, and what stands in the results is what the
 * readers of one text would find. At a line that is unusual in any way, the number of its fields
 * among them, a variant stops; how soon is its own affair. Lines must not hold quotes.
 *
 * The variant for AVX-512 reads up to EMP_TEXT_SLACK bytes behind the text. Cost per line of 37
 * bytes on a core at 3.7 GHz: 5 ns, where marking all fields and reading them column by column with
 * text/batch.h takes 11.
 */
#ifndef EMP_TEXT_LINES_H
#define EMP_TEXT_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "text/decimal.h"
#include "text/time_parse.h"

/* Line i is text[ends[i - 1] + 1 .. ends[i]), where ends[-1] + 1 is 0 in 32 bits, or is there. */
struct emp_lines {
    const char *text;
    const uint32_t *ends;
    size_t count;
};

/* What stands where. */
struct emp_line_layout {
    char delimiter;
    uint32_t total;                 /* fields of a line, > 1 */
    uint32_t number, time, decimal; /* their places among these, from 0 on */
    const struct emp_time_layout *time_layout;
    struct emp_decimal_format format;
    int decimals; /* 0..9 */
};

/* A column each, for as many lines as there are; anything behind those that were read. */
struct emp_line_columns {
    uint64_t *number; /* 32 * its value + how many digits it has, 1 to 17 */
    int64_t *time;    /* as emp__time_parse_layout() */
    int64_t *decimal; /* as emp__decimal_parse() */
};

/* Reads lines from the first on; returns how many. */
typedef size_t emp_lines_fn(const struct emp_lines *lines, const struct emp_line_layout *layout,
                            const struct emp_line_columns *out);

extern emp_lines_fn emp__lines_plain;
#if defined(__x86_64__)
extern emp_lines_fn emp__lines_avx512;
#endif

#endif
