// SPDX-License-Identifier: Apache-2.0
/*
 * ltv_assumptions.csv: what the models take for granted, as the calibration has it.
 *
 * - frequency_spend_pearson, _spearman: correlations of x and the mean spend of those with
 *   repeat purchases and positive spend. Gamma-Gamma takes them for independent, so 0.
 * - interval_dispersion: sum of Q over the sum of 2 L^2 / (n + 1), of customers with n > 1
 *   intervals between purchases, L their sum and Q that of their squares. 1 on average where
 *   purchases come at random, whatever the rate (n points on a line of length L cut it so); below
 *   1 they are regular, above 1 they come in bursts.
 * - returned_share: of what repeat purchases brought, the share that was given back.
 * - month_spread: whether business was steady (tracking.h).
 *
 * Doubtful are correlations beyond 0.2, a dispersion outside 0.7 to 1.4, a share above 0.1,
 * months that are apart by 0.15 more than chance has them: rules of thumb, from which on the
 * values of single customers are off by more than their intervals say.
 */
#ifndef EMP_ANALYSIS_LTV_ASSUMPTIONS_H
#define EMP_ANALYSIS_LTV_ASSUMPTIONS_H

#include "analysis/ltv/work.h"

/* Checks that nothing is there for are left out. */
emp_status emp__ltv_assumptions(const struct emp_ltv_work *work, struct emp_result *result,
                                emp_error *error);

#endif
