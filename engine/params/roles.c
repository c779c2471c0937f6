// SPDX-License-Identifier: Apache-2.0
#include "params/roles.h"

#include <string.h>

#include "base/memory.h"

/* amount: COLUMN or amount: {price: COLUMN, quantity: COLUMN}. */
static emp_status load_amount(const struct emp_node *node, struct emp_roles *roles,
                              emp_error *error)
{
    static const char *const keys[] = {"price", "quantity", NULL};
    if (node->kind != EMP_NODE_MAP)
        return emp__column_ref_load(node, &roles->amount, error);
    emp_status status = emp__node_expect_map(node, keys, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; keys[i]; i++) {
        const struct emp_node *part = emp__node_get(node, keys[i]);
        if (!part)
            return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                                "'%s' is a product and needs both 'price' and 'quantity'",
                                node->path);
        struct emp_column_ref *column = i == 0 ? &roles->price : &roles->price_quantity;
        status = emp__column_ref_load(part, column, error);
        if (status != EMP_OK)
            return status;
    }
    return EMP_OK;
}

/* Every role: its key and its place in struct emp_roles; the first `required` must be given. */
static const struct {
    const char *key;
    size_t offset;
} role_rows[] = {
    {"customer", offsetof(struct emp_roles, customer)},
    {"time", offsetof(struct emp_roles, time)},
    {"amount", offsetof(struct emp_roles, amount)},
    {"order", offsetof(struct emp_roles, order)},
    {"product", offsetof(struct emp_roles, product)},
    {"quantity", offsetof(struct emp_roles, quantity)},
    {"channel", offsetof(struct emp_roles, channel)},
    {"cost", offsetof(struct emp_roles, cost)},
};

enum { ROLE_COUNT = sizeof role_rows / sizeof role_rows[0], REQUIRED_ROLES = 3 };

emp_status emp__roles_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_roles *roles = field;
    const char *keys[ROLE_COUNT + 1] = {NULL};
    for (size_t i = 0; i < ROLE_COUNT; i++)
        keys[i] = role_rows[i].key;
    emp_status status = emp__node_expect_map(node, keys, error);
    for (size_t i = 0; i < ROLE_COUNT && status == EMP_OK; i++) {
        const struct emp_node *value = emp__node_get(node, keys[i]);
        if (value && strcmp(keys[i], "amount") == 0)
            status = load_amount(value, roles, error);
        else if (value)
            status =
                emp__column_ref_load(value, (void *)((char *)roles + role_rows[i].offset), error);
        else if (i < REQUIRED_ROLES)
            status = emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                                  "'%s' must say which column is the %s: %s: COLUMN", node->path,
                                  keys[i], keys[i]);
    }
    return status;
}

void emp__roles_release(void *field)
{
    struct emp_roles *roles = field;
    for (size_t i = 0; i < ROLE_COUNT; i++)
        free(((struct emp_column_ref *)(void *)((char *)roles + role_rows[i].offset))->name);
    free(roles->price.name);
    free(roles->price_quantity.name);
}

emp_status emp__roles_need_numbers(const struct emp_roles *roles, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < ROLE_COUNT && status == EMP_OK; i++) {
        const char *column = (const char *)roles + role_rows[i].offset;
        status = emp__column_ref_need_number((const void *)column, error);
    }
    if (status == EMP_OK)
        status = emp__column_ref_need_number(&roles->price, error);
    if (status == EMP_OK)
        status = emp__column_ref_need_number(&roles->price_quantity, error);
    return status;
}
