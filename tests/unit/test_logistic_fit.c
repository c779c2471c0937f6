// SPDX-License-Identifier: Apache-2.0
/* Logistic regression: known results, and what must hold at any minimum. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_regression.h"
#include "logistic/panel_kernels.h"

enum { SPECTOR_ROWS = 32 };

/* Spector & Mazzeo (1980), as in Greene's textbook: GPA, TUCE, PSI, grade improved. */
static const double spector[SPECTOR_ROWS][4] = {
    {2.66, 20, 0, 0}, {2.89, 22, 0, 0}, {3.28, 24, 0, 0}, {2.92, 12, 0, 0}, {4.00, 21, 0, 1},
    {2.86, 17, 0, 0}, {2.76, 17, 0, 0}, {2.87, 21, 0, 0}, {3.03, 25, 0, 0}, {3.92, 29, 0, 1},
    {2.63, 20, 0, 0}, {3.32, 23, 0, 0}, {3.57, 23, 0, 0}, {3.26, 25, 0, 1}, {3.53, 26, 0, 0},
    {2.74, 19, 0, 0}, {2.75, 25, 0, 0}, {2.83, 19, 0, 0}, {3.12, 23, 1, 0}, {3.16, 25, 1, 1},
    {2.06, 22, 1, 0}, {3.62, 28, 1, 1}, {2.89, 14, 1, 0}, {3.51, 26, 1, 0}, {3.54, 24, 1, 1},
    {2.83, 27, 1, 1}, {3.39, 17, 1, 1}, {2.67, 24, 1, 0}, {3.65, 21, 1, 1}, {4.00, 23, 1, 1},
    {3.10, 21, 1, 0}, {2.39, 19, 1, 1}};

static struct test_regression *spector_new(void)
{
    struct test_regression *r = test_regression_new(SPECTOR_ROWS, 3);
    for (size_t i = 0; i < SPECTOR_ROWS; i++) {
        for (size_t j = 0; j < 3; j++)
            r->x[j * r->n + i] = spector[i][j];
        r->label[i] = spector[i][3] > 0;
    }
    return r;
}

static void is_near(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", found, tolerance, expected);
}

/* The published figures (Stata's) are those of an iteration that stopped early: they are right to
 * seven digits. Those with more digits come from Newton's method in 40 digits. */
static void known(void **state)
{
    (void)state;
    const double published[] = {-13.0213483201, 2.82611297201, .0951576702557, 2.37868772835};
    const double published_error[] = {4.93132462871, 1.26294114526, .141554207662, 1.06456430165};
    const double estimate[] = {-13.021346858115689, 2.8261125948893209, .095157661317909287,
                               2.3786876550933545};
    const double error[] = {4.9313242136027581, 1.2629410756290923, .14155420567369474,
                            1.0645642547129713};
    struct test_regression *r = spector_new();
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result found = test_logistic(&r->data, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    for (size_t j = 0; j < 4; j++) {
        is_near(found.coefficients[j] / published[j], 1, 2e-7);
        is_near(found.coefficients[j] / estimate[j], 1, 1e-11);
        is_near(sqrt(found.covariance[j * 4 + j]) / published_error[j], 1, 2e-7);
        is_near(sqrt(found.covariance[j * 4 + j]) / error[j], 1, 1e-9);
    }
    is_near(found.fit.log_likelihood, test_likelihood(r, estimate, NULL), 1e-13);
    is_near(found.fit.null_log_likelihood, 11 * log(11.0 / 32) + 21 * log(21.0 / 32), 1e-13);
    assert_int_equal(found.fit.rows, SPECTOR_ROWS);
    assert_true(found.fit.events == 11);
    test_logistic_free(&found);
    test_regression_free(r);
}

/* The gradient at the optimum, from the data as they are, is nothing beside the sizes of what it is
 * made of: it is measured against the standard errors. */
static void is_optimum(const struct test_regression *r, const struct test_fit_result *found)
{
    size_t columns = r->d + 1;
    double *gradient = calloc(columns, sizeof *gradient);
    assert_non_null(gradient);
    is_near(found->fit.log_likelihood, test_likelihood(r, found->coefficients, gradient),
            1e-12 * fabs(found->fit.log_likelihood));
    double distance = 0;
    for (size_t i = 0; i < columns; i++)
        for (size_t j = 0; j < columns; j++)
            distance += gradient[i] * found->covariance[i * columns + j] * gradient[j];
    is_near(sqrt(fabs(distance)), 0, 2e-8);
    free(gradient);
}

static void optimum(void **state)
{
    (void)state;
    const size_t rows[] = {60, 257, 1000, 5000, 70001}, terms[] = {1, 3, 6, 11, 20};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        struct test_regression *r = test_regression_random(rows[k], terms[k], 7 + k);
        struct emp_logistic_options options = test_logistic_options();
        struct test_fit_result found = test_logistic(&r->data, &options);
        assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
        is_optimum(r, &found);
        test_logistic_free(&found);
        test_regression_free(r);
    }
}

