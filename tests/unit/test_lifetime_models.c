// SPDX-License-Identifier: Apache-2.0
/*
 * What holds for every model of lifetimes: derivatives are those of the value, nothing depends on
 * the number of threads, weights are copies, time has no unit, and all stays finite.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "../lib/test_lifetime.h"
#include "lifetime/bgnbd.h"
#include "lifetime/factors.h"
#include "random/distributions.h"

static double uniform(uint64_t *seed)
{
    return (double)(test_random(seed) >> 11) * 0x1p-53;
}

static double decades(uint64_t *seed, double low, double high)
{
    return low * pow(high / low, uniform(seed));
}

/* Whole times, as BG/BB wants them; every model takes them: x = 0 where t_x = 0, x <= t_x <= age.
 */
static struct test_patterns random_patterns(size_t n, uint64_t seed)
{
    struct test_patterns out = test_patterns_new(n);
    for (size_t i = 0; i < n; i++) {
        uint64_t age = 1 + test_random(&seed) % 40, t_x = test_random(&seed) % (age + 1);
        out.age[i] = (double)age;
        out.t_x[i] = (double)t_x;
        out.x[i] = t_x == 0 ? 0 : 1 + (uint32_t)(test_random(&seed) % t_x);
        out.spend[i] = decades(&seed, 0.5, 500.0);
        out.ended[i] = test_random(&seed) & 1;
        out.weight[i] = (double)(1 + test_random(&seed) % 3);
    }
    return out;
}

/* Of spend only those tell anything who came back. */
static struct test_patterns patterns_for(const struct emp_lifetime_model *model, size_t n,
                                         uint64_t seed)
{
    struct test_patterns out = random_patterns(n, seed);
    for (size_t i = 0; i < n && strcmp(model->name, "gammagamma") == 0; i++)
        out.x[i] += out.x[i] == 0;
    return out;
}

static void random_parameters(uint64_t *seed, double *parameter)
{
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++)
        parameter[i] = decades(seed, 0.02, 50.0);
}

/* A difference quotient in log-parameter k by three steps and two extrapolations. */
static double quotient(const struct emp_lifetime_model *model, const double *parameter,
                       const struct test_patterns *patterns, int k, int component)
{
    double slope[3];
    for (int level = 0; level < 3; level++) {
        double step = ldexp(0.04, -level), side[2];
        for (int s = 0; s < 2; s++) {
            double moved[EMP_LIFETIME_PARAMETERS];
            memcpy(moved, parameter, sizeof moved);
            moved[k] *= exp(s ? step : -step);
            struct emp_derivatives d = test_likelihood(model, moved, patterns, 1);
            side[s] = component < 0 ? d.value : d.gradient[component];
        }
        slope[level] = (side[1] - side[0]) / (2.0 * step);
    }
    double a = (4.0 * slope[1] - slope[0]) / 3.0, b = (4.0 * slope[2] - slope[1]) / 3.0;
    return (16.0 * b - a) / 15.0;
}

static void derivatives_of(const struct emp_lifetime_model *model, const double *parameter,
                           const struct test_patterns *patterns)
{
    struct emp_derivatives d = test_likelihood(model, parameter, patterns, 1);
    double scale = 0.0;
    for (int i = 0; i < model->parameters; i++)
        for (int j = 0; j < model->parameters; j++)
            scale = fmax(scale, fabs(d.hessian[i][j]));
    double bound = 1e-8 * (scale + 1.0) + 1e-12 * fabs(d.value);
    for (int k = 0; k < model->parameters; k++) {
        test_near(d.gradient[k], quotient(model, parameter, patterns, k, -1), bound, model->name);
        for (int j = 0; j < model->parameters; j++) {
            double expected = quotient(model, parameter, patterns, k, j);
            test_near(d.hessian[k][j], expected, bound, model->name);
            assert_true(d.hessian[k][j] == d.hessian[j][k]);
        }
    }
}

static void derivatives(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (size_t m = 0; emp__lifetime_models[m]; m++)
        for (int round = 0; round < 40; round++) {
            double parameter[EMP_LIFETIME_PARAMETERS];
            struct test_patterns patterns =
                patterns_for(emp__lifetime_models[m], 1 + (size_t)round % 12, seed);
            random_parameters(&seed, parameter);
            derivatives_of(emp__lifetime_models[m], parameter, &patterns);
            test_patterns_free(&patterns);
        }
}

