// SPDX-License-Identifier: Apache-2.0
/* A table whose rows are the items of an array of structs: its columns are their fields. */
#ifndef EMP_SINK_TABLE_FIELDS_H
#define EMP_SINK_TABLE_FIELDS_H

#include "sink/table.h"

enum emp_table_field_kind {
    EMP_FIELD_REAL,  /* double; NaN: missing */
    EMP_FIELD_COUNT, /* uint64_t */
    EMP_FIELD_TEXT,  /* const char *, which is copied; NULL: missing */
    EMP_FIELD_FLAG,  /* bool: false or true */
    EMP_FIELD_DATE,  /* int32_t, days since 1970-01-01; INT32_MIN: missing */
};

struct emp_table_field {
    const char *name; /* static text */
    enum emp_table_field_kind kind;
    size_t offset;
};

/* An array of as many items as the table has rows. */
struct emp_table_items {
    const void *first;
    size_t size; /* of an item */
};

/* Adds a column for each of the fields, which end with one without a name. */
emp_status emp__table_add_fields(struct emp_table *table, const struct emp_table_field *fields,
                                 struct emp_table_items items, emp_error *error);

#endif
