// SPDX-License-Identifier: Apache-2.0
/* Customers in clusters, as a fit or a model puts them: what the tables are made of. */
#ifndef EMP_ANALYSIS_SEGMENT_SEGMENTATION_H
#define EMP_ANALYSIS_SEGMENT_SEGMENTATION_H

#include "analysis/segment/fit.h"
#include "analysis/segment/profile.h"

struct emp_segmentation {
    size_t clusters, features;
    double *centres; /* clusters x features, of the prepared columns, in order of `number` */
    int64_t *number; /* of each cluster, from 1 */
    char **name;     /* owned */
    size_t rows;
    uint32_t *label; /* of each row: its cluster, from 0 */
    double *square;  /* and its squared distance to the centre */
};

/* Room for a segmentation, all zero. *out is to be freed in any case. */
emp_status emp__segmentation_new(size_t clusters, size_t features, size_t rows,
                                 struct emp_segmentation *out, emp_error *error);
void emp__segmentation_free(struct emp_segmentation *segmentation);

/*
 * Gives each row the nearest centre. This is the only way in which rows get labels, when a model is
 * fitted and when it scores.
 */
emp_status emp__segmentation_assign(const struct emp_segment_task *task,
                                    struct emp_segmentation *segmentation, emp_error *error);

/* Cluster order[i] becomes cluster i, in the centres and in the labels. */
emp_status emp__segmentation_reorder(struct emp_segmentation *segmentation, const size_t *order,
                                     emp_error *error);

#endif
