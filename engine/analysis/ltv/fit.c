// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/ltv/margin.h"
#include "analysis/ltv/patterns.h"
#include "analysis/ltv/spend.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/memory.h"
#include "lifetime/bgbb.h"
#include "lifetime/bgnbd.h"
#include "lifetime/contract.h"
#include "lifetime/nbd.h"
#include "lifetime/paretonbd.h"
#include "random/portable_math.h"

const char *const emp__ltv_status_words[] = {
    [EMP_LIFETIME_CONVERGED] = "converged",  [EMP_LIFETIME_LIMIT] = "iteration limit",
    [EMP_LIFETIME_AT_BOUND] = "at bound",    [EMP_LIFETIME_FLAT] = "flat",
    [EMP_LIFETIME_NO_DATA] = "no customers",
};

const char *emp__ltv_parameter_word(const struct emp_lifetime_fit *fit, int i)
{
    if (fit->at_bound >> i & 1)
        return "at bound";
    return fit->flat >> i & 1 ? "flat" : "estimated";
}

const struct emp_lifetime_model *emp__ltv_model(int model)
{
    static const struct emp_lifetime_model *const models[] = {
        [EMP_LTV_NBD] = &emp__nbd,       [EMP_LTV_BGNBD] = &emp__bgnbd,
        [EMP_LTV_MBGNBD] = &emp__mbgnbd, [EMP_LTV_PARETONBD] = &emp__paretonbd,
        [EMP_LTV_BGBB] = &emp__bgbb,     [EMP_LTV_SBG] = &emp__sbg,
        [EMP_LTV_BDW] = &emp__bdw,       [EMP_LTV_MARGIN] = &emp__ltv_margin,
    };
    return models[model];
}

/* --- Which models --- */

static void add_model(struct emp_ltv_work *work, const struct emp_lifetime_model *model)
{
    work->fits[work->fit_count++] = (struct emp_ltv_fit){.model = model};
}

static void list_models(struct emp_ltv_work *work)
{
    int model = work->params->model;
    int first = work->params->source == EMP_LTV_CONTRACT ? EMP_LTV_SBG : EMP_LTV_NBD;
    int last = work->params->source == EMP_LTV_CONTRACT ? EMP_LTV_BDW : EMP_LTV_PARETONBD;
    if (model != EMP_LTV_AUTO)
        add_model(work, emp__ltv_model(model));
    for (int m = first; m <= last && model == EMP_LTV_AUTO; m++)
        add_model(work, emp__ltv_model(m));
    /* Whose P(alive) stands beside that of BG/NBD, which is 1 for all who came once. */
    if (model == EMP_LTV_BGNBD)
        add_model(work, &emp__mbgnbd);
}

/* --- A fit --- */

static double customers_of(const struct emp_lifetime_data *data)
{
    double sum = 0.0;
    for (size_t i = 0; i < data->n; i++)
        sum += data->weight ? data->weight[i] : 1.0;
    return sum;
}

emp_status emp__ltv_fit_model(const struct emp_ltv_work *work,
                              const struct emp_lifetime_model *model,
                              const struct emp_lifetime_data *data, int threads,
                              struct emp_lifetime_fit *out, emp_error *error)
{
    struct emp_lifetime_options options = emp__lifetime_defaults();
    void *memory = NULL;
    if (model == &emp__ltv_margin) {
        emp__ltv_margin_fit(data, out);
        return EMP_OK;
    }
    options.penalty = work->params->penalty;
    options.threads = threads;
    emp_status status = emp__check_cancelled(work->input->options, error);
    if (status == EMP_OK)
        status = emp__new_workspace(&memory, emp__lifetime_work(model, data), error);
    if (status == EMP_OK)
        emp__lifetime_fit(model, data, &options, memory, out);
    free(memory);
    return status;
}

/* The model without the parameters that the data do not tell, where there is one: without dropout
 * it is NBD, with a chance to leave that does not change sBG. */
static const struct emp_lifetime_model *nested_in(const struct emp_ltv_fit *fit)
{
    unsigned untold = fit->fit.at_bound | fit->fit.flat, dropout = 4 | 8, change = 4;
    bool purchases =
        fit->model == &emp__bgnbd || fit->model == &emp__mbgnbd || fit->model == &emp__paretonbd;
    if (purchases && (untold & dropout))
        return &emp__nbd;
    return fit->model == &emp__bdw && (untold & change) ? &emp__sbg : NULL;
}

/* --- The holdout --- */

