// SPDX-License-Identifier: Apache-2.0
#include "lifetime/contract.h"

#include <math.h>

#include "random/portable_math.h"
#include "special/gamma_functions.h"
#include "special/hypergeometric.h"
#include "special/log_space.h"

enum { A, B, C };

/* log t^c, and t^c with its derivatives in log c. */
struct power {
    double value, first, second;
};

static struct power power_of(double t, double c)
{
    double value = t > 0.0 ? emp__pow(t, c) : 0.0;
    double log = t > 1.0 ? c * emp__log(t) : 0.0;
    return (struct power){value, value * log, value * log * (1.0 + log)};
}

/* (t + 1)^c - t^c with its derivatives, by expm1 from t = 1 on. */
static struct power power_step(double t, double c)
{
    struct power far = power_of(t + 1.0, c), near = power_of(t, c);
    double grown = t > 0.0 ? near.value * emp__expm1(c * emp__log1p(1.0 / t)) : 1.0;
    return (struct power){grown, far.first - near.first, far.second - near.second};
}

/*
 * log B(a, b + from + step) - log B(a, b + from), from = t^c or 0, with derivatives in the
 * logarithms of a and b, and of c through from and step.
 */
static struct emp_derivatives survival_step(const double *p, const struct power *from,
                                            const struct power *step)
{
    double a = p[A], low = p[B] + from->value, high = low + step->value;
    double psi_b = emp__digamma_step(low, step->value);
    double psi_sum = emp__digamma_step(a + low, step->value);
    double tri_b = emp__trigamma_step(low, step->value);
    double tri_sum = emp__trigamma_step(a + low, step->value);
    /* d/d high, and d/d low - d/d high, which is d/db */
    double by_high = -emp__digamma_step(high, a), by_b = psi_b - psi_sum;
    double by_high_high = -emp__trigamma_step(high, a), by_b_b = tri_b - tri_sum;
    double tri_end = emp__trigamma(a + high);
    double end = from->first + step->first, end_second = from->second + step->second;
    double by_low = -(by_high - by_b), by_low_low = -(by_high_high - by_b_b);
    struct emp_derivatives out = {.value = emp__log_beta_step(a, low, step->value)};
    out.gradient[A] = -a * psi_sum;
    out.gradient[B] = p[B] * by_b;
    out.gradient[C] = by_high * end + by_low * from->first;
    out.hessian[A][A] = -a * psi_sum - a * a * tri_sum;
    out.hessian[A][B] = -a * p[B] * tri_sum;
    out.hessian[A][C] = -a * (tri_end * end - (tri_end - tri_sum) * from->first);
    out.hessian[B][B] = p[B] * by_b + p[B] * p[B] * by_b_b;
    out.hessian[B][C] = p[B] * (by_high_high * end + by_low_low * from->first);
    out.hessian[C][C] = by_high * end_second + by_high_high * end * end + by_low * from->second +
                        by_low_low * from->first * from->first;
    return out;
}

/* log S(t), and log(1 - e^-D) where the contract ended. */
static void contract_term(const double *p, double t, bool ended, struct emp_derivatives *out)
{
    const struct power zero = {0.0, 0.0, 0.0};
    struct power here = power_of(t, p[C]), step = power_step(t, p[C]);
    *out = survival_step(p, &zero, &here);
    if (!ended)
        return;
    struct emp_derivatives fall = survival_step(p, &here, &step); /* -D */
    double odds = 1.0 / emp__expm1(-fall.value);
    const double f[3] = {emp__log_one_minus_exp(-fall.value), -odds, -odds * (1.0 + odds)};
    emp__derivatives_chain(out, &fall, f);
}

static void bdw_term(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                     size_t i, struct emp_derivatives *out)
{
    contract_term(at->parameter, data->x[i], data->ended[i] != 0, out);
}

/* c = 1, and its derivatives do not count. */
static void sbg_term(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                     size_t i, struct emp_derivatives *out)
{
    const double p[EMP_LIFETIME_PARAMETERS] = {at->parameter[A], at->parameter[B], 1.0, 0.0};
    contract_term(p, data->x[i], data->ended[i] != 0, out);
    out->gradient[C] = 0.0;
    for (int k = A; k <= C; k++)
        out->hessian[k][C] = 0.0;
}

double emp__contract_survival(double a, double b, double c, double t)
{
    return emp__exp(emp__log_beta_step(a, b, power_of(t, c).value));
}

double emp__sbg_residual(double a, double b, double renewals, double d)
{
    double at = b + renewals;
    if (d == 0.0)
        return a > 1.0 ? at / (a - 1.0) : INFINITY;
    double log = emp__log_hypergeometric(1.0, at + 1.0, a, 1.0 / (1.0 + d));
    return at / (a + at) * emp__exp(log);
}

bool emp__margin_value(double margin, double retention, double d, double *out)
{
    double rest = 1.0 + d - retention;
    if (!(rest > 0.0))
        return false;
    *out = margin * retention / rest;
    return true;
}

static const double sbg_starts[][EMP_LIFETIME_PARAMETERS] = {
    {1.0, 2.0}, {0.3, 1.0}, {3.0, 20.0}, {1.0, 0.3}};
static const double bdw_starts[][EMP_LIFETIME_PARAMETERS] = {
    {1.0, 2.0, 1.0}, {0.3, 1.0, 1.0}, {3.0, 20.0, 1.5}, {1.0, 0.3, 0.7}, {5.0, 100.0, 2.0}};

const struct emp_lifetime_model emp__sbg = {
    .name = "sbg",
    .parameters = 2,
    .parameter_name = {"alpha", "beta"},
    .term = sbg_term,
    .starts = sbg_starts,
    .start_count = sizeof sbg_starts / sizeof *sbg_starts,
};

const struct emp_lifetime_model emp__bdw = {
    .name = "bdw",
    .parameters = 3,
    .parameter_name = {"alpha", "beta", "c"},
    .term = bdw_term,
    .starts = bdw_starts,
    .start_count = sizeof bdw_starts / sizeof *bdw_starts,
};
