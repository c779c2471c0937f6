// SPDX-License-Identifier: Apache-2.0
/* JSON files that people read: two blanks a level, keys in their order, numbers as short as exact.
 */
#ifndef EMP_SINK_JSON_WRITER_H
#define EMP_SINK_JSON_WRITER_H

#include <jansson.h>

#include <emptor/status.h>

#include "base/buffer.h"

/*
 * Adds `value` and a newline to `out`. A real number is printed as short as reads back as itself
 * (0.1, where jansson itself may print 0.10000000000000001) and always as a real (5.0, not 5). What
 * holds no array and no object stands on one line, but for the outermost object. A real that is not
 * finite is EMP_ERR_INTERNAL.
 */
emp_status emp__json_text(json_t *value, struct emp_buffer *out, emp_error *error);

/* Makes or replaces the file at `path` with that text. After a failure there is no file. */
emp_status emp__json_write(const char *path, json_t *value, emp_error *error);

#endif
