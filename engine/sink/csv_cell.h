// SPDX-License-Identifier: Apache-2.0
/* How the cells of one column are put into a CSV line: chosen once for a column, not for a cell. */
#ifndef EMP_SINK_CSV_CELL_H
#define EMP_SINK_CSV_CELL_H

#include "sink/table.h"

/* A label, quoted where it has to be: `length` bytes at `start` of the column's label bytes. */
struct emp_csv_label {
    uint32_t start;
    uint32_t length;
};

struct emp_csv_column {
    /*
     * Puts the cell at `row` of the data to `at` and returns where it ends, or NULL if the value
     * must not be printed. May write up to EMP_CSV_SLACK bytes behind that end.
     */
    char *(*put)(const struct emp_csv_column *column, size_t row, char *at);
    const void *data;
    const struct emp_ids *ids;
    const struct emp_column *column;
    struct emp_csv_label *labels;
    char *label_bytes;
    size_t width; /* the most bytes that a cell takes */
};

enum { EMP_CSV_SLACK = 32 };

/* Prepares a column; free it with emp__csv_column_free(), also after a failure. */
emp_status emp__csv_column_prepare(struct emp_csv_column *out, const struct emp_table *table,
                                   size_t column, emp_error *error);
void emp__csv_column_free(struct emp_csv_column *column);

/* Puts a text, quoted where it has to be, to `at` (2 * length + 2 bytes); returns where it ends. */
char *emp__csv_put_text(char *at, const char *text, size_t length);

#endif
