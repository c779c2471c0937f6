// SPDX-License-Identifier: Apache-2.0
/* The conditions of `where`, from the parameter file to what the reader of rows evaluates. */
#ifndef EMP_PARAMS_CONDITIONS_H
#define EMP_PARAMS_CONDITIONS_H

#include "params/column_ref.h"

enum emp_condition_kind {
    EMP_WHERE_EQ,
    EMP_WHERE_NE,
    EMP_WHERE_LT,
    EMP_WHERE_LE,
    EMP_WHERE_GT,
    EMP_WHERE_GE,
    EMP_WHERE_IN,
    EMP_WHERE_NOT_IN,
    EMP_WHERE_STARTS_WITH,
    EMP_WHERE_NOT_STARTS_WITH,
    EMP_WHERE_EMPTY
};

/* One condition of `where`; a row is kept if it meets all of them. */
struct emp_condition {
    struct emp_column_ref column;
    enum emp_condition_kind kind;
    struct emp_texts operands; /* texts to compare with; one but for IN and NOT_IN */
    bool empty;                /* EMPTY: what the emptiness of the field must be */
    int64_t mantissa;          /* LT .. GE: the operand as mantissa x 10^-scale */
    int scale;
};

struct emp_conditions {
    struct emp_condition *items;
    size_t count;
};

enum { EMP_CONDITIONS_MAX = 50 };

/* A list of {column: COLUMN, OPERATOR: VALUE} into a struct emp_conditions. */
emp_status emp__conditions_load(const struct emp_node *node, void *field, emp_error *error);
void emp__conditions_release(void *field);

/* With header: false every column must be a number. */
emp_status emp__conditions_need_numbers(const struct emp_conditions *conditions, emp_error *error);

#endif
