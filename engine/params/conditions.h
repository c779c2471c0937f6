// SPDX-License-Identifier: Apache-2.0
/* The conditions of `where`, from the parameter file to what the reader of rows evaluates. */
#ifndef EMP_PARAMS_CONDITIONS_H
#define EMP_PARAMS_CONDITIONS_H

#include "params/input_params.h"

enum { EMP_CONDITIONS_MAX = 50 };

/* A list of {column: COLUMN, OPERATOR: VALUE} into a struct emp_conditions. */
emp_status emp__conditions_load(const struct emp_node *node, void *field, emp_error *error);
void emp__conditions_release(void *field);

/* With header: false every column must be a number. */
emp_status emp__conditions_need_numbers(const struct emp_conditions *conditions, emp_error *error);

/* A column, by name or number. */
emp_status emp__column_ref_load(const struct emp_node *node, struct emp_column_ref *out,
                                emp_error *error);

/* Fails, at its place, for a column that has a name but no number. */
emp_status emp__column_ref_need_number(const struct emp_column_ref *column, emp_error *error);

#endif
