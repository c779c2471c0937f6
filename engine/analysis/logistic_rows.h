// SPDX-License-Identifier: Apache-2.0
/*
 * The rows of a logistic analysis: customers as they were seen from one day or several. A sample is
 * rows with labels, to fit by; without labels they are to be scored.
 *
 * Rows stand day after day, and within a day in order of id, so that a row is the same whatever the
 * input was sorted by.
 */
#ifndef EMP_ANALYSIS_LOGISTIC_ROWS_H
#define EMP_ANALYSIS_LOGISTIC_ROWS_H

#include "analysis/analysis.h"
#include "analysis/logistic_params.h"
#include "features/feature_view.h"

/* The customers of one day. */
struct emp_logistic_day {
    struct emp_customers customers; /* as they were */
    struct emp_feature_view view;   /* of them */
    struct emp_cutoff cutoff;       /* of the past; all zero at present */
    size_t first, count;            /* its rows */
};

struct emp_logistic_rows {
    const struct emp_analysis_input *input;
    const struct emp_logistic_params *params;
    struct emp_logistic_day *days;
    size_t day_count;
    uint32_t *customer; /* of each row, its number in the history */
    size_t count;
};

/*
 * The customers to be scored: at present, and only those with a purchase where features or labels
 * come from the history. *out is to be freed in any case; `input` must outlive it.
 */
emp_status emp__logistic_rows_present(const struct emp_analysis_input *input,
                                      struct emp_logistic_rows *out, emp_error *error);

void emp__logistic_rows_free(struct emp_logistic_rows *rows);

/* The id of the customer of a row, in `out`, which is returned. */
char *emp__logistic_row_id(const struct emp_logistic_rows *rows, size_t row,
                           char out[EMP_ID_MAX + 1]);

/* What is added to the log odds of each customer of the history, NaN for nothing; NULL: nothing is.
 */
const double *emp__logistic_offsets(const struct emp_logistic_rows *rows);

/* The cut-offs of the history that a label asks for. */
emp_status emp__logistic_cutoffs(const struct emp_logistic_params *params,
                                 struct emp_cutoffs *cutoffs, emp_error *error);

struct emp_logistic_sample {
    struct emp_logistic_rows rows;
    uint8_t *label;
    double *weight; /* those of the customers file times those of the classes; NULL: all 1 */
    double *offset; /* NULL: all 0 */
    uint8_t *fold;  /* NULL: there are none */
    size_t folds;
    size_t events;   /* rows with label 1 */
    size_t unknown;  /* customers without a label, of a column */
    uint8_t *member; /* of each customer of the history: 1 + the fold; 0: not in the sample */
};

/* *out is to be freed in any case. EMP_ERR_DATA, naming the customer: a weight that is negative. */
emp_status emp__logistic_sample(const struct emp_analysis_input *input,
                                struct emp_logistic_sample *out, emp_error *error);

void emp__logistic_sample_free(struct emp_logistic_sample *sample);

#endif
