// SPDX-License-Identifier: Apache-2.0
#include "model/prepared_json.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "model/model_json.h"
#include "scale/rank_table.h"

static const char *const keys[] = {
    "name",    "column",   "missing", "winsorize",       "transform",   "scale",        "fill",
    "low",     "high",     "lambda",  "lambda_at_bound", "knots",       "heights",      "shift",
    "divisor", "constant", "rows",    "missing_rows",    "clamped_low", "clamped_high", NULL};

static json_t *put_recipe(json_t *object, const struct emp_recipe *recipe)
{
    const struct emp_steps *steps = &recipe->steps;
    const double winsorize[2] = {steps->winsorize.low, steps->winsorize.high};
    json_t *missing = steps->missing.how == EMP_FILL_CONSTANT
                          ? json_real(steps->missing.constant)
                          : json_string(emp__missing_words[steps->missing.how]);
    object = emp__json_put(object, "name", json_string(recipe->name));
    object = emp__json_put(object, "column", json_boolean(recipe->column));
    object = emp__json_put(object, "missing", missing);
    object = emp__json_put(object, "winsorize", emp__json_reals(winsorize, 2));
    object =
        emp__json_put(object, "transform", json_string(emp__transform_words[steps->transform]));
    return emp__json_put(object, "scale", json_string(emp__scaling_words[steps->scale]));
}

static bool has_fill(const struct emp_steps *steps)
{
    return steps->missing.how == EMP_FILL_MEAN || steps->missing.how == EMP_FILL_MEDIAN;
}

static json_t *put_learned(json_t *object, const struct emp_prepared *p)
{
    const struct emp_steps *steps = &p->recipe.steps;
    if (has_fill(steps))
        object = emp__json_put(object, "fill", json_real(p->fill));
    if (steps->winsorize.low > 0.0)
        object = emp__json_put(object, "low", json_real(p->low));
    if (steps->winsorize.high < 1.0)
        object = emp__json_put(object, "high", json_real(p->high));
    if (steps->transform == EMP_TRANSFORM_YEO_JOHNSON) {
        object = emp__json_put(object, "lambda", json_real(p->lambda));
        object = emp__json_put(object, "lambda_at_bound", json_boolean(p->lambda_at_bound));
    }
    if (steps->transform == EMP_TRANSFORM_RANK) {
        object = emp__json_put(object, "knots", emp__json_reals(p->knots, p->knot_count));
        object = emp__json_put(object, "heights", emp__json_reals(p->heights, p->knot_count));
    }
    object = emp__json_put(object, "shift", json_real(p->shift));
    object = emp__json_put(object, "divisor", json_real(p->divisor));
    return emp__json_put(object, "constant", json_boolean(p->constant));
}

static json_t *put_count(json_t *object, const char *key, uint64_t count)
{
    return emp__json_put(object, key, json_integer((json_int_t)count));
}

json_t *emp__prepared_to_json(const struct emp_prepared *prepared)
{
    json_t *object = put_learned(put_recipe(json_object(), &prepared->recipe), prepared);
    object = put_count(object, "rows", prepared->rows);
    object = put_count(object, "missing_rows", prepared->missing);
    object = put_count(object, "clamped_low", prepared->clamped_low);
    return put_count(object, "clamped_high", prepared->clamped_high);
}

static emp_status read_missing(const struct emp_model_node *node, struct emp_missing_rule *out,
                               emp_error *error)
{
    static const double values[2] = {-EMP_VALUE_MAX, EMP_VALUE_MAX};
    struct emp_model_node missing;
    emp_status status = emp__model_get(node, "missing", &missing, error);
    if (status != EMP_OK || !json_is_number(missing.value))
        return status == EMP_OK
                   ? emp__model_choice(node, "missing", emp__missing_words, &out->how, error)
                   : status;
    out->how = EMP_FILL_CONSTANT;
    return emp__model_real(node, "missing", values, &out->constant, error);
}

