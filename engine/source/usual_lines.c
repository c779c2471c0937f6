// SPDX-License-Identifier: Apache-2.0
#include "source/usual_lines.h"

#include <string.h>

/* The field of that number in a line; false if there are not so many. */
static bool find_field(struct emp_field line, char delimiter, uint32_t number,
                       struct emp_field *out)
{
    const char *end = line.text + line.length;
    for (const char *at = line.text;; number--) {
        const char *next = memchr(at, delimiter, (size_t)(end - at));
        if (number == 0) {
            *out = (struct emp_field){at, (size_t)((next ? next : end) - at)};
            return true;
        }
        if (!next)
            return false;
        at = next + 1;
    }
}

bool emp__usual_lines_layout(const struct emp_row_decoder *decoder,
                             const struct emp_file_columns *columns, struct emp_field line,
                             struct emp_line_layout *out)
{
    const struct emp_input_params *input = decoder->input;
    struct emp_field time;
    *out = (struct emp_line_layout){
        .delimiter = input->format.delimiter,
        .total = columns->total,
        .number = columns->slot[EMP_SLOT_CUSTOMER],
        .time = columns->slot[EMP_SLOT_TIME],
        .decimal = columns->slot[EMP_SLOT_AMOUNT],
        .format = decoder->decimal,
        .decimals = (int)input->amount_decimals,
    };
    if (decoder->wanted->slots[EMP_SLOT_QUANTITY] || emp__has_tokens(decoder) ||
        input->where.count > 0 || !find_field(line, out->delimiter, out->time, &time))
        return false;
    out->time_layout = emp__time_layout_of(&decoder->time_format, time.text, time.length);
    return out->time_layout != NULL;
}

bool emp__usual_lines_read(const struct emp_row_decoder *decoder, emp_lines_fn *kernel,
                           const struct emp_lines *lines, const struct emp_line_layout *layout,
                           struct emp_usual_rows *batch, struct emp_row_columns *columns,
                           emp_int128 *money)
{
    const struct emp_line_columns out = {batch->customer, batch->time, batch->amount};
    size_t count = lines->count;
    if (kernel(lines, layout, &out) < count)
        return false;
    int64_t high = 0, low = 0; /* of the money; no sum of a batch overflows them */
    int64_t latest = INT64_MIN, least = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        int64_t time = batch->time[i], amount = batch->amount[i];
        latest = time > latest ? time : latest;
        least = amount < least ? amount : least;
        high += amount >> 32;
        low += amount & UINT32_MAX;
    }
    *columns = (struct emp_row_columns){count, batch->customer, batch->time, batch->amount};
    *money = (emp_int128)high * ((int64_t)1 << 32) + low;
    return latest < decoder->end && least >= emp__least_amount(decoder);
}
