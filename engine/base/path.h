// SPDX-License-Identifier: Apache-2.0
/* Paths as texts; no file is looked at. */
#ifndef EMP_BASE_PATH_H
#define EMP_BASE_PATH_H

#include <emptor/status.h>

/* The folder that a path lies in; "." if it names none. Slashes at its end do not count. */
emp_status emp__path_above(const char *path, char **out, emp_error *error);

/* `path` as seen from the current folder, if it is relative to `folder`. */
emp_status emp__path_from(const char *folder, const char *path, char **out, emp_error *error);

#endif
