// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/values.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/ltv/patterns.h"
#include "base/memory.h"
#include "lifetime/bgnbd.h"
#include "lifetime/gamma_gamma.h"
#include "number/normal.h"
#include "random/portable_math.h"

const char *const emp__ltv_value_words[] = {
    [EMP_LTV_OK] = "ok",
    [EMP_LTV_NO_PURCHASE] = "no purchase",
    [EMP_LTV_NO_MODEL] = "no model",
    [EMP_LTV_ALIVE_BY_CONSTRUCTION] = "alive by construction",
    [EMP_LTV_NO_MEAN_SPEND] = "no mean spend",
    [EMP_LTV_NOT_POSITIVE] = "spend not positive",
    [EMP_LTV_ENDED] = "ended",
};

/* --- Spend --- */

/* Of a contract it is the customer's own margin, or else the mean of all. */
static struct emp_ltv_spend_value margin_of(const struct emp_ltv_values *values, double seen)
{
    struct emp_ltv_spend_value out = {.value = values->rule.spend_mean, .status = EMP_LTV_OK};
    if (!isnan(seen))
        out.value = seen;
    return out;
}

struct emp_ltv_spend_value emp__ltv_spend_of(const struct emp_ltv_values *values, uint32_t customer)
{
    const struct emp_ltv_rule *rule = &values->rule;
    struct emp_ltv_spend_value out = {.value = NAN, .status = EMP_LTV_OK};
    double seen = values->spend ? values->spend[customer] : NAN;
    if (rule->spend == EMP_LTV_NO_SPEND)
        return out;
    if (values->contract)
        return margin_of(values, seen);
    out.value = rule->spend_mean;
    if (rule->spend == EMP_LTV_MEAN)
        return out;
    double x = isnan(seen) ? 0.0 : values->patterns.x[values->pattern[customer]];
    out.value = NAN;
    if (x > 0.0 && !(seen > 0.0))
        out.status = EMP_LTV_NOT_POSITIVE;
    else if (!emp__gamma_gamma_expected(rule->spend_parameter, x, seen, &out.value, out.gradient))
        out.status = EMP_LTV_NO_MEAN_SPEND;
    else /* by the delta method */
        out.error =
            emp__lifetime_error(out.gradient, rule->spend_covariance, emp__gamma_gamma.parameters);
    return out;
}

/* --- Outlooks --- */

static emp_status look_ahead(const struct emp_lifetime_fitted *fitted,
                             const struct emp_lifetime_data *data,
                             const struct emp_lifetime_request *request,
                             struct emp_lifetime_outlook *out, emp_error *error)
{
    void *memory = NULL;
    emp_status status =
        emp__new_workspace(&memory, emp__lifetime_outlooks_work(fitted, data) + 1, error);
    if (status == EMP_OK)
        emp__lifetime_outlooks(fitted, data, request, memory, out);
    free(memory);
    return status;
}

static emp_status predict(const struct emp_ltv_work *work, struct emp_ltv_values *out,
                          emp_error *error)
{
    emp_status status = EMP_OK;
    const struct emp_ltv_rule *rule = &out->rule;
    const struct emp_lifetime_data data = emp__ltv_data(&out->patterns);
    const struct emp_lifetime_fitted fitted = {rule->model, rule->parameter, rule->covariance};
    const struct emp_lifetime_request request = {
        .horizon = rule->horizon, .rate = rule->rate, .threads = work->input->threads};
    const struct emp_lifetime_columns mbgnbd = {.p_alive = out->p_alive_mbgnbd};
    if (out->contract)
        emp__ltv_contract_outlooks(rule, &out->patterns, out->outlook);
    else
        status = look_ahead(&fitted, &data, &request, out->outlook, error);
    if (status == EMP_OK && rule->has_mbgnbd)
        emp__lifetime_predict(&emp__mbgnbd, rule->mbgnbd, &data, &request, &mbgnbd);
    return status;
}

void emp__ltv_discounted(const struct emp_ltv_values *values, double *out)
{
    const struct emp_ltv_rule *rule = &values->rule;
    const struct emp_lifetime_data data = emp__ltv_data(&values->patterns);
    const struct emp_lifetime_request request = {
        .horizon = rule->horizon, .rate = rule->rate, .threads = 1};
    if (values->contract)
        emp__ltv_contract_discounted(rule, &values->patterns, out);
    else
        emp__lifetime_discounted_within(rule->model, rule->parameter, &data, &request, out);
}

static emp_status take(const struct emp_ltv_work *work, struct emp_ltv_values *out,
                       emp_error *error)
{
    struct emp_store *store = work->input->customers->store;
    size_t n = out->patterns.count, all = work->input->customers->ids.count;
    emp_status status = emp__store_take(store, all, sizeof *out->pattern, &out->pattern, error);
    if (status == EMP_OK && work->observation.spend)
        status = emp__store_take(store, all, sizeof *out->spend, &out->spend, error);
    if (status == EMP_OK && work->observation.past)
        status = emp__store_take(store, all, sizeof *out->past, &out->past, error);
    if (status == EMP_OK && out->rule.model)
        status = emp__store_take(store, n, sizeof *out->outlook, &out->outlook, error);
    if (status == EMP_OK && out->rule.has_mbgnbd)
        status = emp__store_take(store, n, sizeof(double), &out->p_alive_mbgnbd, error);
    return status;
}

/* From the order of the sample to the numbers in the history. */
static void scatter(const struct emp_ltv_work *work, struct emp_ltv_values *out)
{
    const struct emp_ltv_sample *sample = &work->observation;
    size_t all = work->input->customers->ids.count;
    for (size_t c = 0; c < all; c++)
        out->pattern[c] = EMP_LTV_NO_PATTERN;
    for (size_t c = 0; c < all && out->spend; c++)
        out->spend[c] = NAN;
    for (size_t c = 0; c < all && out->past; c++)
        out->past[c] = NAN;
    for (size_t i = 0; i < sample->count; i++) {
        out->pattern[sample->customer[i]] = out->patterns.pattern[i];
        if (out->spend)
            out->spend[sample->customer[i]] = sample->spend[i];
        if (out->past)
            out->past[sample->customer[i]] = sample->past[i];
    }
}

emp_status emp__ltv_values(struct emp_ltv_work *work, struct emp_ltv_values *out, emp_error *error)
{
    *out = (struct emp_ltv_values){
        .rule = work->rule,
        .contract = work->params->source == EMP_LTV_CONTRACT,
        .reach = emp__normal_two_sided_quantile(work->rule.confidence),
        .patterns = work->observed,
    };
    emp_status status = take(work, out, error);
    if (status != EMP_OK)
        return status;
    scatter(work, out);
    work->observed_kept = true;
    return out->rule.model ? predict(work, out, error) : EMP_OK;
}
