// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_model.h"

#include "analysis/logistic_tables.h"
#include "model/model_json.h"
#include "model/prepared_json.h"
#include "params/node_json.h"

const char *const emp__curve_words[] = {"none", "spline", "bins", NULL};
const char *const emp__recalibration_words[] = {"none", "platt", "isotonic", NULL};

static json_t *numbers_json(const struct emp_encoding *encoding)
{
    json_t *list = json_array();
    for (size_t j = 0; j < encoding->numbers; j++) {
        const struct emp_number_code *code = &encoding->number[j];
        json_t *item =
            emp__json_put(json_object(), "prepared", emp__prepared_to_json(&code->prepared));
        item = emp__json_put(item, "curve", json_string(emp__curve_words[code->curve.kind]));
        if (code->curve.kind != EMP_CURVE_NONE)
            item = emp__json_put(item, "at", emp__json_reals(code->curve.at, code->curve.count));
        list = emp__json_append(list, item);
    }
    return list;
}

static json_t *category_json(const struct emp_category_code *code)
{
    json_t *levels = json_array(), *rows = json_array();
    for (size_t l = 0; l < code->count; l++) {
        levels =
            emp__json_append(levels, code->level[l] ? json_string(code->level[l]) : json_null());
        rows = emp__json_append(rows, json_integer((json_int_t)code->rows[l]));
    }
    json_t *item = emp__json_put(json_object(), "name", json_string(code->name));
    item = emp__json_put(item, "levels", levels);
    item = emp__json_put(item, "rows", rows);
    return emp__json_put(item, "reference", json_integer((json_int_t)code->reference));
}

static json_t *categories_json(const struct emp_encoding *encoding)
{
    json_t *list = json_array();
    for (size_t c = 0; c < encoding->categories; c++)
        list = emp__json_append(list, category_json(&encoding->category[c]));
    return list;
}

static json_t *terms_json(const struct emp_logistic_rule *rule)
{
    json_t *list = json_array();
    for (size_t j = 0; j < rule->terms.count; j++) {
        const struct emp_term *term = &rule->terms.items[j];
        list = emp__json_append(list, json_pack("{s:s, s:s, s:f, s:f}", "term", term->name, "level",
                                                term->level, "coefficient",
                                                rule->coefficients[1 + j], "mean", rule->mean[j]));
    }
    return list;
}

static json_t *curve_json(const struct emp_recalibration_curve *curve)
{
    json_t *item =
        emp__json_put(json_object(), "how", json_string(emp__recalibration_words[curve->how]));
    if (curve->how == EMP_RECALIBRATE_PLATT) {
        item = emp__json_put(item, "slope", json_real(curve->platt.slope));
        item = emp__json_put(item, "intercept", json_real(curve->platt.intercept));
    }
    if (curve->how != EMP_RECALIBRATE_ISOTONIC)
        return item;
    json_t *blocks = json_array();
    for (uint32_t b = 0; b < curve->block_count; b++) {
        const double block[3] = {curve->blocks[b].low, curve->blocks[b].high,
                                 curve->blocks[b].value};
        blocks = emp__json_append(blocks, emp__json_reals(block, 3));
    }
    return emp__json_put(item, "blocks", blocks);
}

static json_t *covariance_json(const struct emp_logistic_work *work)
{
    size_t d = work->rule.terms.count + 1;
    json_t *rows = json_array();
    for (size_t j = 0; j < d; j++)
        rows = emp__json_append(rows, emp__json_reals(work->estimate.fit.covariance + j * d, d));
    return rows;
}

static json_t *fit_json(const struct emp_logistic_work *work)
{
    const struct emp_logistic_fit *fit = &work->estimate.fit;
    return json_pack("{s:s, s:b, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:I, s:I}", "status",
                     emp__logistic_status_words[work->estimate.status], "firth",
                     (int)work->estimate.firth, "rows", (json_int_t)fit->rows, "weight",
                     fit->weight, "events", fit->events, "log_likelihood", fit->log_likelihood,
                     "null_log_likelihood", fit->null_log_likelihood, "gradient", fit->gradient,
                     "lambda", work->lambda, "iterations", (json_int_t)fit->iterations, "seed",
                     (json_int_t)work->input->seed);
}

json_t *emp__logistic_model_json(const struct emp_logistic_work *work)
{
    const struct emp_logistic_rule *rule = &work->rule;
    json_t *parameters = NULL;
    if (emp__node_to_json(work->input->parameters, &parameters, NULL) != EMP_OK)
        return NULL;
    json_t *root = emp__json_put(emp__model_new(work->kind->section), "parameters", parameters);
    root = emp__json_put(root, "rows", json_integer((json_int_t)rule->encoding.rows));
    root = emp__json_put(root, "numbers", numbers_json(&rule->encoding));
    root = emp__json_put(root, "categories", categories_json(&rule->encoding));
    root = emp__json_put(root, "intercept", json_real(rule->coefficients[0]));
    root = emp__json_put(root, "terms", terms_json(rule));
    root = emp__json_put(root, "shift", json_real(rule->shift));
    root = emp__json_put(root, "recalibration", curve_json(&rule->curve));
    if (work->estimate.fit.covariance && work->estimate.status == EMP_LOGISTIC_CONVERGED)
        root = emp__json_put(root, "covariance", covariance_json(work));
    return emp__json_put(root, "fit", fit_json(work));
}
