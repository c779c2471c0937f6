// SPDX-License-Identifier: Apache-2.0
/*
 * models/segment.json: everything that is needed to put customers into the same clusters later.
 *
 *     "parameters": the section `segment` in effect
 *     "features": what was learned of each (model/prepared_json.h)
 *     "clusters": [{"cluster": 1, "name": "...", "customers": 12, "centre": [...]}, ...]
 *     "fit": how well it fitted, and why it ended
 *
 * Centres are of the prepared features. A customer belongs to the nearest one; of two that are
 * equally near, to the first.
 */
#ifndef EMP_ANALYSIS_SEGMENT_MODEL_H
#define EMP_ANALYSIS_SEGMENT_MODEL_H

#include "analysis/segment/fit.h"
#include "analysis/segment/segmentation.h"

/* What a model has of a segmentation. */
struct emp_segment_model {
    size_t features, clusters;
    struct emp_prepared *prepared;
    double *centres; /* clusters x features */
    int64_t *number;
    char **name;
};

/* Errors: EMP_ERR_DATA, naming the place. *out is to be freed in any case. */
emp_status emp__segment_model_read(const struct emp_model *model, struct emp_segment_model *out,
                                   emp_error *error);
void emp__segment_model_free(struct emp_segment_model *model);

/* What a model is made of. */
struct emp_segment_facts {
    const struct emp_analysis_input *input;
    const struct emp_prepared *prepared;
    const struct emp_segmentation *segmentation;
    const uint64_t *customers; /* of each cluster */
    const struct emp_segment_fit *fit;
};

/* NULL if memory has run out. */
json_t *emp__segment_model_json(const struct emp_segment_facts *facts);

#endif
