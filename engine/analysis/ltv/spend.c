// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/spend.h"

#include <string.h>

#include "analysis/ltv/fit.h"
#include "base/store.h"
#include "lifetime/gamma_gamma.h"

/* The customers whose repeat purchases have a mean of more than 0, or whose margin is more than 0,
 * behind each other. */
struct spenders {
    struct emp_lifetime_data data;
    uint32_t *x;
    double *spend, *weight;
    size_t left_out;
};

static void give_spenders(struct emp_store *store, struct spenders *spenders)
{
    emp__store_give(store, spenders->x);
    emp__store_give(store, spenders->spend);
    emp__store_give(store, spenders->weight);
}

static emp_status list_spenders(const struct emp_ltv_work *work, const double *weight,
                                struct spenders *out, emp_error *error)
{
    const struct emp_ltv_sample *sample = &work->calibration;
    struct emp_store *store = work->input->customers->store;
    bool contract = work->params->source == EMP_LTV_CONTRACT;
    size_t n = 0;
    emp_status status = emp__store_take(store, sample->count, sizeof *out->x, &out->x, error);
    if (status == EMP_OK)
        status = emp__store_take(store, sample->count, sizeof *out->spend, &out->spend, error);
    if (status == EMP_OK && weight)
        status = emp__store_take(store, sample->count, sizeof *out->weight, &out->weight, error);
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++) {
        if ((sample->x[i] == 0 && !contract) || (weight && weight[i] == 0.0))
            continue;
        if (!(sample->spend[i] > 0.0)) {
            out->left_out++;
            continue;
        }
        out->x[n] = contract ? 1 : sample->x[i];
        out->spend[n] = sample->spend[i];
        if (weight)
            out->weight[n] = weight[i];
        n++;
    }
    out->data = (struct emp_lifetime_data){
        .n = n, .x = out->x, .spend = out->spend, .weight = weight ? out->weight : NULL};
    return status;
}

/* Of all repeat purchases, each customer with as many as there were. */
static double mean_spend(const struct emp_lifetime_data *data)
{
    double sum = 0.0, purchases = 0.0;
    for (size_t i = 0; i < data->n; i++) {
        double weight = (data->weight ? data->weight[i] : 1.0) * data->x[i];
        sum += weight * data->spend[i];
        purchases += weight;
    }
    return purchases > 0.0 ? sum / purchases : 0.0;
}

/* How it is asked for, as far as the numbers are there. */
static int how_of(const struct emp_ltv_work *work)
{
    if (!work->calibration.spend)
        return EMP_LTV_NO_SPEND;
    if (work->params->source == EMP_LTV_CONTRACT)
        return EMP_LTV_MEAN; /* of the margins, for those whose own is not known */
    return work->params->spend;
}

emp_status emp__ltv_fit_spend(const struct emp_ltv_work *work, const double *weight, int threads,
                              struct emp_ltv_spend *out, emp_error *error)
{
    struct spenders spenders = {.x = NULL};
    *out = (struct emp_ltv_spend){.how = how_of(work)};
    if (out->how == EMP_LTV_NO_SPEND)
        return EMP_OK;
    emp_status status =
        list_spenders(work, weight ? weight : work->calibration.weight, &spenders, error);
    out->customers = spenders.data.n;
    out->left_out = spenders.left_out;
    if (status == EMP_OK)
        out->mean = mean_spend(&spenders.data);
    if (status == EMP_OK && out->how == EMP_LTV_GAMMA_GAMMA)
        status =
            emp__ltv_fit_model(work, &emp__gamma_gamma, &spenders.data, threads, &out->fit, error);
    give_spenders(work->input->customers->store, &spenders);
    return status;
}

void emp__ltv_spend_rule(const struct emp_ltv_spend *spend, struct emp_ltv_rule *out)
{
    bool known = spend->how != EMP_LTV_NO_SPEND && spend->customers > 0;
    out->spend = known ? spend->how : EMP_LTV_NO_SPEND;
    out->spend_mean = spend->mean;
    memcpy(out->spend_parameter, spend->fit.parameter, sizeof out->spend_parameter);
    memcpy(out->spend_covariance, spend->fit.covariance, sizeof out->spend_covariance);
}
