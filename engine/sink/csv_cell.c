// SPDX-License-Identifier: Apache-2.0
/* Cells of CSV: one function for each storage and type. Labels are quoted beforehand. */
#include "sink/csv_cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/number_format.h"

enum {
    NUMBER_WIDTH = 32, /* what the longest number needs while it is formatted */
    LABEL_PIECE = 16,  /* labels are copied in pieces of this many bytes */
};

_Static_assert((int)LABEL_PIECE <= (int)EMP_CSV_SLACK, "a label may be copied beyond its end");

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool needs_quotes(const char *text, size_t length)
{
    if (length == 0)
        return false;
    if (is_blank(text[0]) || is_blank(text[length - 1]))
        return true;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
            return true;
    }
    return false;
}

char *emp__csv_put_text(char *at, const char *text, size_t length)
{
    if (!needs_quotes(text, length)) {
        memcpy(at, text, length);
        return at + length;
    }
    *at++ = '"';
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            *at++ = '"';
        *at++ = text[i];
    }
    *at++ = '"';
    return at;
}

static char *put_i64(const struct emp_csv_column *c, size_t row, char *at)
{
    int64_t value = ((const int64_t *)c->data)[row];
    return value == EMP_MISSING ? at : at + emp__format_int64(value, at);
}

static char *put_i32(const struct emp_csv_column *c, size_t row, char *at)
{
    int32_t value = ((const int32_t *)c->data)[row];
    return value == INT32_MIN ? at : at + emp__format_int64(value, at);
}

static char *put_decimal(const struct emp_csv_column *c, size_t row, char *at)
{
    int64_t value = emp__column_integer(c->column, row);
    return value == EMP_MISSING ? at : at + emp__format_decimal(value, c->column->decimals, at);
}

static char *put_date(const struct emp_csv_column *c, size_t row, char *at)
{
    int64_t day = emp__column_integer(c->column, row);
    if (day == EMP_MISSING)
        return at;
    return day < EMP_DAY_MIN || day > EMP_DAY_MAX ? NULL : at + emp__format_date(day, at);
}

static char *put_f64(const struct emp_csv_column *c, size_t row, char *at)
{
    double value = ((const double *)c->data)[row];
    if (isnan(value))
        return at;
    return isinf(value) ? NULL : at + emp__format_double(value, at);
}

static char *put_label(const struct emp_csv_column *c, size_t row, char *at)
{
    uint16_t label = ((const uint16_t *)c->data)[row];
    if (label >= c->column->label_count)
        return label == EMP_NO_LABEL ? at : NULL;
    const char *bytes = c->label_bytes + c->labels[label].start;
    size_t length = c->labels[label].length;
    for (size_t copied = 0; copied < length; copied += LABEL_PIECE)
        memcpy(at + copied, bytes + copied, LABEL_PIECE);
    return at + length;
}

static char *put_text(const struct emp_csv_column *c, size_t row, char *at)
{
    const char *text = ((char *const *)c->data)[row];
    return text ? emp__csv_put_text(at, text, strlen(text)) : at;
}

static char *put_id(const struct emp_csv_column *c, size_t row, char *at)
{
    uint64_t word = c->ids->word[row];
    if (!(word & EMP_ID_TEXT))
        return at + emp__id_print_digits(word, at);
    const char *entry = c->ids->text + (word & ~EMP_ID_TEXT);
    return emp__csv_put_text(at, entry + 1, (unsigned char)entry[0]);
}

static emp_status quote_labels(struct emp_csv_column *out, emp_error *error)
{
    const struct emp_column *column = out->column;
    size_t room = LABEL_PIECE;
    for (size_t i = 0; i < column->label_count; i++)
        room += 2 * strlen(column->labels[i]) + 2;
    if (room > UINT32_MAX)
        return emp__fail_memory(error, room);
    emp_status status =
        emp__new_array(&out->labels, column->label_count, sizeof *out->labels, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->label_bytes, room, 1, error);
    if (status != EMP_OK)
        return status;

    char *at = out->label_bytes;
    for (size_t i = 0; i < column->label_count; i++) {
        char *end = emp__csv_put_text(at, column->labels[i], strlen(column->labels[i]));
        size_t length = (size_t)(end - at);
        out->labels[i] = (struct emp_csv_label){.start = (uint32_t)(at - out->label_bytes),
                                                .length = (uint32_t)length};
        out->width = length > out->width ? length : out->width;
        at = end;
    }
    return EMP_OK;
}

static size_t widest_text(char *const *texts, size_t count)
{
    size_t widest = 0;
    for (size_t i = 0; i < count; i++) {
        size_t width = texts[i] ? 2 * strlen(texts[i]) + 2 : 0;
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void prepare_integers(struct emp_csv_column *out)
{
    out->width = NUMBER_WIDTH;
    if (out->column->type == EMP_COLUMN_DECIMAL)
        out->put = put_decimal;
    else if (out->column->type == EMP_COLUMN_DATE)
        out->put = put_date;
    else
        out->put = out->column->storage == EMP_STORE_I64 ? put_i64 : put_i32;
}

emp_status emp__csv_column_prepare(struct emp_csv_column *out, const struct emp_table *table,
                                   size_t column, emp_error *error)
{
    const struct emp_column *from = &table->columns[column];
    *out = (struct emp_csv_column){.data = from->data, .ids = table->ids, .column = from};
    switch (from->storage) {
    case EMP_STORE_I64:
    case EMP_STORE_I32:
        prepare_integers(out);
        return EMP_OK;
    case EMP_STORE_F64:
        out->put = put_f64;
        out->width = NUMBER_WIDTH;
        return EMP_OK;
    case EMP_STORE_LABEL:
        out->put = put_label;
        return quote_labels(out, error);
    case EMP_STORE_TEXT:
        out->put = put_text;
        out->width = widest_text(from->data, table->rows);
        return EMP_OK;
    case EMP_STORE_ID:
        out->put = put_id;
        out->width = 2 * EMP_ID_MAX + 2;
        return EMP_OK;
    }
    return EMP_OK;
}

void emp__csv_column_free(struct emp_csv_column *column)
{
    free(column->labels);
    free(column->label_bytes);
}
