// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/values.h"

#include <math.h>

#include "lifetime/bgnbd.h"
#include "lifetime/gamma_gamma.h"

const char *const emp__ltv_value_words[] = {
    [EMP_LTV_OK] = "ok",
    [EMP_LTV_NO_PURCHASE] = "no purchase",
    [EMP_LTV_NO_MODEL] = "no model",
    [EMP_LTV_ALIVE_BY_CONSTRUCTION] = "alive by construction",
    [EMP_LTV_NO_MEAN_SPEND] = "no mean spend",
    [EMP_LTV_NOT_POSITIVE] = "spend not positive",
    [EMP_LTV_ENDED] = "ended",
};

static emp_status take(struct emp_store *store, const struct emp_ltv_rule *rule, size_t n,
                       struct emp_ltv_values *out, emp_error *error)
{
    double **const columns[] = {&out->p_alive,    &out->expected,  &out->no_purchase,
                                &out->discounted, &out->unlimited, &out->spend};
    emp_status status = emp__store_take(store, n, sizeof *out->status, &out->status, error);
    for (size_t c = 0; c < sizeof columns / sizeof *columns && status == EMP_OK; c++)
        status = emp__store_take(store, n, sizeof(double), columns[c], error);
    if (status == EMP_OK && rule->has_mbgnbd)
        status = emp__store_take(store, n, sizeof(double), &out->p_alive_mbgnbd, error);
    return status;
}

void emp__ltv_values_give(struct emp_store *store, struct emp_ltv_values *values)
{
    double *const columns[] = {values->p_alive,    values->expected,  values->no_purchase,
                               values->discounted, values->unlimited, values->p_alive_mbgnbd,
                               values->spend};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        emp__store_give(store, columns[c]);
    emp__store_give(store, values->status);
    *values = (struct emp_ltv_values){.status = NULL};
}

/* --- Spend --- */

/* Of a contract it is the customer's own margin, or else the mean of all. */
static double margin_of(const struct emp_ltv_rule *rule, const struct emp_ltv_sample *sample,
                        size_t i)
{
    if (rule->spend == EMP_LTV_NO_SPEND)
        return NAN;
    bool own = sample->spend && !isnan(sample->spend[i]);
    return own ? sample->spend[i] : rule->spend_mean;
}

/* Of a purchase; NaN: there is none, and *status says why. */
static double spend_of(const struct emp_ltv_rule *rule, const struct emp_ltv_sample *sample,
                       size_t i, uint16_t *status)
{
    double spend = NAN;
    if (rule->spend == EMP_LTV_MEAN)
        return rule->spend_mean;
    if (rule->spend != EMP_LTV_GAMMA_GAMMA)
        return NAN;
    bool seen = sample->spend && sample->x[i] > 0 && !isnan(sample->spend[i]);
    if (seen && !(sample->spend[i] > 0.0))
        *status = EMP_LTV_NOT_POSITIVE;
    else if (!emp__gamma_gamma_expected(rule->spend_parameter, seen ? sample->x[i] : 0.0,
                                        seen ? sample->spend[i] : 0.0, &spend))
        *status = EMP_LTV_NO_MEAN_SPEND;
    return spend;
}

static void fill_spend(const struct emp_ltv_work *work, struct emp_ltv_values *values)
{
    const struct emp_ltv_sample *sample = &work->observation;
    bool contract = work->params->source == EMP_LTV_CONTRACT;
    bool bgnbd = work->rule.model == &emp__bgnbd;
    for (size_t i = 0; i < sample->count; i++) {
        values->status[i] = bgnbd && sample->x[i] == 0 ? EMP_LTV_ALIVE_BY_CONSTRUCTION : EMP_LTV_OK;
        values->spend[i] = contract ? margin_of(&work->rule, sample, i)
                                    : spend_of(&work->rule, sample, i, &values->status[i]);
    }
}

/* --- Purchases --- */

static void predict(const struct emp_ltv_work *work, struct emp_ltv_values *values)
{
    const struct emp_ltv_sample *sample = &work->observation;
    const struct emp_ltv_rule *rule = &work->rule;
    const struct emp_lifetime_data data = {
        .n = sample->count, .x = sample->x, .t_x = sample->t_x, .age = sample->age};
    const struct emp_lifetime_request request = {
        .horizon = rule->horizon, .rate = rule->rate, .threads = work->input->threads};
    const struct emp_lifetime_columns columns = {values->p_alive, values->expected,
                                                 values->no_purchase, values->unlimited};
    const struct emp_lifetime_columns mbgnbd = {.p_alive = values->p_alive_mbgnbd};
    emp__lifetime_predict(rule->model, rule->parameter, &data, &request, &columns);
    if (rule->has_mbgnbd)
        emp__lifetime_predict(&emp__mbgnbd, rule->mbgnbd, &data, &request, &mbgnbd);
}

emp_status emp__ltv_values(const struct emp_ltv_work *work, struct emp_ltv_values *out,
                           emp_error *error)
{
    struct emp_store *store = work->input->customers->store;
    *out = (struct emp_ltv_values){.status = NULL};
    emp_status status = take(store, &work->rule, work->observation.count, out, error);
    if (status != EMP_OK)
        return status;
    fill_spend(work, out);
    if (work->params->source == EMP_LTV_CONTRACT)
        return emp__ltv_contract_values(work, out, error);
    predict(work, out);
    return EMP_OK;
}
