// SPDX-License-Identifier: Apache-2.0
/* The columns of customers.csv: docs/run-folder.md defines them. */
#ifndef EMP_ANALYSIS_LTV_SCORES_H
#define EMP_ANALYSIS_LTV_SCORES_H

#include "analysis/ltv/values.h"

/* Adds the columns of the customers of the observation, by the rule. *values is the table's. */
emp_status emp__ltv_customer_columns(struct emp_ltv_work *work, struct emp_table *table,
                                     const struct emp_ltv_values **values, emp_error *error);

#endif
