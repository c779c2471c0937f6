// SPDX-License-Identifier: Apache-2.0
/* ltv_models.csv, ltv_parameters.csv, ltv_correlations.csv: docs/run-folder.md defines their
 * columns. */
#ifndef EMP_ANALYSIS_LTV_TABLES_H
#define EMP_ANALYSIS_LTV_TABLES_H

#include "analysis/ltv/work.h"

emp_status emp__ltv_tables(const struct emp_ltv_work *work, struct emp_result *result,
                           emp_error *error);

#endif