/* Beyond the table functions take the place of sums: 4 on the way there, 4 behind. */
static void derivatives_of_many_purchases(void **state)
{
    (void)state;
    static const char *const names[] = {"nbd", "bgnbd", "mbgnbd", "paretonbd"};
    const double parameter[] = {0.7, 5.0, 0.8, 2.5};
    for (size_t m = 0; m < sizeof names / sizeof *names; m++) {
        struct test_patterns patterns = test_patterns_new(8);
        for (size_t i = 0; i < 8; i++) {
            patterns.x[i] = (uint32_t)(4092 + i);
            patterns.t_x[i] = 90.0 + (double)i;
            patterns.age[i] = 98.01;
        }
        derivatives_of(test_model(names[m]), parameter, &patterns);
        test_patterns_free(&patterns);
    }
}

static void tables_are_functions(void **state)
{
    (void)state;
    enum { SIZE = EMP_LIFETIME_TABLE_MOST };
    static struct emp_rising rising[SIZE];
    static struct emp_survival survival[SIZE];
    for (double a = 1e-4; a < 1e4; a *= 19.0)
        for (double b = 1e-4; b < 1e4; b *= 23.0) {
            emp__rising_table(b, SIZE, rising);
            emp__survival_table(a, b, SIZE, survival);
            for (int k = 0; k < SIZE; k += k < 20 ? 1 : 397) {
                struct emp_rising r = emp__rising(b, k);
                struct emp_survival s = emp__survival(a, b, k);
                double bound = 1e-12 * (1.0 + k);
                test_near(rising[k].log, r.log, bound * (1.0 + fabs(log(b + k))), "rising");
                test_near(rising[k].first, r.first, 1e-12 * r.first, "first");
                test_near(rising[k].second, r.second, bound, "second");
                test_near(survival[k].log, s.log, -1e-12 * s.log, "survival");
                test_near(survival[k].a, s.a, -1e-12 * s.a, "a");
                test_near(survival[k].b, s.b, bound, "b");
                test_near(survival[k].aa, s.aa, bound, "aa");
                test_near(survival[k].ab, s.ab, 1e-12 * s.ab, "ab");
                test_near(survival[k].bb, s.bb, bound, "bb");
            }
        }
}

static void same_bytes(const struct emp_lifetime_model *model, const struct test_patterns *patterns)
{
    const double parameter[] = {0.6, 4.0, 0.8, 2.5};
    struct emp_lifetime_options options = emp__lifetime_defaults();
    options.starts = 2;
    options.max_iterations = 20; /* wherever that is, it is the same for all */
    struct emp_derivatives one = test_likelihood(model, parameter, patterns, 1);
    struct emp_lifetime_fit fit = test_lifetime_fit_with(model, patterns, &options);
    for (int threads = 2; threads <= 7; threads += threads == 2 ? 1 : 4) {
        struct emp_derivatives other = test_likelihood(model, parameter, patterns, threads);
        assert_memory_equal(&one, &other, sizeof one);
        options.threads = threads;
        struct emp_lifetime_fit again = test_lifetime_fit_with(model, patterns, &options);
        assert_memory_equal(fit.parameter, again.parameter, sizeof fit.parameter);
        assert_memory_equal(&fit.log_likelihood, &again.log_likelihood, sizeof(double));
        assert_memory_equal(fit.covariance, again.covariance, sizeof fit.covariance);
    }
}

static void threads(void **state)
{
    (void)state;
    for (size_t m = 0; emp__lifetime_models[m]; m++) {
        struct test_patterns patterns = patterns_for(emp__lifetime_models[m], 3100, 5);
        same_bytes(emp__lifetime_models[m], &patterns);
        test_patterns_free(&patterns);
    }
}

static struct test_patterns copies_of(const struct test_patterns *patterns)
{
    struct test_patterns out = test_patterns_new(3 * patterns->n);
    out.n = 0;
    for (size_t i = 0; i < patterns->n; i++)
        for (int copy = 0; copy < (int)patterns->weight[i]; copy++) {
            out.x[out.n] = patterns->x[i];
            out.t_x[out.n] = patterns->t_x[i];
            out.age[out.n] = patterns->age[i];
            out.spend[out.n] = patterns->spend[i];
            out.ended[out.n++] = patterns->ended[i];
        }
    return out;
}

static void weights_are_copies(void **state)
{
    (void)state;
    const double parameter[] = {0.6, 4.0, 0.8, 2.5};
    for (size_t m = 0; emp__lifetime_models[m]; m++) {
        struct test_patterns patterns = patterns_for(emp__lifetime_models[m], 3000, 6);
        struct test_patterns copies = copies_of(&patterns);
        struct emp_derivatives weighted =
            test_likelihood(emp__lifetime_models[m], parameter, &patterns, 2);
        struct emp_derivatives copied =
            test_likelihood(emp__lifetime_models[m], parameter, &copies, 2);
        double bound = 1e-11 * fabs(copied.value);
        test_near(weighted.value, copied.value, bound, "value");
        for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++)
            test_near(weighted.gradient[i], copied.gradient[i], bound, "gradient");
        test_patterns_free(&patterns);
        test_patterns_free(&copies);
    }
}

