// SPDX-License-Identifier: Apache-2.0
#include "lifetime/nbd.h"

#include <math.h>
#include <string.h>

#include "random/portable_math.h"
#include "special/gamma_functions.h"

enum { R, ALPHA };

void emp__nbd_add(double r, double alpha, const struct emp_rising *rising, double x, double age,
                  struct emp_derivatives *out)
{
    double all = alpha + age, grown = r * emp__log1p(age / alpha);
    double of_age = age / all, of_alpha = alpha / all;
    out->value += rising->log - grown - x * emp__log(all);
    out->gradient[R] += rising->first - grown;
    out->gradient[ALPHA] += r * of_age - x * of_alpha;
    out->hessian[R][R] += rising->second - grown;
    out->hessian[R][ALPHA] += r * of_age;
    out->hessian[ALPHA][ALPHA] -= (r + x) * of_alpha * of_age;
}

static void fill_table(const double *parameter, uint32_t size, void *table)
{
    emp__rising_table(parameter[R], size, table);
}

static void shared(const struct emp_lifetime_point *at, uint32_t x, double age,
                   struct emp_derivatives *out)
{
    const struct emp_rising *table = at->table;
    double r = at->parameter[R];
    struct emp_rising rising = x < at->table_size ? table[x] : emp__rising(r, x);
    emp__nbd_add(r, at->parameter[ALPHA], &rising, x, age, out);
}

static void term(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                 size_t i, struct emp_derivatives *out)
{
    shared(at, data->x[i], data->age[i], out);
}

/* K is negative binomial: (r)_n / n! (t / (alpha + t))^n (alpha / (alpha + t))^r. */
double emp__nbd_log_probability(double r, double alpha, double t, double n)
{
    double none = -r * emp__log1p(t / alpha);
    return n == 0.0
               ? none
               : none - n * emp__log1p(alpha / t) + emp__log_rising(r, n) - emp__log_gamma(n + 1.0);
}

/* The sum of P(K = k) / P(K = n) over k >= n beyond the mode: the terms fall like z^k at last. */
static double sum_upwards(double r, double z, double n)
{
    const double precision = 1e-17;
    double sum = 0.0, p = 1.0;
    for (double k = n; p > precision * sum * (1.0 - z); k += 1.0) {
        sum += p;
        p *= z * (r + k) / (k + 1.0);
    }
    return sum;
}

/* The sum of P(K = k) / P(K = n) over k <= n; below the mode the terms fall. */
static double sum_downwards(double r, double z, double n, double mode)
{
    const double precision = 1e-17;
    double sum = 0.0, p = 1.0;
    for (double k = n; k >= 0.0 && (k > mode || p > precision * sum); k -= 1.0) {
        sum += p;
        p *= k / (z * (r + k - 1.0));
    }
    return sum;
}

/* Upwards, or 1 less what is below: that where n is below the mode, or where the tail is so long
 * that few of K are below n at all. */
double emp__nbd_at_least(double r, double alpha, double t, double n)
{
    const double long_tail = 1000.0;
    double z = t / (alpha + t), mode = (r - 1.0) * t / alpha;
    if (n == 0.0)
        return 1.0;
    if (n > mode && t / alpha <= long_tail)
        return fmin(emp__exp(emp__nbd_log_probability(r, alpha, t, n)) * sum_upwards(r, z, n), 1.0);
    double last = emp__exp(emp__nbd_log_probability(r, alpha, t, n - 1.0));
    return fmax(1.0 - last * sum_downwards(r, z, n - 1.0, mode), 0.0);
}

static double log_odds_dead(const double *parameter, const struct emp_lifetime_customer *c,
                            double *gradient)
{
    (void)parameter;
    (void)c;
    if (gradient)
        memset(gradient, 0, EMP_LIFETIME_PARAMETERS * sizeof *gradient);
    return -INFINITY;
}

static double rate(const double *parameter, const struct emp_lifetime_customer *c)
{
    return (parameter[R] + c->x) / (parameter[ALPHA] + c->age);
}

static double expected(const double *parameter, const struct emp_lifetime_customer *c, double t)
{
    return rate(parameter, c) * t;
}

static double survives(const double *parameter, const struct emp_lifetime_customer *c, double t)
{
    (void)parameter;
    (void)c;
    (void)t;
    return 1.0;
}

static double probability(const double *parameter, const struct emp_lifetime_customer *c, double t,
                          uint32_t n)
{
    return emp__exp(emp__nbd_log_probability(parameter[R] + c->x, parameter[ALPHA] + c->age, t, n));
}

static double stays_quietly(const double *parameter, const struct emp_lifetime_customer *c,
                            double t)
{
    return probability(parameter, c, t, 0);
}

static double discounted(const double *parameter, const struct emp_lifetime_customer *c,
                         double discount)
{
    return rate(parameter, c) / discount;
}

static const double starts[][EMP_LIFETIME_PARAMETERS] = {{1.0, 1.0}, {0.2, 0.2}, {5.0, 5.0}};

const struct emp_lifetime_model emp__nbd = {
    .name = "nbd",
    .parameters = 2,
    .parameter_name = {"r", "alpha"},
    .in_unit = 1u << ALPHA,
    .unit = emp__lifetime_time_unit,
    .table_row = sizeof(struct emp_rising),
    .fill_table = fill_table,
    .term = term,
    .shared = shared,
    .starts = starts,
    .start_count = sizeof starts / sizeof *starts,
    .predict = {log_odds_dead, expected, survives, probability, discounted,
                .stays_quietly = stays_quietly},
};
