// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/model.h"

#include <string.h>

#include "analysis/ltv/fit.h"
#include "lifetime/bgnbd.h"
#include "lifetime/gamma_gamma.h"
#include "model/model_json.h"
#include "params/node_json.h"
#include "random/portable_math.h"

static const char *const spend_words[] = {"gammagamma", "mean", "none", NULL};

enum { MOST = EMP_LIFETIME_PARAMETERS };

/* --- Writing --- */

/* {"name": ..., "parameters": {"r": ..., ...}, "log_covariance": [[...], ...]} */
static json_t *model_json(const struct emp_lifetime_model *model, const double *parameter,
                          const double (*covariance)[MOST])
{
    json_t *values = json_object(), *rows = json_array();
    size_t n = (size_t)model->parameters;
    for (size_t i = 0; i < n; i++) {
        values = emp__json_put(values, model->parameter_name[i], json_real(parameter[i]));
        rows = emp__json_append(rows, emp__json_reals(covariance[i], n));
    }
    json_t *json = emp__json_put(json_object(), "name", json_string(model->name));
    json = emp__json_put(json, "parameters", values);
    return emp__json_put(json, "log_covariance", rows);
}

static json_t *spend_json(const struct emp_ltv_rule *rule)
{
    json_t *json = emp__json_put(json_object(), "how", json_string(spend_words[rule->spend]));
    if (rule->spend == EMP_LTV_MEAN)
        json = emp__json_put(json, "mean", json_real(rule->spend_mean));
    if (rule->spend == EMP_LTV_GAMMA_GAMMA)
        json = emp__json_put(
            json, "model",
            model_json(&emp__gamma_gamma, rule->spend_parameter, rule->spend_covariance));
    return json;
}

static json_t *fit_json(const struct emp_ltv_work *work)
{
    const struct emp_ltv_fit *fit = &work->fits[work->chosen];
    return json_pack("{s:s, s:f, s:f, s:I, s:I}", "status", emp__ltv_status_words[fit->fit.status],
                     "log_likelihood", fit->fit.log_likelihood, "aic", fit->aic, "iterations",
                     (json_int_t)fit->fit.iterations, "customers",
                     (json_int_t)work->calibration.count);
}

json_t *emp__ltv_model_json(const struct emp_ltv_work *work)
{
    static const double nothing[MOST][MOST];
    const struct emp_ltv_rule *rule = &work->rule;
    json_t *parameters = NULL;
    if (emp__node_to_json(work->input->parameters, &parameters, NULL) != EMP_OK)
        return NULL;
    json_t *root = emp__json_put(emp__model_new(emp__ltv_schema.section), "parameters", parameters);
    root = emp__json_put(root, "model", model_json(rule->model, rule->parameter, rule->covariance));
    if (rule->has_mbgnbd)
        root = emp__json_put(root, "beside", model_json(&emp__mbgnbd, rule->mbgnbd, nothing));
    root = emp__json_put(root, "spend", spend_json(rule));
    return emp__json_put(root, "fit", fit_json(work));
}

/* --- Reading --- */

static emp_status read_covariance(const struct emp_model_node *model, int n, double (*out)[MOST],
                                  emp_error *error)
{
    const size_t bounds[2] = {(size_t)n, (size_t)n};
    struct emp_model_node rows;
    size_t count = 0;
    emp_status status = emp__model_list(model, "log_covariance", bounds, &rows, &count, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        struct emp_model_node row = emp__model_item(&rows, i);
        status = emp__model_reals(&row, (size_t)n, out[i], error);
    }
    return status;
}

/* The values of a model whose name was read. */
static emp_status read_values(const struct emp_model_node *node,
                              const struct emp_lifetime_model *model, double *parameter,
                              double (*covariance)[MOST], emp_error *error)
{
    const double bounds[2] = {1e-150, 1e150};
    struct emp_model_node values;
    emp_status status = emp__model_get(node, "parameters", &values, error);
    for (int i = 0; i < model->parameters && status == EMP_OK; i++)
        status = emp__model_real(&values, model->parameter_name[i], bounds, &parameter[i], error);
    return status == EMP_OK ? read_covariance(node, model->parameters, covariance, error) : status;
}

/* A model of purchases or contracts. */
static emp_status read_model(const struct emp_model_node *root, const struct emp_ltv_params *params,
                             struct emp_ltv_rule *out, emp_error *error)
{
    struct emp_model_node node;
    const char *name = NULL;
    emp_status status = emp__model_get(root, "model", &node, error);
    if (status == EMP_OK)
        status = emp__model_text(&node, "name", &name, error);
    for (int m = EMP_LTV_NBD; m <= EMP_LTV_MARGIN && status == EMP_OK; m++)
        if (emp__ltv_model(m) && strcmp(emp__ltv_model(m)->name, name) == 0 &&
            (m >= EMP_LTV_SBG) == (params->source == EMP_LTV_CONTRACT))
            out->model = emp__ltv_model(m);
    if (status == EMP_OK && !out->model)
        return emp__model_refuse(&node, error,
                                 "is of a model '%s' that does not go with its "
                                 "parameters",
                                 name);
    return status == EMP_OK ? read_values(&node, out->model, out->parameter, out->covariance, error)
                            : status;
}

static emp_status read_spend(const struct emp_model_node *root, struct emp_ltv_rule *out,
                             emp_error *error)
{
    const double bounds[2] = {-1e15, 1e15};
    struct emp_model_node spend, model;
    emp_status status = emp__model_get(root, "spend", &spend, error);
    if (status == EMP_OK)
        status = emp__model_choice(&spend, "how", spend_words, &out->spend, error);
    if (status == EMP_OK && out->spend == EMP_LTV_MEAN)
        return emp__model_real(&spend, "mean", bounds, &out->spend_mean, error);
    if (status == EMP_OK && out->spend == EMP_LTV_GAMMA_GAMMA)
        status = emp__model_get(&spend, "model", &model, error);
    if (status == EMP_OK && out->spend == EMP_LTV_GAMMA_GAMMA)
        status = read_values(&model, &emp__gamma_gamma, out->spend_parameter, out->spend_covariance,
                             error);
    return status;
}

static emp_status read_beside(const struct emp_model_node *root, struct emp_ltv_rule *out,
                              emp_error *error)
{
    struct emp_model_node beside;
    double covariance[MOST][MOST];
    out->has_mbgnbd = out->model == &emp__bgnbd && emp__model_find(root, "beside", &beside);
    if (!out->has_mbgnbd)
        return EMP_OK;
    return read_values(&beside, &emp__mbgnbd, out->mbgnbd, covariance, error);
}

emp_status emp__ltv_model_read(const struct emp_model *model, const struct emp_ltv_params *params,
                               struct emp_ltv_rule *out, emp_error *error)
{
    struct emp_model_node root = emp__model_root(model);
    *out = (struct emp_ltv_rule){.horizon = params->horizon, .confidence = params->confidence};
    out->rate = emp__log1p(params->discount_rate) / emp__ltv_units_a_year(params->unit);
    emp_status status = emp__model_expect_kind(model, emp__ltv_schema.section, error);
    if (status == EMP_OK)
        status = read_model(&root, params, out, error);
    if (status == EMP_OK)
        status = read_spend(&root, out, error);
    return status == EMP_OK ? read_beside(&root, out, error) : status;
}
