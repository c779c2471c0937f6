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
    LABEL_PIECE = 32,  /* labels are copied in pieces of this many bytes */
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

static char *put_i64(const struct emp_csv_column *c, const void *values, size_t i, char *at)
{
    int64_t value = ((const int64_t *)values)[i];
    (void)c;
    return value == EMP_MISSING ? at : at + emp__format_int64(value, at);
}

static char *put_i32(const struct emp_csv_column *c, const void *values, size_t i, char *at)
{
    int32_t value = ((const int32_t *)values)[i];
    (void)c;
    return value == INT32_MIN ? at : at + emp__format_int64(value, at);
}

/* A decimal or a date in either storage, or EMP_MISSING. */
static int64_t integer_at(const struct emp_csv_column *c, const void *values, size_t i)
{
    if (c->column->storage == EMP_STORE_I64)
        return ((const int64_t *)values)[i];
    int32_t value = ((const int32_t *)values)[i];
    return value == INT32_MIN ? EMP_MISSING : value;
}

static char *put_decimal(const struct emp_csv_column *c, const void *values, size_t i, char *at)
{
    int64_t value = integer_at(c, values, i);
    return value == EMP_MISSING ? at : at + emp__format_decimal(value, c->column->decimals, at);
}

static char *put_date(const struct emp_csv_column *c, const void *values, size_t i, char *at)
{
    int64_t day = integer_at(c, values, i);
    if (day == EMP_MISSING)
        return at;
    return day < EMP_DAY_MIN || day > EMP_DAY_MAX ? NULL : at + emp__format_date(day, at);
}

static char *put_f64(const struct emp_csv_column *c, const void *values, size_t i, char *at)
{
    double value = ((const double *)values)[i];
    (void)c;
    if (isnan(value))
        return at;
    return isinf(value) ? NULL : at + emp__format_double(value, at);
}

static char *put_label(const struct emp_csv_column *c, const void *values, size_t i, char *at)
{
    size_t label = ((const uint16_t *)values)[i], count = c->column->label_count;
    if (label >= count) {
        if (label != EMP_NO_LABEL)
            return NULL;
        label = count;
    }
    const char *bytes = c->label_bytes + c->labels[label].start;
    size_t length = c->labels[label].length;
    memcpy(at, bytes, LABEL_PIECE);
    for (size_t copied = LABEL_PIECE; copied < length; copied += LABEL_PIECE)
        memcpy(at + copied, bytes + copied, LABEL_PIECE);
    return at + length;
}

static char *put_text(const struct emp_csv_column *c, const void *values, size_t i, char *at)
{
    const char *text = ((char *const *)values)[i];
    (void)c;
    return text ? emp__csv_put_text(at, text, strlen(text)) : at;
}

static char *put_id(const struct emp_csv_column *c, const void *values, size_t i, char *at)
{
    uint64_t word = ((const uint64_t *)values)[i];
    if (!(word & EMP_ID_TEXT))
        return at + emp__id_print_digits(word, at);
    const char *entry = c->ids->text + (word & ~EMP_ID_TEXT);
    return emp__csv_put_text(at, entry + 1, (unsigned char)entry[0]);
}

/* The label of a merged column, or "" where there is none. */
static const char *label_text(const struct emp_column *column, size_t label)
{
    const char *text = label < column->label_count ? column->labels[label] : NULL;
    return text ? text : "";
}

/* Puts the label of all merged columns together. */
static char *put_merged(const struct emp_csv_column *c, size_t label, char *at)
{
    for (size_t m = 0; m < c->merged; m++) {
        const char *text = label_text(&c->column[m], label);
        if (m > 0)
            *at++ = ',';
        at = emp__csv_put_text(at, text, strlen(text));
    }
    return at;
}

static emp_status quote_labels(struct emp_csv_column *out, emp_error *error)
{
    size_t room = LABEL_PIECE, count = out->column->label_count + 1;
    for (size_t i = 0; i < count; i++)
        for (size_t m = 0; m < out->merged; m++)
            room += 2 * strlen(label_text(&out->column[m], i)) + 3;
    if (room > UINT32_MAX)
        return emp__fail_memory(error, room);
    emp_status status = emp__new_array(&out->labels, count, sizeof *out->labels, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->label_bytes, room, 1, error);
    if (status != EMP_OK)
        return status;

    char *at = out->label_bytes;
    for (size_t i = 0; i < count; i++) {
        char *end = put_merged(out, i, at);
        size_t length = (size_t)(end - at);
        out->labels[i] = (struct emp_csv_label){.start = (uint32_t)(at - out->label_bytes),
                                                .length = (uint32_t)length};
        out->width = length > out->width ? length : out->width;
        at = end;
    }
    return EMP_OK;
}

/* How many columns from `number` on are labels of the same values. */
static size_t count_merged(const struct emp_table *table, size_t number)
{
    const struct emp_column *first = &table->columns[number];
    size_t merged = 1;
    for (; number + merged < table->column_count; merged++) {
        const struct emp_column *next = first + merged;
        if (next->storage != EMP_STORE_LABEL || !next->data || next->data != first->data ||
            next->label_count != first->label_count)
            break;
    }
    return merged;
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
                                   size_t number, emp_error *error)
{
    const struct emp_column *from = &table->columns[number];
    *out =
        (struct emp_csv_column){.ids = table->ids, .column = from, .number = number, .merged = 1};
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
        out->merged = count_merged(table, number);
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