/* A likelihood of every 7th pattern is that of these patterns. */
static void every_seventh(void **state)
{
    (void)state;
    enum { N = 9000, STEP = 7 };
    const double parameter[] = {0.6, 4.0, 0.8, 2.5};
    struct test_patterns patterns = random_patterns(N, 12), some = test_patterns_new(N / STEP + 1);
    for (size_t k = 0; k < some.n && k * STEP < N; k++) {
        some.x[k] = patterns.x[k * STEP];
        some.t_x[k] = patterns.t_x[k * STEP];
        some.age[k] = patterns.age[k * STEP];
        some.weight[k] = patterns.weight[k * STEP];
    }
    struct emp_lifetime_data data = test_lifetime_data(&patterns);
    struct emp_derivatives found, known = test_likelihood(&emp__bgnbd, parameter, &some, 1);
    data.step = STEP;
    void *work = malloc(emp__lifetime_work(&emp__bgnbd, &data));
    assert_non_null(work);
    emp__lifetime_likelihood(&emp__bgnbd, parameter, &data, 2, work, &found);
    assert_memory_equal(&found, &known, sizeof known);
    free(work);
    test_patterns_free(&patterns);
    test_patterns_free(&some);
}

/* Customers of BG/NBD, at any moment. */
static struct test_patterns customers_of_bgnbd(size_t n)
{
    uint64_t seed = 3;
    struct emp_stream stream;
    struct test_patterns out = test_patterns_new(n);
    emp__stream_open(&stream, seed, 1, 0);
    for (size_t i = 0; i < n; i++) {
        double rate = emp__stream_gamma(&stream, 0.8) / 5.0, time = 0.0;
        double leaves = emp__stream_beta(&stream, 0.9, 2.5);
        out.age[i] = 30.0 + 20.0 * emp__stream_uniform(&stream);
        while ((time += emp__stream_exponential(&stream) / rate) < out.age[i]) {
            out.x[i]++;
            out.t_x[i] = time;
            if (emp__stream_uniform(&stream) < leaves)
                break;
        }
    }
    return out;
}

/* With as many patterns the way to the maximum begins with a sample: it is the maximum of all. */
static void many_patterns(void **state)
{
    (void)state;
    static const char *const names[] = {"bgnbd", "mbgnbd", "nbd"};
    struct test_patterns patterns = customers_of_bgnbd(70000);
    for (size_t m = 0; m < sizeof names / sizeof *names; m++) {
        const struct emp_lifetime_model *model = test_model(names[m]);
        struct emp_lifetime_fit fit = test_lifetime_fit(names[m], &patterns);
        assert_int_equal(fit.status, EMP_LIFETIME_CONVERGED);
        struct emp_derivatives at = test_likelihood(model, fit.parameter, &patterns, 1);
        assert_true(at.value == fit.log_likelihood);
        for (int i = 0; i < model->parameters; i++)
            assert_true(fabs(at.gradient[i]) <= 1e-9 * (double)patterns.n);
        for (int side = -1; side <= 1; side += 2)
            for (int i = 0; i < model->parameters; i++) {
                double moved[EMP_LIFETIME_PARAMETERS];
                memcpy(moved, fit.parameter, sizeof moved);
                moved[i] *= exp(side * 1e-3);
                assert_true(test_likelihood(model, moved, &patterns, 1).value < at.value);
            }
    }
    test_patterns_free(&patterns);
}

/* In days instead of weeks: rates per week are per day, the likelihood of a moment is per day. */
static void time_has_no_unit(void **state)
{
    (void)state;
    static const char *const names[] = {"nbd", "bgnbd", "mbgnbd", "paretonbd"};
    struct test_patterns weeks = random_patterns(400, 9), days = random_patterns(400, 9);
    double purchases = 0.0;
    for (size_t i = 0; i < days.n; i++) {
        days.t_x[i] *= 7.0;
        days.age[i] *= 7.0;
        purchases += days.weight[i] * days.x[i];
    }
    for (size_t m = 0; m < sizeof names / sizeof *names; m++) {
        const struct emp_lifetime_model *model = test_model(names[m]);
        struct emp_lifetime_fit by_week = test_lifetime_fit(names[m], &weeks);
        struct emp_lifetime_fit by_day = test_lifetime_fit(names[m], &days);
        assert_int_equal(by_week.status, by_day.status);
        test_near(by_day.log_likelihood, by_week.log_likelihood - purchases * log(7.0),
                  1e-12 * purchases, "log-likelihood");
        for (int i = 0; i < model->parameters && by_week.status == EMP_LIFETIME_CONVERGED; i++) {
            double expected = by_week.parameter[i] * (model->in_unit >> i & 1 ? 7.0 : 1.0);
            test_near(by_day.parameter[i], expected, 1e-7 * expected, model->parameter_name[i]);
        }
    }
    test_patterns_free(&weeks);
    test_patterns_free(&days);
}

