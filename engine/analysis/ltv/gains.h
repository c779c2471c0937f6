// SPDX-License-Identifier: Apache-2.0
/*
 * ltv_deciles.csv: the customers of the calibration by the chosen model's probability that they do
 * not come back in the holdout, and how many did not. The same table as churn_deciles.csv: a churn
 * model with the day after the calibration for its cut-off, and the holdout for its horizon, ranks
 * the same customers by the same event.
 */
#ifndef EMP_ANALYSIS_LTV_GAINS_H
#define EMP_ANALYSIS_LTV_GAINS_H

#include "analysis/ltv/work.h"

/* The table has no rows without a holdout or a model. */
emp_status emp__ltv_gains(const struct emp_ltv_work *work, struct emp_result *result,
                          emp_error *error);

#endif
