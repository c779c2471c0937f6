// SPDX-License-Identifier: Apache-2.0
/*
 * Probabilities from scores by a logistic curve (Platt 1999, Advances in Large Margin Classifiers):
 *     p(f) = 1 / (1 + exp(-(intercept + slope f)))
 * where sum -(t log p + (1 - t) log(1 - p)) is least, with the targets t = (E + 1) / (E + 2) for
 * events and 1 / (O + 2) for the others, E and O being their weights: so it exists also where the
 * scores separate the classes. By Newton's method with halved steps, in the stable form of Lin, Lin
 * & Weng (Machine Learning 68, 2007), on scores brought to mean 0 and deviation 1, from groups in
 * the order of the ranking: the order of the rows does not matter.
 *
 * Scores must be finite. Log odds are better than probabilities here: then slope 1, intercept 0
 * changes nothing. Where all scores are equal the slope is 0. Cost: O(groups) a step, some 10.
 */
#ifndef EMP_EVALUATE_PLATT_H
#define EMP_EVALUATE_PLATT_H

#include "evaluate/ranking.h"

enum { EMP_PLATT_STEPS = 100 };

struct emp_platt {
    double slope;
    double intercept;
    uint32_t steps; /* EMP_PLATT_STEPS: did not converge */
};

/* NaN for both without weight. */
struct emp_platt emp__platt(const struct emp_ranking *ranking);

double emp__platt_at(const struct emp_platt *platt, double score);

#endif
