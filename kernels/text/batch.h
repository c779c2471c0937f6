// SPDX-License-Identifier: Apache-2.0
/*
 * The same field of many records at once: whole numbers, decimals, dates and times.
 *
 * A batch reader reads the common shapes of a field and leaves the others to the readers of one
 * text: good[i] is 1 where out[i] is what those would find, and 0 where they have to be asked.
 * Every variant's answers are right, but which texts it leaves is its own affair.
 *
 * All but the plain variant read up to EMP_TEXT_SLACK bytes behind the text. Cost per field on a
 * core at 3 GHz, in ns: whole numbers 1.5, decimals 2.5, dates 2.5, with a clock 3 (avx2); two to
 * three times as much (portable).
 */
#ifndef EMP_TEXT_BATCH_H
#define EMP_TEXT_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "text/decimal.h"
#include "text/time_parse.h"

/* Field i is text[marks[i * stride] + 1 .. marks[i * stride + 1]); its length is below 2^31. */
struct emp_field_batch {
    const char *text;
    const uint32_t *marks;
    size_t stride;
    size_t count;
};

static inline size_t emp__batch_begin(const struct emp_field_batch *batch, size_t i)
{
    return (uint32_t)(batch->marks[i * batch->stride] + 1);
}

static inline size_t emp__batch_length(const struct emp_field_batch *batch, size_t i)
{
    return batch->marks[i * batch->stride + 1] - emp__batch_begin(batch, i);
}

/* 1 to 17 digits and nothing else: 32 * their value + how many they are. */
typedef void emp_batch_digits_fn(const struct emp_field_batch *batch, uint64_t *out, uint8_t *good);

/* As emp__decimal_parse(). */
typedef void emp_batch_decimals_fn(const struct emp_field_batch *batch,
                                   struct emp_decimal_format format, int decimals, int64_t *out,
                                   uint8_t *good);

/* As emp__time_parse_layout(). */
typedef void emp_batch_times_fn(const struct emp_field_batch *batch,
                                const struct emp_time_layout *layout, int64_t *out, uint8_t *good);

struct emp_batch_kernels {
    emp_batch_digits_fn *digits;
    emp_batch_decimals_fn *decimals;
    emp_batch_times_fn *times;
};

extern const struct emp_batch_kernels emp__batch_plain, emp__batch_portable;
#if defined(__x86_64__)
extern const struct emp_batch_kernels emp__batch_avx2;
#endif

#endif
