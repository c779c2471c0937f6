// SPDX-License-Identifier: Apache-2.0
/*
 * The spend: Gamma-Gamma, or the mean of all repeat purchases, fitted to the customers of the
 * calibration whose repeat purchases have a mean of more than 0; of contracts the mean margin.
 */
#ifndef EMP_ANALYSIS_LTV_SPEND_H
#define EMP_ANALYSIS_LTV_SPEND_H

#include "analysis/ltv/work.h"

/* `weight`: of the customers of the calibration, who are left out where it is 0; NULL: theirs. */
emp_status emp__ltv_fit_spend(const struct emp_ltv_work *work, const double *weight, int threads,
                              struct emp_ltv_spend *out, emp_error *error);

/* What a rule keeps of it. */
void emp__ltv_spend_rule(const struct emp_ltv_spend *spend, struct emp_ltv_rule *out);

#endif
