// SPDX-License-Identifier: Apache-2.0
/* The folds of a sample: which customers are left out of which fit. */
#ifndef EMP_ANALYSIS_LOGISTIC_FOLDS_H
#define EMP_ANALYSIS_LOGISTIC_FOLDS_H

#include "analysis/logistic_rows.h"

/* Fills `fold`, `folds` and `member` of a sample that is otherwise complete. */
emp_status emp__logistic_folds(struct emp_logistic_sample *sample, emp_error *error);

#endif
