// SPDX-License-Identifier: Apache-2.0
/* Files written whole: every write and the close are checked, and a failure leaves no file. */
#ifndef EMP_SINK_FILE_WRITER_H
#define EMP_SINK_FILE_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include <emptor/status.h>

/* Opens `path` for writing, made new or emptied, in *fd. */
emp_status emp__file_create(const char *path, int *fd, emp_error *error);

/*
 * Closes `fd`, the file at `path`. `status` is how the writing went: where that or the close failed
 * the file is removed (if it is a regular file). Returns `status`, or how the close went.
 */
emp_status emp__file_finish(int fd, const char *path, emp_status status, emp_error *error);

/* Writes all the bytes, behind those written so far. False, and errno, on failure. */
bool emp__write_all(int fd, const char *bytes, size_t length);

/* Writes all the bytes at `offset` of a regular file. False, and errno, on failure. */
bool emp__write_all_at(int fd, const char *bytes, size_t length, uint64_t offset);

/* Makes or replaces the file at `path` with these bytes. After a failure there is no file. */
emp_status emp__write_file(const char *path, const void *bytes, size_t length, emp_error *error);

#endif
