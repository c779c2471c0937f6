// SPDX-License-Identifier: Apache-2.0
/*
 * The honest view of a fit: what fits that have not seen a customer, or not yet that time, say of
 * him. What is judged is the fit itself, before it is recalibrated or shifted to another share of
 * events.
 */
#ifndef EMP_ANALYSIS_LOGISTIC_ASSESS_H
#define EMP_ANALYSIS_LOGISTIC_ASSESS_H

#include "analysis/logistic_work.h"

/*
 * Fits without each fold, and without the last cut-off where there are several; judges those and
 * the fit itself; and learns the recalibration from what was said out of fold.
 */
emp_status emp__logistic_assess(struct emp_logistic_work *work, emp_error *error);

#endif
