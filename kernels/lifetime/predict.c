// SPDX-License-Identifier: Apache-2.0
#include "lifetime/predict.h"

#include <math.h>

#include "special/log_space.h"

enum { BLOCK = 1024 };

static double alive_now(const struct emp_lifetime_model *model, const double *parameter,
                        const struct emp_lifetime_customer *c)
{
    return emp__sigmoid(-model->predict.log_odds_dead(parameter, c, NULL));
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
    double odds = model->predict.log_odds_dead(parameter, c, NULL);
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

/* What a customer who is alive will do, as far as it is asked for. */
struct ahead {
    double expected, none, discounted;
};

static struct ahead look_ahead(const struct emp_lifetime_model *model, const double *parameter,
                               const struct emp_lifetime_customer *c,
                               const struct emp_lifetime_request *request,
                               const struct emp_lifetime_columns *wanted)
{
    const struct emp_lifetime_prediction *predict = &model->predict;
    struct ahead out = {0};
    if (wanted->expected)
        out.expected = predict->expected(parameter, c, request->horizon);
    if (wanted->no_purchase)
        out.none = predict->probability(parameter, c, request->horizon, 0);
    if (wanted->discounted)
        out.discounted = predict->discounted(parameter, c, request->rate);
    return out;
}

static void fill(const struct emp_lifetime_columns *out, size_t i, double odds,
                 const struct ahead *ahead)
{
    double alive = emp__sigmoid(-odds);
    if (out->p_alive)
        out->p_alive[i] = alive;
    if (out->expected)
        out->expected[i] = alive * ahead->expected;
    if (out->no_purchase)
        out->no_purchase[i] = emp__sigmoid(odds) + alive * ahead->none;
    if (out->discounted)
        out->discounted[i] = isfinite(ahead->discounted) ? alive * ahead->discounted : NAN;
}

/* From one change of x or T to the next all but P(alive) is the same. */
static void predict_block(const struct emp_lifetime_model *model, const double *parameter,
                          const struct emp_lifetime_data *data,
                          const struct emp_lifetime_request *request,
                          const struct emp_lifetime_columns *out, size_t block)
{
    size_t start = block * BLOCK, end = start + BLOCK < data->n ? start + BLOCK : data->n;
    struct ahead ahead = {0};
    for (size_t i = start; i < end; i++) {
        const struct emp_lifetime_customer c = {data->x[i], data->t_x[i], data->age[i]};
        if (i == start || data->x[i] != data->x[i - 1] || data->age[i] != data->age[i - 1])
            ahead = look_ahead(model, parameter, &c, request, out);
        fill(out, i, model->predict.log_odds_dead(parameter, &c, NULL), &ahead);
    }
}

void emp__lifetime_predict(const struct emp_lifetime_model *model, const double *parameter,
                           const struct emp_lifetime_data *data,
                           const struct emp_lifetime_request *request,
                           const struct emp_lifetime_columns *out)
{
    size_t blocks = (data->n + BLOCK - 1) / BLOCK;
#pragma omp parallel for num_threads(request->threads) schedule(dynamic)
    for (size_t block = 0; block < blocks; block++)
        predict_block(model, parameter, data, request, out, block);
}
