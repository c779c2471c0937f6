// SPDX-License-Identifier: Apache-2.0
/*
 * Columns made ready: every transform and scaling against plain formulas of libm, what is learned
 * for missing values and outliers, and that neither threads nor the order of rows change it.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_prepared.h"

enum { MOST = 1500 };

/* A column after its curve, by libm; lambda is taken as it was found. */
static double bend(const struct emp_prepared *prepared, const double *x, size_t n, double value)
{
    const double lambda = prepared->lambda;
    switch (prepared->recipe.steps.transform) {
    case EMP_TRANSFORM_LOG1P:
        return log1p(value);
    case EMP_TRANSFORM_SQRT:
        return sqrt(value);
    case EMP_TRANSFORM_RANK:
        return test_rank(x, n, value);
    case EMP_TRANSFORM_YEO_JOHNSON:
        return value >= 0.0 ? (pow(1.0 + value, lambda) - 1.0) / lambda
                            : -(pow(1.0 - value, 2.0 - lambda) - 1.0) / (2.0 - lambda);
    default:
        return value;
    }
}

static void scale_plainly(int scale, double *y, size_t n)
{
    double sorted[MOST];
    long double mean = 0, variance = 0;
    memcpy(sorted, y, n * sizeof *y);
    test_sort(sorted, n);
    for (size_t i = 0; i < n; i++)
        mean += y[i] / (long double)n;
    for (size_t i = 0; i < n; i++)
        variance += (y[i] - mean) * (y[i] - mean) / n;
    double shift = 0.0, divisor = 1.0;
    if (scale == EMP_SCALE_ZSCORE) {
        shift = (double)mean;
        divisor = (double)sqrtl(variance);
    } else if (scale == EMP_SCALE_MINMAX) {
        shift = sorted[0];
        divisor = sorted[n - 1] - sorted[0];
    } else if (scale == EMP_SCALE_ROBUST) {
        shift = test_quantile(sorted, n, 0.5);
        divisor = test_quantile(sorted, n, 0.75) - test_quantile(sorted, n, 0.25);
    }
    for (size_t i = 0; i < n; i++)
        y[i] = (y[i] - shift) / divisor;
}

/*
 * The curves differ from libm's by some eps relative to values of at most 40 times the divisor
 * here, and by n eps in sums: 1e-11 is about ten times what was seen at worst.
 */
static void every_transform_with_every_scaling(void **state)
{
    (void)state;
    uint64_t seed = 21;
    double x[MOST], out[MOST], expected[MOST];
    for (int transform = EMP_TRANSFORM_NONE; transform <= EMP_TRANSFORM_YEO_JOHNSON; transform++)
        for (int scale = EMP_SCALE_ZSCORE; scale <= EMP_SCALE_NONE; scale++)
            for (size_t n = 12; n <= MOST; n = n * 4 + 3) {
                bool any_sign = transform == EMP_TRANSFORM_NONE || transform >= EMP_TRANSFORM_RANK;
                for (size_t i = 0; i < n; i++)
                    x[i] = floor(900.0 * pow(test_uniform(&seed), 2)) / 8.0 - 20.0 * any_sign;
                struct emp_recipe recipe = test_recipe(transform, scale);
                struct emp_prepared prepared = test_prepare(&recipe, x, n, out);
                for (size_t i = 0; i < n; i++)
                    expected[i] = bend(&prepared, x, n, x[i]);
                scale_plainly(scale, expected, n);
                for (size_t i = 0; i < n; i++)
                    assert_true(fabs(out[i] - expected[i]) <= 1e-11 * (1.0 + fabs(expected[i])));
                assert_int_equal(prepared.rows, n);
                assert_false(prepared.constant);
                emp__prepared_free(&prepared);
            }
}

/* A z-score has mean 0 and variance 1 whatever the column; a min-max ends at 0 and 1. */
static void what_scaling_promises(void **state)
{
    (void)state;
    enum { N = 10000 };
    uint64_t seed = 23;
    static double x[N], out[N];
    for (size_t i = 0; i < N; i++)
        x[i] = 1e9 + test_uniform(&seed);
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_ZSCORE);
    struct emp_prepared prepared = test_prepare(&recipe, x, N, out);
    double sum = 0.0, squares = 0.0, least = 1.0, greatest = 0.0;
    for (size_t i = 0; i < N; i++) {
        sum += out[i];
        squares += out[i] * out[i];
    }
    /* The mean is rounded to 1e9 eps / 2, which is 4e-7 deviations of .29. */
    assert_true(fabs(sum / N) <= 5e-7);
    assert_true(fabs(squares / N - 1.0) <= 1e-9);
    emp__prepared_free(&prepared);
    recipe.steps.scale = EMP_SCALE_MINMAX;
    prepared = test_prepare(&recipe, x, N, out);
    for (size_t i = 0; i < N; i++) {
        least = fmin(least, out[i]);
        greatest = fmax(greatest, out[i]);
    }
    assert_true(least == 0.0 && greatest == 1.0);
    emp__prepared_free(&prepared);
}

