// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_loads.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "features/recipe_params.h"

/* --- label --- */

enum { DAYS_MAX = 36525 };

/* A number of days: 90 or 90d. */
static emp_status load_days(const struct emp_node *node, int64_t least, int64_t *out,
                            emp_error *error)
{
    const char *text = node->kind == EMP_NODE_SCALAR ? node->text : "";
    char digits[8] = "";
    size_t length = strlen(text);
    if (length < 2 || text[length - 1] != 'd' || length > sizeof digits)
        return emp__node_integer(node, least, DAYS_MAX, out, error);
    memcpy(digits, text, length - 1);
    struct emp_node number = *node;
    number.text = digits;
    if (emp__node_integer(&number, least, DAYS_MAX, out, NULL) == EMP_OK)
        return EMP_OK;
    return emp__node_expected(node, "a number of days like 90 or 90d", error);
}

static emp_status load_cutoffs(const struct emp_node *node, struct emp_label_rule *out,
                               emp_error *error)
{
    bool list = node->kind == EMP_NODE_LIST;
    size_t count = list ? node->count : 1;
    if (count == 0 || count > EMP_CUTOFFS_MAX)
        return emp__node_expected(node, "a date or a list of up to 64 dates", error);
    emp_status status = emp__new_array(&out->cutoffs, count, sizeof *out->cutoffs, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        const struct emp_node *item = list ? node->items[i] : node;
        status = emp__node_date(item, &out->cutoffs[i], error);
        if (status == EMP_OK && i > 0 && out->cutoffs[i] <= out->cutoffs[i - 1])
            return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(item),
                                "the dates of '%s' must ascend", node->path);
    }
    out->cutoff_count = count;
    return status;
}

static emp_status load_label_history(const struct emp_node *node, struct emp_label_rule *out,
                                     emp_error *error)
{
    static const char *const keys[] = {"horizon", "cutoff", "gap", NULL};
    emp_status status = emp__node_expect_map(node, keys, error);
    if (status != EMP_OK)
        return status;
    const struct emp_node *cutoff = emp__node_get(node, "cutoff");
    const struct emp_node *gap = emp__node_get(node, "gap");
    out->source = EMP_LABEL_HISTORY;
    status = load_days(emp__node_get(node, "horizon"), 1, &out->horizon, error);
    if (status == EMP_OK && gap && !emp__node_is_null(gap))
        status = load_days(gap, 0, &out->gap, error);
    if (status == EMP_OK && cutoff && !emp__node_is_null(cutoff))
        status = load_cutoffs(cutoff, out, error);
    return status;
}

static emp_status load_label_column(const struct emp_node *node, struct emp_label_rule *out,
                                    emp_error *error)
{
    static const char *const keys[] = {"column", "positive", NULL};
    emp_status status = emp__node_expect_map(node, keys, error);
    const struct emp_node *positive = status == EMP_OK ? emp__node_get(node, "positive") : NULL;
    const char *text = NULL;
    if (status == EMP_OK && !positive)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' needs 'positive', the text of the column that is the event",
                            node->path);
    out->source = EMP_LABEL_COLUMN;
    if (status == EMP_OK)
        status = emp__column_ref_load(emp__node_get(node, "column"), &out->column, error);
    if (status == EMP_OK)
        status = emp__node_text(positive, &text, error);
    return status == EMP_OK ? emp__copy_text(&out->positive, text, strlen(text), error) : status;
}

emp_status emp__label_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_label_rule *out = field;
    out->place = emp__node_place(node);
    bool map = node->kind == EMP_NODE_MAP;
    if (map && emp__node_get(node, "column"))
        return load_label_column(node, out, error);
    if (map && emp__node_get(node, "horizon"))
        return load_label_history(node, out, error);
    return emp__node_expected(node, EMP_LABEL_SHAPE, error);
}

void emp__label_release(void *field)
{
    struct emp_label_rule *label = field;
    free(label->cutoffs);
    free(label->column.name);
    free(label->positive);
}

