// SPDX-License-Identifier: Apache-2.0
#include "sink/table_fields.h"

#include <string.h>

#include "sink/table_columns.h"

static const void *field_at(struct emp_table_items items, size_t row, size_t offset)
{
    return (const char *)items.first + row * items.size + offset;
}

static emp_status add_reals(struct emp_table *table, const struct emp_table_field *field,
                            struct emp_table_items items, emp_error *error)
{
    double *column = NULL;
    emp_status status = emp__table_add_reals(table, field->name, &column, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        memcpy(&column[i], field_at(items, i, field->offset), sizeof column[i]);
    return status;
}

static emp_status add_counts(struct emp_table *table, const struct emp_table_field *field,
                             struct emp_table_items items, emp_error *error)
{
    int64_t *column = NULL;
    emp_status status = emp__table_add_integers(table, field->name, &column, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        memcpy(&column[i], field_at(items, i, field->offset), sizeof column[i]);
    return status;
}

static emp_status add_texts(struct emp_table *table, const struct emp_table_field *field,
                            struct emp_table_items items, emp_error *error)
{
    size_t number = table->column_count;
    emp_status status = emp__table_add_texts(table, field->name, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++) {
        const char *text;
        memcpy(&text, field_at(items, i, field->offset), sizeof text);
        status = emp__table_set_text(table, i, number, text, error);
    }
    return status;
}

static emp_status add_flags(struct emp_table *table, const struct emp_table_field *field,
                            struct emp_table_items items, emp_error *error)
{
    static const char *const words[] = {"false", "true"};
    uint16_t *column = NULL;
    emp_status status = emp__table_add_labels(table, field->name, &column, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, words, 2, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        column[i] = *(const bool *)field_at(items, i, field->offset);
    return status;
}

static emp_status add_dates(struct emp_table *table, const struct emp_table_field *field,
                            struct emp_table_items items, emp_error *error)
{
    struct emp_column template = {
        .name = field->name, .type = EMP_COLUMN_DATE, .storage = EMP_STORE_I32};
    int32_t *column = NULL;
    emp_status status = emp__table_add(table, template, &column, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        memcpy(&column[i], field_at(items, i, field->offset), sizeof column[i]);
    return status;
}

emp_status emp__table_add_fields(struct emp_table *table, const struct emp_table_field *fields,
                                 struct emp_table_items items, emp_error *error)
{
    static emp_status (*const add[])(struct emp_table * table, const struct emp_table_field *field,
                                     struct emp_table_items items, emp_error *error) = {
        [EMP_FIELD_REAL] = add_reals, [EMP_FIELD_COUNT] = add_counts, [EMP_FIELD_TEXT] = add_texts,
        [EMP_FIELD_FLAG] = add_flags, [EMP_FIELD_DATE] = add_dates,
    };
    emp_status status = EMP_OK;
    for (; fields->name && status == EMP_OK; fields++)
        status = add[fields->kind](table, fields, items, error);
    return status;
}
