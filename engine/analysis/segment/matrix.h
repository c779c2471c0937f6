// SPDX-License-Identifier: Apache-2.0
/* The features of the customers made ready for distances: one row each, transformed and scaled. */
#ifndef EMP_ANALYSIS_SEGMENT_MATRIX_H
#define EMP_ANALYSIS_SEGMENT_MATRIX_H

#include "analysis/segment/rows.h"
#include "cluster/points.h"
#include "features/preparation.h"

struct emp_segment_matrix {
    struct emp_store *store;  /* where x and the weights lie */
    struct emp_points points; /* rows x features */
    double *mean, *sd;        /* of each column of the matrix, over all rows */
};

/*
 * Learns how to prepare each feature from all rows, and prepares them; `prepared` has room for
 * rows->features and what is in it is to be freed. Errors: EMP_ERR_DATA, naming feature and
 * customer; EMP_ERR_MEMORY and those of the store. *out is to be freed in any case.
 */
emp_status emp__segment_matrix_learn(const struct emp_segment_rows *rows,
                                     struct emp_prepared *prepared, struct emp_segment_matrix *out,
                                     emp_error *error);

/* The same by what was learned before. */
emp_status emp__segment_matrix_apply(const struct emp_segment_rows *rows,
                                     const struct emp_prepared *prepared,
                                     struct emp_segment_matrix *out, emp_error *error);

void emp__segment_matrix_free(struct emp_segment_matrix *matrix);

#endif