/* --- what it is learned from --- */

/* As everywhere, but there may be none: categories alone make a model, too. */
emp_status emp__logistic_features_load(const struct emp_node *node, void *field, emp_error *error)
{
    bool none = node->kind == EMP_NODE_LIST && node->count == 0;
    return none ? EMP_OK : emp__recipes_load(node, field, error);
}

static emp_status check_new_column(const struct emp_column_list *list, size_t last,
                                   emp_error *error)
{
    for (size_t i = 0; i < last; i++)
        if (strcmp(list->items[i].name, list->items[last].name) == 0)
            return emp__fail_at(error, EMP_ERR_PARAMS, list->items[last].place,
                                "the column '%s' is given twice", list->items[last].name);
    return EMP_OK;
}

emp_status emp__categorical_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_column_list *out = field;
    bool list = node->kind == EMP_NODE_LIST;
    size_t count = list ? node->count : 1;
    if (node->kind == EMP_NODE_MAP || count > EMP_RECIPES_MAX)
        return emp__node_expected(node, EMP_CATEGORICAL_SHAPE, error);
    emp_status status = emp__new_array(&out->items, count, sizeof *out->items, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        out->count = i + 1;
        status = emp__column_ref_load(list ? node->items[i] : node, &out->items[i], error);
        if (status == EMP_OK)
            status = check_new_column(out, i, error);
    }
    return status;
}

void emp__categorical_release(void *field)
{
    struct emp_column_list *list = field;
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].name);
    free(list->items);
}

emp_status emp__reference_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_reference_rule *out = field;
    if (node->kind == EMP_NODE_MAP)
        return emp__named_texts_load(node, &out->given, error);
    if (node->kind == EMP_NODE_SCALAR && strcmp(node->text, "first") == 0)
        return EMP_OK;
    return emp__node_expected(node, EMP_REFERENCE_SHAPE, error);
}

void emp__reference_release(void *field)
{
    emp__named_texts_free(&((struct emp_reference_rule *)field)->given);
}

emp_status emp__splines_load(const struct emp_node *node, void *field, emp_error *error)
{
    static const double knots[2] = {3, 20};
    return emp__named_reals_load(node, knots, field, error);
}

emp_status emp__bins_load(const struct emp_node *node, void *field, emp_error *error)
{
    static const double bins[2] = {2, 100};
    return emp__named_reals_load(node, bins, field, error);
}

emp_status emp__factors_load(const struct emp_node *node, void *field, emp_error *error)
{
    static const double factors[2] = {0, 1e6};
    return emp__named_reals_load(node, factors, field, error);
}

void emp__reals_release(void *field)
{
    emp__named_reals_free(field);
}

static emp_status load_interaction(const struct emp_node *node, struct emp_interaction *out,
                                   emp_error *error)
{
    emp_status status = EMP_OK;
    out->place = emp__node_place(node);
    if (node->kind != EMP_NODE_LIST || node->count != 2)
        return emp__node_expected(node, "a list of two names", error);
    for (size_t i = 0; i < 2 && status == EMP_OK; i++) {
        const char *text = NULL;
        status = emp__node_text(node->items[i], &text, error);
        if (status == EMP_OK)
            status = emp__copy_text(&out->name[i], text, strlen(text), error);
    }
    return status;
}

emp_status emp__interactions_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_interactions *out = field;
    if (node->kind != EMP_NODE_LIST || node->count > EMP_RECIPES_MAX)
        return emp__node_expected(node, EMP_INTERACTIONS_SHAPE, error);
    emp_status status = emp__new_array(&out->items, node->count, sizeof *out->items, error);
    for (size_t i = 0; i < node->count && status == EMP_OK; i++) {
        out->count = i + 1;
        status = load_interaction(node->items[i], &out->items[i], error);
    }
    return status;
}

