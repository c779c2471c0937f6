// SPDX-License-Identifier: Apache-2.0
/*
 * The three measures of every customer who bought, in order, and the scores that follow.
 *
 * A measure is kept as a key: an unsigned 64-bit number of the same order as its value, so that
 * sorting and binning are exact and one code serves whole numbers, money and means.
 */
#ifndef EMP_ANALYSIS_RFM_SCORES_H
#define EMP_ANALYSIS_RFM_SCORES_H

#include "analysis/analysis.h"
#include "analysis/rfm_params.h"

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
    bool net;                      /* returns lower the monetary value */
    struct emp_summary *summary;   /* of each customer */
    size_t buyers;                 /* customers with a purchase */
    uint32_t *order[EMP_MEASURES]; /* the buyers by ascending value, ties in order of id */
    uint64_t *key[EMP_MEASURES];   /* their keys, in that order */
    uint16_t *score[EMP_MEASURES]; /* of each customer; 0: no purchase */
    struct emp_rfm_bin *bins;
    size_t bin_count, bin_capacity;
};

/* Measures, sorts and scores. *out is to be freed in any case. */
emp_status emp__rfm_score(const struct emp_analysis_input *input, struct emp_rfm_scores *out,
                          emp_error *error);
void emp__rfm_scores_free(struct emp_rfm_scores *scores);

/* The monetary sum of a customer in minor units, as `returns` says. */
int64_t emp__rfm_revenue(const struct emp_rfm_scores *scores, size_t customer);

/* The value of a key in days, purchases or units of money. */
double emp__rfm_value(const struct emp_rfm_scores *scores, int measure, uint64_t key);

/* The value at `part` / `parts` of the way from one key to another that is not below it. */
double emp__rfm_between(const struct emp_rfm_scores *scores, int measure, uint64_t low,
                        uint64_t high, uint32_t part, uint32_t parts);

#endif
