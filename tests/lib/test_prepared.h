// SPDX-License-Identifier: Apache-2.0
/* Recipes, and columns made ready by them, for tests. Include cmocka first. */
#ifndef EMP_TESTS_TEST_PREPARED_H
#define EMP_TESTS_TEST_PREPARED_H

#include "features/preparation.h"
#include "test_column.h"

/* Rejects missing values and winsorises nothing. */
static inline struct emp_recipe test_recipe(int transform, int scale)
{
    static char name[] = "spend";
    return (struct emp_recipe){
        .name = name, .steps = {.winsorize = {0.0, 1.0}, .transform = transform, .scale = scale}};
}

static inline struct emp_prepared test_fit(const struct emp_recipe *recipe, const double *x,
                                           size_t n, int threads)
{
    struct emp_prepared prepared = {0};
    emp_error error = {0};
    struct emp_prepare_input input = {.values = x, .n = n, .threads = threads};
    if (emp__prepare_fit(recipe, input, &prepared, NULL, &error) != EMP_OK)
        fail_msg("%s", error.message);
    return prepared;
}

static inline void test_apply(const struct emp_prepared *prepared, const double *x, size_t n,
                              int threads, double *out)
{
    emp_error error = {0};
    struct emp_prepare_input input = {.values = x, .n = n, .threads = threads};
    struct emp_prepare_output output = {.out = out, .stride = 1};
    if (emp__prepare_apply(prepared, input, output, NULL, &error) != EMP_OK)
        fail_msg("%s", error.message);
}

/* Learned from a column, and applied to it. */
static inline struct emp_prepared test_prepare(const struct emp_recipe *recipe, const double *x,
                                               size_t n, double *out)
{
    struct emp_prepared prepared = test_fit(recipe, x, n, 2);
    test_apply(&prepared, x, n, 2, out);
    return prepared;
}

static inline double test_apply_one(const struct emp_prepared *prepared, double x)
{
    double out;
    test_apply(prepared, &x, 1, 1, &out);
    return out;
}

/* The same to the last bit. */
static inline void test_same_prepared(const struct emp_prepared *a, const struct emp_prepared *b)
{
    assert_string_equal(a->recipe.name, b->recipe.name);
    assert_int_equal(a->recipe.column, b->recipe.column);
    assert_memory_equal(&a->recipe.steps.winsorize, &b->recipe.steps.winsorize,
                        sizeof a->recipe.steps.winsorize);
    assert_int_equal(a->recipe.steps.missing.how, b->recipe.steps.missing.how);
    assert_int_equal(a->recipe.steps.transform, b->recipe.steps.transform);
    assert_int_equal(a->recipe.steps.scale, b->recipe.steps.scale);
    const double left[] = {a->fill,
                           a->low,
                           a->high,
                           a->lambda,
                           a->shift,
                           a->divisor,
                           a->recipe.steps.missing.constant};
    const double right[] = {b->fill,
                            b->low,
                            b->high,
                            b->lambda,
                            b->shift,
                            b->divisor,
                            b->recipe.steps.missing.constant};
    assert_memory_equal(left, right, sizeof left);
    assert_int_equal(a->lambda_at_bound, b->lambda_at_bound);
    assert_int_equal(a->constant, b->constant);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->missing, b->missing);
    assert_int_equal(a->clamped_low, b->clamped_low);
    assert_int_equal(a->clamped_high, b->clamped_high);
    assert_int_equal(a->knot_count, b->knot_count);
    if (a->knot_count > 0) {
        assert_memory_equal(a->knots, b->knots, a->knot_count * sizeof(double));
        assert_memory_equal(a->heights, b->heights, a->knot_count * sizeof(double));
    }
}

#endif