static void missing_values(void **state)
{
    (void)state;
    const double x[] = {1.0, NAN, 4.0, 2.0, NAN, 13.0};
    const struct {
        struct emp_missing_rule rule;
        double fill;
    } cases[] = {{{EMP_FILL_MEAN, 0.0}, 5.0},
                 {{EMP_FILL_MEDIAN, 0.0}, 3.0},
                 {{EMP_FILL_CONSTANT, -8.0}, -8.0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double out[6];
        struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_NONE);
        recipe.steps.missing = cases[i].rule;
        struct emp_prepared prepared = test_prepare(&recipe, x, 6, out);
        assert_true(prepared.fill == cases[i].fill);
        assert_int_equal(prepared.missing, 2);
        assert_true(out[1] == cases[i].fill && out[4] == cases[i].fill && out[5] == 13.0);
        emp__prepared_free(&prepared);
    }
    /* The mean is that of the values that are there, not of their logarithms. */
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_LOG1P, EMP_SCALE_NONE);
    recipe.steps.missing.how = EMP_FILL_MEAN;
    double out[6];
    struct emp_prepared prepared = test_prepare(&recipe, x, 6, out);
    assert_true(fabs(out[1] - log(6.0)) <= 1e-15);
    emp__prepared_free(&prepared);
}

/* Quantiles of the values that are there; a filled value is held between them, too. */
static void outliers(void **state)
{
    (void)state;
    double x[12], out[12];
    for (int i = 0; i < 11; i++)
        x[i] = (double)(i * i);
    x[11] = NAN;
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_NONE);
    recipe.steps.winsorize = (struct emp_quantile_pair){0.1, 0.75};
    recipe.steps.missing = (struct emp_missing_rule){EMP_FILL_CONSTANT, -3.0};
    struct emp_prepared prepared = test_prepare(&recipe, x, 12, out);
    assert_true(prepared.low == 1.0 && prepared.high == 56.5);
    assert_int_equal(prepared.clamped_low, 2);
    assert_int_equal(prepared.clamped_high, 3);
    assert_true(out[0] == 1.0 && out[11] == 1.0 && out[1] == 1.0 && out[7] == 49.0);
    assert_true(out[8] == 56.5 && out[10] == 56.5);
    assert_true(test_apply_one(&prepared, 1e9) == 56.5);
    emp__prepared_free(&prepared);

    /* Without winsorising nothing is held, at scoring neither. */
    recipe.steps.winsorize = (struct emp_quantile_pair){0.0, 1.0};
    prepared = test_prepare(&recipe, x, 12, out);
    assert_true(test_apply_one(&prepared, 1e9) == 1e9);
    assert_int_equal(prepared.clamped_low + prepared.clamped_high, 0);
    emp__prepared_free(&prepared);
}

static void constant_columns(void **state)
{
    (void)state;
    const double same[] = {0.1, 0.1, 0.1}, heap[] = {2.0, 2.0, 2.0, 2.0, 2.0, 9.0};
    for (int scale = EMP_SCALE_ZSCORE; scale <= EMP_SCALE_NONE; scale++)
        for (int transform = 0; transform <= EMP_TRANSFORM_YEO_JOHNSON; transform++) {
            double out[3];
            struct emp_recipe recipe = test_recipe(transform, scale);
            struct emp_prepared prepared = test_prepare(&recipe, same, 3, out);
            assert_true(prepared.constant);
            assert_true(prepared.divisor == 1.0);
            assert_true(scale == EMP_SCALE_NONE ? out[0] > 0.0 : out[0] == 0.0 && out[2] == 0.0);
            if (scale != EMP_SCALE_NONE)
                assert_true(test_apply_one(&prepared, 7.0) == 0.0);
            emp__prepared_free(&prepared);
        }
    /* The quartiles of a heap are equal, though not all values are. */
    double out[6];
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_ROBUST);
    struct emp_prepared prepared = test_prepare(&recipe, heap, 6, out);
    assert_true(prepared.constant);
    assert_true(out[5] == 0.0);
    emp__prepared_free(&prepared);
}

/* Of 20,011 rows, with missing values, so that every pass has several blocks. */
static void any_number_of_threads(void **state)
{
    (void)state;
    enum { N = 20011 };
    static const int threads[] = {1, 2, 3, 7};
    static double x[N], first[N], out[N];
    uint64_t seed = 25;
    for (size_t i = 0; i < N; i++)
        x[i] = i % 97 == 5 ? NAN : exp(8.0 * test_uniform(&seed)) - 1.5;
    for (int transform = 0; transform <= EMP_TRANSFORM_YEO_JOHNSON; transform++)
        for (int scale = 0; scale <= EMP_SCALE_NONE; scale++) {
            struct emp_recipe recipe = test_recipe(transform, scale);
            recipe.steps.missing.how = scale % 2 ? EMP_FILL_MEAN : EMP_FILL_MEDIAN;
            recipe.steps.winsorize = (struct emp_quantile_pair){0.2, 0.99};
            struct emp_prepared prepared = test_fit(&recipe, x, N, threads[0]);
            test_apply(&prepared, x, N, threads[0], first);
            for (size_t t = 1; t < sizeof threads / sizeof *threads; t++) {
                struct emp_prepared again = test_fit(&recipe, x, N, threads[t]);
                test_apply(&again, x, N, threads[t], out);
                test_same_prepared(&prepared, &again);
                assert_memory_equal(out, first, sizeof out);
                emp__prepared_free(&again);
            }
            emp__prepared_free(&prepared);
        }
}

