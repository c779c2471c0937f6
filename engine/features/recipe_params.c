// SPDX-License-Identifier: Apache-2.0
#include "features/recipe_params.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *const emp__transform_words[] = {"none", "log1p", "sqrt", "rank", "yeo-johnson", NULL};
const char *const emp__scaling_words[] = {"zscore", "minmax", "robust", "none", NULL};
const char *const emp__missing_words[] = {"reject", "mean", "median", NULL};

emp_status emp__transform_load(const struct emp_node *node, void *field, emp_error *error)
{
    int *transform = field;
    if (node->kind == EMP_NODE_SCALAR && strcmp(node->text, "yeo_johnson") == 0) {
        *transform = EMP_TRANSFORM_YEO_JOHNSON;
        return EMP_OK;
    }
    return emp__node_choice(node, emp__transform_words, transform, error);
}

/* Does the scalar look like a number, so that a message about numbers helps? */
static bool begins_a_number(const struct emp_node *node)
{
    return node->kind == EMP_NODE_SCALAR && !node->quoted && node->text[0] != '\0' &&
           strchr("+-.0123456789", node->text[0]);
}

static emp_status load_constant(const struct emp_node *node, struct emp_missing_rule *out,
                                emp_error *error)
{
    out->how = EMP_FILL_CONSTANT;
    return emp__node_real(node, -EMP_VALUE_MAX, EMP_VALUE_MAX, &out->constant, error);
}

static emp_status load_missing_map(const struct emp_node *node, struct emp_missing_rule *out,
                                   emp_error *error)
{
    static const char *const keys[] = {"constant", NULL};
    emp_status status = emp__node_expect_map(node, keys, error);
    if (status != EMP_OK)
        return status;
    const struct emp_node *constant = emp__node_get(node, "constant");
    return constant ? load_constant(constant, out, error)
                    : emp__node_expected(node, EMP_MISSING_SHAPE, error);
}

emp_status emp__missing_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_missing_rule *out = field;
    *out = (struct emp_missing_rule){.how = EMP_FILL_REJECT};
    if (node->kind == EMP_NODE_MAP)
        return load_missing_map(node, out, error);
    if (begins_a_number(node))
        return load_constant(node, out, error);
    for (int i = 0; node->kind == EMP_NODE_SCALAR && emp__missing_words[i]; i++) {
        if (strcmp(node->text, emp__missing_words[i]) == 0) {
            out->how = i;
            return EMP_OK;
        }
    }
    return emp__node_expected(node, EMP_MISSING_SHAPE, error);
}

emp_status emp__winsorize_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_quantile_pair *out = field;
    if (node->kind != EMP_NODE_LIST || node->count != 2)
        return emp__node_expected(node, EMP_WINSORIZE_SHAPE, error);
    emp_status status = emp__node_real(node->items[0], 0, 1, &out->low, error);
    if (status == EMP_OK)
        status = emp__node_real(node->items[1], 0, 1, &out->high, error);
    if (status == EMP_OK && out->low >= out->high)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must be [LOW, HIGH] with LOW below HIGH, found [%s, %s]",
                            node->path, node->items[0]->text, node->items[1]->text);
    return status;
}

static emp_status load_name(const struct emp_node *node, struct emp_recipe *out, emp_error *error)
{
    const char *text;
    emp_status status = emp__node_text(node, &text, error);
    if (status == EMP_OK && text[0] == '\0')
        return emp__node_expected(node, "the name of a feature", error);
    if (status == EMP_OK)
        status = emp__copy_text(&out->name, text, strlen(text), error);
    int64_t number = 0;
    if (!node->quoted)
        (void)emp__node_integer(node, 1, EMP_COLUMN_NUMBER_MAX, &number, NULL);
    out->ref = (struct emp_column_ref){out->name, number, emp__node_place(node)};
    return status;
}

/* The name of an item that is a map: under `name` or under `column`. */
static emp_status load_key_name(const struct emp_node *node, struct emp_recipe *out,
                                emp_error *error)
{
    const struct emp_node *name = emp__node_get(node, "name");
    const struct emp_node *column = emp__node_get(node, "column");
    if (!name == !column)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            name ? "'%s' must have one of 'name' and 'column', found both"
                                 : "'%s' needs a 'name' or a 'column'",
                            node->path);
    out->column = column != NULL;
    return load_name(name ? name : column, out, error);
}

