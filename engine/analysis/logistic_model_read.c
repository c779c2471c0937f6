// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/recipe_params.h"
#include "model/prepared_json.h"

/* What a coefficient and the like may be, so that sums of them are finite. */
static const double any_real[2] = {-EMP_PREPARED_MAX, EMP_PREPARED_MAX};

/* --- Numbers --- */

static emp_status read_places(const struct emp_model_node *item, struct emp_curve *out,
                              emp_error *error)
{
    const size_t bounds[2] = {out->kind == EMP_CURVE_SPLINE ? 3 : 0, 100};
    struct emp_model_node list;
    size_t count = 0;
    emp_status status = emp__model_list(item, "at", bounds, &list, &count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->at, count, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__model_reals(&list, count, out->at, error);
    out->count = status == EMP_OK ? count : 0;
    for (size_t i = 0; i < out->count; i++)
        if (!(fabs(out->at[i]) <= EMP_PREPARED_MAX) || (i > 0 && out->at[i] <= out->at[i - 1]))
            return emp__model_refuse(&list, error, "must ascend");
    return status;
}

static emp_status read_number(const struct emp_model_node *item, struct emp_number_code *out,
                              emp_error *error)
{
    struct emp_model_node prepared;
    emp_status status = emp__model_get(item, "prepared", &prepared, error);
    if (status == EMP_OK)
        status = emp__prepared_from_json(&prepared, &out->prepared, error);
    if (status == EMP_OK)
        status = emp__model_choice(item, "curve", emp__curve_words, &out->curve.kind, error);
    if (status != EMP_OK || out->curve.kind == EMP_CURVE_NONE)
        return status;
    return read_places(item, &out->curve, error);
}

static emp_status read_numbers(const struct emp_model_node *root,
                               const struct emp_logistic_params *params, struct emp_encoding *out,
                               emp_error *error)
{
    const size_t bounds[2] = {params->features.count, params->features.count};
    struct emp_model_node list;
    size_t count = 0;
    emp_status status = emp__model_list(root, "numbers", bounds, &list, &count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->number, count, sizeof *out->number, error);
    for (size_t j = 0; j < count && status == EMP_OK; j++) {
        struct emp_model_node item = emp__model_item(&list, j);
        out->numbers = j + 1;
        status = read_number(&item, &out->number[j], error);
        if (status == EMP_OK &&
            strcmp(out->number[j].prepared.recipe.name, params->features.items[j].name) != 0)
            return emp__model_refuse(&item, error, "is not feature %zu of 'parameters.features'",
                                     j + 1);
    }
    return status;
}

/* --- Categories --- */

/* In byte order; a missing one last. */
static emp_status read_level(const struct emp_model_node *list, struct emp_category_code *out,
                             size_t l, emp_error *error)
{
    struct emp_model_node item = emp__model_item(list, l);
    bool last = l + 1 == json_array_size(list->value);
    if (json_is_null(item.value) && last)
        return EMP_OK;
    if (!json_is_string(item.value))
        return emp__model_expected(&item, last ? "a text or null" : "a text", error);
    const char *text = json_string_value(item.value);
    if (l > 0 && strcmp(out->level[l - 1], text) >= 0)
        return emp__model_refuse(&item, error, "does not follow the level before it");
    return emp__copy_text(&out->level[l], text, strlen(text), error);
}

static emp_status read_levels(const struct emp_model_node *item, struct emp_category_code *out,
                              emp_error *error)
{
    const size_t bounds[2] = {0, EMP_CATEGORY_LEVELS_MAX};
    struct emp_model_node list;
    size_t count = 0;
    emp_status status = emp__model_list(item, "levels", bounds, &list, &count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->level, count, sizeof(char *), error);
    for (size_t l = 0; l < count && status == EMP_OK; l++) {
        out->count = l + 1;
        status = read_level(&list, out, l, error);
    }
    return status;
}

static emp_status read_level_rows(const struct emp_model_node *item, uint64_t all,
                                  struct emp_category_code *out, emp_error *error)
{
    const size_t bounds[2] = {out->count, out->count};
    struct emp_model_node list;
    size_t count = 0;
    double rows = 0.0;
    emp_status status = emp__model_list(item, "rows", bounds, &list, &count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->rows, count, sizeof *out->rows, error);
    for (size_t l = 0; l < count && status == EMP_OK; l++) {
        struct emp_model_node value = emp__model_item(&list, l);
        status = emp__model_number(&value, &rows, error);
        if (status == EMP_OK && !(rows >= 0.0 && rows <= (double)all && rows == floor(rows)))
            return emp__model_refuse(&value, error, "is no count of rows");
        out->rows[l] = (uint64_t)rows;
    }
    return status;
}

static emp_status read_category(const struct emp_model_node *item, uint64_t rows,
                                struct emp_category_code *out, emp_error *error)
{
    const char *name = NULL;
    int64_t reference = 0;
    emp_status status = emp__model_text(item, "name", &name, error);
    if (status == EMP_OK)
        status = emp__copy_text(&out->name, name, strlen(name), error);
    if (status == EMP_OK)
        status = read_levels(item, out, error);
    if (status == EMP_OK)
        status = read_level_rows(item, rows, out, error);
    if (status == EMP_OK)
        status = emp__model_integer(
            item, "reference", 0, out->count > 0 ? (int64_t)out->count - 1 : 0, &reference, error);
    out->reference = (size_t)reference;
    return status;
}

static emp_status read_categories(const struct emp_model_node *root,
                                  const struct emp_logistic_params *params,
                                  struct emp_encoding *out, emp_error *error)
{
    const size_t bounds[2] = {params->categorical.count, params->categorical.count};
    struct emp_model_node list;
    size_t count = 0;
    emp_status status = emp__model_list(root, "categories", bounds, &list, &count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->category, count, sizeof *out->category, error);
    for (size_t c = 0; c < count && status == EMP_OK; c++) {
        struct emp_model_node item = emp__model_item(&list, c);
        out->categories = c + 1;
        status = read_category(&item, out->rows, &out->category[c], error);
        if (status == EMP_OK &&
            strcmp(out->category[c].name, params->categorical.items[c].name) != 0)
            return emp__model_refuse(&item, error, "is not column %zu of 'parameters.categorical'",
                                     c + 1);
    }
    return status;
}

/* --- Terms --- */

static bool is_term(const struct emp_term *term, const char *name, const char *level)
{
    return strcmp(term->name, name) == 0 && strcmp(term->level, level) == 0;
}

/* A term of the model: those before it which it leaves out are marked. */
static emp_status read_term(const struct emp_model_node *item, struct emp_logistic_rule *out,
                            size_t *next, size_t kept, bool *dropped, emp_error *error)
{
    const char *name = NULL, *level = NULL;
    emp_status status = emp__model_text(item, "term", &name, error);
    if (status == EMP_OK)
        status = emp__model_text(item, "level", &level, error);
    if (status == EMP_OK)
        status =
            emp__model_real(item, "coefficient", any_real, &out->coefficients[1 + kept], error);
    if (status == EMP_OK)
        status = emp__model_real(item, "mean", any_real, &out->mean[kept], error);
    if (status != EMP_OK)
        return status;
    while (*next < out->terms.count && !is_term(&out->terms.items[*next], name, level))
        dropped[(*next)++] = true;
    if (*next == out->terms.count)
        return emp__model_refuse(item, error, "is no term of these columns, or not in order");
    (*next)++;
    return EMP_OK;
}

static emp_status read_terms(const struct emp_model_node *root, struct emp_logistic_rule *out,
                             emp_error *error)
{
    const size_t bounds[2] = {0, out->terms.count};
    struct emp_model_node list;
    size_t count = 0, next = 0;
    bool *dropped = NULL;
    emp_status status = emp__model_list(root, "terms", bounds, &list, &count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->coefficients, out->terms.count + 1, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->mean, out->terms.count, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&dropped, out->terms.count, sizeof *dropped, error);
    for (size_t j = 0; j < count && status == EMP_OK; j++) {
        struct emp_model_node item = emp__model_item(&list, j);
        status = read_term(&item, out, &next, j, dropped, error);
    }
    if (status == EMP_OK) {
        while (next < out->terms.count)
            dropped[next++] = true;
        emp__terms_remove(&out->terms, dropped);
        status = emp__model_real(root, "intercept", any_real, &out->coefficients[0], error);
    }
    free(dropped);
    return status;
}

/* --- The curve --- */

static emp_status read_blocks(const struct emp_model_node *node,
                              struct emp_recalibration_curve *out, emp_error *error)
{
    const size_t bounds[2] = {1, 1000000};
    struct emp_model_node list;
    size_t count = 0;
    emp_status status = emp__model_list(node, "blocks", bounds, &list, &count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->blocks, count, sizeof *out->blocks, error);
    for (size_t b = 0; b < count && status == EMP_OK; b++) {
        struct emp_model_node item = emp__model_item(&list, b);
        double block[3];
        status = emp__model_reals(&item, 3, block, error);
        bool follows =
            b == 0 || (block[0] > out->blocks[b - 1].high && block[2] >= out->blocks[b - 1].value);
        if (status == EMP_OK && !(follows && block[0] <= block[1] && block[0] >= 0.0 &&
                                  block[1] <= 1.0 && block[2] >= 0.0 && block[2] <= 1.0))
            return emp__model_refuse(&item, error, "is no block behind the one before it");
        if (status == EMP_OK)
            out->blocks[b] =
                (struct emp_isotonic_block){.low = block[0], .high = block[1], .value = block[2]};
    }
    out->block_count = (uint32_t)count;
    return status;
}

static emp_status read_curve(const struct emp_model_node *root, struct emp_recalibration_curve *out,
                             emp_error *error)
{
    struct emp_model_node node;
    emp_status status = emp__model_get(root, "recalibration", &node, error);
    if (status == EMP_OK)
        status = emp__model_choice(&node, "how", emp__recalibration_words, &out->how, error);
    if (status != EMP_OK || out->how == EMP_RECALIBRATE_NONE)
        return status;
    if (out->how == EMP_RECALIBRATE_ISOTONIC)
        return read_blocks(&node, out, error);
    status = emp__model_real(&node, "slope", any_real, &out->platt.slope, error);
    return status == EMP_OK
               ? emp__model_real(&node, "intercept", any_real, &out->platt.intercept, error)
               : status;
}

/* --- All of it --- */

emp_status emp__logistic_model_read(const struct emp_model *model,
                                    const struct emp_logistic_params *params, const char *kind,
                                    struct emp_logistic_rule *out, emp_error *error)
{
    static const double shifts[2] = {-700.0, 700.0};
    *out = (struct emp_logistic_rule){.shift = 0.0};
    struct emp_model_node root = emp__model_root(model);
    int64_t rows = 0;
    emp_status status = emp__model_expect_kind(model, kind, error);
    if (status == EMP_OK)
        status = emp__model_integer(&root, "rows", 1, INT64_MAX, &rows, error);
    out->encoding.rows = (uint64_t)rows;
    if (status == EMP_OK)
        status = read_numbers(&root, params, &out->encoding, error);
    if (status == EMP_OK)
        status = read_categories(&root, params, &out->encoding, error);
    if (status == EMP_OK)
        status = emp__terms_new(params, &out->encoding, &out->terms, error);
    if (status == EMP_OK)
        status = read_terms(&root, out, error);
    if (status == EMP_OK)
        status = emp__model_real(&root, "shift", shifts, &out->shift, error);
    return status == EMP_OK ? read_curve(&root, &out->curve, error) : status;
}

void emp__logistic_rule_free(struct emp_logistic_rule *rule)
{
    emp__encoding_free(&rule->encoding);
    emp__terms_free(&rule->terms);
    free(rule->coefficients);
    free(rule->mean);
    free(rule->curve.blocks);
    *rule = (struct emp_logistic_rule){.shift = 0.0};
}
