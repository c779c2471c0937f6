// SPDX-License-Identifier: Apache-2.0
/* Where a run folder is to appear: which folder that is, and whether it may be replaced. */
#ifndef EMP_SINK_RUN_TARGET_H
#define EMP_SINK_RUN_TARGET_H

#include <stdbool.h>
#include <sys/stat.h>

#include <emptor/status.h>

/*
 * The absolute path of `target`, free of links, in *out (the caller frees it). The folders above it
 * are made where they are absent. EMP_ERR_CREATE if it cannot be a run folder by its name.
 */
emp_status emp__target_resolve(const char *target, char **out, emp_error *error);

/*
 * EMP_OK if nothing stands at the resolved `path` (*exists is false) or a folder that may be
 * replaced (*exists is true, *mode is its mode): empty or a run folder, and not the current folder
 * or one above it. Else EMP_ERR_CREATE and a message that says what stands there.
 */
emp_status emp__target_check(const char *path, bool *exists, mode_t *mode, emp_error *error);

#endif
