// SPDX-License-Identifier: Apache-2.0
/* What a customer of BG/NBD or MBG/NBD who is alive will do. */
#include "lifetime/bgnbd.h"

#include <math.h>

#include "lifetime/nbd.h"
#include "random/portable_math.h"
#include "special/exponential_integral.h"
#include "special/gamma_functions.h"
#include "special/hypergeometric.h"
#include "special/log_integral.h"
#include "special/log_space.h"

/* Longer sums give way to an integral. */
static const double terms_most = 1000.0, fraction_most = 10000.0;

/* The mean over p of a function: log p^a (1 - p)^b f(p) at y = log(p / (1 - p)). */
struct mean_over_p {
    const struct emp_beta_geometric *g;
    double (*log_f)(const struct emp_beta_geometric *g, double log_p, double x);
    double x;
};

static double mean_log_value(double y, const void *of)
{
    const struct mean_over_p *m = of;
    double log_p = -emp__softplus(-y), log_rest = -emp__softplus(y);
    return m->g->a * log_p + m->g->b * log_rest + m->log_f(m->g, log_p, m->x);
}

/* f is constant, to the last digit, for p below e^-40 / bend and for p near 1. */
static double mean_over_p(const struct mean_over_p *mean, double bend)
{
    const struct emp_beta_geometric *g = mean->g;
    double straight = 40.0 + emp__log1p(g->a + g->b);
    struct emp_log_density density = {
        .log_value = mean_log_value,
        .of = mean,
        .low = -straight - emp__log1p(bend),
        .high = straight + emp__log1p(g->r),
        .low_rate = g->a,
        .high_rate = g->b,
    };
    return emp__exp(emp__log_integral(&density) - emp__log_beta(g->a, g->b));
}

/* log (1 - (1 + p t / alpha)^-r) / p */
static double log_until(const struct emp_beta_geometric *g, double log_p, double t)
{
    double kept = g->r * emp__log1p(emp__exp(log_p) * (t / g->alpha));
    return emp__log_one_minus_exp(kept) - log_p;
}

double emp__beta_geometric_expected_plain(const struct emp_beta_geometric *g, double t)
{
    struct mean_over_p mean = {g, log_until, t};
    return t == 0.0 ? 0.0 : mean_over_p(&mean, (g->r + 1.0) * t / g->alpha);
}

/* sum S(j) P(K > j); P(K = 0) = e^-none. Beyond the mean P(K > j) is about P(K = j) (1 + grown), by
 * which the end is told: what is left of `more` is rounding. */
static double expected_series(const struct emp_beta_geometric *g, double grown, double none)
{
    const double precision = 1e-17;
    double z = grown / (1.0 + grown), more = -emp__expm1(-none), equal = emp__exp(-none);
    double survival = 1.0, sum = 0.0;
    for (double j = 0.0; j <= g->r * grown || equal * (1.0 + grown) > precision * sum; j += 1.0) {
        sum += survival * more;
        survival *= (g->b + j) / (g->a + g->b + j);
        equal *= z * (g->r + j) / (j + 1.0);
        more = fmax(more - equal, 0.0);
    }
    return sum;
}

/* `terms`: the mean of K, ten deviations, and what the tail takes to fall by e^-40. */
double emp__beta_geometric_expected(const struct emp_beta_geometric *g, double t)
{
    const double least = 600.0; /* e^-least is a normal number */
    double grown = t / g->alpha, none = g->r * emp__log1p(grown);
    double terms = g->r * grown + 40.0 * (1.0 + grown) + 10.0 * sqrt(g->r * grown * (1.0 + grown));
    if (t == 0.0)
        return 0.0;
    if (terms > terms_most || none > least)
        return emp__beta_geometric_expected_plain(g, t);
    return expected_series(g, grown, none);
}

double emp__beta_geometric_survives(const struct emp_beta_geometric *g, double t)
{
    return emp__exp(emp__log_hypergeometric(g->r, g->a, g->b, -t / g->alpha));
}

double emp__beta_geometric_probability(const struct emp_beta_geometric *g, double t, uint32_t n)
{
    if (t == 0.0)
        return n == 0 ? 1.0 : 0.0;
    double equal = emp__nbd_log_probability(g->r, g->alpha, t, n);
    if (n == 0)
        return emp__exp(equal);
    double before = emp__log_beta_step(g->a, g->b, n - 1.0), last = g->b + n - 1.0;
    double survived = emp__exp(before + equal) * (last / (g->a + last));
    return survived +
           emp__exp(before) * (g->a / (g->a + last)) * emp__nbd_at_least(g->r, g->alpha, t, n);
}

/* log (r / p) e^q E_(r + 1)(q), q = rate alpha / p */
static double log_worth(const struct emp_beta_geometric *g, double log_p, double rate)
{
    double q = rate * g->alpha * emp__exp(-log_p);
    return emp__log(g->r * emp__scaled_exponential_integral(g->r + 1.0, q)) - log_p;
}

double emp__beta_geometric_discounted_plain(const struct emp_beta_geometric *g, double rate)
{
    struct mean_over_p mean = {g, log_worth, rate};
    return mean_over_p(&mean, (g->r + 1.0) / (rate * g->alpha));
}

/*
 * With M(j) = M(j - 1) step(j), backwards from j = `terms` on:
 *     step(j) = (r + j - 1) / (2 j + r - 1 + d - j step(j + 1)),  d = rate alpha
 *     sum = step(1) (1 + s(1) step(2) (1 + s(2) step(3) (1 + ...))),  s(j) = S(j) / S(j - 1)
 * Whatever step is taken to start with, its error shrinks from step to step.
 */
static double discounted_series(const struct emp_beta_geometric *g, double d, double terms)
{
    double step = 1.0, sum = 1.0;
    for (double j = terms; j >= 1.0; j -= 1.0) {
        double s = (g->b + j - 1.0) / (g->a + g->b + j - 1.0);
        double next = (g->r + j) / (2.0 * j + g->r + 1.0 + d - (j + 1.0) * step);
        sum = 1.0 + s * next * sum;
        step = next;
    }
    return g->r / (2.0 + g->r - 1.0 + d - step) * sum;
}

/* M(j) falls like e^(-2 sqrt(j d)) for small r, like e^(-j d / r) for large. */
double emp__beta_geometric_discounted(const struct emp_beta_geometric *g, double rate)
{
    double d = rate * g->alpha, terms = ceil((36.0 * g->r + 324.0) / d) + 50.0;
    if (rate == 0.0)
        return g->a > 1.0 ? (g->a + g->b - 1.0) / (g->a - 1.0) : INFINITY;
    return terms <= fraction_most ? discounted_series(g, d, terms)
                                  : emp__beta_geometric_discounted_plain(g, rate);
}