static emp_status read_winsorize(const struct emp_model_node *node, struct emp_quantile_pair *out,
                                 emp_error *error)
{
    struct emp_model_node list;
    double pair[2];
    emp_status status = emp__model_get(node, "winsorize", &list, error);
    if (status == EMP_OK)
        status = emp__model_reals(&list, 2, pair, error);
    if (status != EMP_OK)
        return status;
    if (!(pair[0] >= 0.0 && pair[0] < pair[1] && pair[1] <= 1.0))
        return emp__model_refuse(&list, error, "must be two quantiles, the first below the second");
    *out = (struct emp_quantile_pair){pair[0], pair[1]};
    return EMP_OK;
}

static emp_status read_recipe(const struct emp_model_node *node, struct emp_recipe *out,
                              emp_error *error)
{
    const char *name = "";
    emp_status status = emp__model_text(node, "name", &name, error);
    if (status == EMP_OK)
        status = emp__copy_text(&out->name, name, strlen(name), error);
    if (status == EMP_OK)
        status = emp__model_boolean(node, "column", &out->column, error);
    if (status == EMP_OK)
        status = read_missing(node, &out->steps.missing, error);
    if (status == EMP_OK)
        status = read_winsorize(node, &out->steps.winsorize, error);
    if (status == EMP_OK)
        status = emp__model_choice(node, "transform", emp__transform_words, &out->steps.transform,
                                   error);
    if (status == EMP_OK)
        status = emp__model_choice(node, "scale", emp__scaling_words, &out->steps.scale, error);
    return status;
}

/* A key that belongs to a step must be there if the step is taken, and only then. */
static emp_status expect_present(const struct emp_model_node *node, const char *key, bool needed,
                                 emp_error *error)
{
    struct emp_model_node found;
    bool present = emp__model_find(node, key, &found);
    if (present == needed)
        return EMP_OK;
    return emp__model_refuse(&found, error,
                             needed ? "is missing" : "does not go with the steps of the feature");
}

static emp_status read_value(const struct emp_model_node *node, const char *key, bool needed,
                             double *out, emp_error *error)
{
    static const double values[2] = {-EMP_VALUE_MAX, EMP_VALUE_MAX};
    emp_status status = expect_present(node, key, needed, error);
    return status == EMP_OK && needed ? emp__model_real(node, key, values, out, error) : status;
}

static emp_status read_clean(const struct emp_model_node *node, struct emp_prepared *p,
                             emp_error *error)
{
    const struct emp_steps *steps = &p->recipe.steps;
    p->fill = steps->missing.constant;
    p->low = -INFINITY;
    p->high = INFINITY;
    emp_status status = read_value(node, "fill", has_fill(steps), &p->fill, error);
    if (status == EMP_OK)
        status = read_value(node, "low", steps->winsorize.low > 0.0, &p->low, error);
    if (status == EMP_OK)
        status = read_value(node, "high", steps->winsorize.high < 1.0, &p->high, error);
    if (status == EMP_OK && p->low > p->high)
        status = emp__model_refuse(node, error, "has a 'low' above its 'high'");
    return status;
}

static emp_status read_lambda(const struct emp_model_node *node, struct emp_prepared *p,
                              emp_error *error)
{
    static const double range[2] = {-5.0, 5.0};
    bool needed = p->recipe.steps.transform == EMP_TRANSFORM_YEO_JOHNSON;
    emp_status status = expect_present(node, "lambda", needed, error);
    if (status == EMP_OK)
        status = expect_present(node, "lambda_at_bound", needed, error);
    if (status != EMP_OK || !needed)
        return status;
    status = emp__model_real(node, "lambda", range, &p->lambda, error);
    return status == EMP_OK
               ? emp__model_boolean(node, "lambda_at_bound", &p->lambda_at_bound, error)
               : status;
}

/* A list of numbers in [least, greatest], ascending. */
static emp_status read_ascending(const struct emp_model_node *list, size_t n,
                                 const double bounds[2], double *out, emp_error *error)
{
    emp_status status = emp__model_reals(list, n, out, error);
    for (size_t i = 0; i < n && status == EMP_OK; i++) {
        struct emp_model_node item = emp__model_item(list, i);
        if (out[i] < bounds[0] || out[i] > bounds[1])
            status = emp__model_refuse(&item, error, "must be from %g to %g", bounds[0], bounds[1]);
        else if (i > 0 && out[i] <= out[i - 1])
            status = emp__model_refuse(&item, error, "must be above the number before it");
    }
    return status;
}

