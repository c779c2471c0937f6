// SPDX-License-Identifier: Apache-2.0
/* Lasso and elastic net: the KKT conditions from the data as they are, and what is known of paths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_regression.h"
#include "logistic/panel_kernels.h"
#include "logistic/path.h"

enum { COLUMNS_MOST = 40 };

struct penalty_path {
    struct emp_path path;
    enum emp_logistic_status status;
};

static struct emp_path_options path_options(double alpha)
{
    return (struct emp_path_options){
        .alpha = alpha, .count = EMP_PATH_COUNT, .max_passes = 50, .tolerance = 1e-7, .threads = 1};
}

static struct penalty_path follow(const struct test_regression *r,
                                  const struct emp_path_options *options)
{
    struct penalty_path found = {0};
    found.path.coefficients = calloc(options->count * (r->d + 1), sizeof(double));
    found.path.point = calloc(options->count, sizeof *found.path.point);
    assert_true(found.path.coefficients && found.path.point);
    void *workspace = test_aligned(emp__path_workspace(&r->data, options));
    found.status = emp__path_fit(&r->data, options, &found.path, workspace);
    free(workspace);
    return found;
}

static void path_free(struct penalty_path *found)
{
    free(found->path.coefficients);
    free(found->path.point);
}

static void is_near(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", found, tolerance, expected);
}

/* All of the conditions at one penalty; terms are of variance about 1, `tolerance` is of df/db. */
static void is_minimum(const struct test_regression *r, const struct emp_path_options *options,
                       const struct penalty_path *found, size_t k, double tolerance)
{
    const double *b = found->path.coefficients + k * (r->d + 1);
    const struct emp_path_point *point = &found->path.point[k];
    double gradient[COLUMNS_MOST], weight = 0, penalty = 0, alpha = options->alpha;
    double likelihood = test_likelihood(r, b, gradient);
    size_t nonzero = 0;
    for (size_t i = 0; i < r->n; i++)
        weight += r->weight ? r->weight[i] : 1;
    is_near(gradient[0] / weight, 0, tolerance);
    for (size_t j = 1; j <= r->d; j++) {
        double factor = options->penalty_factor ? options->penalty_factor[j - 1] : 1;
        double bound = point->lambda * factor * alpha, slope = -gradient[j] / weight;
        slope += point->lambda * factor * (1 - alpha) * b[j];
        nonzero += b[j] != 0;
        penalty += point->lambda * factor * (alpha * fabs(b[j]) + (1 - alpha) * b[j] * b[j] / 2);
        if (b[j] == 0)
            assert_true(fabs(slope) <= bound + tolerance);
        else
            is_near(slope, -copysign(bound, b[j]), tolerance);
    }
    assert_int_equal(nonzero, point->nonzero);
    is_near(point->log_likelihood, likelihood, 1e-9 * fabs(likelihood));
    is_near(point->objective, penalty - likelihood / weight, 1e-9);
}

static void conditions(void **state)
{
    (void)state;
    const double alphas[] = {1, 0.5, 0.05, 0};
    const size_t rows[] = {700, 300, 900, 400, 25}, terms[] = {1, 6, 12, 20, 30};
    for (size_t a = 0; a < 4; a++)
        for (size_t k = 0; k < 5; k++) {
            struct test_regression *r = test_regression_random(rows[k], terms[k], 40 + k);
            struct emp_path_options options = path_options(alphas[a]);
            options.count = 25;
            struct penalty_path found = follow(r, &options);
            assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
            assert_true(found.path.fitted >= 5);
            for (size_t i = 0; i < found.path.fitted; i++)
                is_minimum(r, &options, &found, i, 1e-6);
            path_free(&found);
            test_regression_free(r);
        }
}

/* The first penalty keeps all out; a little less lets one in. */
static void greatest_penalty(void **state)
{
    (void)state;
    struct test_regression *r = test_regression_random(1000, 8, 3);
    struct emp_path_options options = path_options(0.7);
    options.count = 2;
    options.ratio = 0.99;
    struct penalty_path found = follow(r, &options);
    assert_int_equal(found.path.fitted, 2);
    assert_int_equal(found.path.point[0].nonzero, 0);
    assert_int_equal(found.path.point[1].nonzero, 1);
    is_near(found.path.point[0].log_likelihood, found.path.null_log_likelihood, 1e-9);
    is_near(found.path.point[1].lambda / found.path.point[0].lambda, 0.99, 1e-14);
    path_free(&found);
    test_regression_free(r);
}

/* Without an L1 part it is ridge; with hardly any penalty it is no penalty. */
static void ends_of_the_range(void **state)
{
    (void)state;
    enum { N = 1500, D = 5 };
    const double lambdas[] = {0.3, 0.02, 1e-9};
    struct test_regression *r = test_regression_random(N, D, 4);
    for (int lasso = 0; lasso < 2; lasso++) {
        struct emp_path_options options = path_options(lasso);
        options.tolerance = 1e-9;
        options.lambda = lambdas;
        options.count = 3;
        struct penalty_path found = follow(r, &options);
        assert_int_equal(found.path.fitted, 3);
        for (size_t k = lasso ? 2 : 0; k < 3; k++) {
            struct emp_logistic_options ridge = test_logistic_options();
            ridge.lambda = lambdas[k];
            struct test_fit_result expected = test_logistic(&r->data, &ridge);
            for (size_t j = 0; j <= D; j++)
                is_near(found.path.coefficients[k * (D + 1) + j], expected.coefficients[j], 1e-7);
            test_logistic_free(&expected);
        }
        path_free(&found);
    }
    test_regression_free(r);
}

