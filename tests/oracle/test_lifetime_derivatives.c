// SPDX-License-Identifier: Apache-2.0
/*
 * Log-likelihoods of models of lifetimes, their gradients and Hessians, against the formulae of
 * their papers in ball arithmetic, and central differences of those: with 600 bits and a step of
 * 2^-40 in the logarithm of a parameter a difference is right to 20 digits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_arb.h"
#include "../lib/test_lifetime.h"
#include "lifetime/bgnbd.h"
#include "lifetime/gamma_gamma.h"
#include "lifetime/nbd.h"
#include "lifetime/paretonbd.h"

enum { BITS = 600, STEP = -40, MOST = EMP_LIFETIME_PARAMETERS, POINTS = TEST_POINTS(30, 300) };

struct customer {
    double x, t_x, age, spend;
};

/* Temporaries of a formula. */
struct space {
    arb_t a, b, c, d;
};

static void space_init(struct space *s)
{
    arb_init(s->a);
    arb_init(s->b);
    arb_init(s->c);
    arb_init(s->d);
}

static void space_clear(struct space *s)
{
    arb_clear(s->a);
    arb_clear(s->b);
    arb_clear(s->c);
    arb_clear(s->d);
}

/* out += sign lgamma(x + more) */
static void add_lgamma(arb_t out, const arb_t x, double more, int sign, struct space *s)
{
    arb_set_d(s->a, more);
    arb_add(s->a, s->a, x, BITS);
    arb_lgamma(s->a, s->a, BITS);
    arb_addmul_si(out, s->a, sign, BITS);
}

/* log(x + more) */
static void log_of_sum(arb_t out, const arb_t x, double more)
{
    arb_t sum;
    arb_init(sum);
    arb_set_d(sum, more);
    arb_add(sum, sum, x, BITS);
    arb_log(out, sum, BITS);
    arb_clear(sum);
}

/* log Gamma(r + x) / Gamma(r) + r log(alpha / (alpha + T)) - x log(alpha + T) */
static void nbd(arb_t out, arb_t p[MOST], const struct customer *c, struct space *s)
{
    arb_zero(out);
    add_lgamma(out, p[0], c->x, 1, s);
    add_lgamma(out, p[0], 0.0, -1, s);
    log_of_sum(s->b, p[1], c->age);
    log_of_sum(s->c, p[1], 0.0);
    arb_sub(s->c, s->c, s->b, BITS);
    arb_addmul(out, s->c, p[0], BITS);
    arb_set_d(s->d, c->x);
    arb_submul(out, s->d, s->b, BITS);
}

/* Fader, Hardie & Lee 2005, eq. 6, with m chances to leave. */
static void beta_geometric(arb_t out, arb_t p[MOST], const struct customer *c, double m,
                           struct space *s)
{
    arb_t sum, u;
    nbd(out, p, c, s);
    if (m == 0.0)
        return;
    arb_init(sum);
    arb_init(u);
    arb_add(sum, p[2], p[3], BITS);
    add_lgamma(out, p[3], m, 1, s);
    add_lgamma(out, p[3], 0.0, -1, s);
    add_lgamma(out, sum, 0.0, 1, s);
    add_lgamma(out, sum, m, -1, s);
    log_of_sum(s->a, p[1], c->age);
    log_of_sum(s->b, p[1], c->t_x);
    arb_sub(s->a, s->a, s->b, BITS);
    arb_set_d(s->b, c->x);
    arb_add(s->b, s->b, p[0], BITS);
    arb_mul(u, s->a, s->b, BITS);
    arb_exp(u, u, BITS);
    arb_mul(u, u, p[2], BITS);
    arb_set_d(s->a, m - 1.0);
    arb_add(s->a, s->a, p[3], BITS);
    arb_div(u, u, s->a, BITS);
    arb_add_ui(u, u, 1, BITS);
    arb_log(u, u, BITS);
    arb_add(out, out, u, BITS);
    arb_clear(sum);
    arb_clear(u);
}

static void bgnbd(arb_t out, arb_t p[MOST], const struct customer *c, struct space *s)
{
    beta_geometric(out, p, c, c->x, s);
}

static void mbgnbd(arb_t out, arb_t p[MOST], const struct customer *c, struct space *s)
{
    beta_geometric(out, p, c, c->x + 1.0, s);
}

/* 2F1(k, b; k + 1; 1 - least / (most + t)) / (most + t)^k: one of the two of A_0 in Fader &
 * Hardie's note of 2005; s->d is k. */