/* The covariance is the inverse of minus the second differences of L. */
static void covariance(void **state)
{
    (void)state;
    enum { N = 400, D = 3, COLUMNS = D + 1 };
    const double h = 1e-5;
    struct test_regression *r = test_regression_random(N, D, 3);
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result found = test_logistic(&r->data, &options);
    double information[COLUMNS][COLUMNS], above[COLUMNS], below[COLUMNS];
    for (size_t j = 0; j < COLUMNS; j++) {
        double kept = found.coefficients[j];
        found.coefficients[j] = kept + h;
        test_likelihood(r, found.coefficients, above);
        found.coefficients[j] = kept - h;
        test_likelihood(r, found.coefficients, below);
        found.coefficients[j] = kept;
        for (size_t i = 0; i < COLUMNS; i++)
            information[i][j] = (below[i] - above[i]) / (2 * h);
    }
    for (size_t i = 0; i < COLUMNS; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            double product = 0;
            for (size_t k = 0; k < COLUMNS; k++)
                product += information[i][k] * found.covariance[k * COLUMNS + j];
            is_near(product, i == j, 1e-7);
        }
    test_logistic_free(&found);
    test_regression_free(r);
}

static struct test_fit_result fit_with(const struct test_regression *r,
                                       const struct emp_logistic_options *options)
{
    struct test_fit_result found = test_logistic(&r->data, options);
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    return found;
}

static void same_bytes(const struct test_fit_result *a, const struct test_fit_result *b,
                       size_t columns)
{
    assert_memory_equal(a->coefficients, b->coefficients, columns * sizeof(double));
    assert_memory_equal(a->covariance, b->covariance, columns * columns * sizeof(double));
    assert_memory_equal(&a->fit.log_likelihood, &b->fit.log_likelihood, sizeof(double));
    assert_int_equal(a->fit.passes, b->fit.passes);
}

static void threads_and_variants(void **state)
{
    (void)state;
    const int threads[] = {2, 3, 7};
    const char *const variants[] = {"plain", "avx2", "avx512"};
    const size_t rows[] = {900, 66000};
    for (size_t k = 0; k < 2; k++) {
        struct test_regression *r = test_regression_random(rows[k], 7, 5);
        struct emp_logistic_options options = test_logistic_options();
        struct test_fit_result first = fit_with(r, &options);
        for (size_t t = 0; t < 6; t++) {
            options.threads = t < 3 ? threads[t] : 2;
            options.variant = t < 3 ? NULL : variants[t - 3];
            if (!emp__panel_kernels(options.variant))
                continue;
            struct test_fit_result found = fit_with(r, &options);
            same_bytes(&found, &first, 8);
            test_logistic_free(&found);
        }
        test_logistic_free(&first);
        test_regression_free(r);
    }
}

/* A weight is the row as many times; a fold left out is rows that are not there. */
static void weights(void **state)
{
    (void)state;
    enum { N = 600, D = 4, COLUMNS = D + 1 };
    uint64_t seed = 17;
    struct test_regression *r = test_regression_random(N, D, 11);
    size_t counts[N], total = 0;
    r->weight = calloc(N, sizeof *r->weight);
    assert_non_null(r->weight);
    for (size_t i = 0; i < N; i++)
        total += counts[i] = test_random(&seed) % 4;
    struct test_regression *repeated = test_regression_new(total, D);
    for (size_t i = 0, at = 0; i < N; i++) {
        r->weight[i] = (double)counts[i];
        for (size_t k = 0; k < counts[i]; k++, at++) {
            repeated->label[at] = r->label[i];
            for (size_t j = 0; j < D; j++)
                repeated->x[j * total + at] = r->x[j * N + i];
        }
    }
    test_regression_join(r);
    struct emp_logistic_options options = test_logistic_options();
    for (int penalised = 0; penalised < 2; penalised++) {
        options.lambda = penalised * 0.1;
        struct test_fit_result weighted = fit_with(r, &options);
        struct test_fit_result plain = fit_with(repeated, &options);
        for (size_t j = 0; j < COLUMNS; j++)
            is_near(weighted.coefficients[j], plain.coefficients[j], 1e-11);
        is_near(weighted.covariance[2], plain.covariance[2], 1e-12);
        is_near(weighted.fit.log_likelihood, plain.fit.log_likelihood, 1e-10);
        assert_true(weighted.fit.weight == (double)total);
        test_logistic_free(&weighted);
        test_logistic_free(&plain);
    }
    test_regression_free(repeated);
    test_regression_free(r);
}

