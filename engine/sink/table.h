// SPDX-License-Identifier: Apache-2.0
/* The inside of a table, for the analyses that fill one and the writers that print one. */
#ifndef EMP_SINK_TABLE_H
#define EMP_SINK_TABLE_H

#include <emptor/status.h>
#include <emptor/table.h>

#include "base/store.h"
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

/*
 * Computes the values of a column at `count` rows of the data, in the column's storage. A column
 * that follows from something else need not be kept.
 */
typedef void emp_column_compute(const void *source, const uint32_t *rows, size_t count, void *out);

struct emp_column {
    const char *name; /* static text */
    emp_column_type type;
    enum emp_storage storage;
    int decimals;                /* EMP_COLUMN_DECIMAL: digits behind the point, 0..9 */
    bool shared;                 /* the data are somebody else's; if not, they are the table's */
    void *data;                  /* `rows` values of the storage; NULL if they are computed */
    emp_column_compute *compute; /* not EMP_STORE_TEXT or EMP_STORE_ID; NULL if there are data */
    const void *source;          /* what `compute` works on; lives as long as the table */
    const char **labels;         /* EMP_STORE_LABEL: the texts, or NULL for "missing"; owned */
    char *label_texts;           /* where they stand; owned */
    double *label_values;        /* EMP_STORE_LABEL that is not TEXT: the texts as numbers; owned */
    size_t label_count;
};

/* A value of any storage. */
union emp_value {
    int64_t i64;
    int32_t i32;
    double f64;
    uint16_t label;
    const char *text;
    uint64_t id;
};

struct emp_table {
    const char *name; /* static text; the file is NAME.csv */
    size_t rows;
    struct emp_column *columns;
    size_t column_count;
    size_t column_capacity;
    const struct emp_ids *ids; /* for EMP_STORE_ID; borrowed */
    const uint32_t *order; /* row i of the output is row order[i] of the data; NULL: i. Borrowed */
    struct emp_store *store; /* where it lies that the columns work on; NULL: anywhere. Borrowed */
    void **kept;             /* what is freed with the table */
    size_t kept_count;
    size_t kept_capacity;
};

/* An empty table of `rows` rows, less than 2^32. emp__table_free() takes NULL. */
emp_status emp__table_new(const char *name, size_t rows, struct emp_table **out, emp_error *error);
void emp__table_free(struct emp_table *table);

/*
 * Adds a column and gives its zeroed values in *data (an array of `rows` values of the storage;
 * NULL allowed for EMP_STORE_ID). `name` is static text. The pointer stays good while the table
 * lives. `template` has the name, type, storage and decimals, and for a column that is computed
 * (it has no data: *data is untouched) `compute` and `source`; the rest of it is ignored. A type
 * that may not lie in that storage, decimals out of range or a name used twice is EMP_ERR_INTERNAL.
 */
emp_status emp__table_add(struct emp_table *table, struct emp_column template, void *data,
                          emp_error *error);

/* Adds a column of labels whose values are somebody else's, who keeps them while the table lives.
 * Several columns may have the same. */
emp_status emp__table_share(struct emp_table *table, struct emp_column template, uint16_t *values,
                            emp_error *error);

/* The table takes `memory` over: it is freed with it, for columns that work on it. */
emp_status emp__table_keep(struct emp_table *table, void *memory, emp_error *error);

/*
 * Gives the last column added (storage EMP_STORE_LABEL) copies of `count` texts (less than
 * EMP_NO_LABEL) as its labels, in place of those it had; NULL among them stands for a missing
 * value. The labels of a column of numbers must read as finite numbers. The column is untouched on
 * failure.
 */
emp_status emp__table_labels(struct emp_table *table, const char *const *labels, size_t count,
                             emp_error *error);

/*
 * Stores a copy of `text` in a cell of an EMP_STORE_TEXT column, in place of what was there; NULL
 * makes it missing. `row` is a row of the data, before `order`.
 */
emp_status emp__table_set_text(struct emp_table *table, size_t row, size_t column, const char *text,
                               emp_error *error);

/* The bytes of a value in a storage. */
size_t emp__storage_size(enum emp_storage storage);

/* The values of a column at `count` rows of the data, behind each other in its storage. */
void emp__table_values(const struct emp_table *table, size_t column, const uint32_t *rows,
                       size_t count, void *out);

/*
 * The bytes of a cell of the data (`row` before `order`) and their number in *length; no zero byte
 * follows them. They stand in `scratch` (32 bytes) or in the table. What is missing or must not be
 * printed (infinity, a date or a label out of range) has length 0.
 */
const char *emp__table_cell(const struct emp_table *table, size_t row, size_t column, char *scratch,
                            size_t *length);

#endif
