// SPDX-License-Identifier: Apache-2.0
/* What a logistic fit says of itself: its tables in the run folder. docs/run-folder.md defines
 * them. */
#ifndef EMP_ANALYSIS_LOGISTIC_TABLES_H
#define EMP_ANALYSIS_LOGISTIC_TABLES_H

#include "analysis/logistic_work.h"

extern const char *const emp__logistic_status_words[];

/* NAME_sample, _coefficients, _metrics, _deciles, _calibration, _evidence; _profit where there are
   costs, and _path where the penalty was chosen. */
emp_status emp__logistic_tables(const struct emp_logistic_work *work, struct emp_result *result,
                                emp_error *error);

/* NAME_sample: the sample at each cut-off. */
emp_status emp__logistic_panel_table(const struct emp_logistic_work *work,
                                     struct emp_result *result, emp_error *error);

#endif
