// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_encoding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "features/feature_column.h"
#include "scale/double_key.h"
#include "scale/quantile.h"

/* --- Columns --- */

static emp_status new_columns(const struct emp_logistic_rows *rows,
                              struct emp_logistic_columns *out, emp_error *error)
{
    const struct emp_logistic_params *params = rows->params;
    *out = (struct emp_logistic_columns){.store = rows->input->customers->store};
    emp_status status =
        emp__new_array(&out->number, params->features.count, sizeof(double *), error);
    if (status == EMP_OK)
        status =
            emp__new_array(&out->category, params->categorical.count, sizeof(uint16_t *), error);
    for (size_t j = 0; j < params->features.count && status == EMP_OK; j++) {
        status = emp__store_take(out->store, rows->count, sizeof(double), &out->number[j], error);
        out->numbers = j + 1;
    }
    for (size_t c = 0; c < params->categorical.count && status == EMP_OK; c++) {
        status =
            emp__store_take(out->store, rows->count, sizeof(uint16_t), &out->category[c], error);
        out->categories = c + 1;
    }
    return status;
}

void emp__logistic_columns_free(struct emp_logistic_columns *columns)
{
    for (size_t j = 0; j < columns->numbers; j++)
        emp__store_give(columns->store, columns->number[j]);
    for (size_t c = 0; c < columns->categories; c++)
        emp__store_give(columns->store, columns->category[c]);
    free((void *)columns->number);
    free((void *)columns->category);
    *columns = (struct emp_logistic_columns){0};
}

void emp__logistic_values(const struct emp_logistic_rows *rows, size_t j, double *out)
{
    const struct emp_logistic_params *params = rows->params;
    struct emp_feature_column column =
        emp__feature_column(&params->features.items[j], params->input, rows->input->attributes);
    for (size_t d = 0; d < rows->day_count; d++) {
        const struct emp_logistic_day *day = &rows->days[d];
        struct emp_column_request request = {rows->customer + day->first, day->count,
                                             rows->input->threads};
        emp__feature_column_values(&column, &day->view, &request, out + day->first);
    }
}

static emp_status fail_number(const struct emp_logistic_rows *rows, size_t j,
                              const struct emp_prepare_problem *problem, emp_error *error)
{
    char id[EMP_ID_MAX + 1];
    bool known = problem->kind != EMP_PROBLEM_NO_ROWS && problem->kind != EMP_PROBLEM_NO_VALUE;
    return emp__prepare_fail(&rows->params->features.items[j], problem,
                             known ? emp__logistic_row_id(rows, problem->row, id) : NULL, error);
}

static emp_status apply_number(const struct emp_logistic_rows *rows,
                               const struct emp_prepared *prepared, size_t j, const double *values,
                               double *out, emp_error *error)
{
    struct emp_prepare_problem problem = {0};
    struct emp_prepare_input input = {values, rows->count, rows->input->threads};
    emp_status status =
        emp__prepare_apply(prepared, input, (struct emp_prepare_output){out, 1}, &problem, error);
    return status == EMP_ERR_DATA ? fail_number(rows, j, &problem, error) : status;
}

/* --- Numbers: what is learned --- */

/* Harrell 2015, Regression Modeling Strategies, table 2.3; beyond 7 knots evenly spread. */
static double knot_share(size_t knots, size_t i)
{
    static const double shares[][7] = {
        {0.10, 0.50, 0.90},
        {0.05, 0.35, 0.65, 0.95},
        {0.05, 0.275, 0.50, 0.725, 0.95},
        {0.05, 0.23, 0.41, 0.59, 0.77, 0.95},
        {0.025, 0.1833, 0.3417, 0.50, 0.6583, 0.8167, 0.975},
    };
    if (knots <= 7)
        return shares[knots - 3][i];
    return 0.025 + 0.95 * (double)i / (double)(knots - 1);
}

/* The kind of curve that the parameters ask for, and how many knots or bins. */
static int curve_asked(const struct emp_logistic_params *params, const char *name, size_t *count)
{
    const struct emp_named_reals *splines = &params->splines, *bins = &params->bins;
    size_t spline = emp__named_find(splines->names, splines->count, name);
    size_t bin = emp__named_find(bins->names, bins->count, name);
    *count = 0;
    if (spline < splines->count) {
        *count = (size_t)splines->values[spline];
        return EMP_CURVE_SPLINE;
    }
    if (bin == bins->count)
        return EMP_CURVE_NONE;
    *count = (size_t)bins->values[bin];
    return EMP_CURVE_BINS;
}

