// SPDX-License-Identifier: Apache-2.0
/* The outlook of a customer: against sums of small steps, limits, and errors by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/test_folder.h"
#include "lifetime/bgbb.h"
#include "lifetime/bgnbd.h"
#include "lifetime/gamma_gamma.h"
#include "lifetime/nbd.h"
#include "lifetime/outlook.h"
#include "lifetime/paretonbd.h"
#include "special/log_integral.h"

/* Models with parameters of CDNOW, and of a shop whose customers come every few days. */
static const struct {
    const struct emp_lifetime_model *model;
    double parameter[EMP_LIFETIME_PARAMETERS];
} cases[] = {
    {&emp__nbd, {0.385, 12.072}},
    {&emp__bgnbd, {0.2426, 4.4136, 0.7929, 2.4259}},
    {&emp__mbgnbd, {0.5248, 6.1831, 0.8914, 1.6140}},
    {&emp__paretonbd, {0.5533, 10.5777, 0.6062, 11.6687}},
    {&emp__bgnbd, {3.0, 0.4, 1.5, 40.0}},
    {&emp__paretonbd, {3.0, 0.4, 2.5, 900.0}},
};
enum { CASES = sizeof cases / sizeof *cases };

static const struct emp_lifetime_customer customers[] = {
    {0, 0, 0}, {0, 0, 38.86}, {2, 30.43, 38.86}, {29, 38.0, 38.5}, {26, 3.0, 31.0}, {1, 0, 0},
};
enum { CUSTOMERS = sizeof customers / sizeof *customers };

static void expect_near(double found, double expected, double relative)
{
    if (!(fabs(found - expected) <= relative * fabs(expected) + 1e-300))
        fail_msg("%.17g instead of %.17g", found, expected);
}

static struct emp_lifetime_outlook outlook_of(size_t m, size_t c,
                                              struct emp_lifetime_request request)
{
    const struct emp_lifetime_fitted fitted = {cases[m].model, cases[m].parameter, NULL};
    struct emp_lifetime_outlook out;
    emp__lifetime_outlook(&fitted, &customers[c], &request, &out);
    return out;
}

/* Sums of what comes in each of many steps, each discounted from its middle; by Richardson's
 * extrapolation of two such sums the error is of the fourth order. */
static double stepwise(size_t m, size_t c, double horizon, double rate)
{
    double sums[2] = {0.0, 0.0};
    for (int s = 0; s < 2; s++) {
        int steps = s ? 8000 : 4000;
        double before = 0.0, width = horizon / steps;
        for (int k = 1; k <= steps; k++) {
            double now = emp__lifetime_expected(cases[m].model, cases[m].parameter, &customers[c],
                                                width * k);
            sums[s] += (now - before) * exp(-rate * width * (k - 0.5));
            before = now;
        }
    }
    return sums[1] + (sums[1] - sums[0]) / 3.0;
}

static void against_small_steps(void **state)
{
    (void)state;
    for (size_t m = 0; m < CASES; m++)
        for (size_t c = 0; c < CUSTOMERS; c++) {
            struct emp_lifetime_outlook out =
                outlook_of(m, c, (struct emp_lifetime_request){.horizon = 52.0, .rate = 0.01});
            expect_near(out.discounted, stepwise(m, c, 52.0, 0.01), 2e-6);
            assert_true(out.discounted < out.expected);
            assert_true(out.discounted > out.expected * exp(-0.52));
            assert_true(out.discounted < out.unlimited);
        }
}