static void finite_derivatives(const struct emp_derivatives *d)
{
    assert_true(isfinite(d->value));
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++) {
        assert_true(isfinite(d->gradient[i]));
        for (int j = 0; j < EMP_LIFETIME_PARAMETERS; j++)
            assert_true(isfinite(d->hessian[i][j]));
    }
}

static void finite_predictions(const struct emp_lifetime_model *model, const double *parameter,
                               const struct emp_lifetime_customer *c)
{
    double worth;
    for (double t = 0.0; t < 1e4; t = 30.0 * t + 0.5) {
        double alive = emp__lifetime_alive(model, parameter, c, t);
        double expected = emp__lifetime_expected(model, parameter, c, t), sum = 0.0;
        assert_true(alive >= 0.0 && alive <= 1.0 + 1e-12);
        assert_true(isfinite(expected) && expected >= 0.0);
        for (uint32_t n = 0; n < 3; n++)
            sum += emp__lifetime_probability(model, parameter, c, t, n);
        assert_true(sum >= 0.0 && sum <= 1.0 + 1e-11);
    }
    assert_true(emp__lifetime_discounted(model, parameter, c, 0.0027, &worth));
    assert_true(isfinite(worth) && worth >= 0.0);
}

/* Customers and parameters at which published formulae overflow, cancel or divide by zero. */
static void all_stays_finite(void **state)
{
    (void)state;
    static const char *const names[] = {"nbd", "bgnbd", "mbgnbd", "paretonbd"};
    static const struct emp_lifetime_customer customers[] = {
        {221, 99.5, 100.0}, {254, 99.9, 100.4}, {161, 98.9, 99.6},  {204, 100.0, 100.0},
        {400, 90.0, 100.0}, {500, 80.0, 100.0}, {1e5, 99.0, 100.0}, {1e6, 1.0, 1e4},
        {0, 0.0, 0.0},      {0, 0.0, 38.86},    {1, 1e-9, 1e-9},    {1, 1e-300, 100.0},
        {2, 30.43, 38.86},  {3, 0.0, 38.86},
    };
    static const double parameters[][4] = {
        {10.465, .00798565, 3.0516, 2.820},
        {.243, 4.414, .793, 2.426},
        {.5, 10.0, .3, .4},
        {.5, 10.0, .6, 10.0},
        {.5, 10.0, 1.0, 12.0},
        {2.0, 7.0, 1.0, 1.0},
        {1e-6, 1e-6, 1e-6, 1e-6},
        {1e6, 1e6, 1e6, 1e6},
        {1e6, 1e-6, 1e-6, 1e6},
        {1e-6, 1e6, 1e6, 1e-6},
        {.7, 9.4, 1e-6, 200.0},
        {1.0, 1.0, 1e6, 1e-6},
    };
    for (size_t m = 0; m < sizeof names / sizeof *names; m++)
        for (size_t p = 0; p < sizeof parameters / sizeof *parameters; p++)
            for (size_t i = 0; i < sizeof customers / sizeof *customers; i++) {
                struct test_patterns one = test_patterns_new(1);
                one.x[0] = (uint32_t)customers[i].x;
                one.t_x[0] = customers[i].t_x;
                one.age[0] = customers[i].age;
                struct emp_derivatives d =
                    test_likelihood(test_model(names[m]), parameters[p], &one, 1);
                finite_derivatives(&d);
                finite_predictions(test_model(names[m]), parameters[p], &customers[i]);
                test_patterns_free(&one);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives),          cmocka_unit_test(derivatives_of_many_purchases),
        cmocka_unit_test(tables_are_functions), cmocka_unit_test(threads),
        cmocka_unit_test(weights_are_copies),   cmocka_unit_test(time_has_no_unit),
        cmocka_unit_test(all_stays_finite),     cmocka_unit_test(every_seventh),
        cmocka_unit_test(many_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
