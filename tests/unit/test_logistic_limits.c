// SPDX-License-Identifier: Apache-2.0
/* Logistic regression where there is no answer, or hardly one: each case is named, and survived. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_regression.h"
#include "logistic/separation.h"

static enum emp_logistic_status status_of(const struct test_regression *r, size_t *term)
{
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result found = test_logistic(&r->data, &options);
    if (term)
        *term = found.fit.term;
    test_logistic_free(&found);
    return found.status;
}

static void one_class(void **state)
{
    (void)state;
    struct test_regression *r = test_regression_random(100, 3, 1);
    memset(r->label, 1, 100);
    assert_int_equal(status_of(r, NULL), EMP_LOGISTIC_ONE_CLASS);
    memset(r->label, 0, 100);
    assert_int_equal(status_of(r, NULL), EMP_LOGISTIC_ONE_CLASS);
    /* The only other one has no weight. */
    r->label[7] = 1;
    r->weight = calloc(100, sizeof *r->weight);
    assert_non_null(r->weight);
    for (size_t i = 0; i < 100; i++)
        r->weight[i] = i == 7 ? 0 : 0.1;
    test_regression_join(r);
    assert_int_equal(status_of(r, NULL), EMP_LOGISTIC_ONE_CLASS);
    for (size_t i = 0; i < 100; i++)
        r->weight[i] = 0;
    assert_int_equal(status_of(r, NULL), EMP_LOGISTIC_EMPTY);
    test_regression_free(r);
}

static void few_rows(void **state)
{
    (void)state;
    struct test_regression *r = test_regression_random(1, 2, 1);
    assert_int_equal(status_of(r, NULL), EMP_LOGISTIC_ONE_CLASS);
    test_regression_free(r);
    r = test_regression_new(0, 2);
    assert_int_equal(status_of(r, NULL), EMP_LOGISTIC_EMPTY);
    test_regression_free(r);
    /* No terms: the intercept alone. */
    r = test_regression_random(50, 0, 3);
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result found = test_logistic(&r->data, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    double events = found.fit.events;
    assert_true(fabs(found.coefficients[0] - log(events / (50 - events))) < 1e-13);
    assert_true(fabs(found.fit.log_likelihood - found.fit.null_log_likelihood) < 1e-12);
    test_logistic_free(&found);
    test_regression_free(r);
}

static void out_of_range(void **state)
{
    (void)state;
    enum { N = 600, D = 3 };
    const double bad[] = {NAN, INFINITY, 1e308, -1e308, 2e100};
    size_t term;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct test_regression *r = test_regression_random(N, D, 1);
        r->x[N * 2 + 400] = bad[k];
        assert_int_equal(status_of(r, &term), EMP_LOGISTIC_RANGE);
        assert_int_equal(term, 2);
        r->x[N + 599] = bad[k];
        assert_int_equal(status_of(r, &term), EMP_LOGISTIC_RANGE);
        assert_int_equal(term, 1);
        test_regression_free(r);
        r = test_regression_random(N, D, 1);
        r->offset = calloc(N, sizeof *r->offset);
        r->weight = calloc(N, sizeof *r->weight);
        assert_true(r->offset && r->weight);
        for (size_t i = 0; i < N; i++)
            r->weight[i] = 1;
        r->offset[3] = bad[k];
        test_regression_join(r);
        assert_int_equal(status_of(r, &term), EMP_LOGISTIC_RANGE);
        assert_true(term == EMP_LOGISTIC_OFFSET);
        r->offset[3] = 0;
        r->weight[5] = k % 2 ? bad[k] : -1;
        assert_int_equal(status_of(r, &term), EMP_LOGISTIC_RANGE);
        assert_true(term == EMP_LOGISTIC_WEIGHT);
        test_regression_free(r);
    }
}

