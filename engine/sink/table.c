// SPDX-License-Identifier: Apache-2.0
/* Tables of results: filling them, and reading them cell by cell. */
#include "sink/table.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/number_format.h"

enum { DECIMALS_MAX = 9 };

static const size_t storage_size[] = {
    [EMP_STORE_I64] = sizeof(int64_t), [EMP_STORE_I32] = sizeof(int32_t),
    [EMP_STORE_F64] = sizeof(double),  [EMP_STORE_LABEL] = sizeof(uint16_t),
    [EMP_STORE_TEXT] = sizeof(char *), [EMP_STORE_ID] = sizeof(uint64_t),
};

/* The storages that each type may lie in, a bit for each. */
static const unsigned type_storages[] = {
    [EMP_COLUMN_INTEGER] = 1U << EMP_STORE_I64 | 1U << EMP_STORE_I32 | 1U << EMP_STORE_LABEL,
    [EMP_COLUMN_DECIMAL] = 1U << EMP_STORE_I64 | 1U << EMP_STORE_I32,
    [EMP_COLUMN_REAL] = 1U << EMP_STORE_F64 | 1U << EMP_STORE_LABEL,
    [EMP_COLUMN_DATE] = 1U << EMP_STORE_I64 | 1U << EMP_STORE_I32,
    [EMP_COLUMN_TEXT] = 1U << EMP_STORE_LABEL | 1U << EMP_STORE_TEXT | 1U << EMP_STORE_ID,
};

emp_status emp__table_new(const char *name, size_t rows, struct emp_table **out, emp_error *error)
{
    struct emp_table *table = NULL;
    emp_status status = emp__new_array(&table, 1, sizeof *table, error);
    if (status != EMP_OK)
        return status;
    table->name = name;
    table->rows = rows;
    *out = table;
    return EMP_OK;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; texts && i < count; i++)
        free(texts[i]);
    free(texts);
}

static void free_labels(struct emp_column *column)
{
    free(column->labels);
    free(column->label_texts);
    free(column->label_values);
}

void emp__table_free(struct emp_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->column_count; i++) {
        struct emp_column *column = &table->columns[i];
        free_labels(column);
        if (column->storage == EMP_STORE_TEXT)
            free_texts(column->data, table->rows);
        else if (!column->shared)
            free(column->data);
    }
    for (size_t i = 0; i < table->kept_count; i++)
        free(table->kept[i]);
    free(table->kept);
    free(table->columns);
    free(table);
}

static emp_status check_template(const struct emp_table *table, const struct emp_column *column,
                                 emp_error *error)
{
    const char *reason = NULL;
    if (!(type_storages[column->type] >> column->storage & 1U))
        reason = "its type may not lie in its storage";
    else if (column->decimals < 0 || column->decimals > DECIMALS_MAX)
        reason = "its decimals are not in 0..9";
    else if (emp_table_find(table, column->name) >= 0)
        reason = "there is another of that name";
    if (!reason)
        return EMP_OK;
    return emp__fail(error, EMP_ERR_INTERNAL, "table %s, column %s: %s", table->name, column->name,
                     reason);
}

/* Adds a column that has neither data nor labels yet. */
static emp_status add_column(struct emp_table *table, const struct emp_column *template,
                             struct emp_column **out, emp_error *error)
{
    emp_status status = check_template(table, template, error);
    if (status == EMP_OK)
        status = emp__grow_array(&table->columns, &table->column_capacity, table->column_count + 1,
                                 sizeof *table->columns, error);
    if (status != EMP_OK)
        return status;
    *out = &table->columns[table->column_count++];
    **out = (struct emp_column){
        .name = template->name,
        .type = template->type,
        .storage = template->storage,
        .decimals = template->decimals,
        .compute = template->compute,
        .source = template->source,
    };
    return EMP_OK;
}

emp_status emp__table_add(struct emp_table *table, struct emp_column template, void *data,
                          emp_error *error)
{
    struct emp_column *column = NULL;
    void *values = NULL;
    bool has_data = template.storage != EMP_STORE_ID && !template.compute;
    emp_status status = EMP_OK;
    if (has_data)
        status = emp__new_array(&values, table->rows, storage_size[template.storage], error);
    if (status == EMP_OK)
        status = add_column(table, &template, &column, error);
    if (status != EMP_OK) {
        free(values);
        return status;
    }
    column->data = values;
    if (data && has_data)
        memcpy(data, &values, sizeof values);
    return EMP_OK;
}

