// SPDX-License-Identifier: Apache-2.0
/* The kernels of scale/ against sorting, counting and long double: moments, quantiles, ranks, and
 * the search for a minimum. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_column.h"
#include "scale/double_key.h"
#include "scale/minimum.h"
#include "scale/moments.h"
#include "scale/quantile.h"
#include "scale/rank_table.h"

enum { MOST = 700 };

static void keys_have_the_order_of_values(void **state)
{
    (void)state;
    const double values[] = {-INFINITY,    -1e300, -1.5, -1.0,  -DBL_TRUE_MIN, 0.0,
                             DBL_TRUE_MIN, 1.0,    1.5,  1e300, INFINITY};
    for (size_t i = 0; i + 1 < sizeof values / sizeof *values; i++) {
        assert_true(emp__double_key(values[i]) < emp__double_key(values[i + 1]));
        assert_true(emp__key_double(emp__double_key(values[i])) == values[i]);
    }
    assert_true(emp__double_key(-0.0) == emp__double_key(0.0));
}

/* Sums of n numbers below 10 with an error of at most n eps 10 n. */
static void sums(void **state)
{
    (void)state;
    uint64_t seed = 5;
    double x[MOST];
    for (size_t n = 0; n < MOST; n += n < 20 ? 1 : 97) {
        long double sum = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            x[i] = test_uniform(&seed) * 10.0 - 5.0;
            sum += x[i] / 4;
            squares += (long double)(x[i] / 4 - 0.25) * (x[i] / 4 - 0.25);
        }
        double bound = 1e-15 * (double)(n * n + 1);
        struct emp_deviations found = emp__sum_deviations(x, n, 0.25, 0.25);
        assert_true(fabsl(emp__sum(x, n, 0.25) - sum) <= bound);
        assert_true(fabsl(found.sum - (sum - 0.25L * n)) <= bound);
        assert_true(fabsl(found.squares - squares) <= bound);
    }
}

static void extremes_and_units(void **state)
{
    (void)state;
    const double x[] = {3.0, -7.5, 0.0, 9.25, 9.0};
    struct emp_extremes found = emp__extremes(x, 5);
    assert_true(found.least == -7.5 && found.greatest == 9.25);
    const double magnitudes[] = {1.0, 1.5, 2.0, 1e300, 3e-300, DBL_MIN, 1e-310, 7.0};
    for (size_t i = 0; i < sizeof magnitudes / sizeof *magnitudes; i++) {
        double near = magnitudes[i] * emp__unit(magnitudes[i]);
        assert_true(near <= 2.0);
        assert_true(near >= 1.0 || magnitudes[i] < DBL_MIN);
    }
    assert_true(emp__unit(0.0) == 1.0);
    assert_true(emp__unit(8.0) == 0.125);
}

static void quantiles(void **state)
{
    (void)state;
    static const double at[] = {0.0, 1.0, 0.5, 0.25, 0.75, 0.01, 0.999, 1.0 / 3.0};
    uint64_t seed = 7, keys[MOST];
    double x[MOST], sorted[MOST];
    for (size_t n = 1; n <= MOST; n = n * 3 / 2 + 1)
        for (int few = 0; few < 2; few++) {
            for (size_t i = 0; i < n; i++) {
                x[i] = few ? floor(test_uniform(&seed) * 4.0) : test_uniform(&seed) * 1e3 - 500.0;
                keys[i] = emp__double_key(x[i]);
            }
            memcpy(sorted, x, n * sizeof *x);
            test_sort(sorted, n);
            for (size_t i = 0; i < sizeof at / sizeof *at; i++)
                assert_true(emp__quantile(keys, n, at[i]) == test_quantile(sorted, n, at[i]));
        }
}

static size_t make_table(const double *x, size_t n, double *knots, double *heights)
{
    uint64_t *keys = malloc(n * sizeof *keys);
    double *sorted = malloc(n * sizeof *sorted);
    assert_non_null(keys);
    assert_non_null(sorted);
    memcpy(sorted, x, n * sizeof *x);
    test_sort(sorted, n);
    for (size_t i = 0; i < n; i++)
        keys[i] = emp__double_key(sorted[i]);
    size_t count = emp__rank_table(keys, n, knots, heights);
    free(sorted);
    free(keys);
    return count;
}