/* Quantiles of the values, each once; `keys` is room for n. */
static void learn_places(struct emp_curve *curve, size_t wanted, const double *values, size_t n,
                         uint64_t *keys)
{
    bool spline = curve->kind == EMP_CURVE_SPLINE;
    size_t places = spline ? wanted : wanted - 1;
    for (size_t i = 0; i < n; i++)
        keys[i] = emp__double_key(values[i]);
    double greatest = emp__quantile(keys, n, 1.0);
    for (size_t i = 0; i < places; i++) {
        double share = spline ? knot_share(wanted, i) : (double)(i + 1) / (double)wanted;
        double at = emp__quantile(keys, n, share);
        bool more = curve->count == 0 || at > curve->at[curve->count - 1];
        if (more && (spline || at < greatest))
            curve->at[curve->count++] = at;
    }
}

static emp_status learn_curve(const struct emp_logistic_rows *rows, struct emp_number_code *code,
                              const double *values, void *scratch, emp_error *error)
{
    size_t wanted;
    code->curve.kind = curve_asked(rows->params, code->prepared.recipe.name, &wanted);
    if (code->curve.kind == EMP_CURVE_NONE)
        return EMP_OK;
    emp_status status = emp__new_array(&code->curve.at, wanted, sizeof(double), error);
    if (status == EMP_OK && rows->count > 0)
        learn_places(&code->curve, wanted, values, rows->count, scratch);
    if (status == EMP_OK && code->curve.kind == EMP_CURVE_SPLINE && code->curve.count < 3)
        code->curve.kind = EMP_CURVE_NONE; /* too few different values for any bend */
    return status;
}

/* `scratch`: room for the values. */
static emp_status learn_number(const struct emp_logistic_rows *rows, size_t j,
                               struct emp_number_code *code, struct emp_logistic_columns *columns,
                               double *scratch, emp_error *error)
{
    struct emp_recipe recipe = rows->params->features.items[j];
    struct emp_prepare_problem problem = {0};
    size_t ignored;
    if (curve_asked(rows->params, recipe.name, &ignored) == EMP_CURVE_BINS)
        recipe.steps.scale = EMP_SCALE_NONE; /* edges in the unit of the feature */
    emp__logistic_values(rows, j, scratch);
    struct emp_prepare_input input = {scratch, rows->count, rows->input->threads};
    emp_status status = emp__prepare_fit(&recipe, input, &code->prepared, &problem, error);
    if (status == EMP_ERR_DATA)
        return fail_number(rows, j, &problem, error);
    if (status != EMP_OK)
        return status;
    code->prepared.shift = 0.0;
    status = apply_number(rows, &code->prepared, j, scratch, columns->number[j], error);
    return status == EMP_OK ? learn_curve(rows, code, columns->number[j], scratch, error) : status;
}

static emp_status learn_numbers(const struct emp_logistic_rows *rows, struct emp_encoding *out,
                                struct emp_logistic_columns *columns, emp_error *error)
{
    size_t count = rows->params->features.count;
    double *scratch = NULL;
    emp_status status = emp__new_array(&out->number, count, sizeof *out->number, error);
    if (status == EMP_OK && count > 0)
        status = emp__store_take(columns->store, rows->count, sizeof(double), &scratch, error);
    for (size_t j = 0; j < count && status == EMP_OK; j++) {
        out->numbers = j + 1;
        status = learn_number(rows, j, &out->number[j], columns, scratch, error);
        if (status == EMP_OK)
            status = emp__check_cancelled(rows->input->options, error);
    }
    emp__store_give(columns->store, scratch);
    return status;
}

/* --- Categories: what is learned --- */

static const struct emp_category *category_of(const struct emp_logistic_rows *rows, size_t c)
{
    return emp__attributes_category(rows->input->attributes,
                                    rows->params->categorical.items[c].name);
}