static void add_part(arb_t out, const arb_t most, const arb_t least, const arb_t b, double t,
                     int sign, struct space *s)
{
    arb_t all, z, k1;
    arb_init(all);
    arb_init(z);
    arb_init(k1);
    arb_set_d(all, t);
    arb_add(all, all, most, BITS);
    arb_sub(z, most, least, BITS);
    arb_div(z, z, all, BITS);
    arb_add_ui(k1, s->d, 1, BITS);
    arb_hypgeom_2f1(z, s->d, b, k1, z, 0, BITS);
    arb_pow(all, all, s->d, BITS);
    arb_div(z, z, all, BITS);
    arb_addmul_si(out, z, sign, BITS);
    arb_clear(all);
    arb_clear(z);
    arb_clear(k1);
}

/* L = Gamma(r + x) alpha^r beta^s / Gamma(r) (1 / ((alpha + T)^(r + x) (beta + T)^s)
 *     + s / (r + s + x) A_0) */
static void paretonbd(arb_t out, arb_t p[MOST], const struct customer *c, struct space *s)
{
    arb_t alive, dead, b;
    bool alpha_is_more = arf_cmp(arb_midref(p[1]), arb_midref(p[3])) >= 0;
    arb_init(alive);
    arb_init(dead);
    arb_init(b);
    arb_set_d(s->d, c->x);
    arb_add(b, s->d, p[0], BITS); /* r + x */
    log_of_sum(s->a, p[1], c->age);
    arb_mul(alive, s->a, b, BITS);
    log_of_sum(s->a, p[3], c->age);
    arb_addmul(alive, s->a, p[2], BITS);
    arb_neg(alive, alive);
    arb_exp(alive, alive, BITS);
    arb_add(s->d, b, p[2], BITS); /* k = r + s + x */
    if (alpha_is_more)
        arb_add_ui(b, p[2], 1, BITS);
    for (int end = 0; end < 2; end++)
        add_part(dead, alpha_is_more ? p[1] : p[3], alpha_is_more ? p[3] : p[1], b,
                 end ? c->age : c->t_x, end ? -1 : 1, s);
    arb_mul(dead, dead, p[2], BITS);
    arb_div(dead, dead, s->d, BITS);
    arb_add(alive, alive, dead, BITS);
    arb_log(out, alive, BITS);
    add_lgamma(out, p[0], c->x, 1, s);
    add_lgamma(out, p[0], 0.0, -1, s);
    for (int i = 0; i < 2; i++) {
        arb_log(s->a, p[2 * i + 1], BITS);
        arb_addmul(out, s->a, p[2 * i], BITS);
    }
    arb_clear(alive);
    arb_clear(dead);
    arb_clear(b);
}

/* Fader & Hardie 2013, eq. 1a: m = x z. */
static void gammagamma(arb_t out, arb_t p[MOST], const struct customer *c, struct space *s)
{
    arb_t shape, m;
    arb_init(shape);
    arb_init(m);
    arb_zero(out);
    arb_set_d(m, c->x);
    arb_mul(shape, p[0], m, BITS);
    arb_set_d(s->b, c->spend);
    arb_mul(m, m, s->b, BITS);
    arb_log(s->b, s->b, BITS);
    arb_sub(out, out, s->b, BITS);
    add_lgamma(out, shape, 0.0, -1, s);
    add_lgamma(out, p[1], 0.0, -1, s);
    arb_add(s->b, shape, p[1], BITS);
    add_lgamma(out, s->b, 0.0, 1, s);
    arb_add(s->c, p[2], m, BITS);
    arb_log(s->c, s->c, BITS);
    arb_submul(out, s->c, s->b, BITS); /* -(p x + q) log(gamma + m) */
    arb_log(s->c, p[2], BITS);
    arb_addmul(out, s->c, p[1], BITS);
    arb_log(s->c, m, BITS);
    arb_addmul(out, s->c, shape, BITS);
    arb_clear(shape);
    arb_clear(m);
}

struct formula {
    const struct emp_lifetime_model *model;
    void (*value)(arb_t out, arb_t p[MOST], const struct customer *c, struct space *s);
};

static const struct formula formulae[] = {
    {&emp__nbd, nbd},
    {&emp__bgnbd, bgnbd},
    {&emp__mbgnbd, mbgnbd},
    {&emp__paretonbd, paretonbd},
    {&emp__gamma_gamma, gammagamma},
};
enum { FORMULAE = sizeof formulae / sizeof *formulae };

