// SPDX-License-Identifier: Apache-2.0
/* A segmentation on its way, and the step that gives clusters their numbers. */
#ifndef EMP_ANALYSIS_SEGMENT_WORK_H
#define EMP_ANALYSIS_SEGMENT_WORK_H

#include "analysis/segment_fits.h"
#include "analysis/segment_matrix.h"
#include "analysis/segment_model.h"
#include "analysis/segmentation.h"

/* Everything that is made on the way. */
struct emp_segment_work {
    const struct emp_analysis_input *input;
    const struct emp_segment_params *params;
    struct emp_segment_rows rows;
    struct emp_prepared *prepared; /* one for each feature */
    struct emp_segment_matrix matrix;
    struct emp_segment_task task;
    struct emp_segment_fits fits;
    size_t chosen;
    struct emp_segmentation segmentation;
    struct emp_segment_profile profile;
    double *z; /* clusters x features */
};

/*
 * Puts the clusters in the order of their numbers: 1, 2, ... in descending order of the mean
 * monetary value of their customers (without transactions: of the mean of the first feature), or
 * the numbers of the model that `previous` names, if there is such a file. A model of other
 * features is a warning. The profile is put in that order too.
 */
emp_status emp__segment_number(struct emp_segment_work *work, struct emp_result *result,
                               emp_error *error);

/* Does a model go by the features of these parameters? */
bool emp__segment_same_features(const struct emp_segment_params *params,
                                const struct emp_segment_model *model);

#endif
