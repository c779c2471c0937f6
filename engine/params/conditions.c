// SPDX-License-Identifier: Apache-2.0
#include "params/conditions.h"

#include <string.h>

#include "base/memory.h"
#include "text/decimal.h"

static const char *const condition_keys[] = {
    "eq",    "ne",     "lt", "le", "gt", "ge", "in", "not_in", "starts_with", "not_starts_with",
    "empty", "column", NULL};

enum { OPERATOR_COUNT = EMP_WHERE_EMPTY + 1 };

static emp_status load_number(const struct emp_node *node, struct emp_condition *out,
                              emp_error *error)
{
    const struct emp_decimal_format plain = {.mark = '.'};
    const char *text;
    emp_status status = emp__node_text(node, &text, error);
    if (status != EMP_OK)
        return status;
    if (emp__decimal_split_plain(text, strlen(text), plain, &out->mantissa, &out->scale) !=
        EMP_DECIMAL_OK)
        return emp__node_expected(node, "a decimal number", error);
    return EMP_OK;
}

static emp_status load_truth(const struct emp_node *node, struct emp_condition *out,
                             emp_error *error)
{
    const char *text;
    emp_status status = emp__node_text(node, &text, error);
    if (status != EMP_OK)
        return status;
    out->empty = strcmp(text, "true") == 0;
    if (!out->empty && strcmp(text, "false") != 0)
        return emp__node_expected(node, "true or false", error);
    return EMP_OK;
}

static emp_status load_operand(const struct emp_node *node, struct emp_condition *out,
                               emp_error *error)
{
    bool many = out->kind == EMP_WHERE_IN || out->kind == EMP_WHERE_NOT_IN;
    if (node->kind == EMP_NODE_LIST && !many)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' takes one value, found a list; in and not_in take lists",
                            node->path);
    if (node->kind == EMP_NODE_LIST && node->count == 0)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must hold at least one value", node->path);
    if (!many && emp__node_is_null(node))
        return emp__node_expected(node, "a value", error);
    switch (out->kind) {
    case EMP_WHERE_LT:
    case EMP_WHERE_LE:
    case EMP_WHERE_GT:
    case EMP_WHERE_GE:
        return load_number(node, out, error);
    case EMP_WHERE_EMPTY:
        return load_truth(node, out, error);
    default:
        return emp__node_texts(node, &out->operands, error);
    }
}

static emp_status load_condition(const struct emp_node *node, struct emp_condition *out,
                                 emp_error *error)
{
    emp_status status = emp__node_expect_map(node, condition_keys, error);
    if (status != EMP_OK)
        return status;
    const struct emp_node *column = emp__node_get(node, "column");
    if (!column || node->count != 2)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "a condition is {column: COLUMN, OPERATOR: VALUE} with one operator "
                            "of eq, ne, lt, le, gt, ge, in, not_in, starts_with, "
                            "not_starts_with, empty");
    status = emp__column_ref_load(column, &out->column, error);
    for (int i = 0; i < OPERATOR_COUNT && status == EMP_OK; i++) {
        const struct emp_node *operand = emp__node_get(node, condition_keys[i]);
        if (!operand)
            continue;
        out->kind = (enum emp_condition_kind)i;
        status = load_operand(operand, out, error);
    }
    return status;
}

emp_status emp__conditions_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_conditions *conditions = field;
    if (node->kind != EMP_NODE_LIST)
        return emp__node_expected(node, "a list of conditions {column: COLUMN, OPERATOR: VALUE}",
                                  error);
    if (node->count > EMP_CONDITIONS_MAX)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node->items[EMP_CONDITIONS_MAX]),
                            "'%s' has %zu conditions; at most %d are possible", node->path,
                            node->count, EMP_CONDITIONS_MAX);
    emp_status status =
        emp__new_array(&conditions->items, node->count, sizeof *conditions->items, error);
    for (size_t i = 0; i < node->count && status == EMP_OK; i++) {
        conditions->count = i + 1;
        status = load_condition(node->items[i], &conditions->items[i], error);
    }
    return status;
}

void emp__conditions_release(void *field)
{
    struct emp_conditions *conditions = field;
    for (size_t i = 0; i < conditions->count; i++) {
        free(conditions->items[i].column.name);
        emp__texts_free(&conditions->items[i].operands);
    }
    free(conditions->items);
    *conditions = (struct emp_conditions){0};
}

emp_status emp__conditions_need_numbers(const struct emp_conditions *conditions, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < conditions->count && status == EMP_OK; i++)
        status = emp__column_ref_need_number(&conditions->items[i].column, error);
    return status;
}
