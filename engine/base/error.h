// SPDX-License-Identifier: Apache-2.0
/* Filling in an emp_error. Each function returns the status it was given: `return emp__fail(...)`.
 */
#ifndef EMP_BASE_ERROR_H
#define EMP_BASE_ERROR_H

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <emptor/status.h>

/* A place in a file that a message is about; line and column count from 1, 0 where unknown. */
struct emp_place {
    const char *file;
    uint64_t line;
    uint32_t column;
};

/* Fills in a failure that is about no place in a file, or at a place. `error` may be NULL. */
void emp__set_error(emp_error *error, emp_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void emp__set_error_at(emp_error *error, emp_status status, struct emp_place place,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * The same as an expression whose value is `status`. They are macros so that compilers and
 * analysers see that the value is not EMP_OK; `status` is evaluated twice.
 */
#define emp__fail(error, status, ...)                                                              \
    (emp__set_error((error), (status), __VA_ARGS__), (emp_status)(status))
#define emp__fail_at(error, status, ...)                                                           \
    (emp__set_error_at((error), (status), __VA_ARGS__), (emp_status)(status))

/*
 * A system call on `path` failed: the message is "PATH: cannot ACTION: strerror(errno)". Lack of
 * memory is EMP_ERR_MEMORY, whatever was being done.
 */
static inline emp_status emp__fail_errno(emp_error *error, emp_status status, const char *path,
                                         const char *action)
{
    const int reason = errno;
    return emp__fail_at(error, reason == ENOMEM ? EMP_ERR_MEMORY : status,
                        (struct emp_place){.file = path}, "cannot %s: %s", action,
                        strerror(reason));
}

/* EMP_ERR_MEMORY, with the bytes that were asked for. */
static inline emp_status emp__fail_memory(emp_error *error, uint64_t bytes)
{
    return emp__fail(error, EMP_ERR_MEMORY, "out of memory: %" PRIu64 " more bytes were needed",
                     bytes);
}

#endif
