// SPDX-License-Identifier: Apache-2.0
/* Lines byte by byte: the reference. */
#include <stdbool.h>
#include <string.h>

#include "text/batch.h"
#include "text/lines.h"

/* The field of that number, its end in *length; NULL if there are not `total` fields. */
static const char *find_field(const char *line, size_t length, const struct emp_line_layout *layout,
                              uint32_t number, size_t *field_length)
{
    const char *found = NULL, *field = line, *end = line + length;
    uint32_t fields = 0;
    for (const char *at = line; at <= end; at++) {
        if (at < end && *at != layout->delimiter)
            continue;
        if (fields++ == number) {
            found = field;
            *field_length = (size_t)(at - field);
        }
        field = at + 1;
    }
    return fields == layout->total ? found : NULL;
}

static bool read_line(const char *line, size_t length, const struct emp_line_layout *layout,
                      const struct emp_line_columns *out, size_t i)
{
    size_t number_length, time_length, decimal_length;
    uint8_t good = 0;
    const char *number = find_field(line, length, layout, layout->number, &number_length);
    const char *time = find_field(line, length, layout, layout->time, &time_length);
    const char *decimal = find_field(line, length, layout, layout->decimal, &decimal_length);
    if (!number || !time || !decimal)
        return false;
    const uint32_t marks[2] = {UINT32_MAX, (uint32_t)number_length};
    const struct emp_field_batch batch = {number, marks, 1, 1};
    emp__batch_plain.digits(&batch, &out->number[i], &good);
    return good && emp__time_parse_layout(layout->time_layout, time, time_length, &out->time[i]) &&
           emp__decimal_parse_plain(decimal, decimal_length, layout->format, layout->decimals,
                                    &out->decimal[i]) == EMP_DECIMAL_OK;
}

size_t emp__lines_plain(const struct emp_lines *lines, const struct emp_line_layout *layout,
                        const struct emp_line_columns *out)
{
    for (size_t i = 0; i < lines->count; i++) {
        size_t begin = (uint32_t)(lines->ends[(ptrdiff_t)i - 1] + 1);
        if (!read_line(lines->text + begin, lines->ends[i] - begin, layout, out, i))
            return i;
    }
    return lines->count;
}
