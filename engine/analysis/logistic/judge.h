// SPDX-License-Identifier: Apache-2.0
/*
 * How good the probabilities of a set of rows are (kernels/evaluate): the rows that were fitted,
 * the same by fits that have not seen them, or those of a later time.
 */
#ifndef EMP_ANALYSIS_LOGISTIC_JUDGE_H
#define EMP_ANALYSIS_LOGISTIC_JUDGE_H

#include "analysis/deciles.h"
#include "analysis/logistic/params.h"
#include "evaluate/calibration_table.h"
#include "evaluate/profit.h"

/* Rows and what was foretold of them. */
struct emp_judged_set {
    const char *name;          /* static text: in_sample, out_of_fold, out_of_time */
    const double *probability; /* n */
    const double *linear;      /* n: their log odds */
    const uint8_t *label;      /* n */
    const double *weight;      /* n, or NULL */
    size_t n;
    bool fitted; /* the probabilities are of a fit to these very rows */
};

/* A row of NAME_metrics.csv. */
struct emp_metric {
    const char *set, *metric; /* static texts */
    double value, low, high;  /* NaN: there is none */
};

struct emp_metrics {
    struct emp_metric *items;
    size_t count, capacity;
};

emp_status emp__metrics_add(struct emp_metrics *metrics, struct emp_metric metric,
                            emp_error *error);
void emp__metrics_free(struct emp_metrics *metrics);

/* A row of NAME_calibration.csv, NAME_profit.csv. */
struct emp_calibration_row {
    const char *set;
    uint64_t bin;
    double customers, events, predicted, observed, low, high;
};
struct emp_profit_row {
    const char *set;
    double share, customers, events, threshold, profit;
};

enum { EMP_PROFIT_STEPS = 20 };

struct emp_judgement {
    struct emp_metrics metrics;
    struct emp_decile_row *deciles;
    struct emp_calibration_row *calibration;
    struct emp_profit_row *profit;
    size_t decile_count, calibration_count, profit_count;
    size_t decile_capacity, calibration_capacity, profit_capacity;
};

/* Judges a set and adds what is found; a set without rows adds nothing. EMP_ERR_MEMORY. */
emp_status emp__judge(const struct emp_judged_set *set, const struct emp_logistic_params *params,
                      struct emp_judgement *out, emp_error *error);

/* Adds copies of what another judgement has found. */
emp_status emp__judgement_add(struct emp_judgement *judgement, const struct emp_judgement *other,
                              emp_error *error);
void emp__judgement_free(struct emp_judgement *judgement);

/* The probability from which on a customer is taken for an event. */
double emp__logistic_threshold(const struct emp_logistic_params *params);

#endif
