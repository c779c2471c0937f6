// SPDX-License-Identifier: Apache-2.0
/* The inside of a table, for the analyses that fill one and the writers that print one. */
#ifndef EMP_SINK_TABLE_H
#define EMP_SINK_TABLE_H

#include <emptor/status.h>
#include <emptor/table.h>

#include "source/ids.h"

/* How a column's values lie in memory, and the types of column that may lie so. */
enum emp_storage {
    EMP_STORE_I64,   /* int64_t; EMP_MISSING is a missing value. INTEGER, DECIMAL, DATE */
    EMP_STORE_I32,   /* int32_t; INT32_MIN is a missing value. INTEGER, DECIMAL, DATE */
    EMP_STORE_F64,   /* double; NaN is a missing value, infinity a bug (never printed). REAL */
    EMP_STORE_LABEL, /* uint16_t into `labels`; EMP_NO_LABEL is missing. TEXT, INTEGER, REAL */
    EMP_STORE_TEXT,  /* char *, each owned by the table; NULL is a missing value. TEXT */
    EMP_STORE_ID,    /* nothing: row r is id r of `ids`. TEXT */
};

#define EMP_MISSING  INT64_MIN
#define EMP_NO_LABEL UINT16_MAX

/* The days that are printed: 0001-01-01 to 9999-12-31. Others are bugs, caught when written. */
#define EMP_DAY_MIN INT64_C(-719162)
#define EMP_DAY_MAX INT64_C(2932896)

struct emp_column {
    const char *name; /* static text */
    emp_column_type type;
    enum emp_storage storage;
    int decimals;         /* EMP_COLUMN_DECIMAL: digits behind the point, 0..9 */
    void *data;           /* `rows` values of the storage, owned by the table */
    char **labels;        /* EMP_STORE_LABEL: the texts, owned by the table */
    double *label_values; /* EMP_STORE_LABEL that is not TEXT: the texts as numbers; owned */
    size_t label_count;
};

struct emp_table {
    const char *name; /* static text; the file is NAME.csv */
    size_t rows;
    struct emp_column *columns;
    size_t column_count;
    size_t column_capacity;
    const struct emp_ids *ids; /* for EMP_STORE_ID; borrowed */
    const uint32_t *order; /* row i of the output is row order[i] of the data; NULL: i. Borrowed */
};

/* An empty table of `rows` rows. emp__table_free() takes NULL. */
emp_status emp__table_new(const char *name, size_t rows, struct emp_table **out, emp_error *error);
void emp__table_free(struct emp_table *table);

/*
 * Adds a column and gives its zeroed values in *data (an array of `rows` values of the storage;
 * NULL allowed for EMP_STORE_ID). `name` is static text. The pointer stays good while the table
 * lives. `template` has the name, type, storage and decimals; its data and labels are ignored. A
 * type that may not lie in that storage, decimals out of range or a name used twice is
 * EMP_ERR_INTERNAL.
 */
emp_status emp__table_add(struct emp_table *table, struct emp_column template, void *data,
                          emp_error *error);

/*
 * Gives the last column added (storage EMP_STORE_LABEL) copies of `count` texts (less than
 * EMP_NO_LABEL) as its labels, in place of those it had. The labels of a column of numbers must
 * read as finite numbers. The column is untouched on failure.
 */
emp_status emp__table_labels(struct emp_table *table, const char *const *labels, size_t count,
                             emp_error *error);

/*
 * Stores a copy of `text` in a cell of an EMP_STORE_TEXT column, in place of what was there; NULL
 * makes it missing. `row` is a row of the data, before `order`.
 */
emp_status emp__table_set_text(struct emp_table *table, size_t row, size_t column, const char *text,
                               emp_error *error);

/* The integer, decimal or date at a row of the data (storage I64 or I32), or EMP_MISSING. */
int64_t emp__column_integer(const struct emp_column *column, size_t row);

/*
 * The bytes of a cell of the data (`row` before `order`) and their number in *length; no zero byte
 * follows them. They stand in `scratch` (32 bytes) or in the table. What is missing or must not be
 * printed (infinity, a date or a label out of range) has length 0.
 */
const char *emp__table_cell(const struct emp_table *table, size_t row, size_t column, char *scratch,
                            size_t *length);

#endif