static emp_status judge_fit(const struct emp_ltv_work *work, struct emp_ltv_fit *fit,
                            emp_error *error)
{
    const struct emp_ltv_sample *sample = &work->calibration;
    const uint32_t *pattern = work->calibrated.pattern;
    const struct emp_lifetime_data data = emp__ltv_data(&work->calibrated);
    struct emp_lifetime_request request = {.horizon = work->holdout,
                                           .threads = work->input->threads};
    struct emp_lifetime_columns columns = {.expected = NULL};
    struct emp_store *store = work->input->customers->store;
    emp_status status = emp__store_take(store, data.n, sizeof(double), &columns.expected, error);
    if (status != EMP_OK || sample->count == 0)
        return status;
    emp__lifetime_predict(fit->model, fit->fit.parameter, &data, &request, &columns);
    double absolute = 0.0, squares = 0.0;
    for (size_t i = 0; i < sample->count; i++) {
        double expected = columns.expected[pattern[i]], off = expected - sample->holdout[i];
        fit->holdout_predicted += expected;
        absolute += fabs(off);
        squares += off * off;
    }
    fit->mae = absolute / (double)sample->count;
    fit->rmse = sqrt(squares / (double)sample->count);
    emp__store_give(store, columns.expected);
    return EMP_OK;
}

static emp_status fit_one(const struct emp_ltv_work *work, struct emp_ltv_fit *fit,
                          emp_error *error)
{
    const struct emp_lifetime_data data = emp__ltv_data(&work->calibrated);
    emp_status status =
        emp__ltv_fit_model(work, fit->model, &data, work->input->threads, &fit->fit, error);
    fit->customers = customers_of(&data);
    if (status != EMP_OK || fit->fit.status == EMP_LIFETIME_NO_DATA)
        return status;
    double k = fit->model->parameters, twice = 2.0 * fit->fit.log_likelihood;
    fit->aic = 2.0 * k - twice;
    fit->bic = k * emp__log(fit->customers) - twice;
    fit->nested = nested_in(fit);
    return work->has_holdout ? judge_fit(work, fit, error) : EMP_OK;
}

/* --- The choice --- */

/* How much a fit is worth: a lower rank is better, whatever its AIC. */
static int rank_of(const struct emp_ltv_fit *fit)
{
    static const int ranks[] = {
        [EMP_LIFETIME_CONVERGED] = 0, [EMP_LIFETIME_AT_BOUND] = 1, [EMP_LIFETIME_FLAT] = 1,
        [EMP_LIFETIME_LIMIT] = 2,     [EMP_LIFETIME_NO_DATA] = 3,
    };
    return ranks[fit->fit.status];
}

static bool is_better(const struct emp_ltv_fit *one, const struct emp_ltv_fit *other)
{
    if (rank_of(one) != rank_of(other))
        return rank_of(one) < rank_of(other);
    return one->aic < other->aic;
}

static void choose(struct emp_ltv_work *work)
{
    size_t best = 0;
    for (size_t m = 1; m < work->fit_count && work->params->model == EMP_LTV_AUTO; m++)
        if (is_better(&work->fits[m], &work->fits[best]))
            best = m;
    bool none = work->fits[best].fit.status == EMP_LIFETIME_NO_DATA;
    work->chosen = none ? work->fit_count : best;
}

/* --- What is kept of it --- */

static void make_rule(struct emp_ltv_work *work)
{
    const struct emp_ltv_params *params = work->params;
    struct emp_ltv_rule *rule = &work->rule;
    *rule = (struct emp_ltv_rule){
        .horizon = params->horizon,
        .rate = emp__log1p(params->discount_rate) / emp__ltv_units_a_year(params->unit),
        .confidence = params->confidence,
    };
    emp__ltv_spend_rule(&work->spend, rule);
    rule->status = EMP_LIFETIME_NO_DATA;
    if (work->chosen == work->fit_count)
        return;
    const struct emp_ltv_fit *chosen = &work->fits[work->chosen];
    rule->model = chosen->model;
    rule->status = chosen->fit.status;
    memcpy(rule->parameter, chosen->fit.parameter, sizeof rule->parameter);
    memcpy(rule->covariance, chosen->fit.covariance, sizeof rule->covariance);
    for (size_t m = 0; m < work->fit_count && rule->model == &emp__bgnbd; m++)
        if (work->fits[m].model == &emp__mbgnbd && rank_of(&work->fits[m]) < 3) {
            rule->has_mbgnbd = true;
            memcpy(rule->mbgnbd, work->fits[m].fit.parameter, sizeof rule->mbgnbd);
        }
}

emp_status emp__ltv_fit(struct emp_ltv_work *work, emp_error *error)
{
    emp_status status = EMP_OK;
    list_models(work);
    for (size_t m = 0; m < work->fit_count && status == EMP_OK; m++)
        status = fit_one(work, &work->fits[m], error);
    if (status == EMP_OK)
        status = emp__ltv_fit_spend(work, NULL, work->input->threads, &work->spend, error);
    if (status != EMP_OK)
        return status;
    choose(work);
    make_rule(work);
    return EMP_OK;
}