static void factors_weights_offsets(void **state)
{
    (void)state;
    enum { N = 800, D = 6 };
    const double factor[D] = {0, 1, 0.2, 3, 0, 1};
    struct test_regression *r = test_regression_random(N, D, 14);
    r->weight = calloc(N, sizeof *r->weight);
    r->offset = calloc(N, sizeof *r->offset);
    assert_true(r->weight && r->offset);
    for (size_t i = 0; i < N; i++) {
        r->weight[i] = (double)(i % 3) * 0.8;
        r->offset[i] = (double)(i % 7) * 0.2 - 1;
    }
    test_regression_join(r);
    struct emp_path_options options = path_options(0.9);
    options.penalty_factor = factor;
    options.count = 20;
    struct penalty_path found = follow(r, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    assert_int_equal(found.path.point[0].nonzero, 2); /* those that are not penalised */
    for (size_t i = 0; i < found.path.fitted; i++)
        is_minimum(r, &options, &found, i, 1e-6);
    path_free(&found);
    test_regression_free(r);
}

static void threads_and_variants(void **state)
{
    (void)state;
    enum { N = 3000, D = 9 };
    const char *const variants[] = {"plain", "avx2", NULL};
    const int threads[] = {2, 3, 7};
    struct test_regression *r = test_regression_random(N, D, 6);
    struct emp_path_options options = path_options(1);
    options.count = 30;
    struct penalty_path first = follow(r, &options);
    for (size_t k = 0; k < 3; k++) {
        options.threads = threads[k];
        options.variant = variants[k];
        if (!emp__panel_kernels(variants[k]))
            continue;
        struct penalty_path found = follow(r, &options);
        assert_int_equal(found.path.fitted, first.path.fitted);
        assert_int_equal(found.path.passes, first.path.passes);
        assert_memory_equal(found.path.coefficients, first.path.coefficients,
                            options.count * (D + 1) * sizeof(double));
        path_free(&found);
    }
    path_free(&first);
    test_regression_free(r);
}

/* Where the deviance no longer falls the path ends; all of it goes on. */
static void early_end(void **state)
{
    (void)state;
    struct test_regression *r = test_regression_random(5000, 4, 6);
    struct emp_path_options options = path_options(1);
    struct penalty_path found = follow(r, &options);
    size_t last = found.path.fitted - 1;
    assert_true(last > 20 && last < EMP_PATH_COUNT - 1);
    double null = found.path.null_log_likelihood;
    for (size_t k = 5; k <= last; k++) {
        double explained = 1 - found.path.point[k].log_likelihood / null;
        double before = 1 - found.path.point[k - 1].log_likelihood / null;
        assert_int_equal(explained - before < 1e-5 * explained, k == last);
    }
    options.complete = true;
    struct penalty_path complete = follow(r, &options);
    assert_int_equal(complete.path.fitted, EMP_PATH_COUNT);
    assert_memory_equal(complete.path.coefficients, found.path.coefficients,
                        (last + 1) * 5 * sizeof(double));
    is_near(complete.path.point[EMP_PATH_COUNT - 1].lambda / complete.path.point[0].lambda, 1e-4,
            1e-17);
    path_free(&found);
    path_free(&complete);
    test_regression_free(r);
}

/* Constant and repeated terms do no harm; separation is held by the penalty. */
static void awkward_terms(void **state)
{
    (void)state;
    enum { N = 900, D = 5 };
    struct test_regression *r = test_regression_random(N, D, 7);
    for (size_t i = 0; i < N; i++) {
        r->x[N + i] = 7;
        r->x[3 * N + i] = r->x[i];
        r->label[i] = r->x[i] > 0.2;
    }
    struct emp_path_options options = path_options(0.5);
    options.count = 30;
    struct penalty_path found = follow(r, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    for (size_t k = 0; k < found.path.fitted; k++) {
        const double *b = found.path.coefficients + k * (D + 1);
        assert_true(b[2] == 0);
        is_near(b[1], b[4], 1e-3 * (1 + fabs(b[1])));
        is_minimum(r, &options, &found, k, 1e-6);
    }
    path_free(&found);
    memset(r->label, 1, N);
    found = follow(r, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_ONE_CLASS);
    assert_int_equal(found.path.fitted, 0);
    path_free(&found);
    r->x[4 * N + 4] = 1e308;
    found = follow(r, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_RANGE);
    assert_int_equal(found.path.term, 4);
    path_free(&found);
    test_regression_free(r);
}

static void pass_limit(void **state)
{
    (void)state;
    const double lambdas[] = {1e-3};
    struct test_regression *r = test_regression_random(900, 5, 7);
    struct emp_path_options options = path_options(1);
    options.lambda = lambdas;
    options.count = 1;
    options.max_passes = 1;
    struct penalty_path found = follow(r, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_LIMIT);
    assert_int_equal(found.path.point[0].passes, 1);
    assert_true(found.path.point[0].kkt > options.tolerance);
    path_free(&found);
    test_regression_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions),           cmocka_unit_test(greatest_penalty),
        cmocka_unit_test(ends_of_the_range),    cmocka_unit_test(factors_weights_offsets),
        cmocka_unit_test(threads_and_variants), cmocka_unit_test(early_end),
        cmocka_unit_test(awkward_terms),        cmocka_unit_test(pass_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
