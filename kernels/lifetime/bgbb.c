// SPDX-License-Identifier: Apache-2.0
#include "lifetime/bgbb.h"

#include <math.h>

#include "lifetime/contract.h"
#include "lifetime/factors.h"
#include "random/portable_math.h"
#include "special/gamma_functions.h"
#include "special/log_space.h"

enum { ALPHA, BETA, GAMMA, DELTA };

/* --- The likelihood --- */

/* sum -= log (s)_k of s = u + v, in the logarithms of the parameters u and v, i and j of them. */
static void subtract_rising_of_sum(const double *p, int i, int j, double k,
                                   struct emp_derivatives *sum)
{
    double all = p[i] + p[j], u = p[i] / all, v = p[j] / all;
    struct emp_rising rising = emp__rising(all, k);
    sum->value -= rising.log;
    sum->gradient[i] -= rising.first * u;
    sum->gradient[j] -= rising.first * v;
    sum->hessian[i][i] -= rising.second * u * u + rising.first * u * v;
    sum->hessian[j][j] -= rising.second * v * v + rising.first * u * v;
    sum->hessian[i][j] -= (rising.second - rising.first) * u * v;
}

static void add_rising(const double *p, int i, double k, struct emp_derivatives *sum)
{
    struct emp_rising rising = emp__rising(p[i], k);
    sum->value += rising.log;
    sum->gradient[i] += rising.first;
    sum->hessian[i][i] += rising.second;
}

/* log A(k) of the header. */
static void add_taken(const double *p, double x, double k, struct emp_derivatives *sum)
{
    add_rising(p, ALPHA, x, sum);
    add_rising(p, BETA, k - x, sum);
    subtract_rising_of_sum(p, ALPHA, BETA, k, sum);
}

/* log S(k) of the header. */
static void add_survival(const double *p, double k, struct emp_derivatives *sum)
{
    struct emp_survival survival = emp__survival(p[GAMMA], p[DELTA], k);
    sum->value += survival.log;
    sum->gradient[GAMMA] += survival.a;
    sum->gradient[DELTA] += survival.b;
    sum->hessian[GAMMA][GAMMA] += survival.aa;
    sum->hessian[GAMMA][DELTA] += survival.ab;
    sum->hessian[DELTA][DELTA] += survival.bb;
}

/* log D(k) - log S(k) = log(gamma / (gamma + delta + k)). */
static void add_leaving(const double *p, double k, struct emp_derivatives *sum)
{
    double all = p[GAMMA] + p[DELTA] + k, u = p[GAMMA] / all, v = p[DELTA] / all;
    sum->value += emp__log(u);
    sum->gradient[GAMMA] += 1.0 - u;
    sum->gradient[DELTA] -= v;
    sum->hessian[GAMMA][GAMMA] -= u * (1.0 - u);
    sum->hessian[GAMMA][DELTA] += u * v;
    sum->hessian[DELTA][DELTA] -= v * (1.0 - v);
}

/* log A(k) D(k): x opportunities of k were taken, and then the customer left. */
static void add_stay(const double *p, double x, double k, struct emp_derivatives *sum)
{
    add_taken(p, x, k, sum);
    add_survival(p, k, sum);
    add_leaving(p, k, sum);
}

/* sum = log(e^sum + e^term), with derivatives: a customer who stayed so long, or another time. */
static void mix(struct emp_derivatives *sum, const struct emp_derivatives *term)
{
    struct emp_derivatives step = *term;
    step.value -= sum->value;
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++) {
        step.gradient[i] -= sum->gradient[i];
        for (int j = i; j < EMP_LIFETIME_PARAMETERS; j++)
            step.hessian[i][j] -= sum->hessian[i][j];
    }
    emp__derivatives_mix(sum, &step);
}

static void term(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                 size_t i, struct emp_derivatives *out)
{
    const double *p = at->parameter;
    double x = data->x[i], n = data->age[i];
    add_taken(p, x, n, out);
    add_survival(p, n, out);
    for (double k = n - 1.0; k >= data->t_x[i]; k -= 1.0) {
        struct emp_derivatives left = {0};
        add_stay(p, x, k, &left);
        mix(out, &left);
    }
}

/* --- Predictions --- */

/* log A(k) - log A(n), k <= n. */
static double log_taken(const double *p, double x, double n, double k)
{
    return emp__log_rising(p[ALPHA] + p[BETA] + k, n - k) - emp__log_rising(p[BETA] + k - x, n - k);
}

