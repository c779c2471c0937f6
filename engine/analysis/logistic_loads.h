// SPDX-License-Identifier: Apache-2.0
/*
 * How the parameters of a logistic analysis that have shapes of their own are read: the `load` and
 * `release` of their rows, each for a field of struct emp_logistic_params.
 */
#ifndef EMP_ANALYSIS_LOGISTIC_LOADS_H
#define EMP_ANALYSIS_LOGISTIC_LOADS_H

#include "analysis/logistic_params.h"

#define EMP_LABEL_SHAPE                                                                            \
    "{horizon: DAYS, cutoff: DATE or a list of dates, gap: DAYS} (days as 90 or 90d), or "         \
    "{column: NAME, positive: TEXT}"
#define EMP_CATEGORICAL_SHAPE  "the name of a column, or a list of them"
#define EMP_REFERENCE_SHAPE    "first, or {COLUMN: LEVEL, ...}"
#define EMP_COUNTS_SHAPE       "{FEATURE: NUMBER, ...}"
#define EMP_INTERACTIONS_SHAPE "a list of pairs, [[NAME, NAME], ...]"
#define EMP_LAMBDA_SHAPE       "auto, or a number of at least 0"
#define EMP_FACTORS_SHAPE      "{NAME: NUMBER of at least 0, ...}"
#define EMP_CLASS_WEIGHT_SHAPE "none, balanced, or {positive: NUMBER, negative: NUMBER}"
#define EMP_FOLDS_SHAPE        "a whole number from 2 to 100, 0 for none, or {column: NAME}"
#define EMP_COSTS_SHAPE        "{margin: NUMBER, contact: NUMBER, success: a share of 1}"

emp_status emp__label_load(const struct emp_node *node, void *field, emp_error *error);
void emp__label_release(void *field);
emp_status emp__logistic_features_load(const struct emp_node *node, void *field, emp_error *error);
emp_status emp__categorical_load(const struct emp_node *node, void *field, emp_error *error);
void emp__categorical_release(void *field);
emp_status emp__reference_load(const struct emp_node *node, void *field, emp_error *error);
void emp__reference_release(void *field);
emp_status emp__splines_load(const struct emp_node *node, void *field, emp_error *error);
emp_status emp__bins_load(const struct emp_node *node, void *field, emp_error *error);
emp_status emp__factors_load(const struct emp_node *node, void *field, emp_error *error);
void emp__reals_release(void *field);
emp_status emp__interactions_load(const struct emp_node *node, void *field, emp_error *error);
void emp__interactions_release(void *field);
emp_status emp__lambda_load(const struct emp_node *node, void *field, emp_error *error);
emp_status emp__class_weight_load(const struct emp_node *node, void *field, emp_error *error);
emp_status emp__column_load(const struct emp_node *node, void *field, emp_error *error);
void emp__column_release(void *field);
emp_status emp__folds_load(const struct emp_node *node, void *field, emp_error *error);
void emp__folds_release(void *field);
emp_status emp__costs_load(const struct emp_node *node, void *field, emp_error *error);

#endif
