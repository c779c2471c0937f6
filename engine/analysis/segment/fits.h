// SPDX-License-Identifier: Apache-2.0
/* The fits of all k that were asked for, and their figures. */
#ifndef EMP_ANALYSIS_SEGMENT_FITS_H
#define EMP_ANALYSIS_SEGMENT_FITS_H

#include "analysis/segment/judge.h"

struct emp_segment_fits {
    size_t count;
    struct emp_segment_fit *fit;
    struct emp_segment_figures *figures;
};

/* Fits and judges every k of the parameters. *out is to be freed in any case. */
emp_status emp__segment_fits(const struct emp_segment_task *task, struct emp_segment_fits *out,
                             emp_error *error);
void emp__segment_fits_free(struct emp_segment_fits *fits);

/* The one to take: by the parameters, or the first where no k has the figure that is to decide. */
size_t emp__segment_fits_choose(const struct emp_segment_fits *fits,
                                const struct emp_segment_params *params);

#endif