/* In 60 short pieces, from far below the time of the first purchase on. */
static double in_many_pieces(const struct emp_lifetime_model *model, const double *parameter,
                             const struct emp_lifetime_customer *c,
                             const struct emp_lifetime_request *request)
{
    enum { PIECES = 60 };
    double h = request->horizon, scale = 0.05 * (c->age + parameter[1]) / (1 + parameter[0] + c->x);
    double half = 0.5 * log1p(h / scale) / PIECES, sum = 0.0;
    for (int piece = 0; piece < PIECES; piece++)
        for (int i = 0; i < emp__gauss_16.count; i++) {
            double u = half * (2 * piece + 1 + emp__gauss_16.place[i]), t = scale * expm1(u);
            sum += half * emp__gauss_16.weight[i] * exp(-request->rate * t) * (scale + t) *
                   emp__lifetime_expected(model, parameter, c, t);
        }
    return exp(-request->rate * h) * emp__lifetime_expected(model, parameter, c, h) +
           request->rate * sum;
}

static double decades(uint64_t *seed, double low, double high)
{
    return low * pow(high / low, (double)(test_random(seed) >> 11) * 0x1p-53);
}

/* Parameters and customers of all kinds: where all leave at once, or buy a thousand times. */
static void against_many_pieces(void **state)
{
    (void)state;
    const struct emp_lifetime_model *const models[] = {&emp__nbd, &emp__bgnbd, &emp__mbgnbd,
                                                       &emp__paretonbd};
    uint64_t seed = 12;
    for (size_t round = 0; round < 160; round++) {
        const struct emp_lifetime_model *model = models[round % 4];
        double parameter[EMP_LIFETIME_PARAMETERS];
        struct emp_lifetime_outlook out;
        for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++)
            parameter[i] = decades(&seed, 0.05, 50.0);
        struct emp_lifetime_customer c = {.x = floor(decades(&seed, 1.0, 1000.0)) - 1.0,
                                          .age = decades(&seed, 1e-3, 2000.0)};
        c.t_x = c.x > 0.0 ? 0.7 * c.age : 0.0;
        const struct emp_lifetime_fitted fitted = {model, parameter, NULL};
        const struct emp_lifetime_request request = {.horizon = decades(&seed, 1.0, 200.0),
                                                     .rate = decades(&seed, 1e-4, 0.1)};
        emp__lifetime_outlook(&fitted, &c, &request, &out);
        expect_near(out.discounted, in_many_pieces(model, parameter, &c, &request), 2e-9);
    }
}

/* Without a rate nothing is discounted; of a long horizon little is left to come. */
static void limits(void **state)
{
    (void)state;
    for (size_t m = 0; m < CASES; m++)
        for (size_t c = 0; c < CUSTOMERS; c++) {
            struct emp_lifetime_outlook out =
                outlook_of(m, c, (struct emp_lifetime_request){.horizon = 39.0, .rate = 0.0});
            assert_true(out.discounted == out.expected);
            assert_true(out.p_alive >= 0.0 && out.p_alive <= 1.0);
            assert_true(out.p_alive_later <= out.p_alive);
            assert_true(out.p_alive_later == emp__lifetime_alive(cases[m].model, cases[m].parameter,
                                                                 &customers[c], 39.0));
            assert_true(out.no_purchase >= 0.0 && out.no_purchase <= 1.0);
            assert_true(out.expected_error == 0.0 && out.discounted_error == 0.0);
            out = outlook_of(m, c, (struct emp_lifetime_request){.horizon = 400.0, .rate = 0.1});
            expect_near(out.discounted, out.unlimited, 1e-9);
        }
}

/* Of NBD, E = (r + x) / (alpha + T) t: the gradient of log E is r / (r + x), -alpha / (alpha + T).
 */
static void errors_by_hand(void **state)
{
    (void)state;
    static const double covariance[EMP_LIFETIME_PARAMETERS][EMP_LIFETIME_PARAMETERS] = {
        {0.04, 0.03}, {0.03, 0.09}};
    const double r = cases[0].parameter[0], alpha = cases[0].parameter[1];
    const struct emp_lifetime_fitted fitted = {&emp__nbd, cases[0].parameter, covariance};
    const struct emp_lifetime_request request = {.horizon = 10.0, .rate = 0.01};
    for (size_t c = 0; c < CUSTOMERS; c++) {
        struct emp_lifetime_outlook out;
        double a = r / (r + customers[c].x), b = -alpha / (alpha + customers[c].age);
        double error = sqrt(0.04 * a * a + 0.06 * a * b + 0.09 * b * b);
        emp__lifetime_outlook(&fitted, &customers[c], &request, &out);
        expect_near(out.expected_error, error, 1e-6);
        expect_near(out.discounted_error, error, 1e-6);
    }
}

