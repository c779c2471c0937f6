// SPDX-License-Identifier: Apache-2.0
/*
 * ltv_validation.csv: what was foretold of the holdout against what happened, by how often the
 * customers had bought in the calibration, for every model that was fitted and two naive forecasts:
 *
 *   past rate      purchases go on as often as they came: x / T times the holdout
 *   last period    as many as in as long a time before the end of the calibration
 */
#ifndef EMP_ANALYSIS_LTV_VALIDATION_H
#define EMP_ANALYSIS_LTV_VALIDATION_H

#include "analysis/ltv/work.h"

/* The last day before as long a time as the holdout, up to the end of the calibration. */
int64_t emp__ltv_day_before(int64_t calibration, int64_t observation);

/* The table has no rows without a holdout. */
emp_status emp__ltv_validation(const struct emp_ltv_work *work, struct emp_result *result,
                               emp_error *error);

#endif
