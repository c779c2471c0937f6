// SPDX-License-Identifier: Apache-2.0
/*
 * The most usual rows: lines without quotes, of which no more is needed than a customer whose id is
 * digits, a time and an amount. They are read whole, by the kernel of text/lines.h. As soon as one
 * is unusual, its batch is left to the other ways.
 */
#ifndef EMP_SOURCE_USUAL_LINES_H
#define EMP_SOURCE_USUAL_LINES_H

#include "source/usual_rows.h"
#include "text/lines.h"

/*
 * What stands where in the lines of a file, of which this is one. False if more is needed of them,
 * or if their times have no layout.
 */
bool emp__usual_lines_layout(const struct emp_row_decoder *decoder,
                             const struct emp_file_columns *columns, struct emp_field line,
                             struct emp_line_layout *out);

/*
 * Reads up to EMP_USUAL_ROWS lines into the columns of the batch. True if all of their rows are
 * used; then they are in *columns, and *money is what they are together.
 */
bool emp__usual_lines_read(const struct emp_row_decoder *decoder, emp_lines_fn *kernel,
                           const struct emp_lines *lines, const struct emp_line_layout *layout,
                           struct emp_usual_rows *batch, struct emp_row_columns *columns,
                           emp_int128 *money);

#endif
