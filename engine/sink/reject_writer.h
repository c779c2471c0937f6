// SPDX-License-Identifier: Apache-2.0
/* The list of bad rows as a CSV file: file, line, reason, and the record as it was. */
#ifndef EMP_SINK_REJECT_WRITER_H
#define EMP_SINK_REJECT_WRITER_H

#include "source/bad_rows.h"

/*
 * Writes the bad rows of `count` inputs, one after the other and each in order of file and line, to
 * `path`. Of a record longer than EMP_REJECT_RAW_MAX bytes the beginning is written. EMP_ERR_IO or
 * EMP_ERR_CREATE; after a failure there is no file.
 */
emp_status emp__rejects_write(const char *path, const struct emp_bad_rows *inputs, size_t count,
                              emp_error *error);

#endif
