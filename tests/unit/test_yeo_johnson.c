// SPDX-License-Identifier: Apache-2.0
/*
 * The transform of Yeo & Johnson against its definition in long double, and lambda against values
 * found elsewhere, by its first-order condition, and where the likelihood is hard to compute.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_prepared.h"
#include "scale/yeo_johnson.h"

/* The definition, by powers; it loses its digits near the limits of lambda. */
static long double define(long double x, long double lambda)
{
    long double power = x < 0 ? 2 - lambda : lambda;
    long double y = power == 0 ? log1pl(fabsl(x)) : expm1l(power * log1pl(fabsl(x))) / power;
    return x < 0 ? -y : y;
}

/* Two logarithms' worth of rounding: (1 + |p L|) times a few eps. */
static void the_definition(void **state)
{
    (void)state;
    const double lambdas[] = {-5.0, -2.0,        -0.5, -1e-9,       0.0, 1e-300, 1e-12, 0.3,
                              1.0,  1.0 + 1e-15, 1.5,  2.0 - 1e-12, 2.0, 3.0,    5.0};
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        double u = test_uniform(&seed) * 2.0 - 1.0;
        double x = ldexp(u, (int)(test_random(&seed) % 60) - 30);
        double lambda = lambdas[(size_t)i % (sizeof lambdas / sizeof *lambdas)];
        double expected = (double)define(x, lambda);
        double bound = 2e-15 * (1.0 + 7.0 * log1p(fabs(x))) * fabs(expected);
        assert_true(fabs(emp__yeo_johnson(x, lambda) - expected) <= bound);
    }
    assert_true(emp__yeo_johnson(0.0, 0.7) == 0.0);
    assert_true(emp__yeo_johnson(-3.7, 1.0) == -3.7);
    assert_true(isinf(emp__yeo_johnson(1e300, 5.0)));
    for (double lambda = -5.0; lambda <= 5.0; lambda += 0.25)
        assert_true(emp__yeo_johnson(3.0, lambda) > emp__yeo_johnson(2.9, lambda) &&
                    emp__yeo_johnson(-2.9, lambda) > emp__yeo_johnson(-3.0, lambda));
}

static double squares(size_t i)
{
    return (double)(i * i) / 8.0;
}

static double cubes(size_t i)
{
    double centred = (double)i - 40.0;
    return centred * centred * centred / 512.0;
}

static double negative(size_t i)
{
    return -(double)(i * i * i) / 64.0;
}

static double logarithmic(size_t i)
{
    return ldexp(1.0 + (double)(i % 8) / 8.0, (int)(i / 8)) - 0.5;
}

/*
 * The first 100 values of each, i = 1 .. 100; lambda where the log-likelihood of scipy 1.17.1
 * (scipy.stats.yeojohnson_llf) is greatest, and to 1e-9 the same in arithmetic of 30 digits.
 */
static const struct {
    double (*value)(size_t i);
    double lambda;
} references[] = {
    {squares, 0.354007174244},
    {cubes, 0.852221445596},
    {negative, 1.76626959385},
    {logarithmic, -0.0136394265995},
};

enum { N = 100, REFERENCES = sizeof references / sizeof *references };

static void fill(double *x, double (*value)(size_t i))
{
    for (size_t i = 0; i < N; i++)
        x[i] = value(i + 1);
}

/* Twice the tolerance of the search: its steps end when they are that short. */
static void lambda_of_known_columns(void **state)
{
    (void)state;
    double x[N];
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_YEO_JOHNSON, EMP_SCALE_ZSCORE);
    for (size_t i = 0; i < REFERENCES; i++) {
        fill(x, references[i].value);
        struct emp_prepared prepared = test_fit(&recipe, x, N, 1);
        assert_true(fabs(prepared.lambda - references[i].lambda) <= 2.0 * EMP_LAMBDA_TOLERANCE);
        assert_false(prepared.lambda_at_bound);
        emp__prepared_free(&prepared);
    }
}

