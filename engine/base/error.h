// SPDX-License-Identifier: Apache-2.0
/* Filling in an emp_error. Each function returns the status it was given: `return emp__fail(...)`. */
#ifndef EMP_BASE_ERROR_H
#define EMP_BASE_ERROR_H

#include <emptor/status.h>

/* A place in a file that a message is about; line and column count from 1, 0 where unknown. */
struct emp_place {
    const char *file;
    uint64_t line;
    uint32_t column;
};

/* A failure that is about no place in a file. `error` may be NULL. */
emp_status emp__fail(emp_error *error, emp_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A failure at a place in a file. `error` may be NULL. */
emp_status emp__fail_at(emp_error *error, emp_status status, struct emp_place place,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * A system call on `path` failed: the message is "PATH: cannot ACTION: strerror(errno)". Lack of
 * memory is EMP_ERR_MEMORY, whatever was being done.
 */
emp_status emp__fail_errno(emp_error *error, emp_status status, const char *path,
                           const char *action);

/* EMP_ERR_MEMORY, with the bytes that were asked for. */
emp_status emp__fail_memory(emp_error *error, uint64_t bytes);

#endif