/* How many rows have each level of the file; [levels] is of missing ones. */
static emp_status count_levels(const struct emp_logistic_rows *rows,
                               const struct emp_category *category, uint64_t **out,
                               emp_error *error)
{
    size_t levels = category->levels.count;
    emp_status status = emp__new_array(out, levels + 1, sizeof **out, error);
    for (size_t i = 0; i < rows->count && status == EMP_OK; i++) {
        uint32_t level = category->codes[rows->customer[i]];
        (*out)[level == EMP_NO_LEVEL ? levels : level]++;
    }
    return status;
}

static emp_status add_level(struct emp_category_code *code, const char *text, uint64_t rows,
                            emp_error *error)
{
    code->rows[code->count] = rows;
    emp_status status = EMP_OK;
    if (text)
        status = emp__copy_text(&code->level[code->count], text, strlen(text), error);
    code->count++;
    return status;
}

static emp_status find_reference(const struct emp_logistic_rows *rows,
                                 struct emp_category_code *code, emp_error *error)
{
    const struct emp_named_texts *given = &rows->params->reference.given;
    size_t at = emp__named_find(given->names, given->count, code->name);
    if (at == given->count)
        return EMP_OK;
    for (size_t l = 0; l < code->count; l++) {
        if (code->level[l] && strcmp(code->level[l], given->texts[at]) == 0) {
            code->reference = l;
            return EMP_OK;
        }
    }
    return emp__fail_at(error, EMP_ERR_DATA, given->places[at],
                        "no customer of the sample has '%s' in the column '%s'", given->texts[at],
                        code->name);
}

static emp_status learn_levels(const struct emp_logistic_rows *rows, size_t c,
                               struct emp_category_code *code, emp_error *error)
{
    const struct emp_column_ref *ref = &rows->params->categorical.items[c];
    const struct emp_category *category = category_of(rows, c);
    size_t levels = category->levels.count, used = 0;
    uint64_t *counted = NULL;
    emp_status status = count_levels(rows, category, &counted, error);
    for (size_t l = 0; l <= levels && status == EMP_OK; l++)
        used += counted[l] > 0;
    if (status == EMP_OK && used > EMP_CATEGORY_LEVELS_MAX)
        status = emp__fail_at(error, EMP_ERR_DATA, ref->place,
                              "the column '%s' has %zu different texts; a category has at most %d",
                              ref->name, used, EMP_CATEGORY_LEVELS_MAX);
    if (status == EMP_OK)
        status = emp__copy_text(&code->name, ref->name, strlen(ref->name), error);
    if (status == EMP_OK)
        status = emp__new_array(&code->level, used, sizeof(char *), error);
    if (status == EMP_OK)
        status = emp__new_array(&code->rows, used, sizeof *code->rows, error);
    for (size_t l = 0; l <= levels && status == EMP_OK; l++)
        if (counted[l] > 0)
            status =
                add_level(code, l < levels ? category->levels.texts[l] : NULL, counted[l], error);
    free(counted);
    return status == EMP_OK ? find_reference(rows, code, error) : status;
}

static emp_status learn_categories(const struct emp_logistic_rows *rows, struct emp_encoding *out,
                                   emp_error *error)
{
    size_t count = rows->params->categorical.count;
    emp_status status = emp__new_array(&out->category, count, sizeof *out->category, error);
    for (size_t c = 0; c < count && status == EMP_OK; c++) {
        out->categories = c + 1;
        status = learn_levels(rows, c, &out->category[c], error);
    }
    return status;
}

/* --- Categories: levels of the file to levels of the encoding --- */