static void folds(void **state)
{
    (void)state;
    enum { N = 700, D = 3, COLUMNS = D + 1 };
    struct test_regression *r = test_regression_random(N, D, 12);
    uint8_t fold[N];
    r->weight = calloc(N, sizeof *r->weight);
    assert_non_null(r->weight);
    for (size_t i = 0; i < N; i++) {
        fold[i] = (uint8_t)(i * 7 % 5);
        r->weight[i] = fold[i] != 2;
    }
    test_regression_join(r);
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result expected = fit_with(r, &options);
    r->data.weight = NULL;
    r->data.fold = fold;
    r->data.left_out = 2;
    struct test_fit_result found = fit_with(r, &options);
    same_bytes(&found, &expected, COLUMNS);
    assert_int_equal(found.fit.rows, N * 4 / 5);

    /* What is left out has its own likelihood; both add up to that of all. */
    double held, rest, all;
    void *workspace = test_aligned(emp__logistic_likelihoods_workspace(&r->data, 1, 1));
    emp__logistic_likelihoods(&r->data, found.coefficients, 1, 1, &rest, workspace);
    r->data.left_out_instead = true;
    emp__logistic_likelihoods(&r->data, found.coefficients, 1, 1, &held, workspace);
    r->data.fold = NULL;
    emp__logistic_likelihoods(&r->data, found.coefficients, 1, 1, &all, workspace);
    is_near(rest, found.fit.log_likelihood, 1e-10);
    is_near(held + rest, all, 1e-10);
    r->data.left_out_instead = false;
    free(workspace);
    test_logistic_free(&found);
    test_logistic_free(&expected);
    test_regression_free(r);
}

/* The order of the rows changes rounding only. */
static void row_order(void **state)
{
    (void)state;
    enum { N = 3001, D = 5 };
    struct test_regression *r = test_regression_random(N, D, 4);
    struct test_regression *turned = test_regression_new(N, D);
    for (size_t i = 0; i < N; i++) {
        size_t from = i * 1009 % N;
        turned->label[i] = r->label[from];
        for (size_t j = 0; j < D; j++)
            turned->x[j * N + i] = r->x[j * N + from];
    }
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result one = fit_with(r, &options), other = fit_with(turned, &options);
    for (size_t j = 0; j <= D; j++)
        is_near(one.coefficients[j], other.coefficients[j], 1e-11);
    test_logistic_free(&one);
    test_logistic_free(&other);
    test_regression_free(turned);
    test_regression_free(r);
}

/* An offset of a multiple of a term is taken off its coefficient. */
static void offsets(void **state)
{
    (void)state;
    enum { N = 900, D = 3 };
    struct test_regression *r = test_regression_random(N, D, 21);
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result plain = fit_with(r, &options);
    r->offset = calloc(N, sizeof *r->offset);
    assert_non_null(r->offset);
    for (size_t i = 0; i < N; i++)
        r->offset[i] = 2 + 0.7 * r->x[i];
    test_regression_join(r);
    struct test_fit_result moved = fit_with(r, &options);
    is_near(moved.coefficients[0], plain.coefficients[0] - 2, 1e-10);
    is_near(moved.coefficients[1], plain.coefficients[1] - 0.7, 1e-10);
    is_near(moved.coefficients[2], plain.coefficients[2], 1e-10);
    is_near(moved.fit.log_likelihood, plain.fit.log_likelihood, 1e-10);
    /* The null model is that of no terms. */
    r->data.design.terms = 0;
    struct test_fit_result null = fit_with(r, &options);
    is_near(moved.fit.null_log_likelihood, null.fit.log_likelihood, 1e-10);
    assert_true(null.fit.null_log_likelihood > plain.fit.null_log_likelihood - 1000);
    test_logistic_free(&null);
    test_logistic_free(&moved);
    test_logistic_free(&plain);
    test_regression_free(r);
}

