// SPDX-License-Identifier: Apache-2.0
/*
 * What a function that can fail returns, and what it says about it.
 *
 * Could-not-run is an error and is described here. Ran-but (a fit that did not converge, ties that
 * left fewer bins than asked for) is part of a result and stands in the result's own tables.
 */
#ifndef EMPTOR_STATUS_H
#define EMPTOR_STATUS_H

#include <stdint.h>

#include <emptor/visibility.h>

/*
 * Every status: name, exit status of the command (those of BSD's sysexits), text.
 * The exit statuses are a promise to nightly jobs; docs/exit-status.md is checked against this
 * list.
 */
#define EMP_STATUS_LIST(X)                                                                         \
    X(EMP_OK, 0, "success")                                                                        \
    X(EMP_ERR_USAGE, 64, "the command line is wrong")                                              \
    X(EMP_ERR_DATA, 65, "the input data are wrong")                                                \
    X(EMP_ERR_NO_INPUT, 66, "an input file is missing or unreadable")                              \
    X(EMP_ERR_INTERNAL, 70, "an internal check failed: a bug in emptor")                           \
    X(EMP_ERR_CREATE, 73, "the output cannot be created")                                          \
    X(EMP_ERR_IO, 74, "reading or writing failed")                                                 \
    X(EMP_ERR_MEMORY, 75, "out of memory: try again with more")                                    \
    X(EMP_ERR_CANCELLED, 75, "cancelled: try again")                                               \
    X(EMP_ERR_PARAMS, 78, "the parameter file is wrong")

typedef enum emp_status {
#define EMP_STATUS_ENUM(name, exit_status, text) name,
    EMP_STATUS_LIST(EMP_STATUS_ENUM)
#undef EMP_STATUS_ENUM
} emp_status;

/*
 * A failure: its status, the place in a file it is about (line and column count from 1; 0 where
 * there is none; file is "" where there is none) and one line of text without a newline at its end.
 * The caller provides the struct and may read it only after a call that did not return EMP_OK; a
 * call that succeeds leaves it as it was. Every function takes NULL for "the status will do".
 */
typedef struct emp_error {
    emp_status status;
    uint32_t column;
    uint64_t line;
    char file[512];
    char message[1024];
} emp_error;

/* The text of a status, e.g. "the input data are wrong"; a static string. */
EMP_API const char *emp_status_text(emp_status status);

/* The exit status (sysexits) that goes with a status. */
EMP_API int emp_status_exit(emp_status status);

/*
 * Writes "FILE:LINE:COLUMN: MESSAGE" (less where a part is absent) to `text`, always terminated and
 * cut to `size` bytes. Returns `text`. `size` must be positive.
 */
EMP_API char *emp_error_text(const emp_error *error, char *text, uint64_t size);

#endif
