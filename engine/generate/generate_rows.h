// SPDX-License-Identifier: Apache-2.0
/* Events as rows of text: what was bought, for how much, through which channel; and broken rows. */
#ifndef EMP_GENERATE_ROWS_H
#define EMP_GENERATE_ROWS_H

#include <emptor/generate.h>

#include "base/buffer.h"
#include "generate/generate_events.h"

/* A text that grows row by row, and the counts of what was added to it. */
struct emp_generate_rows {
    const struct emp_generate_plan *plan;
    struct emp_buffer text;
    emp_generate_report tally; /* `customers` and `bytes` are left alone */
};

/* The header line. */
emp_status emp__rows_header(struct emp_generate_rows *rows, emp_error *error);

/* The rows of one event, each followed by its broken copy if it has one. */
emp_status emp__rows_event(struct emp_generate_rows *rows, const struct emp_event *event,
                           emp_error *error);

/* The record at the end of the file whose quote is never closed. */
emp_status emp__rows_open_quote(struct emp_generate_rows *rows, emp_error *error);

#endif