/* At p_i e^(steps_i 2^STEP). */
static void value_at(arb_t out, const struct formula *f, const double *parameter,
                     const int steps[MOST], const struct customer *c)
{
    arb_t p[MOST];
    struct space s;
    space_init(&s);
    for (int i = 0; i < MOST; i++) {
        arb_init(p[i]);
        arb_set_si(p[i], steps[i]);
        arb_mul_2exp_si(p[i], p[i], STEP);
        arb_exp(p[i], p[i], BITS);
        arb_set_d(s.a, parameter[i]);
        arb_mul(p[i], p[i], s.a, BITS);
    }
    f->value(out, p, c, &s);
    for (int i = 0; i < MOST; i++)
        arb_clear(p[i]);
    space_clear(&s);
}

/* Central differences of the first order in i, or of the second in i and j; NaN where the ball is
 * too wide, as that of a hypergeometric function may be whose argument is close to 1. */
static double difference(const struct formula *f, const double *parameter, const struct customer *c,
                         int i, int j)
{
    arb_t sum, value;
    arb_init(sum);
    arb_init(value);
    arb_zero(sum);
    for (int one = -1; one <= 1; one += 2)
        for (int other = -1; other <= (j < 0 ? -1 : 1); other += 2) {
            int steps[MOST] = {0};
            steps[i] += one;
            if (j >= 0)
                steps[j] += other;
            value_at(value, f, parameter, steps, c);
            arb_addmul_si(sum, value, j < 0 ? one : one * other, BITS);
        }
    arb_mul_2exp_si(sum, sum, j < 0 ? -1 - STEP : -2 - 2 * STEP);
    bool narrow = arb_is_finite(sum) && mag_cmp_2exp_si(arb_radref(sum), -70) < 0;
    double out = narrow ? arf_get_d(arb_midref(sum), ARF_RND_NEAR) : NAN;
    arb_clear(sum);
    arb_clear(value);
    return out;
}

static struct customer random_customer(uint64_t *seed)
{
    struct customer c = {.age = test_decades(seed, 0.5, 300.0),
                         .spend = test_decades(seed, 1.0, 90.0)};
    c.x = floor(test_decades(seed, 1.0, 60.0));
    c.t_x = c.age / (1.0 + test_decades(seed, 1e-3, 10.0));
    return c;
}

struct judged {
    int all, told;
};

static void expect_near(double got, double expected, double bound, const char *what,
                        struct judged *judged)
{
    judged->all++;
    if (isnan(expected))
        return;
    judged->told++;
    test_near(got, expected, bound, what);
}

/* Each term is right to some eps (1 + the parameters and x) (1 + log(alpha + T)). */
static void expect_derivatives(const struct formula *f, const double *parameter,
                               const struct customer *c, struct judged *judged)
{
    const struct emp_lifetime_model *model = f->model;
    struct test_patterns patterns = test_patterns_new(1);
    arb_t value;
    int none[MOST] = {0};
    patterns.x[0] = (uint32_t)c->x;
    patterns.t_x[0] = c->t_x;
    patterns.age[0] = c->age;
    patterns.spend[0] = c->spend;
    struct emp_derivatives d = test_likelihood(model, parameter, &patterns, 1);
    double scale = 1.0 + c->x;
    for (int i = 0; i < model->parameters; i++)
        scale += parameter[i];
    double bound = 4e-14 * scale * (1.0 + log1p(c->age + parameter[1]));
    arb_init(value);
    value_at(value, f, parameter, none, c);
    test_near(d.value, arf_get_d(arb_midref(value), ARF_RND_NEAR), bound, model->name);
    arb_clear(value);
    for (int i = 0; i < model->parameters; i++) {
        expect_near(d.gradient[i], difference(f, parameter, c, i, -1), bound, model->name, judged);
        for (int j = i; j < model->parameters; j++)
            expect_near(d.hessian[i][j], difference(f, parameter, c, i, j), bound, model->name,
                        judged);
    }
    test_patterns_free(&patterns);
}

static void derivatives(void **state)
{
    (void)state;
    struct judged judged = {0, 0};
    uint64_t seed = 31;
    for (int point = 0; point < POINTS; point++)
        for (size_t f = 0; f < FORMULAE; f++) {
            double parameter[MOST];
            struct customer c = random_customer(&seed);
            for (int i = 0; i < MOST; i++)
                parameter[i] = test_decades(&seed, 0.05, 20.0);
            if (point % 6 == 0 && formulae[f].model != &emp__gamma_gamma)
                c.x = c.t_x = 0.0;
            if (point % 7 == 0)
                parameter[3] = parameter[1]; /* alpha = beta */
            if (point % 11 == 0)
                parameter[2] = 1.0;
            expect_derivatives(&formulae[f], parameter, &c, &judged);
        }
    assert_true(judged.told > judged.all * 9 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(derivatives)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
