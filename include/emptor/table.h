// SPDX-License-Identifier: Apache-2.0
/*
 * Tables of results: what an analysis found, column by column, read cell by cell or as a whole.
 *
 * A table belongs to the result it came from and lives as long as it does. Rows count from 0 and
 * stand in the order in which the file in the run folder lists them.
 */
#ifndef EMPTOR_TABLE_H
#define EMPTOR_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emptor/visibility.h>

typedef enum emp_column_type {
    EMP_COLUMN_INTEGER, /* a whole number */
    EMP_COLUMN_DECIMAL, /* an exact decimal: money */
    EMP_COLUMN_REAL,    /* a floating-point number, printed so that it reads back as itself */
    EMP_COLUMN_DATE,    /* a day, printed as YYYY-MM-DD */
    EMP_COLUMN_TEXT,    /* text in UTF-8, customer ids included */
} emp_column_type;

typedef struct emp_table emp_table;

EMP_API const char *emp_table_name(const emp_table *table);
EMP_API size_t emp_table_rows(const emp_table *table);
EMP_API size_t emp_table_columns(const emp_table *table);

/* `column` must be less than emp_table_columns(). */
EMP_API const char *emp_table_column_name(const emp_table *table, size_t column);
EMP_API emp_column_type emp_table_column_type(const emp_table *table, size_t column);

/* The number of the column of that name, or -1. */
EMP_API int64_t emp_table_find(const emp_table *table, const char *name);

/*
 * The cell as text, without quotes, always terminated and cut to `size` bytes; "" where the value
 * is missing. Returns the length of the whole text, which is >= `size` where it was cut.
 */
EMP_API size_t emp_table_text(const emp_table *table, size_t row, size_t column, char *text,
                              size_t size);

/*
 * The cell as a number in *out: a decimal in units of money, a date in days since 1970-01-01.
 * False, and *out untouched, where the value is missing or text. A decimal beyond 2^53 minor units
 * is rounded to the nearest double: use emp_table_text() where every digit counts.
 */
EMP_API bool emp_table_number(const emp_table *table, size_t row, size_t column, double *out);

#endif
