// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/margin.h"

#include <math.h>

#include "random/portable_math.h"

const struct emp_lifetime_model emp__ltv_margin = {
    .name = "margin", .parameters = 1, .parameter_name = {"retention"}};

static double log_likelihood(double made, double lost)
{
    double retention = made / (made + lost), sum = 0.0;
    if (made > 0.0)
        sum += made * emp__log(retention);
    return lost > 0.0 ? sum + lost * emp__log(lost / (made + lost)) : sum;
}

void emp__ltv_margin_fit(const struct emp_lifetime_data *data, struct emp_lifetime_fit *out)
{
    double made = 0.0, lost = 0.0;
    *out = (struct emp_lifetime_fit){.status = EMP_LIFETIME_NO_DATA, .std_error = {NAN}};
    for (size_t i = 0; i < data->n; i++) {
        double weight = data->weight ? data->weight[i] : 1.0;
        made += weight * data->x[i];
        lost += weight * data->ended[i];
    }
    if (data->n == 0 || !(made + lost > 0.0))
        return;
    double retention = made / (made + lost);
    out->parameter[0] = retention;
    out->log_likelihood = log_likelihood(made, lost);
    out->at_bound = made == 0.0 || lost == 0.0;
    out->status = out->at_bound ? EMP_LIFETIME_AT_BOUND : EMP_LIFETIME_CONVERGED;
    if (out->at_bound)
        return;
    out->std_error[0] = sqrt(retention * (1.0 - retention) / (made + lost));
    out->covariance[0][0] = (1.0 - retention) / made;
}
