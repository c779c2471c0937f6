// SPDX-License-Identifier: Apache-2.0
/* models/ltv.json: what a customer is valued by, and back. */
#ifndef EMP_ANALYSIS_LTV_MODEL_H
#define EMP_ANALYSIS_LTV_MODEL_H

#include "analysis/ltv/work.h"

/* NULL if memory ran out. The work has a rule with a model. */
json_t *emp__ltv_model_json(const struct emp_ltv_work *work);

/* The rule of a model whose section this is. */
emp_status emp__ltv_model_read(const struct emp_model *model, const struct emp_ltv_params *params,
                               struct emp_ltv_rule *out, emp_error *error);

#endif
