// SPDX-License-Identifier: Apache-2.0
/*
 * Draws against the distributions they claim: mean and variance within 4.5 standard errors for
 * fixed seeds, and Kolmogorov-Smirnov where the distribution function is easy to write down.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random/distributions.h"

enum { DRAWS = 200000 };

typedef double (*draw_function)(struct emp_stream *stream, double a, double b);

static struct emp_stream stream_of(uint64_t subject)
{
    struct emp_stream stream;
    emp__stream_open(&stream, 20240131, 99, subject);
    return stream;
}

/* Mean within 4.5 standard errors; the variance too, its standard error being the sample's own. */
static void check_moments(draw_function draw, double a, double b, double mean, double variance)
{
    struct emp_stream stream = stream_of((uint64_t)(1000.0 * a + b));
    double sum = 0.0, second = 0.0, fourth = 0.0;
    for (int i = 0; i < DRAWS; i++) {
        double gap = draw(&stream, a, b) - mean;
        sum += gap;
        second += gap * gap;
        fourth += gap * gap * gap * gap;
    }
    second /= DRAWS;
    fourth /= DRAWS;
    assert_true(fabs(sum / DRAWS) <= 4.5 * sqrt(variance / DRAWS));
    assert_true(fabs(second - variance) <= 4.5 * sqrt((fourth - second * second) / DRAWS));
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The largest gap between the sample's distribution and `cdf`, times sqrt(n): 2.2 has p = 1e-4. */
static void check_distribution(draw_function draw, double a, double b,
                               double (*cdf)(double x, double a, double b))
{
    enum { COUNT = 20000 };
    double *sample = malloc(COUNT * sizeof *sample);
    assert_non_null(sample);
    struct emp_stream stream = stream_of(5);
    for (int i = 0; i < COUNT; i++)
        sample[i] = draw(&stream, a, b);
    qsort(sample, COUNT, sizeof *sample, compare);
    double gap = 0.0;
    for (int i = 0; i < COUNT; i++) {
        double expected = cdf(sample[i], a, b);
        gap = fmax(gap, fmax(fabs(expected - (double)i / COUNT),
                             fabs(expected - (double)(i + 1) / COUNT)));
    }
    free(sample);
    assert_true(gap * sqrt((double)COUNT) < 2.2);
}

static double draw_exponential(struct emp_stream *s, double a, double b)
{
    (void)a, (void)b;
    return emp__stream_exponential(s);
}

static double draw_normal(struct emp_stream *s, double a, double b)
{
    (void)a, (void)b;
    return emp__stream_normal(s);
}

static double draw_gamma(struct emp_stream *s, double shape, double b)
{
    (void)b;
    return emp__stream_gamma(s, shape);
}

static double draw_beta(struct emp_stream *s, double a, double b)
{
    return emp__stream_beta(s, a, b);
}

static double draw_geometric(struct emp_stream *s, double p, double b)
{
    (void)b;
    return (double)emp__stream_geometric(s, p);
}

static double draw_poisson(struct emp_stream *s, double mean, double b)
{
    (void)b;
    return (double)emp__stream_poisson(s, mean);
}

static double cdf_exponential(double x, double a, double b)
{
    (void)a, (void)b;
    return -expm1(-x);
}

static double cdf_normal(double x, double a, double b)
{
    (void)a, (void)b;
    return 0.5 * erfc(-x / sqrt(2.0));
}

/* Gamma with shape 1/2 is half a squared normal; with shape 2 it is 1 - (1 + x) e^-x. */
static double cdf_gamma_half(double x, double a, double b)
{
    (void)a, (void)b;
    return erf(sqrt(x));
}

static double cdf_gamma_two(double x, double a, double b)
{
    (void)a, (void)b;
    return 1.0 - (1.0 + x) * exp(-x);
}

static double cdf_beta_from_one(double x, double a, double b)
{
    (void)a; /* 1 */
    return 1.0 - pow(1.0 - x, b);
}

static void test_exponential(void **state)
{
    (void)state;
    check_moments(draw_exponential, 0.0, 0.0, 1.0, 1.0);
    check_distribution(draw_exponential, 0.0, 0.0, cdf_exponential);
}

static void test_normal(void **state)
{
    (void)state;
    check_moments(draw_normal, 0.0, 0.0, 0.0, 1.0);
    check_distribution(draw_normal, 0.0, 0.0, cdf_normal);
}

static void test_gamma(void **state)
{
    (void)state;
    static const double shapes[] = {0.05, 0.243, 0.7, 1.0, 1.5, 3.74, 6.25, 40.0, 1e4};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        check_moments(draw_gamma, shapes[i], 0.0, shapes[i], shapes[i]);
    check_distribution(draw_gamma, 0.5, 0.0, cdf_gamma_half);
    check_distribution(draw_gamma, 2.0, 0.0, cdf_gamma_two);
}

static void test_log_gamma(void **state)
{
    (void)state;
    struct emp_stream tiny = stream_of(1);
    for (int i = 0; i < 1000; i++)
        assert_true(isfinite(emp__stream_log_gamma(&tiny, 1e-6)));
    struct emp_stream a = stream_of(2), b = stream_of(2);
    for (int i = 0; i < 1000; i++) {
        double logarithm = emp__stream_log_gamma(&a, 0.243), value = emp__stream_gamma(&b, 0.243);
        assert_true(fabs(exp(logarithm) / value - 1.0) < 1e-12);
    }
}

static void test_beta(void **state)
{
    (void)state;
    static const double shapes[][2] = {{0.793, 2.426}, {0.01, 0.02}, {1.0, 1.0}, {30.0, 2.0}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        double a = shapes[i][0], b = shapes[i][1], sum = a + b;
        check_moments(draw_beta, a, b, a / sum, a * b / (sum * sum * (sum + 1.0)));
    }
    check_distribution(draw_beta, 1.0, 2.5, cdf_beta_from_one);
}

static void test_geometric(void **state)
{
    (void)state;
    static const double chances[] = {0.9, 0.5, 0.1, 0.001};
    for (size_t i = 0; i < sizeof chances / sizeof chances[0]; i++) {
        double p = chances[i];
        check_moments(draw_geometric, p, 0.0, (1.0 - p) / p, (1.0 - p) / (p * p));
    }
    struct emp_stream stream = stream_of(3);
    assert_true(emp__stream_geometric(&stream, 1.0) == 0);
    assert_true(emp__stream_geometric(&stream, 0.0) == UINT64_C(1) << 53);
    assert_true(emp__stream_geometric(&stream, 1e-300) == UINT64_C(1) << 53);
}

static void test_poisson(void **state)
{
    (void)state;
    static const double means[] = {0.01, 1.0, 7.5, 64.0, 200.25};
    for (size_t i = 0; i < sizeof means / sizeof means[0]; i++)
        check_moments(draw_poisson, means[i], 0.0, means[i], means[i]);
    struct emp_stream stream = stream_of(4);
    assert_true(emp__stream_poisson(&stream, 0.0) == 0);
}

/* The table gives back its weights exactly: cell masses kept plus what is passed on to aliases. */
static void check_alias(const double *weights, uint32_t count)
{
    double accept[64], mass[64] = {0}, sum = 0.0;
    uint32_t alias[64], work[64];
    emp__alias_build(weights, count, accept, alias, work);
    for (uint32_t i = 0; i < count; i++) {
        sum += weights[i];
        assert_true(accept[i] >= 0.0 && accept[i] <= 1.0 && alias[i] < count);
        mass[i] += accept[i];
        mass[alias[i]] += 1.0 - accept[i];
    }
    for (uint32_t i = 0; i < count; i++)
        assert_true(fabs(mass[i] / count - weights[i] / sum) < 1e-14);

    struct emp_alias table = {.count = count, .accept = accept, .alias = alias};
    struct emp_stream stream = stream_of(count);
    uint32_t drawn[64] = {0};
    for (int i = 0; i < DRAWS; i++)
        drawn[emp__alias_draw(&stream, &table)]++;
    for (uint32_t i = 0; i < count; i++) {
        double p = weights[i] / sum;
        assert_true(fabs(drawn[i] - p * DRAWS) <= 4.5 * sqrt(p * (1.0 - p) * DRAWS) + 1e-9);
    }
}

static void test_alias(void **state)
{
    (void)state;
    check_alias((const double[]){2.0}, 1);
    check_alias((const double[]){1.0, 0.0}, 2);
    check_alias((const double[]){0.1, 0.0, 5.0, 0.2, 0.0, 1.0}, 6);
    double zipf[64];
    emp__zipf_weights(1.0, 64, zipf);
    assert_true(zipf[0] == 1.0 && fabs(zipf[9] - 0.1) < 1e-15);
    check_alias(zipf, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exponential), cmocka_unit_test(test_normal),
        cmocka_unit_test(test_gamma),       cmocka_unit_test(test_log_gamma),
        cmocka_unit_test(test_beta),        cmocka_unit_test(test_geometric),
        cmocka_unit_test(test_poisson),     cmocka_unit_test(test_alias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