emp_status emp__table_share(struct emp_table *table, struct emp_column template, uint16_t *values,
                            emp_error *error)
{
    struct emp_column *column = NULL;
    emp_status status = add_column(table, &template, &column, error);
    if (status != EMP_OK)
        return status;
    column->data = values;
    column->shared = true;
    return EMP_OK;
}

emp_status emp__table_keep(struct emp_table *table, void *memory, emp_error *error)
{
    emp_status status = emp__grow_array(&table->kept, &table->kept_capacity, table->kept_count + 1,
                                        sizeof *table->kept, error);
    if (status == EMP_OK)
        table->kept[table->kept_count++] = memory;
    return status;
}

/* Copies all texts behind each other. */
static emp_status copy_labels(struct emp_column *column, const char *const *labels,
                              emp_error *error)
{
    size_t room = 0;
    for (size_t i = 0; i < column->label_count; i++)
        room += labels[i] ? strlen(labels[i]) + 1 : 0;
    emp_status status =
        emp__new_array(&column->labels, column->label_count, sizeof *column->labels, error);
    if (status == EMP_OK)
        status = emp__new_array(&column->label_texts, room, 1, error);
    if (status != EMP_OK)
        return status;
    char *at = column->label_texts;
    for (size_t i = 0; i < column->label_count; i++) {
        if (!labels[i])
            continue;
        size_t length = strlen(labels[i]) + 1;
        memcpy(at, labels[i], length);
        column->labels[i] = at;
        at += length;
    }
    return EMP_OK;
}

/* The labels of a column of numbers as numbers, read in the C locale whatever the caller's is. */
static emp_status read_labels(struct emp_column *column, const char *table, emp_error *error)
{
    if (column->type == EMP_COLUMN_TEXT)
        return EMP_OK;
    emp_status status = emp__new_array(&column->label_values, column->label_count,
                                       sizeof *column->label_values, error);
    if (status != EMP_OK)
        return status;
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale)
        return emp__fail_memory(error, sizeof c_locale);

    for (size_t i = 0; i < column->label_count && status == EMP_OK; i++) {
        const char *label = column->labels[i];
        char *end = NULL;
        if (!label)
            continue;
        column->label_values[i] = strtod_l(label, &end, c_locale);
        if (end == label || *end != '\0' || !isfinite(column->label_values[i]))
            status = emp__fail(error, EMP_ERR_INTERNAL,
                               "table %s, column %s: the label \"%s\" is not a number", table,
                               column->name, label);
    }
    freelocale(c_locale);
    return status;
}

emp_status emp__table_labels(struct emp_table *table, const char *const *labels, size_t count,
                             emp_error *error)
{
    struct emp_column *last = table->column_count ? &table->columns[table->column_count - 1] : NULL;
    if (!last || last->storage != EMP_STORE_LABEL || count >= EMP_NO_LABEL)
        return emp__fail(error, EMP_ERR_INTERNAL,
                         "table %s: %zu labels for a column that cannot take them", table->name,
                         count);

    struct emp_column labelled = *last;
    labelled.labels = NULL;
    labelled.label_texts = NULL;
    labelled.label_values = NULL;
    labelled.label_count = count;
    emp_status status = copy_labels(&labelled, labels, error);
    if (status == EMP_OK)
        status = read_labels(&labelled, table->name, error);
    if (status != EMP_OK) {
        free_labels(&labelled);
        return status;
    }
    free_labels(last);
    *last = labelled;
    return EMP_OK;
}

emp_status emp__table_set_text(struct emp_table *table, size_t row, size_t column, const char *text,
                               emp_error *error)
{
    char **cells = table->columns[column].data;
    char *copy = NULL;
    emp_status status = text ? emp__copy_text(&copy, text, strlen(text), error) : EMP_OK;
    if (status != EMP_OK)
        return status;
    free(cells[row]);
    cells[row] = copy;
    return EMP_OK;
}

size_t emp__storage_size(enum emp_storage storage)
{
    return storage_size[storage];
}

/* Values of 8, 4 or 2 bytes: one loop each, since a copy of any size would be a call a value. */
static void gather(const void *data, size_t size, const uint32_t *rows, size_t count, void *out)
{
    if (size == sizeof(uint64_t))
        for (size_t i = 0; i < count; i++)
            ((uint64_t *)out)[i] = ((const uint64_t *)data)[rows[i]];
    else if (size == sizeof(uint32_t))
        for (size_t i = 0; i < count; i++)
            ((uint32_t *)out)[i] = ((const uint32_t *)data)[rows[i]];
    else
        for (size_t i = 0; i < count; i++)
            ((uint16_t *)out)[i] = ((const uint16_t *)data)[rows[i]];
}

