// SPDX-License-Identifier: Apache-2.0
/*
 * Recipes in a parameter file: a list of features with what each asks for itself, and keys of the
 * section beside the list for what its items leave open:
 *
 *     features: [recency_days, {name: monetary, transform: log1p}, {column: age, missing: median}]
 *     scale: zscore
 *
 * A section that has them holds a `struct emp_recipes` and a `struct emp_steps`, takes the rows
 * EMP_FEATURES_ROW and EMP_STEPS_ROWS into its table, and calls emp__recipes_complete() when it is
 * validated.
 */
#ifndef EMP_FEATURES_RECIPE_PARAMS_H
#define EMP_FEATURES_RECIPE_PARAMS_H

#include "features/recipe.h"
#include "params/schema.h"

enum { EMP_RECIPES_MAX = 1000 };

/*
 * For EMP_PARAM_OWN. A list of recipes, or one name alone. A feature that is named twice is an
 * error, be it as a feature or as a column: nobody could tell the two apart in the results.
 */
emp_status emp__recipes_load(const struct emp_node *node, void *field, emp_error *error);
void emp__recipes_release(void *field);

/* One item of the list; emp__recipe_free() it, also after a failure. */
emp_status emp__recipe_load(const struct emp_node *node, struct emp_recipe *out, emp_error *error);
void emp__recipe_free(struct emp_recipe *recipe);

/* Fills what the recipes leave open from the section's own steps. */
void emp__recipes_complete(struct emp_recipes *recipes, const struct emp_steps *section);

/* For EMP_PARAM_OWN: an int, a struct emp_missing_rule, a struct emp_quantile_pair. */
emp_status emp__transform_load(const struct emp_node *node, void *field, emp_error *error);
emp_status emp__missing_load(const struct emp_node *node, void *field, emp_error *error);
emp_status emp__winsorize_load(const struct emp_node *node, void *field, emp_error *error);

#define EMP_TRANSFORM_SHAPE "one of none, log1p, sqrt, rank, yeo-johnson"
#define EMP_MISSING_SHAPE   "reject, mean, median, a number or {constant: NUMBER}"
#define EMP_WINSORIZE_SHAPE "a list of two quantiles, [LOW, HIGH], with 0 <= LOW < HIGH <= 1"
#define EMP_FEATURES_SHAPE                                                                         \
    "a list whose items are NAME or {name: NAME, transform: ..., scale: ..., missing: ..., "       \
    "winsorize: ...}, with column: NAME in place of name: for a column of the customers file"

#define EMP_FEATURES_DOC                                                                           \
    "What customers are compared by. A name is looked up among the features, then among the "      \
    "columns of input.customers; 'column' looks only there. An item may say how it is made "       \
    "ready, "                                                                                      \
    "in the words of the keys below; these hold for what it leaves open."
#define EMP_TRANSFORM_DOC                                                                          \
    "A curve for each value: log1p is log(1 + x) and sqrt the square root, for skewed counts and " \
    "amounts; rank is the share of customers below it, ties counted half; yeo-johnson is the "     \
    "power that makes the column most like a normal distribution, for values of any sign."
#define EMP_SCALE_DOC                                                                              \
    "How features are made comparable, after the transform: zscore: (x - mean) / standard "        \
    "deviation, divided by n; minmax: from 0 to 1; robust: (x - median) / (third - first "         \
    "quartile); none: as they are."
#define EMP_MISSING_DOC                                                                            \
    "What becomes of a missing value, before all else. reject: an error; mean, median: of the "    \
    "values that are there; or a number."
#define EMP_WINSORIZE_DOC                                                                          \
    "Values below the first and above the second of these quantiles become them, before the "      \
    "transform, so that outliers do not decide. 0 and 1 change nothing."

/* clang-format off */
#define EMP_FEATURES_ROW(type_, field_, fallback_)                                                 \
    {.key = "features", .type = EMP_PARAM_OWN, .offset = offsetof(type_, field_),                  \
     .fallback = (fallback_), .shape = EMP_FEATURES_SHAPE, .doc = EMP_FEATURES_DOC,                \
     .load = emp__recipes_load, .release = emp__recipes_release}

#define EMP_STEP(type_, field_, step_)                                                             \
    (offsetof(type_, field_) + offsetof(struct emp_steps, step_))

#define EMP_STEPS_ROWS(type_, field_)                                                              \
    {.key = "missing", .type = EMP_PARAM_OWN, .offset = EMP_STEP(type_, field_, missing),          \
     .fallback = "reject", .shape = EMP_MISSING_SHAPE, .doc = EMP_MISSING_DOC,                     \
     .load = emp__missing_load},                                                                   \
    {.key = "winsorize", .type = EMP_PARAM_OWN, .offset = EMP_STEP(type_, field_, winsorize),      \
     .fallback = "[0, 1]", .shape = EMP_WINSORIZE_SHAPE, .doc = EMP_WINSORIZE_DOC,                 \
     .load = emp__winsorize_load},                                                                 \
    {.key = "transform", .type = EMP_PARAM_OWN, .offset = EMP_STEP(type_, field_, transform),      \
     .fallback = "none", .shape = EMP_TRANSFORM_SHAPE, .doc = EMP_TRANSFORM_DOC,                   \
     .load = emp__transform_load},                                                                 \
    {.key = "scale", .type = EMP_PARAM_CHOICE, .offset = EMP_STEP(type_, field_, scale),           \
     .choices = emp__scaling_words, .fallback = "zscore", .doc = EMP_SCALE_DOC}
/* clang-format on */

#endif
