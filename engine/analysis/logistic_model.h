// SPDX-License-Identifier: Apache-2.0
/*
 * models/churn.json, and those of the other logistic analyses: what probabilities are made of
 * (struct emp_logistic_rule), and how it was found.
 *
 *     "parameters": {...}
 *     "rows": 7043
 *     "numbers": [{"prepared": {...}, "curve": "spline", "at": [...]}]
 *     "categories": [{"name": "Contract", "levels": ["Month-to-month", null], "rows": [...],
 *                     "reference": 0}]
 *     "intercept": -1.2
 *     "terms": [{"term": "tenure", "level": "", "coefficient": -0.7, "mean": 1.3}]
 *     "shift": 0.0
 *     "recalibration": {"how": "platt", "slope": 1.0, "intercept": 0.0}
 *     "covariance": [[...]]  with the intercept first; of fits without a penalty
 *     "fit": {...}
 *
 * Coefficients are those of the prepared numbers. Terms that were dropped are not there.
 */
#ifndef EMP_ANALYSIS_LOGISTIC_MODEL_H
#define EMP_ANALYSIS_LOGISTIC_MODEL_H

#include "analysis/logistic_work.h"
#include "model/model_file.h"

/* The words of the file, NULL behind the last. */
extern const char *const emp__curve_words[];
extern const char *const emp__recalibration_words[];

/* NULL if memory has run out. */
json_t *emp__logistic_model_json(const struct emp_logistic_work *work);

/*
 * The rule of a model; `params` are those that stand in it. EMP_ERR_DATA, naming what is wrong and
 * where. emp__logistic_rule_free() what is in *out in any case.
 */
emp_status emp__logistic_model_read(const struct emp_model *model,
                                    const struct emp_logistic_params *params, const char *kind,
                                    struct emp_logistic_rule *out, emp_error *error);

#endif
