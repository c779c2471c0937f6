// SPDX-License-Identifier: Apache-2.0
#include "sink/table_columns.h"

#include <stdlib.h>

#include "base/memory.h"

emp_status emp__table_add_integers(struct emp_table *table, const char *name, int64_t **out,
                                   emp_error *error)
{
    struct emp_column column = {.name = name, .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I64};
    return emp__table_add(table, column, out, error);
}

emp_status emp__table_add_reals(struct emp_table *table, const char *name, double **out,
                                emp_error *error)
{
    struct emp_column column = {.name = name, .type = EMP_COLUMN_REAL, .storage = EMP_STORE_F64};
    return emp__table_add(table, column, out, error);
}

emp_status emp__table_add_decimals(struct emp_table *table, const char *name, int decimals,
                                   int64_t **out, emp_error *error)
{
    struct emp_column column = {
        .name = name, .type = EMP_COLUMN_DECIMAL, .storage = EMP_STORE_I64, .decimals = decimals};
    return emp__table_add(table, column, out, error);
}

emp_status emp__table_add_texts(struct emp_table *table, const char *name, emp_error *error)
{
    char **cells;
    struct emp_column column = {.name = name, .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_TEXT};
    return emp__table_add(table, column, &cells, error);
}

emp_status emp__table_add_labels(struct emp_table *table, const char *name, uint16_t **out,
                                 emp_error *error)
{
    struct emp_column column = {.name = name, .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_LABEL};
    return emp__table_add(table, column, out, error);
}

emp_status emp__table_add_named_reals(struct emp_table *table, const char *prefix, const char *name,
                                      double **out, emp_error *error)
{
    char *whole = NULL;
    emp_status status = emp__format_text(&whole, error, "%s%s", prefix, name);
    if (status != EMP_OK)
        return status;
    status = emp__table_keep(table, whole, error);
    if (status != EMP_OK) {
        free(whole);
        return status;
    }
    return emp__table_add_reals(table, whole, out, error);
}