void emp__table_values(const struct emp_table *table, size_t column, const uint32_t *rows,
                       size_t count, void *out)
{
    const struct emp_column *c = &table->columns[column];
    const void *data = c->storage == EMP_STORE_ID ? table->ids->word : c->data;
    if (c->compute)
        c->compute(c->source, rows, count, out);
    else
        gather(data, storage_size[c->storage], rows, count, out);
}

/* The value at one row. */
static union emp_value value_at(const struct emp_table *table, size_t row, size_t column)
{
    union emp_value value = {0};
    uint32_t rows[1] = {(uint32_t)row};
    emp__table_values(table, column, rows, 1, &value);
    return value;
}

/* The integer, decimal or date in a value of storage I64 or I32, or EMP_MISSING. */
static int64_t integer_of(const struct emp_column *column, union emp_value value)
{
    if (column->storage == EMP_STORE_I64)
        return value.i64;
    return value.i32 == INT32_MIN ? EMP_MISSING : value.i32;
}

static size_t format_integer(const struct emp_column *column, int64_t value, char *out)
{
    if (value == EMP_MISSING)
        return 0;
    if (column->type == EMP_COLUMN_DECIMAL)
        return emp__format_decimal(value, column->decimals, out);
    if (column->type == EMP_COLUMN_INTEGER)
        return emp__format_int64(value, out);
    return value < EMP_DAY_MIN || value > EMP_DAY_MAX ? 0 : emp__format_date(value, out);
}

static const char *label_of(const struct emp_column *column, union emp_value value)
{
    return value.label < column->label_count ? column->labels[value.label] : NULL;
}

/* `text` and its length; NULL is the empty text. */
static const char *whole_text(const char *text, size_t *length)
{
    *length = text ? strlen(text) : 0;
    return text ? text : "";
}

const char *emp__table_cell(const struct emp_table *table, size_t row, size_t column, char *scratch,
                            size_t *length)
{
    const struct emp_column *c = &table->columns[column];
    union emp_value value = value_at(table, row, column);
    switch (c->storage) {
    case EMP_STORE_I64:
    case EMP_STORE_I32:
        *length = format_integer(c, integer_of(c, value), scratch);
        return scratch;
    case EMP_STORE_F64:
        *length = isfinite(value.f64) ? emp__format_double(value.f64, scratch) : 0;
        return scratch;
    case EMP_STORE_LABEL:
        return whole_text(label_of(c, value), length);
    case EMP_STORE_TEXT:
        return whole_text(value.text, length);
    case EMP_STORE_ID:
        return emp__id_bytes(table->ids, row, scratch, length);
    }
    return whole_text(NULL, length);
}

const char *emp_table_name(const emp_table *table)
{
    return table->name;
}

size_t emp_table_rows(const emp_table *table)
{
    return table->rows;
}

size_t emp_table_columns(const emp_table *table)
{
    return table->column_count;
}

const char *emp_table_column_name(const emp_table *table, size_t column)
{
    return table->columns[column].name;
}

emp_column_type emp_table_column_type(const emp_table *table, size_t column)
{
    return table->columns[column].type;
}

int64_t emp_table_find(const emp_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i].name, name) == 0)
            return (int64_t)i;
    }
    return -1;
}

static size_t data_row(const emp_table *table, size_t row)
{
    return table->order ? table->order[row] : row;
}

size_t emp_table_text(const emp_table *table, size_t row, size_t column, char *text, size_t size)
{
    char scratch[32];
    size_t length = 0;
    const char *bytes = emp__table_cell(table, data_row(table, row), column, scratch, &length);
    if (size > 0) {
        size_t kept = length < size ? length : size - 1;
        memcpy(text, bytes, kept);
        text[kept] = '\0';
    }
    return length;
}

static bool integer_number(const struct emp_column *column, int64_t value, double *out)
{
    static const double scale[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    if (value == EMP_MISSING)
        return false;
    *out = (double)value / scale[column->type == EMP_COLUMN_DECIMAL ? column->decimals : 0];
    return true;
}

bool emp_table_number(const emp_table *table, size_t row, size_t column, double *out)
{
    const struct emp_column *c = &table->columns[column];
    if (c->type == EMP_COLUMN_TEXT)
        return false;
    union emp_value value = value_at(table, data_row(table, row), column);
    if (c->storage == EMP_STORE_I64 || c->storage == EMP_STORE_I32)
        return integer_number(c, integer_of(c, value), out);

    double number = NAN;
    if (c->storage == EMP_STORE_F64)
        number = value.f64;
    else if (label_of(c, value))
        number = c->label_values[value.label];
    if (!isfinite(number))
        return false;
    *out = number;
    return true;
}