static emp_status load_scale(const struct emp_node *node, void *field, emp_error *error)
{
    return emp__node_choice(node, emp__scaling_words, field, error);
}

static emp_status load_steps(const struct emp_node *node, struct emp_recipe *out, emp_error *error)
{
    const struct {
        const char *key;
        unsigned flag;
        void *field;
        emp_status (*load)(const struct emp_node *node, void *field, emp_error *error);
    } steps[] = {
        {"missing", EMP_GIVEN_MISSING, &out->steps.missing, emp__missing_load},
        {"winsorize", EMP_GIVEN_WINSORIZE, &out->steps.winsorize, emp__winsorize_load},
        {"transform", EMP_GIVEN_TRANSFORM, &out->steps.transform, emp__transform_load},
        {"scale", EMP_GIVEN_SCALE, &out->steps.scale, load_scale},
    };
    emp_status status = EMP_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == EMP_OK; i++) {
        const struct emp_node *value = emp__node_get(node, steps[i].key);
        if (!value || emp__node_is_null(value))
            continue;
        out->given |= steps[i].flag;
        status = steps[i].load(value, steps[i].field, error);
    }
    return status;
}

emp_status emp__recipe_load(const struct emp_node *node, struct emp_recipe *out, emp_error *error)
{
    static const char *const keys[] = {"name",      "column", "missing", "winsorize",
                                       "transform", "scale",  NULL};
    *out = (struct emp_recipe){.place = emp__node_place(node), .steps.winsorize = {0.0, 1.0}};
    if (node->kind == EMP_NODE_SCALAR)
        return load_name(node, out, error);
    emp_status status = emp__node_expect_map(node, keys, error);
    if (status == EMP_OK)
        status = load_key_name(node, out, error);
    return status == EMP_OK ? load_steps(node, out, error) : status;
}

void emp__recipe_free(struct emp_recipe *recipe)
{
    free(recipe->name);
    *recipe = (struct emp_recipe){0};
}

static emp_status check_new(const struct emp_recipes *recipes, size_t last, emp_error *error)
{
    const struct emp_recipe *items = recipes->items;
    char excerpt[EMP_EXCERPT];
    assert(items[last].name);
    for (size_t i = 0; i < last; i++)
        if (strcmp(items[i].name, items[last].name) == 0)
            return emp__fail_at(error, EMP_ERR_PARAMS, items[last].place,
                                "the feature '%s' is given twice",
                                emp__text_excerpt(items[last].name, excerpt));
    return EMP_OK;
}

emp_status emp__recipes_load(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_recipes *out = field;
    if (node->kind == EMP_NODE_MAP)
        return emp__node_expected(node, EMP_FEATURES_SHAPE, error);
    bool list = node->kind == EMP_NODE_LIST;
    size_t count = list ? node->count : 1;
    if (count == 0 || count > EMP_RECIPES_MAX)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must have 1 to %d features, found %zu", node->path,
                            EMP_RECIPES_MAX, count);
    emp_status status = emp__new_array(&out->items, count, sizeof *out->items, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        out->count = i + 1;
        status = emp__recipe_load(list ? node->items[i] : node, &out->items[i], error);
        if (status == EMP_OK)
            status = check_new(out, i, error);
    }
    return status;
}

void emp__recipes_release(void *field)
{
    struct emp_recipes *recipes = field;
    for (size_t i = 0; i < recipes->count; i++)
        emp__recipe_free(&recipes->items[i]);
    free(recipes->items);
    *recipes = (struct emp_recipes){0};
}

void emp__recipes_complete(struct emp_recipes *recipes, const struct emp_steps *section)
{
    for (size_t i = 0; i < recipes->count; i++) {
        struct emp_steps *steps = &recipes->items[i].steps;
        unsigned given = recipes->items[i].given;
        if (!(given & EMP_GIVEN_MISSING))
            steps->missing = section->missing;
        if (!(given & EMP_GIVEN_WINSORIZE))
            steps->winsorize = section->winsorize;
        if (!(given & EMP_GIVEN_TRANSFORM))
            steps->transform = section->transform;
        if (!(given & EMP_GIVEN_SCALE))
            steps->scale = section->scale;
    }
}
