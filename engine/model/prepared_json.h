// SPDX-License-Identifier: Apache-2.0
/*
 * What was learned from a column (features/preparation.h), in a model file:
 *
 *     {"name": "monetary", "column": false, "missing": "mean", "winsorize": [0.0, 0.99],
 *      "transform": "log1p", "scale": "zscore", "fill": 52.5, "high": 980.0,
 *      "shift": 4.1, "divisor": 0.7, "constant": false,
 *      "rows": 1000, "missing_rows": 3, "clamped_low": 0, "clamped_high": 10}
 *
 * `missing` is a word or the number that stands for what is missing. There only where they are
 * needed: `fill`, of mean and median; `low` and `high`, of winsorize; `lambda` and
 * `lambda_at_bound`, of yeo-johnson; `knots` and `heights`, of rank.
 */
#ifndef EMP_MODEL_PREPARED_JSON_H
#define EMP_MODEL_PREPARED_JSON_H

#include "features/preparation.h"
#include "model/model_node.h"

/* NULL if memory has run out. */
json_t *emp__prepared_to_json(const struct emp_prepared *prepared);

/*
 * EMP_ERR_DATA if it is nothing that emp__prepare_fit() could have learned: whatever is accepted
 * can be applied to any column, and becomes the same JSON. emp__prepared_free() what is in *out,
 * which is untouched on failure.
 */
emp_status emp__prepared_from_json(const struct emp_model_node *node, struct emp_prepared *out,
                                   emp_error *error);

#endif
