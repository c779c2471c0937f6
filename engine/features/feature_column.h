// SPDX-License-Identifier: Apache-2.0
/*
 * What a recipe's name stands for: a feature of the table (feature.h), or a column of the customers
 * file (attributes.h). Features come first, unless the recipe says `column` or there are no
 * transactions, of which features are made.
 */
#ifndef EMP_FEATURES_FEATURE_COLUMN_H
#define EMP_FEATURES_FEATURE_COLUMN_H

#include "features/attributes.h"
#include "features/feature.h"
#include "features/recipe.h"

/* The feature, or NULL: it is a column of the customers file. */
const struct emp_feature *emp__recipe_feature(const struct emp_recipe *recipe,
                                              const struct emp_input_params *input);

/*
 * Can all of them be had of this input? EMP_ERR_PARAMS: a name that is no feature where there is no
 * customers file (with the nearest that is one), or a feature whose role has no column.
 */
emp_status emp__recipes_check(const struct emp_recipes *recipes,
                              const struct emp_input_params *input, emp_error *error);

/* What the features among them need of the history. */
struct emp_needs emp__recipes_needs(const struct emp_recipes *recipes,
                                    const struct emp_input_params *input, enum emp_merge merge);

/* Asks for the columns of the customers file among them. */
emp_status emp__recipes_wish(const struct emp_recipes *recipes,
                             const struct emp_input_params *input,
                             struct emp_attribute_wishes *wishes, emp_error *error);

struct emp_feature_column {
    const char *name;                  /* the recipe's */
    const struct emp_feature *feature; /* or NULL, and then the values are */
    const double *values;              /* these, by customer */
};

struct emp_feature_column emp__feature_column(const struct emp_recipe *recipe,
                                              const struct emp_input_params *input,
                                              const struct emp_attributes *attributes);

struct emp_column_request {
    const uint32_t *customers; /* by number */
    size_t count;
    int threads;
};

/* The values of some customers; NaN: missing. */
void emp__feature_column_values(const struct emp_feature_column *column,
                                const struct emp_feature_view *view,
                                const struct emp_column_request *request, double *out);

#endif
