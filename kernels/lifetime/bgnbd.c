// SPDX-License-Identifier: Apache-2.0
/* The likelihood; what is predicted is in bgnbd_predict.c. */
#include "lifetime/bgnbd.h"

#include <math.h>
#include <string.h>

#include "lifetime/factors.h"
#include "lifetime/nbd.h"
#include "lifetime/panel_kernels.h"
#include "random/portable_math.h"

enum { R, ALPHA, A, B };

/* The table: log (r)_k for all rows, then S(k) for all rows. */
struct factors {
    struct emp_rising rising;
    struct emp_survival survival;
};

static void fill_table(const double *parameter, uint32_t size, void *table)
{
    struct emp_rising *rising = table;
    emp__rising_table(parameter[R], size, rising);
    emp__survival_table(parameter[A], parameter[B], size, (void *)(rising + size));
}

static struct factors factors_of(const struct emp_lifetime_point *at, uint32_t x, uint32_t m)
{
    const double *p = at->parameter;
    const struct emp_rising *rising = at->table;
    const struct emp_survival *survival = (const void *)(rising + at->table_size);
    if (m < at->table_size)
        return (struct factors){rising[x], survival[m]};
    return (struct factors){emp__rising(p[R], x), emp__survival(p[A], p[B], m)};
}

static void survival_add(const struct emp_survival *s, struct emp_derivatives *out)
{
    out->value += s->log;
    out->gradient[A] += s->a;
    out->gradient[B] += s->b;
    out->hessian[A][A] += s->aa;
    out->hessian[A][B] += s->ab;
    out->hessian[B][B] += s->bb;
}

/* log((alpha + T) / (alpha + t_x)) = log1p(d / (alpha + t_x)), d = T - t_x. */
static double log_ratio(double alpha, double t_x, double age)
{
    return emp__log1p((age - t_x) / (alpha + t_x));
}

/* u and its derivatives, m > 0. */
static struct emp_derivatives odds_of(const double *p, const struct emp_lifetime_customer *c,
                                      double m)
{
    double log = log_ratio(p[ALPHA], c->t_x, c->age);
    double all = p[ALPHA] + c->age, before = p[ALPHA] + c->t_x, survived = p[B] + m - 1.0;
    double fall = p[ALPHA] / all * ((c->age - c->t_x) / before); /* -d log / d log alpha */
    double bend = (p[ALPHA] / all * (p[ALPHA] / before) - c->age / all * (c->t_x / before));
    struct emp_derivatives u = {.value = emp__log(p[A] / survived) + (p[R] + c->x) * log};
    u.gradient[R] = p[R] * log;
    u.gradient[ALPHA] = -(p[R] + c->x) * fall;
    u.gradient[A] = 1.0;
    u.gradient[B] = -p[B] / survived;
    u.hessian[R][R] = p[R] * log;
    u.hessian[R][ALPHA] = -p[R] * fall;
    u.hessian[ALPHA][ALPHA] = (p[R] + c->x) * fall * bend;
    u.hessian[B][B] = -p[B] / survived * ((m - 1.0) / survived);
    return u;
}

/* `first`: chances to leave before the first repeat purchase, 0 or 1. */
static void term(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                 size_t i, uint32_t first, struct emp_derivatives *out)
{
    uint32_t x = data->x[i], m = x + first;
    struct emp_lifetime_customer c = {x, data->t_x[i], data->age[i]};
    struct factors factors = factors_of(at, x, m);
    emp__nbd_add(at->parameter[R], at->parameter[ALPHA], &factors.rising, x, c.age, out);
    if (m == 0)
        return;
    survival_add(&factors.survival, out);
    struct emp_derivatives u = odds_of(at->parameter, &c, m);
    emp__derivatives_mix(out, &u);
}

static void of_x(const struct emp_lifetime_point *at, uint32_t x, uint32_t first,
                 struct emp_derivatives *out)
{
    struct factors factors = factors_of(at, x, x + first);
    out->value += factors.rising.log;
    out->gradient[R] += factors.rising.first;
    out->hessian[R][R] += factors.rising.second;
    survival_add(&factors.survival, out);
}

static void bgnbd_shared(const struct emp_lifetime_point *at, uint32_t x, double age,
                         struct emp_derivatives *out)
{
    (void)age;
    of_x(at, x, 0, out);
}

static void mbgnbd_shared(const struct emp_lifetime_point *at, uint32_t x, double age,
                          struct emp_derivatives *out)
{
    (void)age;
    of_x(at, x, 1, out);
}

static void bgnbd_panel(const struct emp_lifetime_point *at, const struct emp_lifetime_panel *panel,
                        struct emp_derivatives *out)
{
    at->kernels->bgnbd(at->parameter, 0.0, panel, out);
}

static void mbgnbd_panel(const struct emp_lifetime_point *at,
                         const struct emp_lifetime_panel *panel, struct emp_derivatives *out)
{
    at->kernels->bgnbd(at->parameter, 1.0, panel, out);
}

static void bgnbd_term(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                       size_t i, struct emp_derivatives *out)
{
    term(at, data, i, 0, out);
}

static void mbgnbd_term(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                        size_t i, struct emp_derivatives *out)
{
    term(at, data, i, 1, out);
}