/* Ridge: the gradient of the penalised objective vanishes, for terms of any unit. */
static void ridge(void **state)
{
    (void)state;
    enum { N = 800, D = 5, COLUMNS = D + 1 };
    const double lambda = 0.05, factor[D] = {1, 0, 3, 0.5, 2};
    struct test_regression *r = test_regression_random(N, D, 8);
    for (size_t i = 0; i < N; i++)
        r->x[i] = 1000 + 25 * r->x[i];
    struct emp_logistic_options options = test_logistic_options();
    options.lambda = lambda;
    options.penalty_factor = factor;
    options.tolerance = 1e-11;
    struct test_fit_result found = fit_with(r, &options);
    double gradient[COLUMNS], penalty = 0;
    double likelihood = test_likelihood(r, found.coefficients, gradient);
    is_near(gradient[0], 0, 1e-8);
    for (size_t j = 0; j < D; j++) {
        double b = found.coefficients[1 + j];
        is_near(gradient[1 + j], N * lambda * factor[j] * b, 1e-6);
        penalty += lambda * factor[j] * b * b / 2;
    }
    is_near(found.fit.objective, penalty - likelihood / N, 1e-13);
    is_near(found.fit.log_likelihood, likelihood, 1e-10);
    test_logistic_free(&found);
    test_regression_free(r);
}

/* Columns far from zero, of units from 1e-6 to 1e9, one nearly the sum of two others. */
static void badly_conditioned(void **state)
{
    (void)state;
    enum { N = 20000, D = 6, COLUMNS = D + 1 };
    const double unit[D] = {1, 1e9, 1e-6, 1e4, 1, 1}, shift[D] = {0, 5, 3, 2000, -7, 0};
    struct test_regression *plain = test_regression_random(N, D, 31);
    struct test_regression *r = test_regression_new(N, D);
    memcpy(r->label, plain->label, N);
    for (size_t i = 0; i < N; i++) {
        double *near = plain->x + (D - 1) * N + i;
        *near = plain->x[i] + plain->x[N + i] + 1e-4 * *near;
        for (size_t j = 0; j < D; j++)
            r->x[j * N + i] = unit[j] * (plain->x[j * N + i] + shift[j]);
    }
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result found = fit_with(r, &options), expected = fit_with(plain, &options);
    is_near(found.fit.log_likelihood, expected.fit.log_likelihood, 1e-9);
    for (size_t j = 0; j < D; j++) {
        double error = sqrt(expected.covariance[(j + 1) * (COLUMNS + 1)]);
        is_near(found.coefficients[1 + j] * unit[j], expected.coefficients[1 + j], 1e-6 * error);
        is_near(sqrt(found.covariance[(j + 1) * (COLUMNS + 1)]) * unit[j] / error, 1, 1e-5);
    }
    test_logistic_free(&found);
    test_logistic_free(&expected);
    test_regression_free(plain);
    test_regression_free(r);
}

/* From the solution there is nothing to do; from anywhere the end is the same. */
static void warm_start(void **state)
{
    (void)state;
    enum { N = 2000, D = 4 };
    struct test_regression *r = test_regression_random(N, D, 41);
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result cold = fit_with(r, &options);
    options.start = cold.coefficients;
    struct test_fit_result warm = fit_with(r, &options);
    assert_int_equal(warm.fit.iterations, 0);
    assert_int_equal(warm.fit.passes, 1);
    const double far[D + 1] = {9, -8, 7, -6, 5};
    options.start = far;
    struct test_fit_result other = fit_with(r, &options);
    for (size_t j = 0; j <= D; j++) {
        is_near(warm.coefficients[j], cold.coefficients[j], 1e-13);
        is_near(other.coefficients[j], cold.coefficients[j], 1e-9);
    }
    test_logistic_free(&cold);
    test_logistic_free(&warm);
    test_logistic_free(&other);
    test_regression_free(r);
}

static void predictions(void **state)
{
    (void)state;
    enum { N = 1000, D = 3 };
    const double b[D + 1] = {0.3, -1, 2, 400};
    double linear[N], probability[N];
    struct test_regression *r = test_regression_random(N, D, 51);
    const struct emp_logistic_prediction wanted = {b, linear, probability};
    void *workspace = test_aligned(emp__logistic_predict_workspace(&r->data.design, 3));
    emp__logistic_predict(&r->data.design, NULL, &wanted, 3, workspace);
    for (size_t i = 0; i < N; i++) {
        double eta = test_eta(r, i, b);
        double p = (double)(1 / (1 + expl(-(long double)linear[i])));
        is_near(linear[i], eta, 1e-13 * (1 + fabs(eta)));
        is_near(probability[i], p, 6e-16 * p);
    }
    free(workspace);
    test_regression_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known),      cmocka_unit_test(optimum),
        cmocka_unit_test(covariance), cmocka_unit_test(threads_and_variants),
        cmocka_unit_test(weights),    cmocka_unit_test(folds),
        cmocka_unit_test(row_order),  cmocka_unit_test(offsets),
        cmocka_unit_test(ridge),      cmocka_unit_test(badly_conditioned),
        cmocka_unit_test(warm_start), cmocka_unit_test(predictions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
