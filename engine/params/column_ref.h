// SPDX-License-Identifier: Apache-2.0
/* How a parameter file names a column of an input file. */
#ifndef EMP_PARAMS_COLUMN_REF_H
#define EMP_PARAMS_COLUMN_REF_H

#include "params/schema.h"

/* Numbers of columns go up to this. */
enum { EMP_COLUMN_NUMBER_MAX = 1000000 };

/* A column of an input file: by its header name or by its number, counted from 1. */
struct emp_column_ref {
    char *name;     /* as written; NULL: the role is not mapped */
    int64_t number; /* the name as a number, or 0 */
    struct emp_place place;
};

/* From a scalar; a whole number that is not in quotes is a name and a number. */
emp_status emp__column_ref_load(const struct emp_node *node, struct emp_column_ref *out,
                                emp_error *error);

/* Fails, at its place, for a column that has a name but no number. */
emp_status emp__column_ref_need_number(const struct emp_column_ref *column, emp_error *error);

#endif