/* Rows turned round: what is made of order statistics is the same, sums to 1e-13. */
static void any_order_of_rows(void **state)
{
    (void)state;
    enum { N = 9001 };
    static double x[N], turned[N];
    uint64_t seed = 27;
    for (size_t i = 0; i < N; i++)
        x[i] = exp(8.0 * test_uniform(&seed)) - 1.5;
    for (size_t i = 0; i < N; i++)
        turned[i] = x[N - 1 - i];
    for (int transform = 0; transform <= EMP_TRANSFORM_RANK; transform += EMP_TRANSFORM_RANK)
        for (int scale = 0; scale <= EMP_SCALE_NONE; scale++) {
            struct emp_recipe recipe = test_recipe(transform, scale);
            recipe.steps.winsorize = (struct emp_quantile_pair){0.01, 0.99};
            struct emp_prepared one = test_fit(&recipe, x, N, 2);
            struct emp_prepared other = test_fit(&recipe, turned, N, 2);
            if (scale == EMP_SCALE_ZSCORE) {
                assert_true(fabs(one.shift - other.shift) <= 1e-13 * one.shift);
                assert_true(fabs(one.divisor - other.divisor) <= 1e-13 * one.divisor);
                other.shift = one.shift;
                other.divisor = one.divisor;
            }
            test_same_prepared(&one, &other);
            emp__prepared_free(&one);
            emp__prepared_free(&other);
        }
}

/* Every row twice: means, deviations, ranges and ranks stay. */
static void rows_twice(void **state)
{
    (void)state;
    enum { N = 400 };
    double x[2 * N], out[N], twice[2 * N];
    uint64_t seed = 29;
    for (size_t i = 0; i < N; i++)
        x[i] = x[i + N] = floor(100.0 * test_uniform(&seed));
    static const int transforms[] = {EMP_TRANSFORM_NONE, EMP_TRANSFORM_RANK,
                                     EMP_TRANSFORM_YEO_JOHNSON};
    for (size_t t = 0; t < 3; t++)
        for (int scale = 0; scale <= EMP_SCALE_MINMAX; scale++) {
            struct emp_recipe recipe = test_recipe(transforms[t], scale);
            struct emp_prepared one = test_prepare(&recipe, x, N, out);
            struct emp_prepared two = test_prepare(&recipe, x, 2 * N, twice);
            /* lambda is found to within 1e-7, and moves a z-score by a few times that. */
            for (size_t i = 0; i < N; i++)
                assert_true(fabs(out[i] - twice[i]) <= 1e-6);
            if (transforms[t] == EMP_TRANSFORM_RANK)
                assert_memory_equal(one.heights, two.heights, one.knot_count * sizeof(double));
            emp__prepared_free(&one);
            emp__prepared_free(&two);
        }
}

static void one_column_of_a_matrix(void **state)
{
    (void)state;
    const double x[] = {1.0, 2.0, 3.0};
    double matrix[9] = {0.0};
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_MINMAX);
    struct emp_prepared prepared = test_fit(&recipe, x, 3, 1);
    struct emp_prepare_input input = {.values = x, .n = 3, .threads = 2};
    struct emp_prepare_output output = {.out = matrix + 1, .stride = 3};
    for (size_t i = 0; i < 9; i++)
        matrix[i] = -1.0;
    assert_int_equal(emp__prepare_apply(&prepared, input, output, NULL, NULL), EMP_OK);
    const double expected[] = {-1.0, 0.0, -1.0, -1.0, 0.5, -1.0, -1.0, 1.0, -1.0};
    assert_memory_equal(matrix, expected, sizeof matrix);
    input.n = 0;
    assert_int_equal(emp__prepare_apply(&prepared, input, output, NULL, NULL), EMP_OK);
    emp__prepared_free(&prepared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transform_with_every_scaling),
        cmocka_unit_test(what_scaling_promises),
        cmocka_unit_test(missing_values),
        cmocka_unit_test(outliers),
        cmocka_unit_test(constant_columns),
        cmocka_unit_test(any_number_of_threads),
        cmocka_unit_test(any_order_of_rows),
        cmocka_unit_test(rows_twice),
        cmocka_unit_test(one_column_of_a_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
