// SPDX-License-Identifier: Apache-2.0
/* Batches without vector instructions: the byte-by-byte reference, and words of eight bytes. */
#include "text/batch.h"
#include "text/word.h"

enum { DIGITS_MAX = 17 };

static void digits_plain(const struct emp_field_batch *batch, uint64_t *out, uint8_t *good)
{
    for (size_t i = 0; i < batch->count; i++) {
        const char *text = batch->text + emp__batch_begin(batch, i);
        size_t length = emp__batch_length(batch, i);
        uint64_t value = 0;
        good[i] = length - 1 < DIGITS_MAX;
        for (size_t k = 0; k < length && good[i]; k++) {
            unsigned digit = (unsigned char)text[k] - (unsigned)'0';
            good[i] = digit <= 9;
            value = value * 10 + digit;
        }
        out[i] = value << 5 | length;
    }
}

static void decimals_plain(const struct emp_field_batch *batch, struct emp_decimal_format format,
                           int decimals, int64_t *out, uint8_t *good)
{
    for (size_t i = 0; i < batch->count; i++)
        good[i] = emp__decimal_parse_plain(batch->text + emp__batch_begin(batch, i),
                                           emp__batch_length(batch, i), format, decimals,
                                           &out[i]) == EMP_DECIMAL_OK;
}

static void times_plain(const struct emp_field_batch *batch, const struct emp_time_layout *layout,
                        int64_t *out, uint8_t *good)
{
    for (size_t i = 0; i < batch->count; i++)
        good[i] = emp__time_parse_layout(layout, batch->text + emp__batch_begin(batch, i),
                                         emp__batch_length(batch, i), &out[i]);
}

/* At most eight digits, written in one word. */
static void digits_portable(const struct emp_field_batch *batch, uint64_t *out, uint8_t *good)
{
    for (size_t i = 0; i < batch->count; i++) {
        size_t length = emp__batch_length(batch, i);
        uint64_t word = emp__word_load(batch->text + emp__batch_begin(batch, i));
        good[i] = (length - 1 < 8) & !(emp__word_not_digits(word) & emp__word_first(length));
        out[i] = emp__word_number(word << ((64 - 8 * length) & 63)) << 5 | length;
    }
}

static void decimals_portable(const struct emp_field_batch *batch, struct emp_decimal_format format,
                              int decimals, int64_t *out, uint8_t *good)
{
    for (size_t i = 0; i < batch->count; i++)
        good[i] = emp__decimal_parse(batch->text + emp__batch_begin(batch, i),
                                     emp__batch_length(batch, i), format, decimals,
                                     &out[i]) == EMP_DECIMAL_OK;
}

const struct emp_batch_kernels emp__batch_plain = {digits_plain, decimals_plain, times_plain};
const struct emp_batch_kernels emp__batch_portable = {digits_portable, decimals_portable,
                                                      times_plain};
