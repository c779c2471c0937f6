// SPDX-License-Identifier: Apache-2.0
/* What each column alone says of the event (evaluate/evidence.h), as a table. */
#ifndef EMP_ANALYSIS_LOGISTIC_EVIDENCE_H
#define EMP_ANALYSIS_LOGISTIC_EVIDENCE_H

#include "analysis/logistic_work.h"

/* Numbers are cut into so many bins at quantiles. */
enum { EMP_EVIDENCE_BINS = 10 };
#define EMP_EVIDENCE_SMOOTHING 0.5

emp_status emp__logistic_evidence_table(const struct emp_logistic_work *work,
                                        struct emp_result *result, emp_error *error);

#endif