static void exact_ranks(void **state)
{
    (void)state;
    uint64_t seed = 9;
    double x[MOST], knots[EMP_RANK_KNOTS], heights[EMP_RANK_KNOTS];
    for (size_t n = 1; n <= MOST; n = n * 3 / 2 + 1) {
        for (size_t i = 0; i < n; i++)
            x[i] = floor(test_uniform(&seed) * (double)n) - 20.0;
        size_t count = make_table(x, n, knots, heights);
        for (size_t i = 0; i < n; i++)
            assert_true(emp__rank_at(knots, heights, count, x[i]) == test_rank(x, n, x[i]));
        assert_true(emp__rank_at(knots, heights, count, -1e300) == heights[0]);
        assert_true(emp__rank_at(knots, heights, count, 1e300) == heights[count - 1]);
    }
    const double two[] = {1.0, 3.0};
    assert_int_equal(make_table(two, 2, knots, heights), 2);
    assert_true(emp__rank_at(knots, heights, 2, 2.0) == 0.5);
}

/*
 * In the order of the values, exact at a heap of equal values, and at most 1/1000 from the truth
 * but for fewer than 1/1000 of the rows on either side of the heap, which a third of all rows make.
 */
static void ranks_by_knots(void **state)
{
    (void)state;
    enum { N = 5000 };
    uint64_t seed = 11;
    double x[N], sorted[N], knots[EMP_RANK_KNOTS], heights[EMP_RANK_KNOTS];
    for (size_t i = 0; i < N; i++)
        x[i] = i % 3 == 0 ? 2.0 : exp(6.0 * test_uniform(&seed));
    size_t count = make_table(x, N, knots, heights);
    assert_true(count > 500 && count <= EMP_RANK_KNOTS);
    memcpy(sorted, x, sizeof x);
    test_sort(sorted, N);
    double last = 0.0;
    size_t drawn = 0;
    for (size_t i = 0; i < N; i++) {
        double found = emp__rank_at(knots, heights, count, sorted[i]);
        double wrong = fabs(found - test_rank(x, N, sorted[i]));
        drawn += wrong > 0.001 + 1e-12;
        assert_true(wrong <= 0.001 + 1.0 / 6.0);
        assert_true(found >= last);
        last = found;
    }
    assert_true(drawn <= 2 * N / 1000);
    assert_true(emp__rank_at(knots, heights, count, 2.0) == test_rank(x, N, 2.0));
}

static double parabola(void *user, double x)
{
    ++*(int *)user;
    return (x - 0.7) * (x - 0.7);
}

static double slope(void *user, double x)
{
    ++*(int *)user;
    return x;
}

static double flat(void *user, double x)
{
    ++*(int *)user;
    (void)x;
    return 1.0;
}

static double kink(void *user, double x)
{
    ++*(int *)user;
    return fabs(x + 3.25);
}

static double quartic(void *user, double x)
{
    ++*(int *)user;
    return pow(x - 1.0, 4) - exp(-x * x);
}

/*
 * To within the tolerance, but for what rounding leaves of a parabola: values within sqrt(eps) of
 * its bottom are equal. The minimum of the quartic is the zero of its derivative, by bisection.
 */
static void minima(void **state)
{
    (void)state;
    const struct {
        double (*f)(void *, double);
        double at, bound;
        int most;
    } cases[] = {{parabola, 0.7, 1e-7, 20},
                 {slope, -5.0, 1e-7, 60},
                 {kink, -3.25, 1e-7, 60},
                 {quartic, 0.0, 1e-6, 60}};
    double low = 0.0, high = 1.0;
    for (int i = 0; i < 80; i++) {
        double x = 0.5 * (low + high);
        *(4.0 * pow(x - 1.0, 3) + 2.0 * x * exp(-x * x) > 0.0 ? &high : &low) = x;
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int calls = 0;
        double at = cases[i].f == quartic ? low : cases[i].at;
        double found = emp__minimum(cases[i].f, &calls, -5.0, 5.0, 1e-7);
        assert_true(fabs(found - at) <= cases[i].bound);
        assert_true(calls <= cases[i].most);
    }
    int calls = 0;
    double found = emp__minimum(flat, &calls, -5.0, 5.0, 1e-7);
    assert_true(found >= -5.0 && found <= 5.0);
    assert_true(calls <= EMP_MINIMUM_STEPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_the_order_of_values),
        cmocka_unit_test(sums),
        cmocka_unit_test(extremes_and_units),
        cmocka_unit_test(quantiles),
        cmocka_unit_test(exact_ranks),
        cmocka_unit_test(ranks_by_knots),
        cmocka_unit_test(minima),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
