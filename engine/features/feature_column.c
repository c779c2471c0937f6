// SPDX-License-Identifier: Apache-2.0
#include "features/feature_column.h"

#include "base/blocks.h"
#include "base/error.h"
#include "params/schema.h"

const struct emp_feature *emp__recipe_feature(const struct emp_recipe *recipe,
                                              const struct emp_input_params *input)
{
    bool may_be = !recipe->column && emp__has_transactions(input);
    return may_be ? emp__feature_find(recipe->name) : NULL;
}

static emp_status check_column(const struct emp_recipe *recipe,
                               const struct emp_input_params *input, emp_error *error)
{
    const char *names[EMP_FEATURES_MAX + 1];
    if (emp__has_customer_file(input))
        return EMP_OK;
    emp__feature_names(names);
    const char *nearest = emp__nearest_word(recipe->name, names);
    return emp__fail_at(error, EMP_ERR_PARAMS, recipe->place,
                        "'%s' is no feature%s%s%s; 'emptor help features' lists them, and there "
                        "is no 'input.customers' whose column it could be",
                        recipe->name, nearest ? " (did you mean '" : "", nearest ? nearest : "",
                        nearest ? "'?)" : "");
}

emp_status emp__recipes_check(const struct emp_recipes *recipes,
                              const struct emp_input_params *input, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < recipes->count && status == EMP_OK; i++) {
        const struct emp_recipe *recipe = &recipes->items[i];
        const struct emp_feature *feature = emp__recipe_feature(recipe, input);
        const char *lacks = feature ? emp__needs_lack(feature->needs, &input->columns) : NULL;
        if (!feature)
            status = check_column(recipe, input, error);
        else if (lacks)
            status = emp__fail_at(error, EMP_ERR_PARAMS, recipe->place,
                                  "the feature '%s' needs 'input.transactions.columns.%s'",
                                  recipe->name, lacks);
    }
    return status;
}

struct emp_needs emp__recipes_needs(const struct emp_recipes *recipes,
                                    const struct emp_input_params *input, enum emp_merge merge)
{
    struct emp_needs needs = {0};
    for (size_t i = 0; i < recipes->count; i++) {
        const struct emp_feature *feature = emp__recipe_feature(&recipes->items[i], input);
        if (!feature)
            continue;
        needs = emp__needs_union(needs, emp__purchases_needs(merge));
        needs = emp__needs_union(needs, feature->needs);
    }
    return needs;
}

emp_status emp__recipes_wish(const struct emp_recipes *recipes,
                             const struct emp_input_params *input,
                             struct emp_attribute_wishes *wishes, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < recipes->count && status == EMP_OK; i++)
        if (!emp__recipe_feature(&recipes->items[i], input))
            status =
                emp__attribute_wish(wishes, EMP_ATTRIBUTE_NUMBER, &recipes->items[i].ref, error);
    return status;
}

struct emp_feature_column emp__feature_column(const struct emp_recipe *recipe,
                                              const struct emp_input_params *input,
                                              const struct emp_attributes *attributes)
{
    const struct emp_feature *feature = emp__recipe_feature(recipe, input);
    const double *values =
        feature ? NULL : attributes->values[emp__attributes_find(attributes, recipe->name)];
    return (struct emp_feature_column){recipe->name, feature, values};
}

struct computing {
    const struct emp_feature_column *column;
    const struct emp_feature_view *view;
    const struct emp_column_request *request;
    double *out;
};

static void compute_block(void *user, int worker, size_t first, size_t count)
{
    const struct computing *computing = user;
    const struct emp_feature_column *column = computing->column;
    const uint32_t *customers = computing->request->customers + first;
    double *out = computing->out + first;
    (void)worker;
    if (column->feature)
        column->feature->compute(computing->view, customers, count, out);
    else
        for (size_t i = 0; i < count; i++)
            out[i] = column->values[customers[i]];
    emp__store_touched(computing->view->customers->store, count * sizeof(struct emp_summary));
}

void emp__feature_column_values(const struct emp_feature_column *column,
                                const struct emp_feature_view *view,
                                const struct emp_column_request *request, double *out)
{
    enum { BLOCK = 4096 };
    struct computing computing = {column, view, request, out};
    emp__blocks(request->threads, request->count, BLOCK, compute_block, &computing);
}
