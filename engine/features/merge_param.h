// SPDX-License-Identifier: Apache-2.0
/* The parameter `merge`, which every analysis that counts purchases has: what one purchase is. */
#ifndef EMP_FEATURES_MERGE_PARAM_H
#define EMP_FEATURES_MERGE_PARAM_H

#include "features/purchases.h"
#include "params/input_params.h"

/* order, day, row, auto: the first three as in enum emp_merge. */
extern const char *const emp__merge_words[];

#define EMP_MERGE_DOC                                                                              \
    "What counts as one purchase: the rows of one order, of one day, or each row. auto: order "    \
    "where the input has an order column, else row. Days are UTC days."

/*
 * Turns auto into what it stands for, also in the effective parameters at `section`; order without
 * an order column is EMP_ERR_PARAMS.
 */
emp_status emp__merge_settle(int *merge, const struct emp_input_params *input,
                             struct emp_node *root, const char *section, emp_error *error);

#endif
