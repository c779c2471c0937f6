// SPDX-License-Identifier: Apache-2.0
/*
 * How good probabilities are: proper scoring rules (Gneiting & Raftery 2007). The scores of the
 * ranking are probabilities p, 0 <= p <= 1, of the event y.
 *     log loss    mean of -log p for an event, -log(1 - p) for another
 *     Brier       mean of (y - p)^2
 *     skill       1 - Brier / (r (1 - r)), r the share of events: against saying r to all
 * Their errors are those of means: the standard deviation (divisor W - 1) over the root of W, W
 * the weight of all rows; NaN for W <= 1.
 *
 * p is first brought into [clip, 1 - clip] for the log loss, not for Brier. With clip = 0 an event
 * of p = 0 (or another of p = 1) makes the log loss infinite and its error NaN. scikit-learn clips
 * at 2^-52. How much weight such certain and wrong rows have is counted whatever the clip.
 *
 * From groups in the order of the ranking, by compensated sums: right to some 1e-15. All NaN
 * without weight; the skill NaN with one class only. O(groups), two logarithms each.
 */
#ifndef EMP_EVALUATE_PROPER_SCORES_H
#define EMP_EVALUATE_PROPER_SCORES_H

#include "evaluate/ranking.h"

struct emp_proper_scores {
    struct emp_measure log_loss;
    struct emp_measure brier;
    double brier_skill;
    double certain_wrong; /* weight of events with p = 0 and non-events with p = 1 */
    double mean;          /* of p */
};

/* 0 <= clip < 1/2. */
struct emp_proper_scores emp__proper_scores(const struct emp_ranking *ranking, double clip);

/* value -+ z std_error, z the normal quantile of (1 + confidence) / 2. */
struct emp_interval emp__normal_interval(struct emp_measure measure, double confidence);

#endif
