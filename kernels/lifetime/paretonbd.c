// SPDX-License-Identifier: Apache-2.0
#include "lifetime/paretonbd.h"

#include <math.h>
#include <string.h>

#include "lifetime/factors.h"
#include "lifetime/nbd.h"
#include "random/portable_math.h"
#include "special/exponential_integral.h"
#include "special/gamma_functions.h"
#include "special/log_integral.h"
#include "special/log_space.h"

enum { R, ALPHA, S, BETA };

static void fill_table(const double *parameter, uint32_t size, void *table)
{
    emp__rising_table(parameter[R], size, table);
}

/* out += the logarithm of (beta / (beta + T))^s */
static void add_survival(double s, double beta, double age, struct emp_derivatives *out)
{
    double log = s * emp__log1p(age / beta), of_age = age / (beta + age);
    out->value -= log;
    out->gradient[S] -= log;
    out->gradient[BETA] += s * of_age;
    out->hessian[S][S] -= log;
    out->hessian[S][BETA] += s * of_age;
    out->hessian[BETA][BETA] -= s * of_age * (beta / (beta + age));
}

static void shared(const struct emp_lifetime_point *at, uint32_t x, double age,
                   struct emp_derivatives *out)
{
    const double *p = at->parameter;
    const struct emp_rising *table = at->table;
    struct emp_rising rising = x < at->table_size ? table[x] : emp__rising(p[R], x);
    emp__nbd_add(p[R], p[ALPHA], &rising, x, age, out);
    add_survival(p[S], p[BETA], age, out);
}

static void rest(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                 size_t i, struct emp_derivatives *out)
{
    const struct emp_lifetime_customer c = {data->x[i], data->t_x[i], data->age[i]};
    struct emp_derivatives u;
    emp__paretonbd_log_odds(at->parameter, &c, &u);
    emp__derivatives_mix(out, &u);
}

static void term(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                 size_t i, struct emp_derivatives *out)
{
    shared(at, data->x[i], data->age[i], out);
    rest(at, data, i, out);
}

static double log_odds_dead(const double *parameter, const struct emp_lifetime_customer *c,
                            double *gradient)
{
    struct emp_derivatives u;
    emp__paretonbd_log_odds(parameter, c, &u);
    if (gradient)
        memcpy(gradient, u.gradient, sizeof u.gradient);
    return u.value;
}

/* The customer who is alive: the distributions of both rates. */
struct alive {
    double r, alpha, s, beta;
};

static struct alive alive(const double *p, const struct emp_lifetime_customer *c)
{
    return (struct alive){p[R] + c->x, p[ALPHA] + c->age, p[S], p[BETA] + c->age};
}

/* (1 - e^(-q l)) / q, l = log(1 + t / beta), q = s - 1. */
static double expected(const double *parameter, const struct emp_lifetime_customer *c, double t)
{
    struct alive a = alive(parameter, c);
    double log = emp__log1p(t / a.beta), q = a.s - 1.0, grown = q * log;
    double lived = grown == 0.0 ? log : log * (-emp__expm1(-grown) / grown);
    return a.r / a.alpha * a.beta * lived;
}

static double survives(const double *parameter, const struct emp_lifetime_customer *c, double t)
{
    struct alive a = alive(parameter, c);
    return emp__exp(-a.s * emp__log1p(t / a.beta));
}

/* The purchases by those who leave at a time u = e^y: log of P_NBD(n; u) s beta^s u / (beta +
 * u)^(s + 1), but for what does not depend on y. */
struct leaving {
    struct alive a;
    double n;
};

static double leaving_log_value(double y, const void *of)
{
    const struct leaving *l = of;
    const struct alive *a = &l->a;
    double u = emp__exp(y);
    return (l->n + 1.0) * y - (a->r + l->n) * emp__log1p(u / a->alpha) -
           (a->s + 1.0) * emp__log1p(u / a->beta);
}

/* log of n purchases and then leaving, before t. */
static double log_left_after(const struct alive *a, double t, double n)
{
    struct leaving leaving = {*a, n};
    double straight = 40.0 + emp__log1p(a->r + a->s + n), end = emp__log(t);
    struct emp_log_density density = {
        .log_value = leaving_log_value,
        .of = &leaving,
        .low = fmin(fmin(emp__log(a->alpha), emp__log(a->beta)), end) - straight,
        .high = end,
        .low_rate = n + 1.0,
    };
    double several =
        n == 0.0 ? 0.0
                 : emp__log_rising(a->r, n) - emp__log_gamma(n + 1.0) - n * emp__log(a->alpha);
    return several + emp__log(a->s / a->beta) + emp__log_integral(&density);
}

static double log_stays_after(const struct alive *a, double t, double n)
{
    return emp__nbd_log_probability(a->r, a->alpha, t, n) - a->s * emp__log1p(t / a->beta);
}

static double stays_quietly(const double *parameter, const struct emp_lifetime_customer *c,
                            double t)
{
    struct alive a = alive(parameter, c);
    return emp__exp(log_stays_after(&a, t, 0.0));
}

static double leaves_quietly(const double *parameter, const struct emp_lifetime_customer *c,
                             double t)
{
    struct alive a = alive(parameter, c);
    return t > 0.0 ? emp__exp(log_left_after(&a, t, 0.0)) : 0.0;
}

static double probability(const double *parameter, const struct emp_lifetime_customer *c, double t,
                          uint32_t n)
{
    struct alive a = alive(parameter, c);
    if (t == 0.0)
        return n == 0 ? 1.0 : 0.0;
    return emp__exp(emp__log_add(log_stays_after(&a, t, n), log_left_after(&a, t, n)));
}

static double discounted(const double *parameter, const struct emp_lifetime_customer *c,
                         double rate)
{
    struct alive a = alive(parameter, c);
    return a.r / a.alpha * (a.beta * emp__scaled_exponential_integral(a.s, rate * a.beta));
}

static const double starts[][EMP_LIFETIME_PARAMETERS] = {
    {0.5, 0.3, 0.6, 0.4},  {1.0, 1.0, 0.3, 1.0}, {2.0, 1.5, 0.5, 1.5},
    {0.5, 0.4, 2.0, 10.0}, {5.0, 4.0, 0.5, 0.5}, {1.0, 1.0, 0.05, 3.0},
};

const struct emp_lifetime_model emp__paretonbd = {
    .name = "paretonbd",
    .parameters = 4,
    .parameter_name = {"r", "alpha", "s", "beta"},
    .in_unit = 1u << ALPHA | 1u << BETA,
    .unit = emp__lifetime_time_unit,
    .table_row = sizeof(struct emp_rising),
    .fill_table = fill_table,
    .term = term,
    .shared = shared,
    .rest = rest,
    .starts = starts,
    .start_count = sizeof starts / sizeof *starts,
    .predict = {log_odds_dead, expected, survives, probability, discounted,
                .stays_quietly = stays_quietly, .leaves_quietly = leaves_quietly},
};
