// SPDX-License-Identifier: Apache-2.0
/*
 * run.json: what went in, what became of it, and what came out, so that a run can be audited years
 * later. Everything but the line "timings" depends on the input and the parameters alone.
 */
#ifndef EMP_RUN_MANIFEST_H
#define EMP_RUN_MANIFEST_H

#include "analysis/result.h"
#include "run/run_history.h"
#include "run/run_timings.h"

struct emp_manifest {
    const struct emp_history *history;
    const struct emp_result *result;
    struct emp_timings timings;
};

/* Writes the manifest to `path`. */
emp_status emp__manifest_write(const struct emp_manifest *manifest, const char *path,
                               emp_error *error);

#endif
