// SPDX-License-Identifier: Apache-2.0
/*
 * The area under the ROC curve as the probability that an event scores above a non-event, ties
 * counting half (Mann & Whitney 1947; Hanley & McNeil 1982):
 *     A = 1 / (m n) sum_i sum_j psi(x_i, y_j),   psi = 1 if x > y, 1/2 if x = y, 0 if x < y
 * over m events and n non-events, with the variance of DeLong, DeLong & Clarke-Pearson
 * (Biometrics 44, 1988):
 *     V10(i) = 1/n sum_j psi(x_i, y_j)          S10 = sum_i (V10(i) - A)^2 / (m - 1)
 *     V01(j) = 1/m sum_i psi(x_i, y_j)          S01 = sum_j (V01(j) - A)^2 / (n - 1)
 *     var A = S10 / m + S01 / n
 * in O(groups) from the ranking, as V10 and V01 are functions of the midranks (Sun & Xu, IEEE
 * Signal Processing Letters 21, 2014).
 *
 * A is right to 2^-52, its error to some 1e-14. NaN with one class only; the error is NaN where
 * one of them weighs 1 or less. 0 error where A is 0 or 1 (then all V are equal).
 */
#ifndef EMP_EVALUATE_AUC_H
#define EMP_EVALUATE_AUC_H

#include "evaluate/ranking.h"

struct emp_measure emp__auc(const struct emp_ranking *ranking);

/*
 * On the logit scale, so that it stays within 0 and 1 (Pepe 2003, ch. 5.2): logit A -+ z se / (A (1
 * - A)), z the normal quantile of (1 + confidence) / 2, 0 < confidence < 1. Where A is 0 or 1 both
 * ends are A, which says no more than that the sample is separated.
 */
struct emp_interval emp__auc_interval(struct emp_measure auc, double confidence);

#endif