/* The index of a level (NULL: missing), or EMP_LEVEL_UNSEEN. */
static uint16_t level_index(const struct emp_category_code *code, const char *text)
{
    size_t sorted = code->count, low = 0;
    if (sorted > 0 && !code->level[sorted - 1])
        sorted--;
    if (!text)
        return sorted < code->count ? (uint16_t)sorted : EMP_LEVEL_UNSEEN;
    for (size_t high = sorted; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(code->level[middle], text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sorted && strcmp(code->level[low], text) == 0;
    return found ? (uint16_t)low : EMP_LEVEL_UNSEEN;
}

static emp_status refuse_level(const struct emp_logistic_rows *rows, size_t c, size_t row,
                               const char *text, emp_error *error)
{
    char id[EMP_ID_MAX + 1], excerpt[EMP_EXCERPT];
    const struct emp_column_ref *ref = &rows->params->categorical.items[c];
    return emp__fail_at(error, EMP_ERR_DATA, ref->place,
                        "customer %s has %s%s%s in the column '%s', which no customer had whom the "
                        "model was fitted by; see 'unseen'",
                        emp__logistic_row_id(rows, row, id), text ? "'" : "no value",
                        text ? emp__text_excerpt(text, excerpt) : "", text ? "'" : "", ref->name);
}

static emp_status apply_category(const struct emp_logistic_rows *rows,
                                 const struct emp_category_code *code, size_t c,
                                 struct emp_logistic_columns *columns, emp_error *error)
{
    const struct emp_category *category = category_of(rows, c);
    size_t levels = category->levels.count;
    uint16_t *index = NULL;
    emp_status status = emp__new_array(&index, levels + 1, sizeof *index, error);
    for (size_t l = 0; l <= levels && status == EMP_OK; l++)
        index[l] = level_index(code, l < levels ? category->levels.texts[l] : NULL);
    for (size_t i = 0; i < rows->count && status == EMP_OK; i++) {
        uint32_t level = category->codes[rows->customer[i]];
        uint16_t found = index[level == EMP_NO_LEVEL ? levels : level];
        columns->category[c][i] = found;
        columns->unseen += found == EMP_LEVEL_UNSEEN;
        if (found == EMP_LEVEL_UNSEEN && rows->params->unseen == EMP_UNSEEN_ERROR)
            status = refuse_level(
                rows, c, i, level == EMP_NO_LEVEL ? NULL : category->levels.texts[level], error);
    }
    free(index);
    return status;
}

static emp_status apply_categories(const struct emp_encoding *encoding,
                                   const struct emp_logistic_rows *rows,
                                   struct emp_logistic_columns *columns, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t c = 0; c < encoding->categories && status == EMP_OK; c++)
        status = apply_category(rows, &encoding->category[c], c, columns, error);
    return status;
}

/* --- All of it --- */

emp_status emp__encoding_learn(const struct emp_logistic_rows *rows, struct emp_encoding *out,
                               struct emp_logistic_columns *columns, emp_error *error)
{
    *out = (struct emp_encoding){.rows = rows->count};
    emp_status status = new_columns(rows, columns, error);
    if (status != EMP_OK || rows->count == 0)
        return status; /* nobody to learn from: there will be no terms */
    status = learn_numbers(rows, out, columns, error);
    if (status == EMP_OK)
        status = learn_categories(rows, out, error);
    return status == EMP_OK ? apply_categories(out, rows, columns, error) : status;
}

emp_status emp__encoding_apply(const struct emp_encoding *encoding,
                               const struct emp_logistic_rows *rows,
                               struct emp_logistic_columns *columns, emp_error *error)
{
    double *scratch = NULL;
    emp_status status = new_columns(rows, columns, error);
    if (status == EMP_OK && encoding->numbers > 0)
        status = emp__store_take(columns->store, rows->count, sizeof(double), &scratch, error);
    for (size_t j = 0; j < encoding->numbers && status == EMP_OK; j++) {
        emp__logistic_values(rows, j, scratch);
        status = apply_number(rows, &encoding->number[j].prepared, j, scratch, columns->number[j],
                              error);
    }
    emp__store_give(columns->store, scratch);
    return status == EMP_OK ? apply_categories(encoding, rows, columns, error) : status;
}

static void free_category(struct emp_category_code *code)
{
    for (size_t l = 0; code->level && l < code->count; l++)
        free(code->level[l]);
    free((void *)code->level);
    free(code->rows);
    free(code->name);
}

void emp__encoding_free(struct emp_encoding *encoding)
{
    for (size_t j = 0; j < encoding->numbers; j++) {
        emp__prepared_free(&encoding->number[j].prepared);
        free(encoding->number[j].curve.at);
    }
    for (size_t c = 0; c < encoding->categories; c++)
        free_category(&encoding->category[c]);
    free(encoding->number);
    free(encoding->category);
    *encoding = (struct emp_encoding){0};
}