/* Each way of having left takes its share in the gradient. */
static void find_gradient(const double *p, const struct emp_lifetime_customer *c, double *gradient)
{
    double n = c->age;
    struct emp_derivatives alive = {0}, dead = {.value = -INFINITY};
    add_taken(p, c->x, n, &alive);
    add_survival(p, n, &alive);
    for (double k = n - 1.0; k >= c->t_x; k -= 1.0) {
        struct emp_derivatives left = {0};
        add_stay(p, c->x, k, &left);
        if (dead.value == -INFINITY)
            dead = left;
        else
            mix(&dead, &left);
    }
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++)
        gradient[i] = dead.value == -INFINITY ? 0.0 : dead.gradient[i] - alive.gradient[i];
}

static double log_odds_dead(const double *p, const struct emp_lifetime_customer *c,
                            double *gradient)
{
    double n = c->age, odds = -INFINITY;
    double alive = emp__survival(p[GAMMA], p[DELTA], n).log;
    for (double k = n - 1.0; k >= c->t_x; k -= 1.0) {
        double left = emp__survival(p[GAMMA], p[DELTA], k).log +
                      emp__log(p[GAMMA] / (p[GAMMA] + p[DELTA] + k));
        odds = emp__log_add(odds, log_taken(p, c->x, n, k) + left - alive);
    }
    if (gradient)
        find_gradient(p, c, gradient);
    return odds;
}

/* The mean of p of one who is alive. */
static double takes(const double *p, const struct emp_lifetime_customer *c)
{
    return (p[ALPHA] + c->x) / (p[ALPHA] + p[BETA] + c->age);
}

/* The sum of e^(-rate k) S(k) over the next t opportunities; S falls by a factor at each. */
static double sum_ahead(const double *p, double n, double t, double rate)
{
    double alive = 1.0, sum = 0.0, each = emp__exp(-rate), factor = 1.0;
    for (double k = 0.0; k + 1.0 <= t; k += 1.0) {
        alive *= (p[DELTA] + n + k) / (p[GAMMA] + p[DELTA] + n + k);
        factor *= each;
        sum += factor * alive;
    }
    return sum;
}

static double expected(const double *p, const struct emp_lifetime_customer *c, double t)
{
    return takes(p, c) * sum_ahead(p, c->age, t, 0.0);
}

static double survives(const double *p, const struct emp_lifetime_customer *c, double t)
{
    return emp__exp(emp__survival(p[GAMMA], p[DELTA] + c->age, floor(t)).log);
}

/* P(m of k opportunities are taken) of one who is there for all of them. */
static double takes_some(const double *p, const struct emp_lifetime_customer *c, double k, double m)
{
    double a = p[ALPHA] + c->x, b = p[BETA] + c->age - c->x;
    if (m > k)
        return 0.0;
    double choices =
        emp__log_gamma(k + 1.0) - emp__log_gamma(m + 1.0) - emp__log_gamma(k - m + 1.0);
    return emp__exp(choices + emp__log_rising(a, m) + emp__log_rising(b, k - m) -
                    emp__log_rising(a + b, k));
}

/* Over how long the customer stays: for k of the next t, or for all. */
static double probability(const double *p, const struct emp_lifetime_customer *c, double t,
                          uint32_t m)
{
    double alive = 1.0, sum = 0.0, all = floor(t);
    for (double k = 0.0; k < all; k += 1.0) {
        double leaves = p[GAMMA] / (p[GAMMA] + p[DELTA] + c->age + k);
        sum += alive * leaves * takes_some(p, c, k, m);
        alive *= (p[DELTA] + c->age + k) / (p[GAMMA] + p[DELTA] + c->age + k);
    }
    return sum + alive * takes_some(p, c, all, m);
}

/* As the renewals of a contract: DERL of sBG, which does not discount the first. */
static double discounted(const double *p, const struct emp_lifetime_customer *c, double rate)
{
    double d = emp__expm1(rate);
    return takes(p, c) * emp__sbg_residual(p[GAMMA], p[DELTA], c->age, d) / (1.0 + d);
}

static double discounted_within(const double *p, const struct emp_lifetime_customer *c, double t,
                                double rate)
{
    return takes(p, c) * sum_ahead(p, c->age, t, rate);
}

static const double starts[][EMP_LIFETIME_PARAMETERS] = {
    {1.0, 1.0, 1.0, 1.0}, {1.0, 1.0, 0.5, 3.0},  {0.3, 2.0, 0.3, 3.0},
    {5.0, 5.0, 0.2, 5.0}, {0.2, 0.2, 3.0, 10.0},
};

const struct emp_lifetime_model emp__bgbb = {
    .name = "bgbb",
    .parameters = 4,
    .parameter_name = {"alpha", "beta", "gamma", "delta"},
    .term = term,
    .starts = starts,
    .start_count = sizeof starts / sizeof *starts,
    .predict = {log_odds_dead, expected, survives, probability, discounted, discounted_within},
};
