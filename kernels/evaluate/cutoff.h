// SPDX-License-Identifier: Apache-2.0
/*
 * What a cut of the ranking does: who scores at least the threshold is predicted to be an event.
 * Equal scores are never parted.
 */
#ifndef EMP_EVALUATE_CUTOFF_H
#define EMP_EVALUATE_CUTOFF_H

#include "evaluate/ranking.h"

/* Weights of the four cells. */
struct emp_confusion {
    double tp, fp, fn, tn;
};

/* O(groups). The threshold is not NaN. */
struct emp_confusion emp__confusion(const struct emp_ranking *ranking, double threshold);

/* Shares; NaN where their divisor is 0. */
struct emp_confusion_rates {
    double precision;   /* tp / (tp + fp) */
    double recall;      /* tp / (tp + fn) */
    double specificity; /* tn / (tn + fp) */
    double f1;          /* 2 tp / (2 tp + fp + fn) */
    double accuracy;    /* (tp + tn) / all */
};

struct emp_confusion_rates emp__confusion_rates(const struct emp_confusion *cells);

/*
 * The statistic of Kolmogorov & Smirnov: the greatest |F1(t) - F0(t)|, F1 and F0 the shares of the
 * events and of the non-events with scores of at most t. `at` is the least score t where it is
 * reached. Both NaN with one class only. O(groups).
 */
struct emp_ks {
    double value;
    double at;
};

struct emp_ks emp__ks(const struct emp_ranking *ranking);

#endif
