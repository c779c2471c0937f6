// SPDX-License-Identifier: Apache-2.0
/* What the parts of a logistic analysis hand on to each other. */
#ifndef EMP_ANALYSIS_LOGISTIC_WORK_H
#define EMP_ANALYSIS_LOGISTIC_WORK_H

#include "analysis/logistic_fit.h"
#include "analysis/logistic_judge.h"
#include "evaluate/isotonic.h"
#include "evaluate/platt.h"

/* What an analysis is called: its section and model, its tables, its columns of customers.csv. */
struct emp_logistic_kind {
    const char *section;
    const char *sample, *coefficients, *metrics, *deciles, *calibration, *profit, *path, *evidence;
    const char *probability, *decile, *out_of_fold, *reasons;
};

/* A term that was dropped, since it says nothing that others do not say. */
struct emp_dropped_term {
    char *name, *level;
    char *because; /* "it is constant", "it follows from a, b" */
};

/* A curve from log odds to probabilities. */
struct emp_recalibration_curve {
    int how; /* enum emp_recalibration */
    struct emp_platt platt;
    struct emp_isotonic_block *blocks; /* of probabilities; owned */
    uint32_t block_count;
};

/* What probabilities are made of: all that a model keeps of a fit. */
struct emp_logistic_rule {
    struct emp_encoding encoding;
    struct emp_terms terms;
    double *coefficients; /* terms + 1, the intercept first */
    double *mean;         /* terms: over the sample */
    double shift;         /* of the log odds, for the share of events that is given */
    struct emp_recalibration_curve curve;
};

struct emp_logistic_work {
    const struct emp_logistic_kind *kind;
    const struct emp_analysis_input *input;
    const struct emp_logistic_params *params;
    struct emp_logistic_sample sample;
    struct emp_logistic_columns columns; /* of the sample */
    struct emp_logistic_rule rule;
    struct emp_term_columns view; /* of the rule, on the columns */
    struct emp_logistic_problem problem;
    struct emp_dropped_term *dropped;
    size_t dropped_count;
    double *inflation; /* terms: variance inflation factors */
    bool has_path;
    struct emp_penalty_path path;
    double lambda;
    struct emp_logistic_estimate estimate;
    double *fold_coefficients; /* folds x (terms + 1); NULL: there are no folds */
    size_t folds_failed;       /* fits of folds that did not converge */
    struct emp_judgement judgement;
};

/* The probability of log odds, by the curve and the shift of a rule. */
double emp__logistic_probability(const struct emp_logistic_rule *rule, double linear);

void emp__logistic_rule_free(struct emp_logistic_rule *rule);

#endif
