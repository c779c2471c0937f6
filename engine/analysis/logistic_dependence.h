// SPDX-License-Identifier: Apache-2.0
/* Terms that say nothing that others do not say (logistic/collinearity.h): dropped, or refused. */
#ifndef EMP_ANALYSIS_LOGISTIC_DEPENDENCE_H
#define EMP_ANALYSIS_LOGISTIC_DEPENDENCE_H

#include "analysis/logistic_work.h"

/*
 * Takes dependent terms out of the rule's, and says in `dropped` which they were; fills `mean` and
 * `inflation`. EMP_ERR_DATA if the parameters say that the run is to fail.
 */
emp_status emp__logistic_independence(struct emp_logistic_work *work, emp_error *error);

#endif