static double log_odds_dead(const double *p, const struct emp_lifetime_customer *c, double m,
                            double *gradient)
{
    struct emp_derivatives u = {.value = -INFINITY};
    if (m > 0.0)
        u = odds_of(p, c, m);
    if (gradient)
        memcpy(gradient, u.gradient, sizeof u.gradient);
    return u.value;
}

static double bgnbd_log_odds(const double *p, const struct emp_lifetime_customer *c,
                             double *gradient)
{
    return log_odds_dead(p, c, c->x, gradient);
}

static double mbgnbd_log_odds(const double *p, const struct emp_lifetime_customer *c,
                              double *gradient)
{
    return log_odds_dead(p, c, c->x + 1.0, gradient);
}

static struct emp_beta_geometric alive(const double *p, const struct emp_lifetime_customer *c,
                                       double m)
{
    return (struct emp_beta_geometric){p[R] + c->x, p[ALPHA] + c->age, p[A], p[B] + m};
}

static double bgnbd_expected(const double *p, const struct emp_lifetime_customer *c, double t)
{
    struct emp_beta_geometric g = alive(p, c, c->x);
    return emp__beta_geometric_expected(&g, t);
}

static double bgnbd_survives(const double *p, const struct emp_lifetime_customer *c, double t)
{
    struct emp_beta_geometric g = alive(p, c, c->x);
    return emp__beta_geometric_survives(&g, t);
}

static double bgnbd_probability(const double *p, const struct emp_lifetime_customer *c, double t,
                                uint32_t n)
{
    struct emp_beta_geometric g = alive(p, c, c->x);
    return emp__beta_geometric_probability(&g, t, n);
}

static double bgnbd_discounted(const double *p, const struct emp_lifetime_customer *c, double rate)
{
    struct emp_beta_geometric g = alive(p, c, c->x);
    return emp__beta_geometric_discounted(&g, rate);
}

static double mbgnbd_expected(const double *p, const struct emp_lifetime_customer *c, double t)
{
    struct emp_beta_geometric g = alive(p, c, c->x + 1.0);
    return emp__beta_geometric_expected(&g, t);
}

static double mbgnbd_survives(const double *p, const struct emp_lifetime_customer *c, double t)
{
    struct emp_beta_geometric g = alive(p, c, c->x + 1.0);
    return emp__beta_geometric_survives(&g, t);
}

static double mbgnbd_probability(const double *p, const struct emp_lifetime_customer *c, double t,
                                 uint32_t n)
{
    struct emp_beta_geometric g = alive(p, c, c->x + 1.0);
    return emp__beta_geometric_probability(&g, t, n);
}

static double mbgnbd_discounted(const double *p, const struct emp_lifetime_customer *c, double rate)
{
    struct emp_beta_geometric g = alive(p, c, c->x + 1.0);
    return emp__beta_geometric_discounted(&g, rate);
}

/* They leave with a purchase. */
static double bgnbd_stays_quietly(const double *p, const struct emp_lifetime_customer *c, double t)
{
    return bgnbd_probability(p, c, t, 0);
}

static double mbgnbd_stays_quietly(const double *p, const struct emp_lifetime_customer *c, double t)
{
    return mbgnbd_probability(p, c, t, 0);
}

static const double starts[][EMP_LIFETIME_PARAMETERS] = {
    {0.5, 0.3, 1.0, 3.0}, {1.0, 1.0, 0.3, 3.0}, {2.0, 1.5, 1.0, 10.0},
    {0.3, 0.1, 0.5, 0.5}, {5.0, 4.0, 2.0, 4.0}, {1.0, 1.0, 0.03, 3.0},
};

const struct emp_lifetime_model emp__bgnbd = {
    .name = "bgnbd",
    .parameters = 4,
    .parameter_name = {"r", "alpha", "a", "b"},
    .in_unit = 1u << ALPHA,
    .unit = emp__lifetime_time_unit,
    .table_row = sizeof(struct factors),
    .fill_table = fill_table,
    .term = bgnbd_term,
    .shared = bgnbd_shared,
    .shared_by_x = true,
    .panel = bgnbd_panel,
    .starts = starts,
    .start_count = sizeof starts / sizeof *starts,
    .predict = {bgnbd_log_odds, bgnbd_expected, bgnbd_survives, bgnbd_probability, bgnbd_discounted,
                .stays_quietly = bgnbd_stays_quietly},
};

const struct emp_lifetime_model emp__mbgnbd = {
    .name = "mbgnbd",
    .parameters = 4,
    .parameter_name = {"r", "alpha", "a", "b"},
    .in_unit = 1u << ALPHA,
    .unit = emp__lifetime_time_unit,
    .table_row = sizeof(struct factors),
    .fill_table = fill_table,
    .term = mbgnbd_term,
    .shared = mbgnbd_shared,
    .shared_by_x = true,
    .panel = mbgnbd_panel,
    .starts = starts,
    .start_count = sizeof starts / sizeof *starts,
    .predict = {mbgnbd_log_odds, mbgnbd_expected, mbgnbd_survives, mbgnbd_probability,
                mbgnbd_discounted, .stays_quietly = mbgnbd_stays_quietly},
};
