// SPDX-License-Identifier: Apache-2.0
/* Firth's correction: cases that are known in closed form, and the maximum of the penalised
 * likelihood as it is written down. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_regression.h"

enum { COLUMNS_MOST = 6 };

static struct test_fit_result fit(const struct test_regression *r)
{
    struct emp_logistic_options options = test_logistic_options();
    options.firth = true;
    options.threads = 2;
    options.max_iterations = 100;
    return test_logistic(&r->data, &options);
}

static void is_near(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", found, tolerance, expected);
}

/* In a saturated model the correction adds 1/2 to each cell (Firth 1993, section 3.3). */
static void saturated(void **state)
{
    (void)state;
    enum { N = 300 };
    struct test_regression *r = test_regression_new(N, 1);
    double cells[2][2] = {{0.5, 0.5}, {0.5, 0.5}};
    for (size_t i = 0; i < N; i++) {
        r->x[i] = i % 3 == 0;
        r->label[i] = i % 3 == 0 ? i % 2 == 0 : i % 7 == 0;
        cells[i % 3 == 0][r->label[i]]++;
    }
    struct test_fit_result found = fit(r);
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    is_near(found.coefficients[0], log(cells[0][1] / cells[0][0]), 1e-9);
    is_near(found.coefficients[1], log(cells[1][1] / cells[1][0]) - log(cells[0][1] / cells[0][0]),
            1e-9);
    test_logistic_free(&found);
    /* No labels of 1 in one group: finite all the same. */
    double ones = 0;
    for (size_t i = 0; i < N; i++) {
        r->label[i] = r->x[i] > 0 ? 0 : i % 7 == 0;
        ones += r->label[i];
    }
    found = fit(r);
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    is_near(found.coefficients[0] + found.coefficients[1], log(0.5 / 100.5), 1e-8);
    is_near(found.coefficients[0], log((ones + 0.5) / (200.5 - ones)), 1e-9);
    test_logistic_free(&found);
    test_regression_free(r);
}

/* log det by elimination; the matrix is spoilt. */
static double log_det(double a[COLUMNS_MOST][COLUMNS_MOST], size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += log(a[k][k]);
        for (size_t i = k + 1; i < n; i++)
            for (size_t j = n; j-- > k;)
                a[i][j] -= a[i][k] / a[k][k] * a[k][j];
    }
    return sum;
}

/* L + log det I / 2, as it is written down. */
static double penalised(const struct test_regression *r, const double *b)
{
    double information[COLUMNS_MOST][COLUMNS_MOST] = {{0}};
    for (size_t i = 0; i < r->n; i++) {
        double row[COLUMNS_MOST] = {1}, p = 1 / (1 + exp(-test_eta(r, i, b)));
        for (size_t j = 0; j < r->d; j++)
            row[1 + j] = r->x[j * r->n + i];
        double weight = (r->weight ? r->weight[i] : 1) * p * (1 - p);
        for (size_t j = 0; j <= r->d; j++)
            for (size_t k = 0; k <= r->d; k++)
                information[j][k] += weight * row[j] * row[k];
    }
    return test_likelihood(r, b, NULL) + 0.5 * log_det(information, r->d + 1);
}

static void is_maximum(const struct test_regression *r, struct test_fit_result *found)
{
    double top = penalised(r, found->coefficients);
    is_near(-found->fit.objective * found->fit.weight, top, 1e-10 * fabs(top));
    is_near(found->fit.log_likelihood, test_likelihood(r, found->coefficients, NULL), 1e-10);
    for (size_t j = 0; j <= r->d; j++) {
        double h = 1e-4 * sqrt(found->covariance[j * (r->d + 2)]), kept = found->coefficients[j];
        found->coefficients[j] = kept + h;
        double above = penalised(r, found->coefficients);
        found->coefficients[j] = kept - h;
        double below = penalised(r, found->coefficients);
        found->coefficients[j] = kept;
        /* A slope in standard errors. */
        is_near((above - below) / 2e-4, 0, 1e-6);
    }
}

static void maximum(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct test_regression *r = test_regression_random(30 + 20 * seed, 1 + seed % 4, seed);
        for (size_t i = 0; seed % 3 == 0 && i < r->n; i++)
            r->label[i] = r->x[i] > 0; /* separated */
        struct test_fit_result found = fit(r);
        assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
        is_maximum(r, &found);
        test_logistic_free(&found);
        test_regression_free(r);
    }
}

static void weights_and_offset(void **state)
{
    (void)state;
    enum { N = 200, D = 3 };
    struct test_regression *r = test_regression_random(N, D, 5);
    r->weight = calloc(N, sizeof *r->weight);
    r->offset = calloc(N, sizeof *r->offset);
    assert_true(r->weight && r->offset);
    for (size_t i = 0; i < N; i++) {
        r->weight[i] = (double)(i % 4) * 0.7;
        r->offset[i] = 0.3 * (double)(i % 5) - 0.5;
    }
    test_regression_join(r);
    struct test_fit_result found = fit(r);
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    is_maximum(r, &found);
    test_logistic_free(&found);
    test_regression_free(r);
}

static void units_and_threads(void **state)
{
    (void)state;
    enum { N = 1500, D = 3 };
    struct test_regression *r = test_regression_random(N, D, 6);
    struct test_fit_result plain = fit(r);
    struct emp_logistic_options options = test_logistic_options();
    options.firth = true;
    for (int threads = 1; threads <= 7; threads += 3) {
        options.threads = threads;
        struct test_fit_result same = test_logistic(&r->data, &options);
        assert_memory_equal(same.coefficients, plain.coefficients, (D + 1) * sizeof(double));
        test_logistic_free(&same);
    }
    for (size_t i = 0; i < N; i++)
        r->x[i] = 4096 * r->x[i] + 1e6;
    struct test_fit_result found = fit(r);
    is_near(found.coefficients[1] * 4096, plain.coefficients[1], 1e-7);
    is_near(found.coefficients[2], plain.coefficients[2], 1e-7);
    test_logistic_free(&found);
    test_logistic_free(&plain);
    /* What depends on others is still named. */
    memcpy(r->x + N, r->x, N * sizeof(double));
    found = fit(r);
    assert_int_equal(found.status, EMP_LOGISTIC_SINGULAR);
    assert_int_equal(found.fit.term, 1);
    test_logistic_free(&found);
    test_regression_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saturated),
        cmocka_unit_test(maximum),
        cmocka_unit_test(weights_and_offset),
        cmocka_unit_test(units_and_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
