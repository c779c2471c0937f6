// SPDX-License-Identifier: Apache-2.0
/*
 * The scores of every customer who bought, as one number: the cell of the three scores. Cut points
 * are found by selection (rfm_select.h); then each customer's scores are comparisons with them.
 */
#ifndef EMP_ANALYSIS_RFM_SCORES_H
#define EMP_ANALYSIS_RFM_SCORES_H

#include "analysis/rfm/measures.h"

/* The cell of a customer without a purchase. Cells are less, see EMP_BINS_MAX. */
#define EMP_RFM_NO_CELL UINT16_MAX

/* One bin of one measure: a row of rfm_cuts.csv. NaN: there is no such bound. */
struct emp_rfm_bin {
    int measure;
    int r_score, f_score; /* of the group it was scored in; 0: over all customers */
    int score;
    double above, up_to;    /* the bin holds values in (above, up_to] */
    double lowest, highest; /* of the values in it */
    uint64_t customers;
};

struct emp_rfm_scores {
    const struct emp_rfm_params *params;
    const struct emp_analysis_input *input;
    struct emp_rfm_measures measures;
    uint16_t *cell; /* of each customer: ((r - 1) F + f - 1) M + m - 1, or EMP_RFM_NO_CELL */
    struct emp_rfm_bin *bins;
    size_t bin_count, bin_capacity;
};

/* Measures and scores. *out is to be freed in any case. */
emp_status emp__rfm_score(const struct emp_analysis_input *input, struct emp_rfm_scores *out,
                          emp_error *error);
void emp__rfm_scores_free(struct emp_rfm_scores *scores);

#endif