/* Values near what is allowed, and tiny ones: the same fit, in other units. */
static void extreme_units(void **state)
{
    (void)state;
    enum { N = 500, D = 2 };
    struct test_regression *r = test_regression_random(N, D, 6);
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result plain = test_logistic(&r->data, &options);
    for (size_t i = 0; i < N; i++) {
        r->x[i] *= 0x1p320;
        r->x[N + i] *= 0x1p-400;
    }
    struct test_fit_result found = test_logistic(&r->data, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    assert_true(found.coefficients[1] == plain.coefficients[1] * 0x1p-320);
    assert_true(found.coefficients[2] == plain.coefficients[2] * 0x1p400);
    test_logistic_free(&found);
    test_logistic_free(&plain);
    test_regression_free(r);
}

static void dependent(void **state)
{
    (void)state;
    enum { N = 2000, D = 5 };
    size_t term;
    for (int kind = 0; kind < 4; kind++) {
        struct test_regression *r = test_regression_random(N, D, 2);
        double *last = r->x + 3 * N;
        for (size_t i = 0; i < N; i++) {
            if (kind == 0) /* constant */
                last[i] = 0.1;
            else if (kind == 1) /* the same */
                last[i] = r->x[i];
            else if (kind == 2) /* another unit */
                last[i] = 1e6 - 3.7 * r->x[N + i];
            else /* a sum */
                last[i] = r->x[i] - 2 * r->x[N + i] + 0.3 * r->x[2 * N + i] + 5;
        }
        assert_int_equal(status_of(r, &term), EMP_LOGISTIC_SINGULAR);
        assert_int_equal(term, 3);
        /* Ridge copes. */
        struct emp_logistic_options options = test_logistic_options();
        options.lambda = 0.01;
        struct test_fit_result found = test_logistic(&r->data, &options);
        assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
        if (kind == 0)
            assert_true(found.coefficients[4] == 0);
        if (kind == 1)
            assert_true(fabs(found.coefficients[4] - found.coefficients[1]) < 1e-9);
        test_logistic_free(&found);
        test_regression_free(r);
    }
}

/* The direction that is reported holds on the rows as they are. */
static void is_separated(const struct test_regression *r, const bool *parts, bool complete)
{
    struct emp_logistic_options options = test_logistic_options();
    struct test_fit_result found = test_logistic(&r->data, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_SEPARATED);
    assert_true(found.fit.passes < 30);
    for (size_t j = 0; j < r->d; j++)
        assert_int_equal(found.direction[1 + j] != 0, parts[j]);
    void *workspace = test_aligned(emp__separation_workspace(&r->data, 2));
    struct emp_separation separation =
        emp__separation_check(&r->data, found.direction, 2, workspace);
    assert_true(separation.separated);
    assert_int_equal(separation.undecided == 0, complete);
    found.direction[0] += 1e9;
    assert_false(emp__separation_check(&r->data, found.direction, 2, workspace).separated);
    free(workspace);
    test_logistic_free(&found);
}

static void complete_separation(void **state)
{
    (void)state;
    enum { N = 400, D = 3 };
    struct test_regression *r = test_regression_random(N, D, 2);
    for (size_t i = 0; i < N; i++)
        r->label[i] = r->x[i] - r->x[N + i] > 0.3;
    const bool all[D] = {true, true, true};
    is_separated(r, all, true);
    test_regression_free(r);
    /* By one term alone. */
    r = test_regression_random(N, 1, 2);
    for (size_t i = 0; i < N; i++)
        r->label[i] = (r->x[i] = (double)i + 1e6) > 1e6 + 100;
    is_separated(r, all, true);
    test_regression_free(r);
}

/* A level of a category of which all rows have the label; the others overlap. */
static void quasi_separation(void **state)
{
    (void)state;
    enum { N = 3000, D = 4 };
    const bool one[D] = {false, false, true, false};
    for (int flip = 0; flip < 2; flip++) {
        struct test_regression *r = test_regression_random(N, D, 3);
        for (size_t i = 0; i < N; i++) {
            r->x[2 * N + i] = i % 50 == 7;
            if (i % 50 == 7)
                r->label[i] = flip ? 0 : 1;
        }
        is_separated(r, one, false);
        test_regression_free(r);
    }
}

/* Two columns that agree where the label is 0: a direction of both. */
static void quasi_separation_of_two(void **state)
{
    (void)state;
    enum { N = 1500, D = 4 };
    const bool two[D] = {false, true, false, true};
    struct test_regression *r = test_regression_random(N, D, 5);
    for (size_t i = 0; i < N; i++) {
        double *x = r->x + i;
        x[3 * N] = x[N];
        if (i % 40 == 0) {
            x[3 * N] = x[N] + 0.5 + 0.1 * (double)(i % 7);
            r->label[i] = 1;
        }
    }
    is_separated(r, two, false);
    test_regression_free(r);
}

/* A rare level with labels of both kinds, few rows, large effects: finite, and found. */
static void nearly_separated(void **state)
{
    (void)state;
    enum { N = 3000, D = 4 };
    struct test_regression *r = test_regression_random(N, D, 3);
    for (size_t i = 0; i < N; i++) {
        r->x[2 * N + i] = i % 50 == 7;
        if (i % 50 == 7)
            r->label[i] = i != 7;
    }
    assert_int_equal(status_of(r, NULL), EMP_LOGISTIC_CONVERGED);
    for (size_t i = 0; i < N; i++)
        r->label[i] = (r->x[i] > 0) != (i == 100 || i == 200);
    assert_int_equal(status_of(r, NULL), EMP_LOGISTIC_CONVERGED);
    test_regression_free(r);
}

/* A penalty on what separates makes the minimum finite; one on another term does not. */
static void separated_with_penalty(void **state)
{
    (void)state;
    enum { N = 1000, D = 2 };
    const double on_first[D] = {1, 0}, on_second[D] = {0, 1};
    struct test_regression *r = test_regression_random(N, D, 8);
    for (size_t i = 0; i < N; i++)
        r->label[i] = r->x[i] > 0;
    struct emp_logistic_options options = test_logistic_options();
    options.lambda = 0.01;
    options.penalty_factor = on_first;
    struct test_fit_result held = test_logistic(&r->data, &options);
    assert_int_equal(held.status, EMP_LOGISTIC_CONVERGED);
    options.penalty_factor = on_second;
    struct test_fit_result free_one = test_logistic(&r->data, &options);
    assert_int_equal(free_one.status, EMP_LOGISTIC_SEPARATED);
    assert_true(free_one.direction[1] > 0 && free_one.direction[2] == 0);
    test_logistic_free(&held);
    test_logistic_free(&free_one);
    test_regression_free(r);
}

static void iteration_limit(void **state)
{
    (void)state;
    struct test_regression *r = test_regression_random(2000, 4, 8);
    struct emp_logistic_options options = test_logistic_options();
    options.max_iterations = 1;
    struct test_fit_result found = test_logistic(&r->data, &options);
    assert_int_equal(found.status, EMP_LOGISTIC_LIMIT);
    assert_int_equal(found.fit.iterations, 1);
    test_logistic_free(&found);
    test_regression_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_class),        cmocka_unit_test(few_rows),
        cmocka_unit_test(out_of_range),     cmocka_unit_test(extreme_units),
        cmocka_unit_test(dependent),        cmocka_unit_test(complete_separation),
        cmocka_unit_test(quasi_separation), cmocka_unit_test(quasi_separation_of_two),
        cmocka_unit_test(nearly_separated), cmocka_unit_test(separated_with_penalty),
        cmocka_unit_test(iteration_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
