// SPDX-License-Identifier: Apache-2.0
#include "lifetime/gamma_gamma.h"

#include "random/portable_math.h"
#include "special/gamma_functions.h"

enum { P, Q, GAMMA };

/* -log B(p x, q) and its derivatives. */
struct spread {
    double log, p, q, pp, pq, qq;
};

static struct spread spread_of(double p, double q, double x)
{
    double shape = p * x, both = emp__trigamma(shape + q);
    double grows_p = shape * emp__digamma_step(shape, q), grows_q = q * emp__digamma_step(q, shape);
    return (struct spread){
        .log = -emp__log_beta(shape, q),
        .p = grows_p,
        .q = grows_q,
        .pp = grows_p + shape * shape * emp__trigamma_step(shape, q),
        .pq = shape * q * both,
        .qq = grows_q + q * q * emp__trigamma_step(q, shape),
    };
}

/* Row 0 stays as it is: there is no x = 0. */
static void fill_table(const double *parameter, uint32_t size, void *table)
{
    struct spread *rows = table;
    for (uint32_t x = 1; x < size; x++)
        rows[x] = spread_of(parameter[P], parameter[Q], x);
}

static void term(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                 size_t i, struct emp_derivatives *out)
{
    const struct spread *table = at->table;
    double p = at->parameter[P], q = at->parameter[Q], gamma = at->parameter[GAMMA];
    double x = data->x[i], sum = x * data->spend[i], shape = p * x;
    struct spread s = data->x[i] < at->table_size ? table[data->x[i]] : spread_of(p, q, x);
    double of_sum = sum / (gamma + sum), of_gamma = gamma / (gamma + sum);
    double log_sum = shape * emp__log1p(gamma / sum), log_gamma = q * emp__log1p(sum / gamma);
    out->value = s.log - emp__log(data->spend[i]) - log_sum - log_gamma;
    out->gradient[P] = s.p - log_sum;
    out->gradient[Q] = s.q - log_gamma;
    out->gradient[GAMMA] = q * of_sum - shape * of_gamma;
    out->hessian[P][P] = s.pp - log_sum;
    out->hessian[P][Q] = s.pq;
    out->hessian[P][GAMMA] = -shape * of_gamma;
    out->hessian[Q][Q] = s.qq - log_gamma;
    out->hessian[Q][GAMMA] = q * of_sum;
    out->hessian[GAMMA][GAMMA] = -(shape + q) * of_gamma * of_sum;
}

bool emp__gamma_gamma_expected(const double *parameter, double x, double spend, double *out,
                               double *gradient)
{
    double p = parameter[P], q = parameter[Q], gamma = parameter[GAMMA];
    double rest = p * x + q - 1.0, sum = x > 0.0 ? x * spend : 0.0;
    if (!(rest > 0.0))
        return false;
    *out = p * (gamma + sum) / rest;
    if (gradient) {
        gradient[P] = (q - 1.0) / rest;
        gradient[Q] = -q / rest;
        gradient[GAMMA] = gamma / (gamma + sum);
    }
    return true;
}

/* The mean spend of the customers. */
static double unit(const struct emp_lifetime_data *data)
{
    double sum = 0.0, weight = 0.0;
    for (size_t i = 0; i < data->n; i++) {
        double w = data->weight ? data->weight[i] : 1.0;
        sum += w * data->spend[i];
        weight += w;
    }
    return sum / weight;
}

static const double starts[][EMP_LIFETIME_PARAMETERS] = {
    {4.0, 4.0, 0.7}, {1.0, 3.0, 2.0}, {10.0, 3.0, 0.2}, {2.0, 1.5, 0.5}, {20.0, 10.0, 0.5}};

const struct emp_lifetime_model emp__gamma_gamma = {
    .name = "gammagamma",
    .parameters = 3,
    .parameter_name = {"p", "q", "gamma"},
    .in_unit = 1u << GAMMA,
    .unit = unit,
    .table_row = sizeof(struct spread),
    .fill_table = fill_table,
    .term = term,
    .starts = starts,
    .start_count = sizeof starts / sizeof *starts,
};
