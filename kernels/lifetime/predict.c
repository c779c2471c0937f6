// SPDX-License-Identifier: Apache-2.0
#include "lifetime/predict.h"

#include <math.h>

#include "special/log_space.h"

static double alive_now(const struct emp_lifetime_model *model, const double *parameter,
                        const struct emp_lifetime_customer *c)
{
    return emp__sigmoid(-model->predict.log_odds_dead(parameter, c));
}

double emp__lifetime_alive(const struct emp_lifetime_model *model, const double *parameter,
                           const struct emp_lifetime_customer *c, double t)
{
    double alive = alive_now(model, parameter, c);
    return t > 0.0 ? alive * model->predict.survives(parameter, c, t) : alive;
}

double emp__lifetime_expected(const struct emp_lifetime_model *model, const double *parameter,
                              const struct emp_lifetime_customer *c, double t)
{
    return alive_now(model, parameter, c) * model->predict.expected(parameter, c, t);
}

/* For none: those who are dead, and those who are alive and do not buy. */
double emp__lifetime_probability(const struct emp_lifetime_model *model, const double *parameter,
                                 const struct emp_lifetime_customer *c, double t, uint32_t n)
{
    double odds = model->predict.log_odds_dead(parameter, c);
    double bought = emp__sigmoid(-odds) * model->predict.probability(parameter, c, t, n);
    return n == 0 ? emp__sigmoid(odds) + bought : bought;
}

bool emp__lifetime_discounted(const struct emp_lifetime_model *model, const double *parameter,
                              const struct emp_lifetime_customer *c, double rate, double *out)
{
    double value = model->predict.discounted(parameter, c, rate);
    if (!isfinite(value))
        return false;
    *out = alive_now(model, parameter, c) * value;
    return true;
}

static void predict_one(const struct emp_lifetime_model *model, const double *parameter,
                        const struct emp_lifetime_data *data,
                        const struct emp_lifetime_request *request,
                        const struct emp_lifetime_columns *out, size_t i)
{
    const struct emp_lifetime_customer c = {data->x[i], data->t_x[i], data->age[i]};
    if (out->p_alive)
        out->p_alive[i] = alive_now(model, parameter, &c);
    if (out->expected)
        out->expected[i] = emp__lifetime_expected(model, parameter, &c, request->horizon);
    if (out->no_purchase)
        out->no_purchase[i] = emp__lifetime_probability(model, parameter, &c, request->horizon, 0);
    if (out->discounted &&
        !emp__lifetime_discounted(model, parameter, &c, request->rate, &out->discounted[i]))
        out->discounted[i] = NAN;
}

void emp__lifetime_predict(const struct emp_lifetime_model *model, const double *parameter,
                           const struct emp_lifetime_data *data,
                           const struct emp_lifetime_request *request,
                           const struct emp_lifetime_columns *out)
{
#pragma omp parallel for num_threads(request->threads) schedule(dynamic, 256)
    for (size_t i = 0; i < data->n; i++)
        predict_one(model, parameter, data, request, out, i);
}
