// SPDX-License-Identifier: Apache-2.0
/*
 * The customers that are clustered, in order of id, and the values of their features.
 *
 * Where a feature comes from the history, customers without a purchase are left out: they have no
 * recency, and their frequency of 0 says all there is to say.
 */
#ifndef EMP_ANALYSIS_SEGMENT_ROWS_H
#define EMP_ANALYSIS_SEGMENT_ROWS_H

#include "analysis/analysis.h"
#include "analysis/segment/names.h"
#include "analysis/segment/params.h"
#include "features/feature_column.h"

struct emp_segment_rows {
    const struct emp_analysis_input *input;
    const struct emp_segment_params *params;
    struct emp_feature_view view;
    struct emp_feature_column *columns; /* one for each feature of the section */
    struct emp_feature_words *words;    /* and what it is called */
    size_t features;
    size_t count;         /* of the customers */
    uint32_t *customer;   /* their numbers in the history */
    const double *weight; /* of each customer of the history; NULL: all count the same */
};

/* *out is to be freed in any case; `input` must outlive it. */
emp_status emp__segment_rows(const struct emp_analysis_input *input, struct emp_segment_rows *out,
                             emp_error *error);
void emp__segment_rows_free(struct emp_segment_rows *rows);

/* The id of the customer of a row, in `out`, which is returned. */
char *emp__segment_id(const struct emp_segment_rows *rows, size_t row, char out[EMP_ID_MAX + 1]);

/* The values of feature `j` for all rows, in its own unit; NaN: missing. */
void emp__segment_values(const struct emp_segment_rows *rows, size_t j, double *out);

#endif