/* d log E / d log parameter by central differences of the whole prediction. */
static double slope_of_expected(const struct emp_lifetime_model *model, const double *parameter,
                                const struct emp_lifetime_customer *c, int i)
{
    const double step = 1e-4, horizon = 8.0;
    double moved[EMP_LIFETIME_PARAMETERS], value[2];
    for (int side = 0; side < 2; side++) {
        memcpy(moved, parameter, sizeof moved);
        moved[i] *= exp(side ? step : -step);
        value[side] = emp__lifetime_expected(model, moved, c, horizon);
    }
    return (log(value[1]) - log(value[0])) / (2.0 * step);
}

static void expect_slopes(const struct emp_lifetime_model *model, const double *parameter,
                          const struct emp_lifetime_customer *c)
{
    const struct emp_lifetime_request request = {.horizon = 8.0, .rate = 0.0};
    for (int i = 0; i < model->parameters; i++) {
        double covariance[EMP_LIFETIME_PARAMETERS][EMP_LIFETIME_PARAMETERS] = {{0.0}};
        covariance[i][i] = 1.0;
        const struct emp_lifetime_fitted fitted = {
            model, parameter, (const double(*)[EMP_LIFETIME_PARAMETERS])covariance};
        struct emp_lifetime_outlook out;
        double slope = slope_of_expected(model, parameter, c, i);
        emp__lifetime_outlook(&fitted, c, &request, &out);
        /* The differences are right to step^2 = 1e-8, and to eps / step. */
        if (!(fabs(out.gradient[i] - slope) <= 1e-6 * (1.0 + fabs(slope))))
            fail_msg("%s, parameter %d: %.12g instead of %.12g", model->name, i, out.gradient[i],
                     slope);
        expect_near(out.expected_error, fabs(out.gradient[i]), 1e-12);
    }
}

/* The odds of having left have a gradient of their own. */
static void slopes_of_all_models(void **state)
{
    (void)state;
    static const double bgbb[] = {1.2, 0.75, 0.66, 2.78};
    static const struct emp_lifetime_customer chances[] = {
        {0, 0, 6}, {2, 3, 6}, {6, 6, 6}, {1, 1, 9}};
    for (size_t m = 0; m < CASES; m++)
        for (size_t c = 0; c < CUSTOMERS; c++)
            expect_slopes(cases[m].model, cases[m].parameter, &customers[c]);
    for (size_t c = 0; c < sizeof chances / sizeof *chances; c++)
        expect_slopes(&emp__bgbb, bgbb, &chances[c]);
}

static void slopes_of_spend(void **state)
{
    (void)state;
    static const double parameter[] = {6.25, 3.74, 15.44};
    static const double purchases[] = {0.0, 1.0, 7.0};
    const double step = 1e-4;
    for (size_t k = 0; k < sizeof purchases / sizeof *purchases; k++) {
        double value, gradient[3];
        assert_true(emp__gamma_gamma_expected(parameter, purchases[k], 31.5, &value, gradient));
        for (int i = 0; i < 3; i++) {
            double moved[3] = {parameter[0], parameter[1], parameter[2]}, low, high;
            moved[i] = parameter[i] * exp(-step);
            assert_true(emp__gamma_gamma_expected(moved, purchases[k], 31.5, &low, NULL));
            moved[i] = parameter[i] * exp(step);
            assert_true(emp__gamma_gamma_expected(moved, purchases[k], 31.5, &high, NULL));
            assert_true(fabs(gradient[i] - log(high / low) / (2.0 * step)) < 1e-7);
        }
    }
}

