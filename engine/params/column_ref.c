// SPDX-License-Identifier: Apache-2.0
#include "params/column_ref.h"

#include <string.h>

#include "base/memory.h"

emp_status emp__column_ref_load(const struct emp_node *node, struct emp_column_ref *out,
                                emp_error *error)
{
    const char *name;
    emp_status status = emp__node_text(node, &name, error);
    if (status != EMP_OK)
        return status;
    out->place = emp__node_place(node);
    int64_t number;
    if (!node->quoted && emp__node_integer(node, 1, EMP_COLUMN_NUMBER_MAX, &number, NULL) == EMP_OK)
        out->number = number;
    return emp__copy_text(&out->name, name, strlen(name), error);
}

emp_status emp__column_ref_need_number(const struct emp_column_ref *column, emp_error *error)
{
    char shown[EMP_EXCERPT];
    if (!column->name || column->number > 0)
        return EMP_OK;
    return emp__fail_at(error, EMP_ERR_PARAMS, column->place,
                        "with header: false a column is a number from 1; found '%s'",
                        emp__text_excerpt(column->name, shown));
}
