// SPDX-License-Identifier: Apache-2.0
/*
 * How good a clustering is: the figures of k_selection.csv.
 *
 * Silhouette, gap and stability cost too much for all customers: they are of a sample, every n /
 * m-th row in order of id, which is all rows where there are few enough. The others are of all
 * rows; of the sample, too, where the matrix is float, since they are computed in double.
 */
#ifndef EMP_ANALYSIS_SEGMENT_JUDGE_H
#define EMP_ANALYSIS_SEGMENT_JUDGE_H

#include "analysis/segment/fit.h"

struct emp_segment_judge {
    const struct emp_segment_task *task;
    struct emp_points sample; /* in double; its arrays are owned */
    double *low, *high;       /* of each column of the sample */
    uint32_t *label;          /* workspace: of each row of the task */
    uint32_t *sample_label;   /* and of the sample */
};

/* Takes the sample. *out is to be freed in any case; the task must outlive it. */
emp_status emp__segment_judge_new(const struct emp_segment_task *task,
                                  struct emp_segment_judge *out, emp_error *error);
void emp__segment_judge_free(struct emp_segment_judge *judge);

/* All figures but the inertia, which is the fit's; NaN: it does not exist or is not wanted. */
emp_status emp__segment_judge(struct emp_segment_judge *judge, const struct emp_segment_fit *fit,
                              struct emp_segment_figures *out, emp_error *error);

#endif