static void find_outlooks(const struct emp_lifetime_fitted *fitted,
                          const struct emp_lifetime_data *data, int threads,
                          struct emp_lifetime_outlook *out)
{
    const struct emp_lifetime_request request = {30.0, 0.01, threads};
    void *work = malloc(emp__lifetime_outlooks_work(fitted, data) + 1);
    assert_non_null(work);
    memset(out, 0, data->n * sizeof *out);
    emp__lifetime_outlooks(fitted, data, &request, work, out);
    free(work);
}

/* Interpolated and one by one. The pieces of D change with T, and so does its error. Slopes are
 * differences of steps of 1e-4, so what is 1e-12 in a value is 1e-8 in them. */
static void expect_like(const struct emp_lifetime_outlook *found,
                        const struct emp_lifetime_outlook *alone)
{
    const double values[][2] = {
        {found->p_alive, alone->p_alive},         {found->p_alive_later, alone->p_alive_later},
        {found->no_purchase, alone->no_purchase}, {found->expected, alone->expected},
        {found->discounted, alone->discounted},   {found->unlimited, alone->unlimited}};
    for (size_t v = 0; v < sizeof values / sizeof *values; v++)
        expect_near(values[v][0], values[v][1], 1e-11);
    expect_near(found->discounted, alone->discounted, 1e-10);
    expect_near(found->expected_error, alone->expected_error, 1e-7);
    expect_near(found->discounted_error, alone->discounted_error, 1e-7);
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++)
        assert_true(fabs(found->gradient[i] - alone->gradient[i]) < 1e-7);
}

/* Of each model: the same for any number of threads and in other company, and as one by one. */
static void many_customers(void **state)
{
    (void)state;
    enum { MANY = 3000, SOME = 700 };
    static const int threads[] = {2, 3, 7};
    static double covariance[EMP_LIFETIME_PARAMETERS][EMP_LIFETIME_PARAMETERS];
    static uint32_t x[MANY];
    static double t_x[MANY], age[MANY];
    static struct emp_lifetime_outlook first[MANY], found[MANY];
    for (size_t i = 0; i < MANY; i++) {
        x[i] = i % 1000 == 999 ? 1500 : (uint32_t)(i / 400);
        age[i] = i % 3 ? 20.0 + (double)(i / 60 % 3) : 0.013 * (double)(i + 1);
        t_x[i] = x[i] ? age[i] * (double)(i % 11) / 10.0 : 0.0;
    }
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++)
        covariance[i][i] = 0.01;
    const struct emp_lifetime_data data = {.n = MANY, .x = x, .t_x = t_x, .age = age};
    const struct emp_lifetime_data some = {
        .n = SOME, .x = x + MANY - SOME, .t_x = t_x + MANY - SOME, .age = age + MANY - SOME};
    for (size_t m = 0; m < CASES; m++) {
        const struct emp_lifetime_fitted fitted = {
            cases[m].model, cases[m].parameter,
            (const double(*)[EMP_LIFETIME_PARAMETERS])covariance};
        find_outlooks(&fitted, &data, 1, first);
        for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
            find_outlooks(&fitted, &data, threads[t], found);
            assert_memory_equal(found, first, sizeof first);
        }
        find_outlooks(&fitted, &some, 1, found);
        assert_memory_equal(found, first + MANY - SOME, SOME * sizeof *first);
        for (size_t i = 0; i < MANY; i += 37) {
            const struct emp_lifetime_customer c = {x[i], t_x[i], age[i]};
            const struct emp_lifetime_request request = {30.0, 0.01, 1};
            struct emp_lifetime_outlook alone;
            emp__lifetime_outlook(&fitted, &c, &request, &alone);
            expect_like(&first[i], &alone);
        }
        assert_true(first[0].expected_error > 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_small_steps),
        cmocka_unit_test(against_many_pieces),
        cmocka_unit_test(limits),
        cmocka_unit_test(errors_by_hand),
        cmocka_unit_test(slopes_of_all_models),
        cmocka_unit_test(slopes_of_spend),
        cmocka_unit_test(many_customers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
