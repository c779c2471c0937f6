// SPDX-License-Identifier: Apache-2.0
/* A loop over independent items on several threads, each of which can fail. */
#ifndef EMP_BASE_PARALLEL_H
#define EMP_BASE_PARALLEL_H

#include <stddef.h>

#include <emptor/options.h>
#include <emptor/status.h>

/*
 * Calls body(user, i, error) once for each i in [0, count), on `threads` threads in no particular
 * order. After a failure items that have not begun are left out. Returns the failure of the lowest
 * item that failed in its own right (EMP_ERR_CANCELLED counts only if there is no other).
 */
emp_status emp__parallel(int threads, size_t count,
                         emp_status (*body)(void *user, size_t i, emp_error *error), void *user,
                         emp_error *error);

/* The number of threads that the options ask for: at least 1. */
int emp__thread_count(const emp_options *options);

#endif