/* The log-likelihood from its definition. */
static long double likelihood(const double *x, size_t n, long double lambda)
{
    long double mean = 0, square = 0, logs = 0;
    for (size_t i = 0; i < n; i++) {
        mean += define(x[i], lambda) / n;
        logs += copysignl(log1pl(fabsl((long double)x[i])), x[i]) / n;
    }
    for (size_t i = 0; i < n; i++) {
        long double d = define(x[i], lambda) - mean;
        square += d * d / n;
    }
    return (lambda - 1) * logs - logl(square) / 2;
}

static void nothing_near_is_likelier(void **state)
{
    (void)state;
    uint64_t seed = 3;
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_YEO_JOHNSON, EMP_SCALE_NONE);
    for (int round = 0; round < 60; round++) {
        enum { MOST = 200 };
        double x[MOST], spread = exp(4.0 * test_uniform(&seed)), shift = 3.0 * test_uniform(&seed);
        size_t n = 5 + test_random(&seed) % (MOST - 5);
        for (size_t i = 0; i < n; i++)
            x[i] = spread * pow(test_uniform(&seed), 3) - shift;
        struct emp_prepared prepared = test_fit(&recipe, x, n, 1);
        long double best = likelihood(x, n, prepared.lambda);
        if (!prepared.lambda_at_bound)
            for (double step = 1e-4; step < 1.0; step *= 10.0)
                assert_true(likelihood(x, n, prepared.lambda + step) < best &&
                            likelihood(x, n, prepared.lambda - step) < best);
        emp__prepared_free(&prepared);
    }
}

/*
 * Values that differ by little beside their size: (1 + x)^lambda with a lambda far from 0 would be
 * as good as constant. They keep their differences, and the z-scores are those of the logarithm of
 * 1 + x to within 1 %, as over so short a range every power is nearly linear.
 */
static void narrow_columns(void **state)
{
    (void)state;
    double x[N], out[N];
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_YEO_JOHNSON, EMP_SCALE_ZSCORE);
    for (int sign = -1; sign <= 1; sign += 2) {
        for (size_t i = 0; i < N; i++)
            x[i] = sign * (1e6 + (double)(i % 7));
        struct emp_prepared prepared = test_prepare(&recipe, x, N, out);
        assert_false(prepared.constant);
        for (size_t i = 0; i + 1 < N; i++)
            assert_true((x[i] < x[i + 1]) == (out[i] < out[i + 1]));
        assert_true(fabs(out[0] + sign * 1.48) < 0.05);
        emp__prepared_free(&prepared);
    }
}

static void extreme_columns(void **state)
{
    (void)state;
    const double columns[][4] = {{1e300, -1e300, 0.0, 1.0},     {0.0, 1e300, 1e300, 1e299},
                                 {-1e300, -1.0, -1e-300, 0.0},  {4.94e-324, 0.0, 1e-323, 0.0},
                                 {1e-300, 2e-300, 3e-300, 0.0}, {0.0, 0.0, 0.0, 1.0},
                                 {-1.0, -1.0, -1.0, -2.0},      {1e15, 1e15 + 2.0, 1e15, 1e15},
                                 {-1e300, -1e300, -2.0, -2.0}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        for (int scale = EMP_SCALE_ZSCORE; scale <= EMP_SCALE_MINMAX; scale++) {
            double out[4];
            struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_YEO_JOHNSON, scale);
            struct emp_prepared prepared = test_prepare(&recipe, columns[i], 4, out);
            assert_true(prepared.lambda >= -5.0 && prepared.lambda <= 5.0);
            for (int row = 0; row < 4; row++)
                assert_true(fabs(out[row]) <= 2.0);
            emp__prepared_free(&prepared);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_definition),           cmocka_unit_test(lambda_of_known_columns),
        cmocka_unit_test(nothing_near_is_likelier), cmocka_unit_test(narrow_columns),
        cmocka_unit_test(extreme_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
