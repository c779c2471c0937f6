// SPDX-License-Identifier: Apache-2.0
/* What the columns of a transaction file mean. */
#ifndef EMP_PARAMS_ROLES_H
#define EMP_PARAMS_ROLES_H

#include "params/column_ref.h"

/* Which column plays which role. `amount` is either one column or price x quantity. */
struct emp_roles {
    struct emp_column_ref customer, time, amount, price, price_quantity;
    struct emp_column_ref order, product, quantity, channel, cost;
};

/* {customer: COLUMN, ...} into a struct emp_roles. */
emp_status emp__roles_load(const struct emp_node *node, void *field, emp_error *error);
void emp__roles_release(void *field);

/* With header: false every column must be a number. */
emp_status emp__roles_need_numbers(const struct emp_roles *roles, emp_error *error);

#endif