void emp__interactions_release(void *field)
{
    struct emp_interactions *interactions = field;
    for (size_t i = 0; i < interactions->count; i++) {
        free(interactions->items[i].name[0]);
        free(interactions->items[i].name[1]);
    }
    free(interactions->items);
}

/* --- how it is fitted and judged --- */

static bool is_word(const struct emp_node *node, const char *word)
{
    return node->kind == EMP_NODE_SCALAR && strcmp(node->text, word) == 0;
}

emp_status emp__lambda_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_lambda *out = field;
    out->automatic = is_word(node, "auto");
    if (out->automatic || emp__node_real(node, 0, 1e12, &out->value, NULL) == EMP_OK)
        return EMP_OK;
    return emp__node_expected(node, EMP_LAMBDA_SHAPE, error);
}

static emp_status load_reals(const struct emp_node *node, const char *const *keys,
                             double *const *values, const double (*bounds)[2], emp_error *error)
{
    emp_status status = emp__node_expect_map(node, keys, error);
    for (size_t i = 0; keys[i] && status == EMP_OK; i++) {
        const struct emp_node *value = emp__node_get(node, keys[i]);
        if (!value)
            return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node), "'%s' needs '%s'",
                                node->path, keys[i]);
        status = emp__node_real(value, bounds[i][0], bounds[i][1], values[i], error);
    }
    return status;
}

emp_status emp__class_weight_load(const struct emp_node *node, void *field, emp_error *error)
{
    static const char *const keys[] = {"positive", "negative", NULL};
    static const double bounds[][2] = {{1e-6, 1e6}, {1e-6, 1e6}};
    struct emp_class_weight *out = field;
    *out = (struct emp_class_weight){EMP_CLASSES_EQUAL, 1.0, 1.0};
    if (is_word(node, "none"))
        return EMP_OK;
    out->how = is_word(node, "balanced") ? EMP_CLASSES_BALANCED : EMP_CLASSES_GIVEN;
    if (out->how == EMP_CLASSES_BALANCED)
        return EMP_OK;
    if (node->kind != EMP_NODE_MAP)
        return emp__node_expected(node, EMP_CLASS_WEIGHT_SHAPE, error);
    double *const values[] = {&out->positive, &out->negative};
    return load_reals(node, keys, values, bounds, error);
}

emp_status emp__column_load(const struct emp_node *node, void *field, emp_error *error)
{
    return emp__column_ref_load(node, field, error);
}

void emp__column_release(void *field)
{
    free(((struct emp_column_ref *)field)->name);
}

emp_status emp__folds_load(const struct emp_node *node, void *field, emp_error *error)
{
    static const char *const keys[] = {"column", NULL};
    struct emp_fold_rule *out = field;
    if (node->kind == EMP_NODE_MAP) {
        emp_status status = emp__node_expect_map(node, keys, error);
        const struct emp_node *column = status == EMP_OK ? emp__node_get(node, "column") : NULL;
        if (status == EMP_OK && !column)
            return emp__node_expected(node, EMP_FOLDS_SHAPE, error);
        return status == EMP_OK ? emp__column_ref_load(column, &out->column, error) : status;
    }
    emp_status status = emp__node_integer(node, 0, EMP_FOLDS_MAX, &out->count, NULL);
    return status == EMP_OK && out->count != 1 ? EMP_OK
                                               : emp__node_expected(node, EMP_FOLDS_SHAPE, error);
}

void emp__folds_release(void *field)
{
    free(((struct emp_fold_rule *)field)->column.name);
}

emp_status emp__costs_load(const struct emp_node *node, void *field, emp_error *error)
{
    static const char *const keys[] = {"margin", "contact", "success", NULL};
    static const double bounds[][2] = {{0, 1e12}, {0, 1e12}, {0, 1}};
    struct emp_costs *out = field;
    out->given = true;
    double *const values[] = {&out->margin, &out->contact, &out->success};
    return load_reals(node, keys, values, bounds, error);
}
