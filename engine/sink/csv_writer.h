// SPDX-License-Identifier: Apache-2.0
/* A table as a CSV file. */
#ifndef EMP_SINK_CSV_WRITER_H
#define EMP_SINK_CSV_WRITER_H

#include <emptor/status.h>
#include <emptor/table.h>

/*
 * Writes `table` to the file at `path` (made new or replaced; a pipe or a device will do) with
 * `threads` >= 1 threads: the same bytes for any number of them.
 *
 * RFC 4180 with commas, a header line, and LF at the end of each line. A field stands in quotes,
 * and a quote in it is doubled, only if it holds a comma, a quote, CR or LF, or begins or ends with
 * a blank or tab (which readers such as libcsv take away from bare fields). A missing value is an
 * empty field; in a table of one column it is "", because readers skip empty lines.
 *
 * Each cell is what emp_table_text() gives. What must not be printed (infinity, a date or a label
 * out of range) is EMP_ERR_INTERNAL and names table, column and row; a failing disk is EMP_ERR_IO.
 * After a failure there is no file.
 *
 * Cost: about 7 ns a cell and thread for rows in their own order, and the memory of a block of rows
 * (some MiB) per thread.
 */
emp_status emp__csv_write(const char *path, const struct emp_table *table, int threads,
                          emp_error *error);

#endif
