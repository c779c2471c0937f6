// SPDX-License-Identifier: Apache-2.0
/* How the cells of a column are put into a CSV line: chosen once for a column, not for a cell. */
#ifndef EMP_SINK_CSV_CELL_H
#define EMP_SINK_CSV_CELL_H

#include "sink/table.h"

/* A label, quoted where it has to be: `length` bytes at `start` of the column's label bytes. */
struct emp_csv_label {
    uint32_t start;
    uint32_t length;
};

/*
 * A column of the file. Neighbours that are labels of the same values are one column here: their
 * labels, with commas between, are put together beforehand.
 */
struct emp_csv_column {
    /*
     * Puts number i of `values`, which are in the column's storage, to `at` and returns where it
     * ends, or NULL if it must not be printed. May write up to EMP_CSV_SLACK bytes behind that end.
     */
    char *(*put)(const struct emp_csv_column *column, const void *values, size_t i, char *at);
    const struct emp_ids *ids;
    const struct emp_column *column; /* of the table: the first of the `merged` ones */
    size_t number;                   /* which one that is */
    size_t merged;
    struct emp_csv_label *labels; /* label_count, and one for "missing" */
    char *label_bytes;
    size_t width; /* the most bytes that a cell takes */
};

enum { EMP_CSV_SLACK = 32 };

/*
 * Prepares the column that begins with column `number` of the table. Free it with
 * emp__csv_column_free(), also after a failure.
 */
emp_status emp__csv_column_prepare(struct emp_csv_column *out, const struct emp_table *table,
                                   size_t number, emp_error *error);
void emp__csv_column_free(struct emp_csv_column *column);

/* Puts a text, quoted where it has to be, to `at` (2 * length + 2 bytes); returns where it ends. */
char *emp__csv_put_text(char *at, const char *text, size_t length);

#endif