static emp_status read_table(const struct emp_model_node *node, struct emp_prepared *p,
                             emp_error *error)
{
    static const double values[2] = {-EMP_VALUE_MAX, EMP_VALUE_MAX}, shares[2] = {0.0, 1.0};
    static const size_t sizes[2] = {1, EMP_RANK_KNOTS};
    struct emp_model_node knots, heights;
    size_t n = 0;
    emp_status status = emp__model_list(node, "knots", sizes, &knots, &n, error);
    if (status == EMP_OK)
        status = emp__model_get(node, "heights", &heights, error);
    if (status == EMP_OK)
        status = emp__new_array(&p->knots, n, sizeof *p->knots, error);
    if (status == EMP_OK)
        status = emp__new_array(&p->heights, n, sizeof *p->heights, error);
    if (status == EMP_OK)
        status = read_ascending(&knots, n, values, p->knots, error);
    if (status == EMP_OK)
        status = read_ascending(&heights, n, shares, p->heights, error);
    p->knot_count = n;
    return status;
}

static emp_status read_ranks(const struct emp_model_node *node, struct emp_prepared *p,
                             emp_error *error)
{
    bool needed = p->recipe.steps.transform == EMP_TRANSFORM_RANK;
    emp_status status = expect_present(node, "knots", needed, error);
    if (status == EMP_OK)
        status = expect_present(node, "heights", needed, error);
    return status == EMP_OK && needed ? read_table(node, p, error) : status;
}

static emp_status read_scale(const struct emp_model_node *node, struct emp_prepared *p,
                             emp_error *error)
{
    static const double any[2] = {-INFINITY, INFINITY}, positive[2] = {0.0, INFINITY};
    struct emp_model_node divisor;
    emp_status status = emp__model_real(node, "shift", any, &p->shift, error);
    if (status == EMP_OK)
        status = emp__model_real(node, "divisor", positive, &p->divisor, error);
    if (status == EMP_OK && p->divisor == 0.0) {
        emp__model_find(node, "divisor", &divisor);
        status = emp__model_refuse(&divisor, error, "must not be 0");
    }
    return status == EMP_OK ? emp__model_boolean(node, "constant", &p->constant, error) : status;
}

static emp_status read_counts(const struct emp_model_node *node, struct emp_prepared *p,
                              emp_error *error)
{
    const struct {
        const char *key;
        uint64_t *count;
    } counts[] = {{"rows", &p->rows},
                  {"missing_rows", &p->missing},
                  {"clamped_low", &p->clamped_low},
                  {"clamped_high", &p->clamped_high}};
    emp_status status = EMP_OK;
    for (size_t i = 0; i < sizeof counts / sizeof *counts && status == EMP_OK; i++) {
        int64_t count = 0;
        status = emp__model_integer(node, counts[i].key, 0, INT64_MAX, &count, error);
        *counts[i].count = (uint64_t)count;
    }
    return status;
}

emp_status emp__prepared_from_json(const struct emp_model_node *node, struct emp_prepared *out,
                                   emp_error *error)
{
    struct emp_prepared p = {.recipe.name = NULL};
    emp_status status = emp__model_expect_keys(node, keys, error);
    if (status == EMP_OK)
        status = read_recipe(node, &p.recipe, error);
    if (status == EMP_OK)
        status = read_clean(node, &p, error);
    if (status == EMP_OK)
        status = read_lambda(node, &p, error);
    if (status == EMP_OK)
        status = read_ranks(node, &p, error);
    if (status == EMP_OK)
        status = read_scale(node, &p, error);
    if (status == EMP_OK)
        status = read_counts(node, &p, error);
    if (status == EMP_OK)
        *out = p;
    else
        emp__prepared_free(&p);
    return status;
}
